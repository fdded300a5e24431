"""What the bytes of a CSV file say before anybody cuts it into cells: size, hashes, line ends, quotation marks."""

from __future__ import annotations

import csv
import hashlib
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_CHUNK = 1 << 20
_LONGEST_LINE = 1 << 24
_TAIL = 1 << 16
_Line = bytes


@dataclass(frozen=True, slots=True)
class Survey:
    """What was seen.

    `plain` says that all lines end with `newline`, no byte is 0 and there is no mark of byte order. `last` is the last
    line, None where it is longer than any real one; `ended` says whether it has its end. `quotes` counts the quotation
    marks; `head` and `head_quotes` are the bytes and quotation marks of the first line. `ascii` says that there is no
    other letter, the hashes are empty where they were not asked for.
    """

    bytes: int
    newline: str
    ended: bool
    quotes: int
    head: int
    head_quotes: int
    plain: bool
    last: _Line | None
    ascii: bool
    md5: str
    sha256: str

    def is_even(self, delimiter: str) -> bool:
        """Whether readers of CSV cut the file into the same cells, if they leave nothing out (see `Scan.is_whole`).

        Then no quote is left open on the last line either.
        """
        return self.plain and self.last is not None and _is_closed(self.last, delimiter)


def survey(path: Path, *, hashed: bool = True) -> Survey:
    """Read the file once; `hashed` asks for its hashes as well. Raises `OSError`."""
    md5, sha256 = hashlib.md5(usedforsecurity=False), hashlib.sha256()
    size = quotes = head = head_quotes = 0
    plain = ascii_only = True
    newline, text = "\n", b""
    with path.open("rb", buffering=0) as stream:
        while piece := stream.read(_CHUNK):
            text = piece + (stream.read(1) or b"") if piece.endswith(b"\r") else piece
            if hashed:
                md5.update(text)
                sha256.update(text)
            if not size:
                head = text.find(b"\n") + 1 or len(text)
                head_quotes = text.count(b'"', 0, head)
                newline = "\r\n" if text[:head].endswith(b"\r\n") else "\n"
                plain = not text.startswith(b"\xef\xbb\xbf")
            size += len(text)
            quotes += text.count(b'"')
            plain = plain and b"\0" not in text
            ascii_only = ascii_only and text.isascii()
            if newline == "\r\n" or b"\r" in text:
                pairs = text.count(b"\r\n")
                plain = plain and newline == "\r\n" and text.count(b"\n") == pairs == text.count(b"\r")
        last = _last_line(path, size)
    ended = text.endswith(b"\n")
    hashes = (md5.hexdigest(), sha256.hexdigest()) if hashed else ("", "")
    return Survey(size, newline, ended, quotes, head, head_quotes, plain and size > 0, last, ascii_only, *hashes)


class Surveying(threading.Thread):
    """A survey made beside other work."""

    def __init__(self, path: Path) -> None:
        super().__init__(daemon=True)
        self._path = path
        self._seen: Survey | None = None
        self.start()

    def run(self) -> None:
        """Read the whole file once."""
        with suppress(OSError):
            self._seen = survey(self._path)

    def seen(self) -> Survey:
        """What was seen, once it is. Raises `OSError` when the file cannot be read."""
        self.join()
        if self._seen is None:
            raise OSError("the file cannot be read")
        return self._seen


def _last_line(path: Path, size: int) -> bytes | None:
    """The last line with its end; None when it is longer than any real one."""
    found, start = b"", size
    with path.open("rb") as stream:
        while start and len(found) < _LONGEST_LINE:
            start = max(0, start - _TAIL)
            stream.seek(start)
            found = stream.read(size - len(found) - start) + found
            if (at := found.rfind(b"\n", 0, -1)) >= 0:
                return found[at + 1 :]
    return None if start else found


def _is_closed(last: bytes, delimiter: str) -> bool:
    """Whether the last line, taken alone, does not end within quotes."""
    try:
        list(csv.reader([last.decode("latin-1")], delimiter=delimiter, strict=True))
    except csv.Error:
        return False
    return True
