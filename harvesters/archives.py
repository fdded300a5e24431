"""ZIP archives from strangers: looked at from outside, their members read one by one, nothing ever unpacked by name."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from harvesters.adapter import FetchFailed
from harvesters.faults import TooLargeToFetch
from harvesters.folders import NEVER, matches
from harvesters.wire.evidence import CHUNK, Written, write_stream
from metadata.terms import Bilingual

MOST_MEMBERS = 1_000
MOST_DIRECTORY = 4 * 1024 * 1024
"""Bytes of the table of contents, which is read whole."""
MOST_RATIO = 400
"""Unpacked by packed size from which a member above 10 MB is a bomb; no table of figures comes near."""
_SUSPECT = 10 * 1024 * 1024
_TAIL = 22 + 65_535 + 20
_BOMB = Bilingual("isinya membesar tak wajar (bom ZIP)", "it unpacks out of proportion (a ZIP bomb)")
_BROKEN = Bilingual("arsipnya rusak atau terpotong", "it is damaged or cut short")
_EMPTY = Bilingual("tidak ada satu berkas pun di dalamnya", "there is no file in it")
_END, _END_64 = b"PK\x05\x06", b"PK\x06\x07"
_OWN_FORMATS = ("[content_types].xml", "mimetype", "doc.kml", "meta-inf/manifest.xml")


class ArchiveUnusable(FetchFailed):
    """A ZIP that cannot be opened: broken, encrypted, or made to do harm."""

    code = "archive.unusable"
    text = Bilingual(
        id="Arsip ZIP {location} tidak dapat dibuka: {reason}. Minta berkas ZIP biasa, tanpa kata sandi.",
        en="The ZIP archive {location} cannot be opened: {reason}. Ask for a plain ZIP file without a password.",
    )


@dataclass(frozen=True, slots=True)
class Member:
    """One file in an archive: its path as it stands there with `/`, safe to show, never to be opened as a path."""

    path: str
    size: int
    number: int


def is_archive(path: Path) -> bool:
    """Whether the file is a ZIP of files, rather than a workbook, document or map, which are ZIPs by the way."""
    with path.open("rb") as opened:
        if opened.read(4) not in (b"PK\x03\x04", _END):
            return False
    try:
        _check_end(path)
        with zipfile.ZipFile(path) as archive:
            return not any(name.lower() in _OWN_FORMATS for name in archive.namelist())
    except (ArchiveUnusable, zipfile.BadZipFile, OSError, ValueError):
        return path.suffix.lower() == ".zip"  # `members` says what is wrong


def members(path: Path, location: str, *, limit: int) -> tuple[Member, ...]:
    """The files of an archive that may be data. `limit` is how many bytes they may unpack to together.

    Folders, links, hidden files and paths that lead out are passed over. Raises `ArchiveUnusable`, `TooLargeToFetch`.
    """
    try:
        _check_end(path)
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise ArchiveUnusable(location=location, reason=_BROKEN) from error
    if len(entries) > MOST_MEMBERS:
        raise ArchiveUnusable(location=location, reason=_too_many())
    wanted = [(number, entry) for number, entry in enumerate(entries) if _is_file(entry)]
    if not wanted:
        raise ArchiveUnusable(location=location, reason=_EMPTY)
    if any(entry.flag_bits & 1 for _, entry in wanted):
        raise ArchiveUnusable(location=location, reason=Bilingual("bersandi", "it is encrypted"))
    if any(entry.file_size > max(_SUSPECT, MOST_RATIO * entry.compress_size) for _, entry in wanted):
        raise ArchiveUnusable(
            location=location,
            reason=_BOMB,
        )
    if sum(entry.file_size for _, entry in wanted) > limit:
        raise TooLargeToFetch(location=location, megabytes=limit // 1024**2)
    found = (Member(safe, entry.file_size, number) for number, entry in wanted if (safe := safe_path(entry.filename)))
    return tuple(sorted(found, key=lambda one: one.path))


def copy_member(path: Path, member: Member, target: Path, location: str) -> Written:
    """Write one member to `target`, never more than the archive says it has. Raises `ArchiveUnusable`."""
    try:
        with zipfile.ZipFile(path) as archive:
            return write_stream(_bytes_of(archive, archive.infolist()[member.number]), target)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        reason = Bilingual(f"{member.path} rusak", f"{member.path} is damaged")
        raise ArchiveUnusable(location=location, reason=reason) from error


def safe_path(name: str) -> str | None:
    """A relative path with `/` that leads nowhere but down; None for any other."""
    plain = name.replace("\\", "/")
    parts = PurePosixPath(plain).parts
    if not parts or plain.startswith("/") or ":" in parts[0] or ".." in parts or "\0" in plain:
        return None
    return "/".join(parts)[:400]


def _too_many() -> Bilingual:
    return Bilingual(f"lebih dari {MOST_MEMBERS} berkas di dalamnya", f"it has more than {MOST_MEMBERS} files")


def _bytes_of(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(entry) as stream:
        while chunk := stream.read(CHUNK):
            yield chunk


def _is_file(entry: zipfile.ZipInfo) -> bool:
    mode = entry.external_attr >> 16
    if entry.is_dir() or (mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG)):
        return False
    parts = entry.filename.replace("\\", "/").split("/")
    return not any(matches(part, (*NEVER, "__macosx")) for part in parts if part not in (".", ".."))


def _check_end(path: Path) -> None:
    """Look at the end records before any library reads the table of contents, however long, into memory."""
    with path.open("rb") as opened:
        opened.seek(max(0, path.stat().st_size - _TAIL))
        tail = opened.read()
    if _END_64 in tail:  # only archives of more than 65,535 members or 4 GB have it: neither is taken
        raise ArchiveUnusable(location=path.name, reason=_too_many())
    at = tail.find(_END)
    while at >= 0:
        if int.from_bytes(tail[at + 12 : at + 16], "little") > MOST_DIRECTORY:
            raise ArchiveUnusable(location=path.name, reason=_too_many())
        at = tail.find(_END, at + 1)
