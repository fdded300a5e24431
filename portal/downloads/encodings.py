"""Texts sent packed to clients that accept it: packed once, then files like any other."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from flask import request

from portal.web.conditional import packed_tag
from portal.web.engine import packed
from portal.web.packing import ENCODINGS, accepts, packer

TEXTS = ("text/", "application/json", "application/geo+json", "application/x-ndjson")
SMALLEST = 1_024  # bytes; below it packing saves nothing
AT_ONCE = 512 * 1024  # bytes packed while the reader waits, about 20 ms; larger files go out plain until it is done
BLOCK = 2**18
_making: set[str] = set()
_turn = threading.Lock()


@dataclass(frozen=True, slots=True)
class Packed:
    """A file as it is sent: `encoding` is empty for the plain one, `tag` that of these very bytes."""

    path: Path
    tag: str
    encoding: str = ""


def is_text(mediatype: str) -> bool:
    """Whether files of this kind shrink."""
    return mediatype.startswith(TEXTS)


def chosen(path: Path, tag: str, mediatype: str) -> Packed:
    """The form that this request is answered with.

    Who asks for a part of the file gets it from the plain one, unless the beginning that it holds was a packed one.
    """
    plain = Packed(path, tag)
    if not is_text(mediatype) or path.stat().st_size < SMALLEST:
        return plain
    accepted = [encoding for encoding in ENCODINGS if accepts(encoding)]
    if "Range" in request.headers:
        held = (request.headers.get("If-Range") or "").strip().strip('"')
        accepted = [encoding for encoding in accepted if held == packed_tag(tag, encoding)]
    for encoding in accepted:
        found = _packed(path, tag, encoding)
        if found is not None:
            return Packed(found, packed_tag(tag, encoding), encoding)
    return plain


def _packed(path: Path, tag: str, encoding: str) -> Path | None:
    """The packed file; None when it is only being made. Whatever goes wrong with it, there is the plain one."""
    name = f"{tag}.{encoding}"
    files = packed()
    if files.used(name):
        return files.folder / name

    def make(work: Path) -> Path:
        return _pack(path, work / name, encoding)

    if path.stat().st_size <= AT_ONCE:
        with suppress(OSError):
            return files.ready(name, make)
        return None

    def later() -> None:
        with _turn, suppress(OSError):
            files.ready(name, make)
        _making.discard(name)

    if name not in _making:
        _making.add(name)
        threading.Thread(target=later, name="packing", daemon=True).start()
    return None


def _pack(path: Path, target: Path, encoding: str) -> Path:
    """Raises OSError."""
    pack, rest = packer(encoding)
    with path.open("rb") as source, target.open("wb") as written:
        while block := source.read(BLOCK):
            written.write(pack(block))
        written.write(rest())
    return target
