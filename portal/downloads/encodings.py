"""Texts sent packed to clients that accept it: packed once, then files like any other."""

from __future__ import annotations

import subprocess
import threading
import zlib
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from shutil import which

from flask import request

from portal.web.engine import packed

TEXTS = ("text/", "application/json", "application/geo+json", "application/x-ndjson")
SMALLEST = 1_024  # bytes; below it packing saves nothing
AT_ONCE = 512 * 1024  # bytes packed while the reader waits, about 20 ms; larger files go out plain until it is done
BLOCK = 2**18
SECONDS = 600
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


def tags(tag: str) -> tuple[str, ...]:
    """The entity tags that this file has in all its forms."""
    return (tag, *(f"{tag}-{encoding}" for encoding in _encodings()))


def chosen(path: Path, tag: str, mediatype: str) -> Packed:
    """The form that this request is answered with.

    Who asks for a part of the file gets it from the plain one, unless the beginning that it holds was a packed one.
    """
    plain = Packed(path, tag)
    if not is_text(mediatype) or path.stat().st_size < SMALLEST:
        return plain
    accepted = [encoding for encoding in _encodings() if _accepts(encoding)]
    if "Range" in request.headers:
        held = (request.headers.get("If-Range") or "").strip().strip('"')
        accepted = [encoding for encoding in accepted if held == f"{tag}-{encoding}"]
    for encoding in accepted:
        found = _packed(path, tag, encoding)
        if found is not None:
            return Packed(found, f"{tag}-{encoding}", encoding)
    return plain


@cache
def _encodings() -> tuple[str, ...]:
    """What this host can pack, the best first: zstd where its program is installed."""
    return ("zstd", "gzip") if which("zstd") else ("gzip",)


def _accepts(encoding: str) -> bool:
    """Whether the client names it; `*` alone is what programs send that then cannot unpack."""
    return any(name.lower() == encoding and quality > 0 for name, quality in request.accept_encodings)


def _packed(path: Path, tag: str, encoding: str) -> Path | None:
    """The packed file; None when it is only being made. Whatever goes wrong with it, there is the plain one."""
    name = f"{tag}.{encoding}"
    files = packed()
    if files.used(name):
        return files.folder / name

    def make(work: Path) -> Path:
        return _pack(path, work / name, encoding)

    if path.stat().st_size <= AT_ONCE:
        with suppress(OSError, subprocess.SubprocessError):
            return files.ready(name, make)
        return None

    def later() -> None:
        with _turn, suppress(OSError, subprocess.SubprocessError):
            files.ready(name, make)
        _making.discard(name)

    if name not in _making:
        _making.add(name)
        threading.Thread(target=later, name="packing", daemon=True).start()
    return None


def _pack(path: Path, target: Path, encoding: str) -> Path:
    """Raises OSError and `SubprocessError`."""
    if encoding == "zstd":
        command = ["zstd", "-q", "-6", "-T1", "-o", str(target), str(path)]
        subprocess.run(  # noqa: S603 - a fixed program, our own paths
            command, check=True, timeout=SECONDS, stdin=subprocess.DEVNULL, capture_output=True
        )
        return target
    with path.open("rb") as source, target.open("wb") as written:
        packer = zlib.compressobj(6, zlib.DEFLATED, 31)  # 31: with gzip's head, which has no name and no time
        while block := source.read(BLOCK):
            written.write(packer.compress(block))
        written.write(packer.flush())
    return target
