"""The filter form of a table: what can be ticked, as long as a page stays light."""

from __future__ import annotations

from typing import Any

from datasets.query.question import Filter, Operator, TableQuery
from datasets.query.shape import ShapeColumn, TableShape
from portal.web.filters import CHOICES_BYTES, filter_form

NAMES = [f"kolom_{number}" for number in range(8)]
SHAPE = TableShape(
    tuple(
        ShapeColumn(name=name, title=name, type="string", stored="VARCHAR", position=at, unit=None, description=None)
        for at, name in enumerate(NAMES)
    )
)
STATS: dict[str, Any] = {name: {"distinct": 10 + 5 * at, "longest": 60} for at, name in enumerate(NAMES)}


def ticked(query: TableQuery) -> dict[str, int]:
    """The names of the columns with values to tick, and how many each has."""

    def values(column: str) -> list[tuple[str, int]]:
        return [(f"{number:060}", 1) for number in range(STATS[column]["distinct"])]

    form = filter_form(query, SHAPE, offered=SHAPE.columns, stats=STATS, roles={}, values=values)
    return {control.title: len(control.choices) for control in form.controls if control.kind == "choice"}


def test_the_columns_with_the_fewest_values_are_ticked_and_the_page_stays_light() -> None:
    found = ticked(TableQuery())
    assert list(found) == NAMES[: len(found)]
    assert 0 < len(found) < len(NAMES)
    assert sum(count * 2 * 60 for count in found.values()) < CHOICES_BYTES


def test_what_is_ticked_can_be_unticked_however_many_values_there_are() -> None:
    assert NAMES[-1] in ticked(TableQuery(where=(Filter(NAMES[-1], Operator.EQ, ("0" * 60,)),)))
