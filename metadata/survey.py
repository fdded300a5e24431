"""What the bytes of a CSV file say before anybody cuts it into cells: size, hashes, line ends, doubtful places."""

from __future__ import annotations

import csv
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

_CHUNK = 1 << 20
_LONGEST_LINE = 1 << 24
_PAIRS = (b' "', b'" ', b'\t"', b'"\t')


@dataclass(frozen=True, slots=True)
class Survey:
    """What was seen.

    `even` says that readers of CSV cut the file into the same cells, if they cut it at all (see `Scan.is_whole`): all
    lines end with `newline`, none is blank, no blanks stand where a quoted cell begins or ends, no byte is 0, there is
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
    newline, rest, last = "\n", b"", b""
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            md5.update(chunk)
            sha256.update(chunk)
            size += len(chunk)
            lines += chunk.count(b"\n")
            # Whole lines only, so that nothing is torn at the end of a chunk.
            end = chunk.rfind(b"\n") + 1
            text, rest = (rest + chunk[:end], chunk[end:]) if end else (b"", rest + chunk)
            if len(rest) > _LONGEST_LINE:
                even, rest = False, rest[-1:]
            if not even or not text:
                continue
            if first:
                newline, first = "\r\n" if text[: text.find(b"\n")].endswith(b"\r") else "\n", False
                even = not text.startswith(b"\xef\xbb\xbf")
            found = b'"' in text
            quotes = quotes or found
            returns += text.count(b"\r")
            last = text[text.rfind(b"\n", 0, -1) + 1 :]
            even = even and _is_even(text, newline, doubtful if found else None)
    if rest:
        quotes = quotes or b'"' in rest
        even = even and b"\r" not in rest and _is_even(rest, "\n", doubtful)
        last = rest
    even = even and not first and returns == (lines if newline == "\r\n" else 0) and _is_closed(last, delimiter)
    return Survey(size, lines + bool(rest), newline, quotes, b'"' in last, even, md5.hexdigest(), sha256.hexdigest())


def _doubtful(delimiter: bytes) -> re.Pattern[bytes]:
    """Blanks before an opening or behind a closing quote; some readers drop them."""
    edge = rb"[\r\n\"" + re.escape(delimiter) + rb"]"
    return re.compile(rb"(?:\A|" + edge + rb")[ \t]+\"|\"[ \t]+(?:" + edge + rb"|\Z)")


def _is_even(text: bytes, newline: str, doubtful: re.Pattern[bytes] | None) -> bool:
    """Of whole lines, or the last one. Returns are counted elsewhere."""
    end = newline.encode()
    if b"\0" in text or text.startswith(end) or end * 2 in text:
        return False
    return doubtful is None or not any(pair in text for pair in _PAIRS) or not doubtful.search(text)


def _is_closed(last: bytes, delimiter: str) -> bool:
    """Whether the last line, taken alone, does not end within quotes."""
    try:
        list(csv.reader([last.decode("latin-1")], delimiter=delimiter, strict=True))
    except csv.Error:
        return False
    return True
