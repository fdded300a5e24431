"""`datastore_search` and its neighbours through ckanapi, parameter by parameter: a line is a promise to some client."""

from __future__ import annotations

from typing import Any

import pytest
from ckanapi import RemoteCKAN
from promises import Promise, gives
from served_portal import Served
from shown_tables import KECAMATAN, POPULATION

ROWS = "datastore_search"
TOTAL = 140
FIELDS = ["_id", "kecamatan", "tahun", "laki_laki_jiwa", "perempuan_jiwa", "pertumbuhan_persen", "catatan"]


def _ids(result: dict[str, Any]) -> list[int]:
    return [row["_id"] for row in result["records"]]


def _total(words: str, count: int, **asked: Any) -> Promise:
    """That so many rows fit."""
    return gives(words, ROWS, lambda r: r["total"] == count, **asked)


FITTING = [
    _total("all rows", TOTAL),
    _total("filters, a value", 5, filters={"kecamatan": "Kapas"}),
    _total("filters, a number", 28, filters={"tahun": 2023}),
    _total("filters, a number as text", 28, filters={"tahun": "2023"}),
    _total("filters, a list", 10, filters={"kecamatan": ["Kapas", "Balen"]}),
    _total("filters, two", 1, filters={"kecamatan": "Kapas", "tahun": 2023}),
    _total("filters, gte", 56, filters={"tahun": {"gte": 2023}}),
    _total("filters, gt and lt", 28, filters={"tahun": {"gt": 2020, "lt": 2022}}),
    _total("filters, lte", 56, filters={"tahun": {"lte": 2021}}),
    _total("filters, eq", 28, filters={"tahun": {"eq": 2024}}),
    _total("filters, $or", 32, filters={"$or": [{"kecamatan": "Kapas"}, {"tahun": 2020}]}),
    _total("filters, $and", 1, filters={"$and": [{"kecamatan": "Kapas"}, {"tahun": 2023}]}),
    _total("filters, a missing cell", 1, filters={"laki_laki_jiwa": None}),
    _total("filters as JSON text", 5, filters='{"kecamatan": "Kapas"}'),
    _total("filters, _id", 2, filters={"_id": [1, 2]}),
    _total("filters, none", TOTAL, filters={}),
    _total("q", 5, q="kapas"),
    _total("q, two words", 1, q="sementara petugas"),
    _total("q by field", 5, q={"kecamatan": "Kapas"}),
    _total("q by field as JSON text", 5, q='{"kecamatan": "Kapas"}'),
    _total("plain=false, or", 10, q="kapas | balen", plain=False),
    _total("plain=false, a beginning", 5, q="kap:*", plain=False),
    _total("plain=false, not", 0, q="kapas & !kapas", plain=False),
    _total("language", 5, q="kapas", language="indonesian"),
    _total("distinct", 28, fields=["kecamatan"], distinct=True),
    _total("distinct of two", TOTAL, fields=["kecamatan", "tahun"], distinct=True),
]
GIVEN = [
    gives("a hundred rows", ROWS, lambda r: (len(r["records"]), r["limit"]) == (100, 100)),
    gives("limit", ROWS, lambda r: len(r["records"]) == 5, limit=5),
    gives("limit 0", ROWS, lambda r: (r["records"], r["total"]) == ([], TOTAL), limit=0),
    gives("limit beyond the cap", ROWS, lambda r: r["limit"] == 32_000, limit=1_000_000),
    gives("offset", ROWS, lambda r: _ids(r) == [11, 12], limit=2, offset=10),
    gives("offset behind the end", ROWS, lambda r: r["records"] == [], offset=10_000),
    gives("sort", ROWS, lambda r: r["records"][0]["tahun"] == 2024, sort="tahun desc", limit=1),
    gives("sort by two", ROWS,
          lambda r: [(x["kecamatan"], x["tahun"]) for x in r["records"]] == [("Trucuk", 2020), ("Trucuk", 2021)],
          sort="kecamatan desc, tahun asc", limit=2),
    gives("sort as a list", ROWS, lambda r: _ids(r) == [140], sort=["_id desc"], limit=1),
    gives("missing cells come last", ROWS, lambda r: r["records"][-1]["laki_laki_jiwa"] is None,
          sort="laki_laki_jiwa desc", limit=TOTAL),
    gives("nulls first", ROWS, lambda r: r["records"][0]["laki_laki_jiwa"] is None,
          sort="laki_laki_jiwa desc nulls first", limit=1),
    gives("fields", ROWS, lambda r: list(r["records"][0]) == ["tahun", "kecamatan"], fields=["tahun", "kecamatan"]),
    gives("fields with commas", ROWS, lambda r: list(r["records"][0]) == ["tahun", "_id"], fields="tahun,_id"),
    gives("the fields told", ROWS, lambda r: [f["id"] for f in r["fields"]] == FIELDS),
    gives("types are PostgreSQL's", ROWS, lambda r: {f["id"]: f["type"] for f in r["fields"]}["_id"] == "int"),
    gives("include_total=false", ROWS, lambda r: "total" not in r, include_total=False),
    gives("totals are exact", ROWS, lambda r: r["total_was_estimated"] is False, total_estimation_threshold=10),
    gives("the threshold comes back", ROWS, lambda r: r["total_estimation_threshold"] == 9,
          total_estimation_threshold=9),
    gives("records_format lists", ROWS, lambda r: r["records"][0][:3] == [1, "Balen", 2020], records_format="lists"),
    gives("records_format csv", ROWS, lambda r: r["records"].startswith("1,Balen,2020,"), records_format="csv"),
    gives("records_format tsv", ROWS, lambda r: r["records"].startswith("1\tBalen\t2020\t"), records_format="tsv"),
    gives("records_format objects", ROWS, lambda r: r["records"][0]["_id"] == 1, records_format="objects"),
    gives("_links start", ROWS, lambda r: "resource_id=" in r["_links"]["start"], limit=5),
    gives("_links next", ROWS, lambda r: "offset=10" in r["_links"]["next"], limit=5, offset=5),
    gives("next_page", ROWS, lambda r: r["next_page"] == {"filters": {"_id": {"gt": 5}}}, limit=5),
    gives("no next_page in another order", ROWS, lambda r: "next_page" not in r, limit=5, sort="tahun"),
    gives("figures are numbers", ROWS, lambda r: isinstance(r["records"][0]["pertumbuhan_persen"], float), limit=1),
    gives("a formula is a text", ROWS, lambda r: "=HYPERLINK(1)" in {x["catatan"] for x in r["records"]}),
    gives("what was asked is echoed", ROWS, lambda r: r["filters"] == {"tahun": 2023}, filters={"tahun": 2023}),
]  # fmt: skip
PROMISES = [*FITTING, *GIVEN]


@pytest.fixture(scope="module")
def population(ckan: RemoteCKAN) -> str:
    """The id of the table."""
    found: str = ckan.action.package_show(id=POPULATION)["resources"][0]["id"]
    return found


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.words)
def test_the_table_gives_what_is_promised(
    portal: Served, ckan: RemoteCKAN, document: dict[str, Any], population: str, promise: Promise
) -> None:
    asked = {"resource_id": population, **promise.asked}
    Promise(promise.words, promise.action, asked, promise.holds).kept_by(ckan, document)


def test_a_get_gives_the_same(portal: Served, ckan: RemoteCKAN, population: str) -> None:
    with portal.client(get_only=True) as by_get:
        for promise in PROMISES:
            asked = {"resource_id": population, **promise.asked}
            told, again = (client.call_action(ROWS, _as_text(asked)) for client in (by_get, ckan))
            members = ("records", "fields", "total", "limit", "records_format")
            assert [told.get(name) for name in members] == [again.get(name) for name in members], promise


def _as_text(asked: dict[str, Any]) -> dict[str, Any]:
    """As clients put objects into an address."""
    import json  # late: only here

    return {name: json.dumps(value) if isinstance(value, dict) else value for name, value in asked.items()}


def test_who_follows_next_page_meets_each_row_once(ckan: RemoteCKAN, population: str) -> None:
    met: list[int] = []
    asked: dict[str, Any] = {"resource_id": population, "limit": 33}
    while True:
        page = ckan.call_action(ROWS, asked)
        met += _ids(page)
        if "next_page" not in page:
            break
        asked |= page["next_page"]
    assert met == list(range(1, TOTAL + 1))


def test_the_list_of_tables_names_every_table(ckan: RemoteCKAN) -> None:
    listed = ckan.action.datastore_search(resource_id="_table_metadata", limit=1_000)
    named = {row["name"] for row in listed["records"]}
    packages = ckan.action.package_search(rows=100)["results"]
    tables = {one["id"] for package in packages for one in package["resources"] if one["datastore_active"]}
    assert named == tables
    assert listed["total"] == len(tables) > 8


def test_every_table_tells_its_fields_and_answers_sql(ckan: RemoteCKAN) -> None:
    for row in ckan.action.datastore_search(resource_id="_table_metadata")["records"]:
        info = ckan.action.datastore_info(id=row["name"])
        assert info["meta"]["count"] == ckan.action.datastore_search(resource_id=row["name"], limit=0)["total"]
        told = ckan.action.datastore_search_sql(sql=f'SELECT count(*) AS n FROM "{row["name"]}"')
        assert told["records"] == [{"n": info["meta"]["count"]}]


def test_sql_groups_and_the_rows_are_those_of_the_office(ckan: RemoteCKAN, population: str) -> None:
    sql = f'SELECT kecamatan, count(*) AS n FROM "{population}" GROUP BY kecamatan ORDER BY kecamatan'
    told = ckan.action.datastore_search_sql(sql=sql)
    assert told["records"] == [{"kecamatan": name, "n": 5} for name in sorted(KECAMATAN)]
    assert [field["id"] for field in told["fields"]] == ["kecamatan", "n"]


@pytest.mark.parametrize(
    ("query", "start"),
    [
        ("", b"_id,kecamatan,tahun,"),
        ("format=tsv", b"_id\tkecamatan\ttahun\t"),
        ("format=json", b'{\n  "fields": [{"id": "_id", "type": "int"}'),
        ("format=xml", b"<data xmlns:xsi="),
        ("bom=true", b"\xef\xbb\xbf_id,kecamatan,"),
        ("format=TSV&bom=1", b"\xef\xbb\xbf_id\tkecamatan\t"),
        ("fields=tahun,kecamatan&limit=1", b"tahun,kecamatan\n2020,Balen\n"),
        ("fields=tahun&offset=4&limit=1", b"tahun\n2024\n"),
        ("fields=kecamatan&sort=kecamatan+desc&limit=1", b"kecamatan\nTrucuk\n"),
        ('fields=tahun&filters={"kecamatan":"Kapas"}&limit=1', b"tahun\n2020\n"),
        ("fields=kecamatan&q=kapas&distinct=true", b"kecamatan\nKapas\n"),
    ],
)
def test_a_dump_begins_as_promised(portal: Served, population: str, query: str, start: bytes) -> None:
    answer = portal.get(f"/datastore/dump/{population}?{query}")
    assert answer.status_code == 200
    assert answer.content.replace(b"\r\n", b"\n").startswith(start), answer.content[:200]
