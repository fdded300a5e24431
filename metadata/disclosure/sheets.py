"""One published table as it is written: a row for each region, category and measure, its figure and its status."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from metadata.disclosure.lattice import Cell, in_order
from metadata.disclosure.plan import Plan, Planned
from metadata.disclosure.protection import ROWS, Figures
from metadata.disclosure.tabulation import SCALE
from metadata.names import unique_names
from metadata.reading.table import Column, Table

ALL = "Jumlah"
"""What stands in the place of a region or category that is summed over."""
HIDDEN, NONE, ABSENT = "D", "-", "..."
_MEAN = "Rata-rata {title}"


class Sheet:
    """A table on its way out. `cells` and `hidden` count its figures."""

    def __init__(self, plan: Plan, planned: Planned, into: Path, stack: ExitStack) -> None:
        self.planned, self.name = planned, planned.declared.name
        self.cells = self.hidden = 0
        self._plan = plan
        keys = [*plan.regions[: planned.declared.depth], *([plan.period] if plan.period else [])]
        keys += [plan.categories[at] for at in planned.places]
        names = unique_names([*keys, "ukuran", "satuan", "nilai", "persen", "status"])
        self.columns = tuple(_columns(plan, keys, names))
        self.header = names
        self._path = into / f"{self.name}.csv"
        out = stack.enter_context(self._path.open("w", encoding="utf-8", newline=""))
        self._out = csv.writer(out, lineterminator="\n")
        self._out.writerow(names)
        self._measures = {ROWS: plan.rule.unit[:1].upper() + plan.rule.unit[1:]}
        self._measures |= {name: plan.title(name) for name in (*planned.indicators, *planned.amounts)}
        self._period: str | None = None
        self._order: list[Cell] = []
        self._known: Mapping[Cell, int] = {}

    def open_period(self, period: str | None, rows: Mapping[Cell, int]) -> None:
        """Begin a period; `rows` says which cells there are."""
        self._period = period
        self._order = sorted((cell for cell in rows if self._has(cell)), key=in_order)

    def write(self, figures: Figures) -> None:
        """Write one variable, if this table tells it. The rows of a period come first."""
        if figures.name == ROWS:
            self._known = figures.shown
        if figures.name not in self._measures:
            return
        extra = {cell for cell in figures.hidden if self._has(cell)}.difference(self._order)
        for cell in (*self._order, *sorted(extra, key=in_order)):
            for row in self._rows(figures, cell):
                self._out.writerow(row)
                self.cells += 1
                self.hidden += row[-1] == HIDDEN

    def hidden_cell(self, row: Sequence[str]) -> tuple[str | None, str, Cell] | None:
        """The period, variable and cell of a row that was written with status hidden; None for any other."""
        if row[-1] != HIDDEN:
            return None
        depth, plan = self.planned.declared.depth, self._plan
        region = tuple(name for name in row[:depth] if name != ALL)
        at = depth + (plan.period is not None)
        values: list[str | None] = [None] * len(plan.categories)
        for place, value in zip(self.planned.places, row[at:], strict=False):
            values[place] = None if value == ALL else value
        for name, title in self._measures.items():
            if row[at + len(self.planned.places)] in (title, _MEAN.format(title=title)):
                return row[depth] if plan.period else None, name, (region, tuple(values))
        return None

    def table(self, merged: Collection[str]) -> Table:
        """The table as the pipeline takes it on, with notes that tell what was done."""
        declared = self.planned.declared
        return Table(
            name=self.name,
            path=self._path,
            columns=self.columns,
            rows=self.cells,
            header_row=1,
            title=declared.title,
            notes=tuple(self._notes(merged)),
        )

    def _has(self, cell: Cell) -> bool:
        region, values = cell
        places = {at for at, value in enumerate(values) if value is not None}
        if self.planned.declared.totals:
            return len(region) <= self.planned.declared.depth and places <= set(self.planned.places)
        return len(region) == self.planned.declared.depth and places == set(self.planned.places)

    def _rows(self, figures: Figures, cell: Cell) -> Iterator[list[str]]:
        name, unit = figures.name, self._plan.rule.unit
        title, amount = self._measures[name], name in self.planned.amounts
        key = self._key(cell)
        if cell in figures.hidden or cell not in figures.shown:
            for text in self._titles(name):
                yield [*key, text, self._unit(name, unit), "", "", HIDDEN]
            return
        value = figures.shown[cell]
        status = ABSENT if cell in figures.silent else "" if value else NONE
        if not amount:
            shown = self._rounded(value)
            said = "" if status == ABSENT else str(shown)
            yield [*key, title, unit, said, "" if status == ABSENT else self._share(name, cell, shown), status]
            return
        if name in self.planned.sums:
            yield [*key, title, self._unit(name, unit), "" if status == ABSENT else _decimal(value), "", status]
        if name in self.planned.means:
            n = self._known.get(cell)
            mean = "" if status == ABSENT or not n else f"{value / 10**SCALE / n:.2f}"
            yield [*key, _MEAN.format(title=title), self._unit(name, unit), mean, "", status if n else HIDDEN]

    def _titles(self, name: str) -> Iterator[str]:
        title = self._measures[name]
        if name not in self.planned.means or name in self.planned.sums:
            yield title
        if name in self.planned.means:
            yield _MEAN.format(title=title)

    def _key(self, cell: Cell) -> list[str]:
        region, values = cell
        depth = self.planned.declared.depth
        key = [*region, *[ALL] * (depth - len(region))]
        if self._plan.period:
            key.append(self._period or "")
        return key + [values[at] or ALL for at in self.planned.places]

    def _share(self, name: str, cell: Cell, shown: int) -> str:
        n = self._rounded(self._known.get(cell, 0))
        return f"{min(100.0, 100 * shown / n):.1f}" if name != ROWS and n else ""

    def _rounded(self, value: int) -> int:
        base = self._plan.rule.rounding
        return (value + base // 2) // base * base

    def _unit(self, name: str, unit: str) -> str:
        return (self._plan.columns[name].unit or "") if name in self.planned.amounts else unit

    def _notes(self, merged: Collection[str]) -> Iterator[str]:
        rule = self._plan.rule
        yield (
            f"{HIDDEN} = disembunyikan untuk melindungi perorangan; {NONE} = tidak ada; {ABSENT} = tidak tersedia. "
            f"Dibuat dari data dasar; barisnya tidak disimpan dan tidak diterbitkan."
        )
        yield (
            f"Angka tentang kurang dari {rule.k} {rule.unit} (data pribadi spesifik: {rule.k_specific}) disembunyikan, "
            f"begitu pula angka lain yang darinya angka itu dapat dihitung: "
            f"{self.hidden} dari {self.cells} angka disembunyikan."
        )
        if self.planned.amounts:
            yield (
                f"Jumlah juga disembunyikan bila berasal dari kurang dari tiga {rule.unit} atau bila satu di antaranya "
                f"lebih dari {rule.dominance * 100:g} persen. Rata-rata dihitung atas semua {rule.unit}."
            )
        if rule.rounding > 1:
            yield f"Cacah dibulatkan ke kelipatan {rule.rounding}; jumlahnya dapat sedikit berbeda."
        if merged:
            yield f"Wilayah dengan terlalu sedikit {rule.unit} disajikan bersama tetangganya (ditulis dengan tanda +)."
        if self.planned.left_out:
            yield f"{len(self.planned.left_out)} kolom data pribadi spesifik tidak disajikan pada tingkat desa."


def _columns(plan: Plan, keys: Sequence[str], names: Sequence[str]) -> Iterator[Column]:
    for key, name in zip(keys, names, strict=False):
        yield Column(name, plan.title(key), "string")
    ukuran, satuan, nilai, persen, status = names[len(keys) :]
    yield Column(ukuran, "Ukuran", "string")
    yield Column(satuan, "Satuan", "string")
    yield Column(nilai, "Nilai", "number")
    yield Column(persen, "Persen", "number", unit="persen")
    yield Column(status, "Status", "string")


def _decimal(value: int) -> str:
    whole, part = divmod(value, 10**SCALE)
    return f"{whole}.{part:0{SCALE}d}".rstrip("0").rstrip(".") if part else str(whole)
