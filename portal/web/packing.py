"""The two ways in which answers travel smaller, zstd and gzip, and which of them a client takes."""

from __future__ import annotations

import gzip
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator

from flask import request

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ENCODINGS = ("zstd", "gzip")
"""The better one first."""
LEVEL = 6


def accepts(encoding: str) -> bool:
    """Whether the client names it; `*` alone is what programs send that then cannot unpack."""
    return any(name.lower() == encoding and quality > 0 for name, quality in request.accept_encodings)


def preferred() -> str:
    """The encoding in which this request is answered: what the client likes most, zstd of two; empty for plain."""
    named = [(name.lower(), quality) for name, quality in request.accept_encodings if quality > 0]
    best = max((quality for name, quality in named if name in ENCODINGS), default=0.0)
    return next((name for name in ENCODINGS if (name, best) in named), "")


def packed(body: bytes, encoding: str) -> bytes:
    """The whole body in that encoding; the same bytes for the same body."""
    if encoding == "zstd":
        return zstd.compress(body, level=LEVEL)
    return gzip.compress(body, compresslevel=LEVEL, mtime=0)


def packer(encoding: str) -> tuple[Callable[[bytes], bytes], Callable[[], bytes]]:
    """What packs a piece, perhaps into nothing yet, and what gives the rest."""
    if encoding == "zstd":
        compressor = zstd.ZstdCompressor(level=LEVEL)
        return compressor.compress, compressor.flush
    squeezer = zlib.compressobj(LEVEL, zlib.DEFLATED, 31)  # 31: with gzip's head, which has no name and no time
    return squeezer.compress, squeezer.flush


def packed_pieces(pieces: Iterable[bytes | str], encoding: str) -> Iterator[bytes]:
    """A stream in that encoding, sent on as it fills the packer."""
    pack, rest = packer(encoding)
    for piece in pieces:
        made = pack(piece.encode() if isinstance(piece, str) else piece)
        if made:
            yield made
    yield rest()
