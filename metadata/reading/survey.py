"""What a column's cells have in common, gathered over all rows in blocks: proofs by C code first, single cells last."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from os.path import commonprefix

from metadata.personal import Sign, may_show, sign_of
from metadata.reading.grid import Cell, tidy
from metadata.reading.values import FIGURES, MARKS, Dress, Kind, Shape, shape

_END = "\x01"
_CANONICAL = re.compile(r"0|-?[1-9]\d*|-?(?:0|[1-9]\d*)\.\d{1,10}")
_LONG_FRACTION = re.compile(r"\.\d{11}")
_YEARS = re.compile(r"(?:(?:(?:19|20)\d\d|2100)?\x01)*+")
_WHOLES = re.compile(r"(?:(?:0|-?[1-9]\d{0,14})?\x01)*+")
_ENGLISH = re.compile(r"(?:(?:-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?)?\x01)*+")
_INDONESIAN = re.compile(r"(?:(?:-?(?:0|[1-9]\d{0,14}|[1-9]\d{0,2}(?:\.\d{3})+)(?:,\d{1,15})?)?\x01)*+")
_INVISIBLE = ("\x00", "\r", "\xa0", "\u200b", "\ufeff")
_TRACES = {
    Kind.WHOLE: re.compile(r"(?:^|\x01)-?\d+\x01"),
    Kind.POINT: re.compile(r"(?:^|\x01)-?[1-9]\d{0,2}\.\d{3}\x01"),
    Kind.COMMA: re.compile(r"(?:^|\x01)-?[1-9]\d{0,2},\d{3}\x01"),
    Kind.ENGLISH: re.compile(r"(?:^|\x01)-?(?:\d+\.(?:\d{1,2}|\d{4,})\x01|(?:0|\d{4,})\.\d)"),
    Kind.INDONESIAN: re.compile(
        r"(?:^|\x01)-?(?:\d+,(?:\d{1,2}|\d{4,})\x01|(?:0|\d{4,}),\d|\d{1,3}(?:\.\d{3})+(?:,|\.\d{3}))"
    ),
}
"""How each kind of figure shows itself in a block that is nothing but figures of one style."""
_FRACTIONS = {Kind.ENGLISH: re.compile(r"\.\d"), Kind.INDONESIAN: re.compile(",")}
_BIG_WHOLE = re.compile(r"(?:^|\x01)-?\d{4,}\x01")
_ANY_MARK = frozenset(spelling for mark in MARKS for spelling in (mark, mark.upper(), mark.capitalize(), mark.title()))
_MEMORY = 20_000
_FEW = 0.2
"""Below this share of distinct cells a block is looked at by its distinct cells."""
_SETTLED = 5_000
"""Cells after which a column that is mostly words is taken for words."""
_EXAMPLES = 5


def _has_invisible(text: str) -> bool:
    return any(sign in text for sign in _INVISIBLE)


class Shapes(dict[Cell, Shape]):
    """Remembers the shapes of cells seen, up to a bound; one for all columns of a table."""

    def __missing__(self, cell: Cell) -> Shape:
        made = shape(cell)
        if len(self) >= _MEMORY:
            self.clear()
        self[cell] = made
        return made


class ColumnSurvey:
    """The cells of one column: how many of each kind, what they wear, and where the odd ones stand."""

    def __init__(self, shapes: Shapes) -> None:
        self.counts: dict[Kind, int] = dict.fromkeys(Kind, 0)
        self.dressed: Counter[Dress] = Counter()
        self.fractions: set[Kind] = set()
        self.marks: Counter[str] = Counter()
        self.truths: set[str] = set()
        self.odd: list[tuple[int, str]] = []
        self.years = True
        self.greatest = 0
        self.code_length = 0
        self.code_prefix: str | None = None
        self.point_zero = True
        self.native = False
        self.untidy = False
        self.plain = True
        self.grouped = False
        self.odd_negatives = False
        self.noisy = False
        self.example: str | None = None
        self.signs: dict[Sign, tuple[int, int]] = {}
        self._shapes = shapes

    @property
    def total(self) -> int:
        """All cells seen."""
        return sum(self.counts.values())

    @property
    def figures(self) -> int:
        """Cells that are figures of some kind."""
        return sum(self.counts[kind] for kind in FIGURES)

    @property
    def present(self) -> int:
        """Cells that are neither empty nor a mark for "nothing"."""
        return self.total - self.counts[Kind.EMPTY] - self.counts[Kind.MISSING]

    def take(self, cells: Sequence[Cell], rows: Sequence[int], *, text_only: bool) -> None:
        """Add the cells of a block; `rows` are their numbers in the file, from 0."""
        empty = cells.count("")
        if empty == len(cells):
            self.counts[Kind.EMPTY] += empty
        elif text_only and len(cells) >= 200 and len(set(cells)) > len(cells) * _FEW:
            self._many(cells, rows, empty)  # type: ignore[arg-type]  # text_only: every cell is a string
        else:
            self._each(cells, rows)

    def _many(self, cells: Sequence[str], rows: Sequence[int], empty: int) -> None:
        joined = _END.join(cells) + _END
        if self._settled_as_words():
            self._words(cells, rows, joined, empty)
        elif _WHOLES.fullmatch(joined):
            self.counts[Kind.EMPTY] += empty
            self.counts[Kind.WHOLE] += len(cells) - empty
            self.years = self.years and _YEARS.fullmatch(joined) is not None
            self.point_zero = False
            self._lengths(cells)
        elif _ENGLISH.fullmatch(joined) or _INDONESIAN.fullmatch(joined):
            self._decimals(cells, joined, empty)
        else:
            self._each(cells, rows)

    def _settled_as_words(self) -> bool:
        words = self.counts[Kind.TEXT]
        return words > _SETTLED and words > self.present * 0.5

    def _words(self, cells: Sequence[str], rows: Sequence[int], joined: str, empty: int) -> None:
        self.counts[Kind.EMPTY] += empty
        self.counts[Kind.TEXT] += len(cells) - empty
        self.untidy = self.untidy or list(map(str.strip, cells)) != list(cells) or _has_invisible(joined)
        if may_show(joined):
            for row, cell in zip(rows, cells, strict=True):
                if cell and (sign := sign_of(cell)):
                    self._show(sign, 1, row)
        found = _ANY_MARK.intersection(cells)
        for mark in found:
            times = cells.count(mark)
            self.marks[mark] += times
            self.counts[Kind.TEXT] -= times
            self.counts[Kind.MISSING] += times

    def _lengths(self, cells: Sequence[str]) -> None:
        filled = [cell for cell in cells if cell]
        self.take_lengths(len(min(filled, key=len)), len(max(filled, key=len)), (min(filled), max(filled)))

    def take_lengths(self, shortest: int, longest: int, ends: tuple[str, str]) -> None:
        """Add whole numbers by the lengths of their texts and by the first and last of these."""
        self.greatest = max(self.greatest, 10 ** (longest - 1))
        if self.code_length >= 0:
            self._code(longest if shortest == longest else -1, ends)

    def _code(self, length: int, ends: Sequence[str]) -> None:
        if length < 10 or self.code_length not in (0, length):
            self.code_length = -1
            return
        self.code_length = length
        known = [*ends, self.code_prefix] if self.code_prefix is not None else list(ends)
        self.code_prefix = commonprefix(known)  # noqa: RUF071 - of digits, not of paths

    def _decimals(self, cells: Sequence[str], joined: str, empty: int) -> None:
        """A block proved to be decimals without dress: which kinds are among them matters, not how many of each."""
        self.years = self.point_zero = False
        self.code_length = -1
        kinds = [kind for kind, trace in _TRACES.items() if trace.search(joined)]
        self.counts[Kind.EMPTY] += empty
        for kind in kinds:
            self.counts[kind] += 1
            if kind in (Kind.POINT, Kind.COMMA) and self.example is None and (shown := _TRACES[kind].search(joined)):
                self.example = shown[0].strip(_END)
        self.counts[kinds[-1]] += len(cells) - empty - len(kinds)
        if _BIG_WHOLE.search(joined):
            self.greatest = max(self.greatest, 1000)
        for kind in (Kind.ENGLISH, Kind.INDONESIAN):
            if kind in kinds and _FRACTIONS[kind].search(joined):
                self.fractions.add(kind)
        self.plain = self.plain and "," not in joined and _LONG_FRACTION.search(joined) is None

    def _note_fraction(self, made: Shape) -> None:
        if made.dress & Dress.FRACTION:
            self.fractions.add(made.kind)

    def _each(self, cells: Sequence[Cell], rows: Sequence[int]) -> None:
        shapes = self._shapes
        for cell, times in Counter(cells).items():
            made = shapes[cell]
            kind = made.kind
            self.counts[kind] += times
            if kind is Kind.EMPTY:
                self.untidy = self.untidy or made.dress != 0
                continue
            if made.dress:
                self._wear(made, cell, times)
            if made.sign:
                self._show(made.sign, times, rows[cells.index(cell)])
            if kind in FIGURES:
                self._figure(made, cell)
            elif kind is Kind.TEXT:
                if isinstance(cell, str):
                    self.untidy = self.untidy or cell.strip() != cell or _has_invisible(cell)
                if len(self.odd) < _EXAMPLES:
                    self.odd.append((rows[cells.index(cell)], tidy(cell)[:60]))
            elif kind is Kind.MISSING:
                self.marks[tidy(cell)] += times
            elif kind is Kind.TRUTH:
                self.truths.add(tidy(cell).casefold())
            elif not isinstance(cell, str):
                self.native = True

    def _show(self, sign: Sign, times: int, row: int) -> None:
        count, first = self.signs.get(sign, (0, row))
        self.signs[sign] = (count + times, min(first, row))

    def _wear(self, made: Shape, cell: Cell, times: int) -> None:
        self._note_fraction(made)
        for piece in made.dress:
            self.dressed[piece] += times
        if made.dress & Dress.BLANKS:
            self.untidy = True
        if made.dress & Dress.NEGATIVE and isinstance(cell, str) and cell.strip()[:1] != "-":
            self.odd_negatives = True

    def _figure(self, made: Shape, cell: Cell) -> None:
        whole = made.whole
        if not isinstance(cell, str):
            self.native = True
            self.noisy = self.noisy or (isinstance(cell, float) and float(format(cell, ".15g")) != cell)
        else:
            self.plain = self.plain and _CANONICAL.fullmatch(cell) is not None
        if made.kind is Kind.ENGLISH and "," in str(cell):
            self.grouped = True
        elif made.kind in (Kind.POINT, Kind.COMMA):
            self.example = self.example or tidy(cell)
        if whole is None:
            self.years = self.years and self._year_with_point(cell)
            self.point_zero = self.point_zero and isinstance(cell, str) and cell.strip().endswith(".0")
            self.code_length = -1
            return
        self.point_zero = False
        self.greatest = max(self.greatest, abs(whole))
        self.years = self.years and 1900 <= whole <= 2100
        if self.code_length >= 0:
            digits = str(whole)
            self._code(len(digits), (digits,))

    def _year_with_point(self, cell: Cell) -> bool:
        return isinstance(cell, str) and re.fullmatch(r"\s*(?:19|20)\d\d\.0\s*", cell) is not None
