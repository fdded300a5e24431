"""Whether a file at hand is one that an entry names: itself, or as a package by everything in it."""

from __future__ import annotations

import hashlib
import zlib
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from datasets.journal.proof import Checked
from metadata.errors import LumbungError
from metadata.terms import Bilingual

DESCRIPTOR = "datapackage.json"
_MOST_MEMBERS = 10_000
_CHUNK = 1 << 20


class NotProved(LumbungError):
    """The check could be made and the file did not pass."""

    code = "verify.not_proved"
    status = 422
    text = Bilingual(id="Tidak terbukti.", en="Not proved.")


class OtherFile(NotProved):
    """The proof, or the address, is of another version than the file."""

    code = "verify.other_file"
    text = Bilingual(
        id="Berkas ini tidak termasuk yang disebut bukti: {what}.", en="The proof does not name this file: {what}."
    )


class MembersChanged(NotProved):
    """Some files in the package are not those that were published with it."""

    code = "verify.members_changed"
    text = Bilingual(
        id="Berkas di dalam paket ini bukan yang diterbitkan: {names}.",
        en="Files in this package are not those that were published: {names}.",
    )


def named(path: Path, checked: Checked) -> tuple[str, int]:
    """What the entry calls the file, and how many files were compared: of a package each one in it.

    Raises `OtherFile`, `MembersChanged`.
    """
    whole = sha256_of(path)
    if whole in checked.files:
        return checked.files[whole], 1
    members = members_of(path)
    if not any(name == DESCRIPTOR and sha256 in checked.files for name, sha256 in members):
        raise OtherFile(what=f"SHA-256 {whole}")
    strange = sorted({name for name, sha256 in members if sha256 not in checked.files})
    if strange:
        raise MembersChanged(names=tuple(strange[:10]))
    return "ZIP", len(members)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def members_of(path: Path) -> list[tuple[str, str]]:
    """The files in a ZIP, by name and SHA-256, read as a stream; nothing for any other file or a broken one."""
    found: list[tuple[str, str]] = []
    try:
        with ZipFile(path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            if len(members) > _MOST_MEMBERS:
                return []
            for member in members:
                digest = hashlib.sha256()
                with archive.open(member) as stream:
                    while chunk := stream.read(_CHUNK):
                        digest.update(chunk)
                found.append((member.filename, digest.hexdigest()))
    except (BadZipFile, zlib.error, OSError, NotImplementedError, RuntimeError, EOFError):
        return []
    return found
