"""The rows of a worksheet as XML, written by DuckDB itself: ten times as fast as cell by cell in Python.

Everything around them (styles, header, relations, the second sheet) is xlsxwriter's, whose empty sheet these rows fill.
ECMA-376 part 1, sections 18.3.1.4 (cell), 18.3.1.73 (row), 22.9.2.19 (escaped characters).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from datasets.exports.content import FORMULA, NUMBER_TEXT, Content, csv_cell
from datasets.query.conditions import Sql
from datasets.query.page import PageColumn

MOST_TEXT = 32_767  # characters in a cell
MOST_DIGITS = 15  # of a number in a cell
FIRST_DAY = "1900-03-01"  # before it Excel's calendar has a day too many
DAY = "86400000000.0"  # microseconds
TIMES = {  # the first moment that Excel dates right, the serial number, the format
    "DATE": (f"DATE '{FIRST_DAY}'", "date_diff('day', DATE '1899-12-30', {0})", "date"),
    "TIMESTAMP": (f"TIMESTAMP '{FIRST_DAY}'", f"epoch_us({{0}}) / {DAY} + 25569", "datetime"),
    "TIMESTAMP WITH TIME ZONE": (f"TIMESTAMPTZ '{FIRST_DAY}'", f"epoch_us({{0}}) / {DAY} + 25569", "datetime"),
    "TIME": ("", f"date_diff('microsecond', TIME '00:00:00', {{0}}) / {DAY}", "time"),
}
CONTROLS = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x{FFFE}\x{FFFF}]"
ESCAPED = "_x[0-9A-Fa-f]{4}_"  # a text that would be read as an escape itself


@dataclass(frozen=True, slots=True)
class Counted:
    """What one look over the rows told: how many, how many texts are too long, which columns need escapes."""

    rows: int
    cut: int
    awkward: tuple[bool, ...]


def counting(content: Content) -> Sql:
    """The question whose one row `counted` understands."""
    measures = ["count(*)"]
    for n, stored in enumerate(content.stored):
        awkward = f"regexp_matches(v{n}, '{CONTROLS}|\\r|{ESCAPED}')"
        measures += (
            [f"count(*) FILTER (WHERE length(v{n}) > {MOST_TEXT})", f"coalesce(bool_or({awkward}), false)"]
            if stored == "VARCHAR"
            else ["0", "false"]
        )
    return Sql(f"SELECT {', '.join(measures)} FROM ({content.rows.text})", content.rows.values)  # noqa: S608


def counted(row: tuple[int, ...]) -> Counted:
    """The answer to `counting`."""
    return Counted(row[0], sum(row[1::2]), tuple(bool(value) for value in row[2::2]))


def row_xml(content: Content, found: Counted, styles: Mapping[str, int], letters: tuple[str, ...]) -> Sql:
    """The question whose every row is a `<row>` in XML, from the sheet's second row on.

    `styles` are the numbers of the cell formats: text, guarded, integer, year, date, datetime, time, number.
    """
    cells = [
        _cell(f"v{n}", stored, column, letters[n], styles, awkward=found.awkward[n])
        for n, (column, stored) in enumerate(zip(content.columns, content.stored, strict=True))
    ]
    numbered = f"SELECT *, CAST(row_number() OVER () + 1 AS VARCHAR) AS n FROM ({content.rows.text})"  # noqa: S608
    text = f"""SELECT concat('<row r="', n, '">', {", ".join(cells)}, '</row>') FROM ({numbered})"""  # noqa: S608
    return Sql(text, content.rows.values)


def _cell(place: str, stored: str, column: PageColumn, letter: str, styles: Mapping[str, int], *, awkward: bool) -> str:
    """The cell of a column; NULL, which `concat` leaves out, where the value is missing."""
    as_text = _text(f"CAST({csv_cell(place, stored)} AS VARCHAR)", letter, str(styles["text"]))
    if stored == "VARCHAR":
        risky = f"regexp_matches({place}, '{FORMULA}') AND NOT regexp_full_match({place}, '{NUMBER_TEXT}')"
        style = f"' || CASE WHEN {risky} THEN '{styles['guarded']}' ELSE '{styles['text']}' END || '"
        return _text(_escaped(place, awkward=awkward), letter, style)
    if stored == "BOOLEAN":
        return _value(f"CASE WHEN {place} THEN '1' ELSE '0' END", letter, styles["text"], kind=' t="b"')
    if stored in TIMES:
        since, serial, kind = TIMES[stored]
        value = _value(serial.format(place), letter, styles[kind])
        return _either(f"{place} >= {since}", value, as_text) if since else value
    value = _value(csv_cell(place, stored), letter, styles.get(column.type, styles["number"]))
    digits = f"length(regexp_replace(CAST({csv_cell(place, stored)} AS VARCHAR), '[^0-9]', '', 'g'))"
    fits = {"DOUBLE": f"isfinite({place})", "BIGINT": f"abs({place}) < 1{'0' * MOST_DIGITS}"}
    return _either(fits.get(stored, f"{digits} <= {MOST_DIGITS}"), value, as_text)


def _either(condition: str, one: str, other: str) -> str:
    return f"CASE WHEN {condition} THEN {one} ELSE {other} END"


def _value(value: str, letter: str, style: int, kind: str = "") -> str:
    return f"""'<c r="{letter}' || n || '" s="{style}"{kind}><v>' || {value} || '</v></c>'"""


def _text(value: str, letter: str, style: str) -> str:
    start = f"""'<c r="{letter}' || n || '" s="{style}" t="inlineStr"><is><t xml:space="preserve">'"""
    return f"{start} || {value} || '</t></is></c>'"


def _escaped(place: str, *, awkward: bool) -> str:
    """Text for XML; what is longer than a cell ends with an ellipsis."""
    value = f"CASE WHEN length({place}) > {MOST_TEXT} THEN left({place}, {MOST_TEXT - 1}) || '…' ELSE {place} END"
    if awkward:
        value = f"regexp_replace({value}, '({ESCAPED})', '_x005F\\1', 'g')"
        value = f"replace(regexp_replace({value}, '{CONTROLS}', '\ufffd', 'g'), chr(13), '_x000D_')"
    for sign, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        value = f"replace({value}, '{sign}', '{entity}')"
    return value
