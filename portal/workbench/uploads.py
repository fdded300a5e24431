"""Large uploads in pieces that can go on after a break: our own small protocol, in the manner of tus.

    POST  …/unggah            {filename, size}     201, Location: the upload
    HEAD  that                                     Upload-Offset: how many bytes are here
    PATCH that                Upload-Offset: n     204 when n is what is here, 409 with the true offset when not
    POST  that                                     303: all of it is here and becomes the draft's file

An upload is a folder of the home's `work`, of one person and one draft; untouched for a day it is swept away.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from metadata.errors import LumbungError, NotFound
from metadata.terms import Bilingual

_PIECE = 1024 * 1024


class TooMuch(LumbungError):
    """The file is larger than this portal takes."""

    code = "upload.too_much"
    status = 413
    text = Bilingual(
        id="Berkas ini lebih besar dari {limit} MB, batas portal ini. Kirim sebagai ZIP, atau bagi menjadi beberapa.",
        en="This file is larger than {limit} MB, the limit of this portal. Send it as a ZIP, or divide it.",
    )


class Elsewhere(LumbungError):
    """A piece that does not begin where the upload has come to."""

    code = "upload.elsewhere"
    status = 409
    text = Bilingual(
        id="Unggahan sampai di bita {offset}; lanjutkan dari sana.",
        en="The upload has come to byte {offset}; go on from there.",
    )


class NotWhole(LumbungError):
    """Something of the file is still to come."""

    code = "upload.not_whole"
    status = 409
    text = Bilingual(
        id="Unggahan belum lengkap: {offset} dari {size} bita.",
        en="The upload is not complete: {offset} of {size} bytes.",
    )


@dataclass(frozen=True, slots=True)
class Upload:
    """An upload that has begun, and where it lies."""

    token: str
    draft: int
    user: int
    filename: str
    size: int


def begin(work: Path, *, draft: int, user: int, filename: str, size: int, limit: int) -> Upload:
    """Begin an upload of `size` bytes, at most `limit` megabytes. Raises `TooMuch`."""
    if size > limit * 1024 * 1024:
        raise TooMuch(limit=limit)
    made = Upload(secrets.token_hex(16), draft, user, filename, size)
    folder = _folder(work, made.token)
    folder.mkdir(parents=True, mode=0o700)
    (folder / "isi").touch()
    (folder / "unggahan.json").write_text(json.dumps(asdict(made)), encoding="utf-8")
    return made


def find(work: Path, token: str, *, draft: int, user: int) -> Upload:
    """That upload, if it is of this draft and person. Raises `NotFound`."""
    if len(token) == 32 and token.isalnum() and token.isascii():
        try:
            found = Upload(**json.loads((_folder(work, token) / "unggahan.json").read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            raise NotFound(what="upload") from None
        if (found.draft, found.user) == (draft, user):
            return found
    raise NotFound(what="upload")


def offset(work: Path, upload: Upload) -> int:
    """How many bytes of it are here."""
    return _body(work, upload).stat().st_size


def add(work: Path, upload: Upload, at: int, piece: IO[bytes]) -> int:
    """Add a piece that begins at byte `at`; the new offset. What came before a break is kept.

    Raises `Elsewhere` when the upload has come to another byte, or somebody else is adding to it.
    """
    with _alone(_body(work, upload)) as body:
        here = body.seek(0, os.SEEK_END)
        if at != here:
            raise Elsewhere(offset=here)
        while here < upload.size and (some := piece.read(min(_PIECE, upload.size - here))):
            body.write(some)
            here += len(some)
        os.utime(_folder(work, upload.token))
        return here


def whole(work: Path, upload: Upload) -> Path:
    """The file, all of which is here. Raises `NotWhole`."""
    here = offset(work, upload)
    if here != upload.size:
        raise NotWhole(offset=here, size=upload.size)
    return _body(work, upload)


def drop(work: Path, upload: Upload) -> None:
    """Forget it."""
    shutil.rmtree(_folder(work, upload.token), ignore_errors=True)


@contextmanager
def _alone(path: Path) -> Iterator[IO[bytes]]:
    with path.open("ab") as body:
        try:
            fcntl.flock(body, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Elsewhere(offset=path.stat().st_size) from None
        yield body


def _folder(work: Path, token: str) -> Path:
    return work / f"unggah-{token}"


def _body(work: Path, upload: Upload) -> Path:
    path = _folder(work, upload.token) / "isi"
    if not path.exists():
        raise NotFound(what="upload")
    return path
