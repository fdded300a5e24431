"""What holds a new state of a dataset for a person, and what does not."""

from __future__ import annotations

import pytest

from datasets.models import ResourceKind
from harvesters.gates import ResourceShape, Shape, gate, gate_listing
from metadata.notices import Notice

FIELDS = {"kode": "string", "nilai": "number", "tahun": "integer"}


def a_table(rows: int | None = 40, fields: dict[str, str] | None = None, name: str = "data", **more: object) -> Shape:
    kind = more.get("kind", ResourceKind.TABLE)
    assert isinstance(kind, ResourceKind)
    table = ResourceShape(name, kind, str(more.get("format", "csv")), rows, FIELDS if fields is None else fields)
    return Shape((table,), errors=int(str(more.get("errors", 0))))


def codes(previous: Shape | None, new: Shape) -> list[str]:
    return [notice.code for notice in gate(previous, new)]


def test_a_first_version_passes_even_with_errors() -> None:
    assert gate(None, a_table(errors=3)) == []


def test_personal_data_hold_a_first_version_too() -> None:
    found = Notice("personal.nik")
    assert gate(None, a_table(), personal=[found]) == [found]


@pytest.mark.parametrize(
    ("before", "after", "reasons"),
    [
        (40, 40, []),
        (40, 20, []),
        (40, 19, ["gate.shrunk"]),
        (40, 0, ["gate.emptied"]),
        (40, 400, []),
        (40, 401, ["gate.grown"]),
        (2, 90, []),
        (0, 5000, []),
    ],
)
def test_rows_lost_or_multiplied_hold(before: int, after: int, reasons: list[str]) -> None:
    assert codes(a_table(before), a_table(after)) == reasons


def test_a_column_gone_holds_and_a_column_more_does_not() -> None:
    more = {**FIELDS, "catatan": "string"}
    assert codes(a_table(), a_table(fields=more)) == []
    assert codes(a_table(fields=more), a_table()) == ["gate.column_gone"]


def test_a_column_under_another_name_in_the_same_place_is_told_as_a_renaming() -> None:
    (reason,) = gate(a_table(), a_table(fields={"kode": "string", "jumlah": "number", "tahun": "integer"}))
    assert reason.code == "gate.column_renamed"
    assert reason.place.column == "nilai"
    assert "jumlah" in reason.say("id")


@pytest.mark.parametrize(
    ("before", "after", "held"),
    [
        ("number", "string", True),
        ("date", "string", True),
        ("boolean", "integer", True),
        ("integer", "number", False),
        ("number", "integer", False),
        ("year", "integer", False),
        ("string", "integer", False),
    ],
)
def test_a_type_that_breaks_holds(before: str, after: str, held: bool) -> None:
    reasons = codes(a_table(fields={"a": before}), a_table(fields={"a": after}))
    assert reasons == (["gate.type_broken"] if held else [])


def test_errors_where_there_were_none_hold_and_old_errors_do_not() -> None:
    assert codes(a_table(), a_table(errors=2)) == ["gate.new_errors"]
    assert codes(a_table(errors=1), a_table(errors=9)) == []


def test_a_login_page_in_the_place_of_a_table_holds() -> None:
    page = a_table(None, fields={}, kind=ResourceKind.FILE, format="html")
    (reason,) = gate(a_table(), page)
    assert reason.code == "gate.no_table_any_more"
    assert "html" in reason.say("id")


def test_a_table_gone_from_a_dataset_holds() -> None:
    both = Shape((*a_table(name="2023").resources, *a_table(name="2024").resources))
    assert codes(both, a_table(name="2024")) == ["gate.table_gone"]
    assert codes(a_table(name="2024"), both) == []


def test_a_lone_table_may_change_the_name_of_its_sheet() -> None:
    assert codes(a_table(name="sheet1"), a_table(name="data-2024")) == []


def test_a_file_gone_from_a_dataset_holds() -> None:
    file = a_table(None, fields={}, name="juknis", kind=ResourceKind.FILE, format="pdf").resources
    assert codes(Shape((*a_table().resources, *file)), a_table()) == ["gate.file_gone"]


def test_an_empty_listing_is_not_believed_where_there_was_one() -> None:
    assert [notice.code for notice in gate_listing(12, 0)] == ["gate.listing_empty"]
    assert gate_listing(12, 1) == gate_listing(0, 0) == []
