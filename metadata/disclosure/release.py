"""From the rows of microdata to tables that may be shown: counted, protected, attacked, written, and explained."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from metadata.disclosure.errors import NotOneSurvey, TooFewRows
from metadata.disclosure.lattice import Cell
from metadata.disclosure.plan import Plan, make_plan
from metadata.disclosure.protection import Period
from metadata.disclosure.rules import Microdata
from metadata.disclosure.sheets import Sheet
from metadata.disclosure.tabulation import tabulate
from metadata.reading.table import Table

Hidden = Mapping[str | None, Mapping[str, Collection[Cell]]]
"""The hidden cells of an earlier publication: by period, then by variable."""


@dataclass(frozen=True, slots=True)
class Released:
    """Tables for the public, and what was done to them, as the package tells it."""

    tables: tuple[Table, ...]
    applied: dict[str, Any] = field(default_factory=dict)


def release(rule: Microdata, sources: Sequence[Table], into: Path, *, before: Sequence[Path] = ()) -> Released:
    """Make the declared tables of the rows in `sources`, all of the same columns; they are written into `into`.

    `before` are the tables of the version before, as this function wrote them: what is hidden there stays hidden.
    Deterministic. Raises `MicrodataUnusable` in all its kinds; no error or table tells of a single row.
    """
    first = sources[0]
    plan = make_plan(rule, first.columns)
    header = [column.name for column in first.columns]
    counted = tabulate(plan, header, chain.from_iterable(_rows(table, header) for table in sources))
    if not counted:
        raise TooFewRows(k=rule.k)
    merged: set[str] = set()
    with ExitStack() as stack:
        sheets = [Sheet(plan, table, into, stack) for table in plan.tables]
        known = _hidden_before(sheets, before)
        for period in list(counted):
            made = Period(plan, counted.pop(period), known.get(period, {}))
            merged |= {name for leaf, told in made.told.items() for name in told if name not in leaf}
            for sheet in sheets:
                sheet.open_period(period, made.rows)
            for figures in made.figures():
                for sheet in sheets:
                    sheet.write(figures)
    return Released(tuple(sheet.table(merged) for sheet in sheets), _applied(plan, sheets, merged))


def _rows(table: Table, header: list[str]) -> Iterator[Sequence[str]]:
    with table.path.open(encoding="utf-8", newline="") as source:
        rows = csv.reader(source)
        names = next(rows, [])
        if set(names) != set(header):
            raise NotOneSurvey
        if names == header:
            yield from rows
        else:
            order = [names.index(name) for name in header]
            yield from ([row[at] for at in order] for row in rows)


def _hidden_before(sheets: Iterable[Sheet], before: Sequence[Path]) -> Hidden:
    found: dict[str | None, dict[str, set[Cell]]] = {}
    for path in before:
        with path.open(encoding="utf-8", newline="") as source:
            rows = csv.reader(source)
            names = next(rows, [])
            sheet = next((one for one in sheets if one.header == names), None)
            if sheet is None:
                continue
            for row in rows:
                if (hidden := sheet.hidden_cell(row)) is not None:
                    period, variable, cell = hidden
                    found.setdefault(period, {}).setdefault(variable, set()).add(cell)
    return found


def _applied(plan: Plan, sheets: Iterable[Sheet], merged: Collection[str]) -> dict[str, Any]:
    rule = plan.rule
    return {
        "unit": rule.unit,
        "k": rule.k,
        "kSpecific": rule.k_specific,
        "dominance": rule.dominance,
        "zeros": rule.zeros,
        "rounding": rule.rounding,
        "method": "primary and complementary cell suppression; small regions joined with a neighbour",
        "guarantee": "every hidden count could take at least k different values in surveys with this same publication",
        "joinedRegions": sorted(merged),
        "tables": [
            {"name": sheet.name, "cells": sheet.cells, "hidden": sheet.hidden, "leftOut": len(sheet.planned.left_out)}
            for sheet in sheets
        ],
    }
