"""In which encoding a text file is written, judged by all of its bytes."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from metadata.notices import Notice, Place
from metadata.reading import repairs
from metadata.reading.sniff import looks_utf16

_CHUNK = 1024 * 1024
_SAMPLE = 256 * 1024
_UNDEFINED_1252 = bytes((0x81, 0x8D, 0x8F, 0x90, 0x9D))
_FEW_BROKEN = 0.1
"""Broken bytes per letter beyond ASCII up to which a file is damaged UTF-8 rather than something else."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """How to decode the file: `name` for `open`, `errors` for what cannot be decoded, and what there is to say."""

    name: str
    errors: str = "strict"
    notices: tuple[Notice, ...] = ()
    nuls: int = 0


def find_encoding(path: Path, *, filename: str, declared: str | None = None) -> Encoding:
    """The encoding of `path`: a byte order mark, else UTF-8 if the whole file is, else Windows-1252, else a guess.

    A declared encoding is taken if the whole file fits it; one that does not is overruled and said so.
    """
    place = Place(file=filename)
    nuls = None
    found = _by_mark(path) or _declared(path, declared)
    if found is None:
        nuls = _nuls_in_utf8(path)
        found = Encoding("utf-8") if nuls is not None else _by_bytes(path, place)
    notices = list(found.notices)
    if declared and not _same(declared, found.name):
        notices = [
            Notice(repairs.ENCODING_WRONG, place, {"declared": declared, "encoding": spoken(found.name)}),
            *(notice for notice in notices if notice.code != repairs.ENCODING_FOUND),
        ]
    if nuls is None:
        nuls = 0 if found.name.startswith("utf-16") else sum(chunk.count(0) for chunk in _chunks(path))
    if nuls:
        notices.append(Notice(repairs.NULS_REMOVED, place, {"count": nuls}))
    return Encoding(found.name, found.errors, tuple(notices), nuls)


def spoken(name: str) -> str:
    """The encoding's name as people know it."""
    return {"utf-8-sig": "UTF-8", "utf-8": "UTF-8", "cp1252": "Windows-1252"}.get(name, name.upper())


def _by_mark(path: Path) -> Encoding | None:
    with path.open("rb") as stream:
        head = stream.read(4096)
    if head.startswith(codecs.BOM_UTF8):
        return Encoding("utf-8-sig") if _fits(path, "utf-8-sig") else None
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Encoding("utf-16", errors="strict" if _fits(path, "utf-16") else "replace")
    if (order := looks_utf16(head)) and _fits(path, order):
        return Encoding(order)
    return None


def _declared(path: Path, declared: str | None) -> Encoding | None:
    if not declared:
        return None
    try:
        name = codecs.lookup(declared).name
    except LookupError:
        return None
    return Encoding("utf-8-sig" if name == "utf-8" else name) if _fits(path, name) else None


def _nuls_in_utf8(path: Path) -> int | None:
    """How many bytes are 0 in a file that is UTF-8; None for any other. Chunks of ASCII need no decoding."""
    nuls, decoder = 0, codecs.getincrementaldecoder("utf-8")("strict")
    try:
        for chunk in _chunks(path):
            if decoder.getstate()[0] or not chunk.isascii():
                decoder.decode(chunk)
            nuls += chunk.count(0)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return None
    return nuls


def _by_bytes(path: Path, place: Place) -> Encoding:
    """The encoding of a file that is not UTF-8."""
    broken, letters = _damage(path)
    if letters and broken <= max(1, letters * _FEW_BROKEN):
        return Encoding("utf-8-sig", "replace", (Notice(repairs.BYTES_REPLACED, place, {"count": broken}),))
    if not any(any(byte in chunk for byte in _UNDEFINED_1252) for chunk in _chunks(path)):
        return Encoding("cp1252", notices=(Notice(repairs.ENCODING_FOUND, place, {"encoding": spoken("cp1252")}),))
    name = _guess(path)
    return Encoding(name, notices=(Notice(repairs.ENCODING_GUESSED, place, {"encoding": spoken(name)}),))


def _guess(path: Path) -> str:
    from charset_normalizer import from_bytes  # late: 0.1 s, and nearly no file needs it

    with path.open("rb") as stream:
        best = from_bytes(stream.read(_SAMPLE)).best()
    name = best.encoding if best else "latin-1"
    return name if _fits(path, name) else "latin-1"


def _damage(path: Path) -> tuple[int, int]:
    """How many bytes break UTF-8, and how many characters beyond ASCII are whole."""
    broken = letters = 0
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    for chunk in _chunks(path):
        for letter in decoder.decode(chunk):
            if letter > "\x7f":
                escaped = "\udc80" <= letter <= "\udcff"
                broken += escaped
                letters += not escaped
    return broken, letters


def _fits(path: Path, name: str) -> bool:
    """Whether every byte of the file can be decoded as `name`."""
    try:
        decoder = codecs.getincrementaldecoder(name)("strict")
        for chunk in _chunks(path):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except (UnicodeError, LookupError):
        return False
    return True


def _same(declared: str, found: str) -> bool:
    try:
        name = codecs.lookup(declared).name
    except LookupError:
        return False
    plain = {
        "utf-8-sig": "utf-8",
        "ascii": "utf-8",
        "utf-16-le": "utf-16",
        "utf-16-be": "utf-16",
        "iso8859-1": "cp1252",
    }
    return plain.get(name, name) == plain.get(codecs.lookup(found).name, codecs.lookup(found).name)


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk
