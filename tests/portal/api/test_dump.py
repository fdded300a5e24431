"""Whole tables as files, at the address where CKAN has them."""

from __future__ import annotations

import csv
import json
from io import StringIO
from typing import Any
from xml.etree import ElementTree

import pytest
from shown_tables import REPORT, Shown

from portal.api import dump_views


@pytest.fixture
def dump(shown: Shown, population: str) -> Any:
    """Ask for the dump of the table of population."""
    return lambda query="", **more: shown.public.get(f"/datastore/dump/{population}{query}", **more)


def rows_of(response: Any) -> list[list[str]]:
    return list(csv.reader(StringIO(response.get_data().decode("utf-8-sig"))))


def test_a_dump_is_the_whole_table_with_a_header(dump: Any, population: str, monkeypatch: Any) -> None:
    monkeypatch.setattr(dump_views, "PIECE", 33)
    response = dump()
    rows = rows_of(response)
    assert rows[0] == ["_id", "kecamatan", "tahun", "laki_laki_jiwa", "perempuan_jiwa", "pertumbuhan_persen", "catatan"]
    assert [row[0] for row in rows[1:]] == [str(number) for number in range(1, 141)]
    assert rows[6][6] == "=HYPERLINK(1)"
    assert response.content_type == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == f"attachment; filename={population}.csv"
    assert response.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("sort", ["", "&sort=tahun%20desc"])
def test_pieces_join_without_seam(dump: Any, monkeypatch: Any, sort: str) -> None:
    whole = rows_of(dump(f"?fields=kecamatan,tahun&offset=3&limit=100{sort}"))
    monkeypatch.setattr(dump_views, "PIECE", 7)
    assert rows_of(dump(f"?fields=kecamatan,tahun&offset=3&limit=100{sort}")) == whole
    assert len(whole) == 101


def test_filters_words_order_and_limits_hold_in_a_dump(dump: Any) -> None:
    assert len(rows_of(dump('?filters={"kecamatan":["Kapas","Malo"]}'))) == 11
    assert len(rows_of(dump("?q=kapas"))) == 6
    assert [row[0] for row in rows_of(dump("?sort=_id%20desc&limit=2"))[1:]] == ["140", "139"]
    assert len(rows_of(dump("?fields=kecamatan&distinct=true"))) == 29
    assert rows_of(dump("?limit=0")) == rows_of(dump())[:1]


def test_other_forms_hold_the_same(dump: Any) -> None:
    tsv = dump("?format=tsv&limit=2").get_data(as_text=True).splitlines()
    assert tsv[1].split("\t")[:3] == ["1", "Balen", "2020"]
    found = json.loads(dump("?format=json&limit=2&bom=true").get_data())
    assert found["records"][0] == [1, "Balen", 2020, 20005, 20412, 0.5, None]
    assert [field["id"] for field in found["fields"]][:2] == ["_id", "kecamatan"]
    xml = ElementTree.fromstring(dump("?format=xml&limit=4").get_data())
    assert [row.get("_id") for row in xml] == ["1", "2", "3", "4"]
    missing = xml[3].find("laki_laki_jiwa")
    assert missing is not None
    assert missing.get("{http://www.w3.org/2001/XMLSchema-instance}nil") == "true"
    assert json.loads(dump("?format=json&limit=0").get_data())["records"] == []


def test_a_mark_for_excel_comes_only_when_asked_for(dump: Any) -> None:
    assert dump("?bom=true").get_data().startswith(b"\xef\xbb\xbf_id,")
    assert dump().get_data().startswith(b"_id,")


def test_who_has_the_dump_already_is_told_so(dump: Any) -> None:
    first = dump("?limit=5")
    again = dump("?limit=5", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")
    assert dump("?limit=6").headers["ETag"] != first.headers["ETag"]


def test_what_cannot_be_dumped_is_said_before_the_first_byte(shown: Shown, dump: Any) -> None:
    for query in ("?format=pdf", "?sort=apa", "?fields=apa", "?filters=x", "?limit=-1", '?filters={"tahun":"dua"}'):
        response = dump(query)
        assert response.status_code == 409, query
        assert response.get_json()["error"]["__type"] == "Validation Error"
    assert shown.public.get("/datastore/dump/tidak-ada").status_code == 404
    package = shown.public.get(f"/api/3/action/package_show?id={REPORT}").get_json()["result"]
    assert shown.public.get(f"/datastore/dump/{package['resources'][0]['id']}").status_code == 404
