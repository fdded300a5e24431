"""What a single row looks like: blank, a numbering of columns, a note, a signature, a total."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import IntEnum
from itertools import pairwise

from metadata.reading.grid import Cell, Row, is_blank, tidy
from metadata.reading.values import FIGURES, Kind, Shape, shape

_NUMBER_MARK = re.compile(r"\(?\[?(\d{1,3})(?:\.0)?\)?\]?\.?(?:\s*=.*)?")
_MANY_MARKS = 12
_FEW_LABELS = 2
_CODE = re.compile(r"(\d{2,4})[a-z]?\d?(?:\s|$)")
_LETTER_MARK = re.compile(r"\(?([a-z])\)?(?:\s*=.*)?", re.IGNORECASE)
_NOTE = re.compile(
    r"""(?:sumber|source|catatan|notes?|keterangan|penjelasan|definisi)(?:\s+data)?\s*(?:/\s*(?:sources?|notes?)\s*)?(?:[:;=.]|$)
    |ket\s*[.:]|sumber\s+(?:data|bps|badan|dinas|kementerian|kantor|bappeda|pemerintah|polres|rsud|kemen\w+)\b
    |(?:access\s*time|source\s*url|(?:last\s*)?update|pembaruan|(?:tanggal|tgl)\s*cetak)\s*(?:terakhir\s*)?[:=]
    |(?:di\s?unduh|di\s?akses|di\s?cetak)\b|(?:data\s+)?di\s?olah\b|halaman\s+\d
    |\*+\)?\s*\S|\(\*+\)|[¹²³]|\d{1,2}\)\s|[a-z]\)\s|[rxe]\)|r\s*[:=]|n\.a\.?\s*[:=]|(?:\.{3}|…|-|–)\s*[:=]""",
    re.IGNORECASE | re.VERBOSE,
)
"""How a note, a source or the meaning of a mark begins; not how a place does: Sumberrejo, Sumber Agung."""
_SIGNATURE = re.compile(
    r"(?:mengetahui|menyetujui|disetujui|kepala\s+(?:dinas|badan|bagian|bidang|sub|seksi|kantor|desa|puskesmas|uptd?)"
    r"|plt\.|a\.n\.|an\.\s|camat\b|bupati\b|sekretaris\b|pembina\b|penata\b|nip\b|nip\.|nrp\b|ttd\b"
    r"|[a-z .]+,\s*(?:tanggal\s*)?[\d….]{0,12}\s*(?:januari|februari|maret|april|mei|juni|juli|agustus|september"
    r"|oktober|november|desember)\s+\d{4}\s*$)",
    re.IGNORECASE,
)
TOTAL = re.compile(
    r"(?:(?:sub|grand)[\s-]*)?(?:jumlah|jml|total|rata\s*-?\s*rata|rerata|average|mean)"
    r"(?:\s*[/(&-]?\s*(?:jumlah|total|rata\s*-?\s*rata|average|sum|keseluruhan|seluruhnya|semua|umum|akhir|besar)\)?)*"
    r"(?:\s+(?:se[\s-]?)?(?:kab(?:upaten)?\.?|kota|kec(?:amatan)?\.?|prov(?:insi)?\.?|desa|kel(?:urahan)?\.?|wilayah)"
    r"(?:\s+[\w .'-]{2,40})?)?(?:\s+(?:(?:19|20)\d\d|[ivx]{1,5}|[a-z]|\d{1,2}))?\s*[:.]?",
    re.IGNORECASE,
)
"""The label of a total row. `Jumlah Penduduk` is none: that is an indicator."""


class Look(IntEnum):
    """What a cell looks like before any type is decided; enough to find a header."""

    EMPTY = 0
    WORDS = 1
    FIGURE = 2
    YEAR = 3
    MARK = 4
    DATE = 5


def look(cell: Cell) -> Look:
    """The look of one cell."""
    if isinstance(cell, str) and not cell:
        return Look.EMPTY
    made = shape(cell)
    return _look(made)


def _look(made: Shape) -> Look:
    if made.kind is Kind.EMPTY:
        return Look.EMPTY
    if made.kind is Kind.MISSING:
        return Look.MARK
    if made.kind in FIGURES:
        return Look.YEAR if made.whole is not None and 1900 <= made.whole <= 2100 else Look.FIGURE
    if made.kind in (Kind.DATE, Kind.MOMENT, Kind.TIME):
        return Look.DATE
    return Look.WORDS


def filled(row: Row) -> list[int]:
    """The columns of `row` in which something can be seen."""
    return [at for at, cell in enumerate(row) if not is_blank(cell)]


def is_numbering(row: Row) -> bool:
    """Whether the row numbers the columns: `1 2 3`, `(1) (2) (3)`, `a b c`, `1 2 3=1+2`, with gaps or without."""
    found = [tidy(row[at]) for at in filled(row)]
    if len(found) < 3:
        return len(found) == 2 and [_bare(text) for text in found] == ["1", "2"] and all("(" in text for text in found)
    for pattern, start in ((_NUMBER_MARK, None), (_LETTER_MARK, "a")):
        marks = [match[1].lower() for text in found if (match := pattern.fullmatch(text))]
        labelled = len(marks) >= _MANY_MARKS and len(found) - len(marks) <= _FEW_LABELS
        begins = pattern.fullmatch(found[0]) is not None or labelled
        if begins and len(marks) >= max(3, 0.8 * len(found)) and _counts_up(marks, start):
            return True
    return False


def is_mark(cell: Cell) -> bool:
    """Whether the cell alone could number a column: `1`, `(1)`, `a`."""
    return any(pattern.fullmatch(tidy(cell)) for pattern in (_NUMBER_MARK, _LETTER_MARK))


def is_coding(row: Row) -> bool:
    """Whether the row gives the columns the codes of a questionnaire: `301a 301b 302 303 …`, with words after them."""
    found = [_CODE.match(tidy(row[at])) for at in filled(row)]
    codes = [int(match[1]) for match in found if match and not 1900 <= int(match[1]) <= 2100]
    if len(codes) < max(5, 0.8 * len(found)):
        return False
    steps = [after - before for before, after in pairwise(codes)]
    return sum(step in (0, 1) for step in steps) >= 0.85 * len(steps) and sum(steps) >= 3


def _bare(text: str) -> str:
    return text.strip("()[]. ")


def _counts_up(marks: Sequence[str], start: str | None) -> bool:
    orders = [ord(mark) - ord("a") + 1 for mark in marks] if start else [int(mark) for mark in marks]
    steps = [after - before for before, after in pairwise(orders)]
    return orders[0] <= 2 and all(step == 1 for step in steps)


def is_note(text: str) -> bool:
    """Whether a text below a table is a note, a source, or the meaning of a mark."""
    return _NOTE.match(text) is not None


def is_signature(text: str) -> bool:
    """Whether a text below a table belongs to a signature: place and date, office, name's number."""
    return _SIGNATURE.match(text) is not None


def is_total(text: str) -> bool:
    """Whether a label is that of a total or mean."""
    return TOTAL.fullmatch(text) is not None
