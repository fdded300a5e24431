"""What the bytes of a CSV file say before anybody cuts it into cells: size, hashes, line ends, doubtful places."""

from __future__ import annotations

import csv
import hashlib
import re
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_CHUNK = 1 << 20
_LONGEST_LINE = 1 << 24
_PAIRS = (b' "', b'" ', b'\t"', b'"\t')


@dataclass(frozen=True, slots=True)
class Survey:
    """What was seen.

    `even` says that readers of CSV cut the file into the same cells, if they cut it at all (see `Scan.is_whole`): all
    lines end with `newline`, no blanks stand where a quoted cell begins or ends, no byte is 0, there is
    no mark of byte order, and no quote is left open on the last line. `lines` counts the line ends, and a last line
    that has none. `quotes` says whether there is any, `last_quotes` whether there is one on the last line.
    """

    bytes: int
    lines: int
    newline: str
    quotes: bool
    last_quotes: bool
    even: bool
    md5: str
    sha256: str


def survey(path: Path, *, delimiter: str = ",") -> Survey:
    """Read the file once. Raises `OSError`."""
    md5, sha256 = hashlib.md5(usedforsecurity=False), hashlib.sha256()
    size = lines = returns = 0
    quotes, even, first = False, True, True
    doubtful = _doubtful(delimiter.encode())
    newline, last = "\n", b""
    with path.open("rb") as stream:
        # Whole lines only, so that nothing is torn at the end of a piece.
        while text := stream.read(_CHUNK):
            if not text.endswith(b"\n"):
                text += stream.readline(_LONGEST_LINE)
            md5.update(text)
            sha256.update(text)
            size += len(text)
            lines += text.count(b"\n")
            if first:
                newline, first = "\r\n" if text[: text.find(b"\n") + 1].endswith(b"\r\n") else "\n", False
                even = not text.startswith(b"\xef\xbb\xbf")
            if b"\r" in text:
                returns += text.count(b"\r")
                even = even and text.count(b"\r") == text.count(b"\r\n")
            last = text[text.rfind(b"\n", 0, -1) + 1 :]
            found = b'"' in text
            quotes = quotes or found
            even = (
                even
                and b"\0" not in text
                and len(last) < _LONGEST_LINE
                and not (found and _is_doubtful(text, doubtful))
            )
    complete = last.endswith(b"\n")
    even = even and not first and returns == (lines if newline == "\r\n" else 0) and _is_closed(last, delimiter)
    return Survey(
        size,
        lines + (not complete and not first),
        newline,
        quotes,
        b'"' in last,
        even,
        md5.hexdigest(),
        sha256.hexdigest(),
    )


class Surveying(threading.Thread):
    """A survey made beside other work."""

    def __init__(self, path: Path, *, delimiter: str = ",") -> None:
        super().__init__(daemon=True)
        self._path, self._delimiter = path, delimiter
        self._seen: Survey | None = None
        self.start()

    def run(self) -> None:
        """Read the whole file once."""
        with suppress(OSError):
            self._seen = survey(self._path, delimiter=self._delimiter)

    def seen(self) -> Survey:
        """What was seen, once it is. Raises `OSError` when the file cannot be read."""
        self.join()
        if self._seen is None:
            raise OSError("the file cannot be read")
        return self._seen


def _doubtful(delimiter: bytes) -> re.Pattern[bytes]:
    """Blanks before an opening or behind a closing quote; some readers drop them."""
    edge = rb"[\r\n\"" + re.escape(delimiter) + rb"]"
    return re.compile(rb"(?:\A|" + edge + rb")[ \t]+\"|\"[ \t]+(?:" + edge + rb"|\Z)")


def _is_doubtful(text: bytes, doubtful: re.Pattern[bytes]) -> bool:
    pairs = _PAIRS if b"\t" in text else _PAIRS[:2]
    return any(pair in text for pair in pairs) and bool(doubtful.search(text))


def _is_closed(last: bytes, delimiter: str) -> bool:
    """Whether the last line, taken alone, does not end within quotes."""
    try:
        list(csv.reader([last.decode("latin-1")], delimiter=delimiter, strict=True))
    except csv.Error:
        return False
    return True
