"""The rows of tables, asked as CKAN's DataStore is, by its own client."""

from __future__ import annotations

from typing import Any

import pytest
from ckanapi import RemoteCKAN
from ckanapi.errors import NotFound, ValidationError
from shown_tables import KECAMATAN, REPORT

FIELDS = [
    ("_id", "int"),
    ("kecamatan", "text"),
    ("tahun", "int4"),
    ("laki_laki_jiwa", "int8"),
    ("perempuan_jiwa", "int8"),
    ("pertumbuhan_persen", "float8"),
    ("catatan", "text"),
]


def test_the_first_hundred_rows_come_with_fields_and_total(tables: RemoteCKAN, population: str) -> None:
    found = tables.action.datastore_search(resource_id=population)
    assert [(field["id"], field["type"]) for field in found["fields"]] == FIELDS
    assert found["fields"][3]["info"] == {"label": "Laki-laki (jiwa)", "unit": "jiwa"}
    assert (found["total"], found["limit"], len(found["records"])) == (140, 100, 100)
    assert (found["total_was_estimated"], found["include_total"]) == (False, True)
    assert [row["_id"] for row in found["records"]] == list(range(1, 101))
    assert found["records"][3]["laki_laki_jiwa"] is None
    assert list(found["records"][0]) == [name for name, _ in FIELDS]


@pytest.mark.parametrize(
    ("asked", "total", "first"),
    [
        ({"filters": {"kecamatan": "Kapas"}}, 5, 46),
        ({"filters": {"kecamatan": ["Kapas", "Malo"]}}, 10, 46),
        ({"filters": {"kecamatan": ["Kapas", "Malo"], "tahun": 2021}}, 2, 47),
        ({"filters": {"tahun": "2020"}}, 28, 1),
        ({"filters": {"tahun": {"gte": 2023}}}, 56, 4),
        ({"filters": {"tahun": {"gt": 2020, "lt": 2022}}}, 28, 2),
        ({"filters": {"tahun": [{"lte": 2020}, 2024]}}, 56, 1),
        ({"filters": {"$or": [{"kecamatan": "Kapas"}, {"kecamatan": "Malo", "tahun": 2020}]}}, 6, 46),
        ({"filters": {"$and": [{"tahun": 2020}, {"kecamatan": "Kapas"}]}}, 1, 46),
        ({"filters": {"laki_laki_jiwa": None}}, 1, 4),
        ({"filters": {"_id": [7, 9]}}, 2, 7),
        ({"filters": {"_id": {"gt": 138}}}, 2, 139),
        ({"filters": {"kecamatan": "Tidak ada"}}, 0, None),
        ({"filters": {"kecamatan": []}}, 0, None),
        ({"filters": '{"kecamatan": "Kapas"}'}, 5, 46),
        ({"filters": {"kecamatan": "kapas"}}, 0, None),
        ({"q": "kapas"}, 5, 46),
        ({"q": "sementara petugas"}, 1, 8),
        ({"q": "kapas 2021"}, 1, 47),
        ({"q": {"kecamatan": "kali"}}, 5, 36),
        ({"q": {"kecamatan": "kapas", "tahun": "2021"}}, 1, 47),
        ({"q": "kapas | malo", "plain": False}, 10, 46),
        ({"q": "kapas & !2021", "plain": False}, 4, 46),
        ({"q": "(kap:* | mal:*) & 2020", "plain": False}, 2, 46),
        ({"q": {"kecamatan": "kapas | malo"}, "plain": False}, 10, 46),
        ({"q": "100%"}, 0, None),
        ({"q": " "}, 140, 1),
        ({"sort": "laki_laki_jiwa desc"}, 140, 140),
        ({"sort": "_id desc"}, 140, 140),
        ({"sort": "tahun desc, kecamatan"}, 140, 5),
        ({"sort": '"tahun" desc, "kecamatan" asc'}, 140, 5),
        ({"sort": ["tahun desc", "kecamatan desc"]}, 140, 140),
        ({"sort": "laki_laki_jiwa asc nulls first"}, 140, 4),
        ({"offset": 137}, 140, 138),
        ({"offset": 1000}, 140, None),
        ({"limit": 1}, 140, 1),
    ],
)
def test_questions_mean_what_they_say(
    tables: RemoteCKAN, population: str, asked: dict[str, Any], total: int, first: int | None
) -> None:
    found = tables.action.datastore_search(resource_id=population, **asked)
    assert found["total"] == total
    assert next((row["_id"] for row in found["records"]), None) == first


def test_only_the_fields_asked_for_come_in_their_order(tables: RemoteCKAN, population: str) -> None:
    for fields in (["tahun", "kecamatan"], "tahun, kecamatan", '["tahun","kecamatan"]'):
        found = tables.action.datastore_search(resource_id=population, fields=fields, limit=1)
        assert found["records"] == [{"tahun": 2020, "kecamatan": "Balen"}]
        assert [field["id"] for field in found["fields"]] == ["tahun", "kecamatan"]


def test_distinct_rows_are_counted_once(tables: RemoteCKAN, population: str) -> None:
    found = tables.action.datastore_search(resource_id=population, fields="kecamatan", distinct=True, sort="kecamatan")
    assert [row["kecamatan"] for row in found["records"]] == sorted(KECAMATAN)
    assert found["total"] == len(KECAMATAN)


def test_the_limit_is_cut_at_thirty_two_thousand_and_zero_gives_the_fields(tables: RemoteCKAN, population: str) -> None:
    assert tables.action.datastore_search(resource_id=population, limit=10**6)["limit"] == 32_000
    none = tables.action.datastore_search(resource_id=population, limit=0)
    assert (none["records"], none["total"], len(none["fields"])) == ([], 140, 7)


def test_the_total_is_left_out_when_nobody_wants_it(tables: RemoteCKAN, population: str) -> None:
    found = tables.action.datastore_search(resource_id=population, include_total=False)
    assert "total" not in found


@pytest.mark.parametrize(
    ("form", "records"),
    [
        ("lists", [[1, "Balen", 2020, 20005, 20412, 0.5, None]]),
        ("csv", "1,Balen,2020,20005,20412,0.5,\n"),
        ("tsv", "1\tBalen\t2020\t20005\t20412\t0.5\t\n"),
    ],
)
def test_records_come_in_the_form_asked_for(tables: RemoteCKAN, population: str, form: str, records: Any) -> None:
    found = tables.action.datastore_search(resource_id=population, limit=1, records_format=form)
    assert (found["records"], found["records_format"]) == (records, form)


def test_both_ways_of_paging_see_each_row_once(tables: RemoteCKAN, population: str) -> None:
    seen: list[int] = []
    asked: dict[str, Any] = {"resource_id": population, "limit": 37, "filters": {"tahun": {"gte": 2021}}}
    while True:
        found = tables.action.datastore_search(**asked)
        seen += [row["_id"] for row in found["records"]]
        if "next_page" not in found:
            break
        asked |= found["next_page"]
    assert len(seen) == len(set(seen)) == 112
    assert seen == sorted(seen)
    found = tables.action.datastore_search(resource_id=population, limit=100)
    assert found["_links"]["start"].startswith("/api/3/action/datastore_search?resource_id=")
    assert found["_links"]["next"].endswith("&limit=100&offset=100")


@pytest.mark.parametrize(
    ("asked", "parameter"),
    [
        ({"filters": {"apa": 1}}, "filters"),
        ({"filters": "kecamatan"}, "filters"),
        ({"filters": [1]}, "filters"),
        ({"filters": {"tahun": {"about": 3}}}, "filters"),
        ({"filters": {"tahun": {}}}, "filters"),
        ({"filters": {"$or": "kecamatan"}}, "filters"),
        ({"filters": {"tahun": "dua ribu"}}, "query"),
        ({"fields": "apa"}, "fields"),
        ({"sort": "apa desc"}, "sort"),
        ({"sort": "tahun; DROP TABLE x"}, "sort"),
        ({"fields": "tahun", "distinct": True, "sort": "kecamatan"}, "sort"),
        ({"limit": -1}, "limit"),
        ({"limit": "banyak"}, "limit"),
        ({"offset": -1}, "offset"),
        ({"records_format": "parquet"}, "records_format"),
        ({"q": {"apa": "x"}}, "q"),
        ({"q": "a & (b", "plain": False}, "query"),
        ({"q": "& &", "plain": False}, "query"),
        ({"total_estimation_threshold": "x"}, "total_estimation_threshold"),
    ],
)
def test_what_cannot_be_asked_is_named(
    tables: RemoteCKAN, population: str, asked: dict[str, Any], parameter: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        tables.action.datastore_search(resource_id=population, **asked)
    assert parameter in refused.value.error_dict


def test_a_table_must_be_named_and_be_one(tables: RemoteCKAN) -> None:
    with pytest.raises(ValidationError):
        tables.action.datastore_search()
    report = tables.action.package_show(id=REPORT)["resources"][0]
    assert report["datastore_active"] is False
    for identifier in ("tidak-ada", "x" * 5000, report["id"]):
        with pytest.raises(NotFound):
            tables.action.datastore_search(resource_id=identifier)
        with pytest.raises(NotFound):
            tables.action.datastore_info(id=identifier)


def test_all_tables_are_listed(tables: RemoteCKAN) -> None:
    listed = tables.action.datastore_search(resource_id="_table_metadata", limit=1000)
    active = {
        resource["id"]
        for package in tables.action.current_package_list_with_resources(limit=100)
        for resource in package["resources"]
        if resource["datastore_active"]
    }
    assert {row["name"] for row in listed["records"]} == active
    assert listed["total"] == len(active) >= 5


def test_the_types_of_a_table_are_told(tables: RemoteCKAN, population: str) -> None:
    info = tables.action.datastore_info(id=population)
    assert [(field["id"], field["type"]) for field in info["fields"]] == FIELDS[1:]
    assert (info["meta"]["count"], info["meta"]["id"]) == (140, population)
    assert info["fields"][1]["schema"]["native_type"] == "int4"


def test_sql_groups_and_counts_with_row_numbers(tables: RemoteCKAN, population: str) -> None:
    sql = f'SELECT kecamatan, count(*) AS n, min(_id) AS awal FROM "{population}" GROUP BY 1 ORDER BY awal LIMIT 2;'
    found = tables.action.datastore_search_sql(sql=sql)
    assert found["records"] == [{"kecamatan": "Balen", "n": 5, "awal": 1}, {"kecamatan": "Baureno", "n": 5, "awal": 6}]
    assert [field["type"] for field in found["fields"]] == ["text", "int8", "int8"]
    assert found["sql"] == sql


@pytest.mark.parametrize(
    "sql",
    [
        "",
        "SELECT 1",
        'DROP TABLE "{id}"',
        'SELECT * FROM "{id}"; SELECT 1',
        'SELECT 1) ; DROP TABLE "{id}" --',
        "SELECT * FROM read_csv('/etc/passwd') -- {id}",
        'SELECT tidak_ada FROM "{id}"',
        "SELECT getenv('HOME') FROM \"{id}\"",
        "SELEC {id}",
    ],
)
def test_sql_that_may_not_run_is_refused(tables: RemoteCKAN, population: str, sql: str) -> None:
    with pytest.raises(ValidationError):
        tables.action.datastore_search_sql(sql=sql.replace("{id}", population))


def test_two_columns_of_a_name_get_two_names(tables: RemoteCKAN, population: str) -> None:
    found = tables.action.datastore_search_sql(sql=f'SELECT tahun, tahun FROM "{population}" LIMIT 1')
    assert list(found["records"][0].values()) == [2020, 2020]


def test_sql_over_an_unknown_table_finds_nothing(tables: RemoteCKAN) -> None:
    with pytest.raises(NotFound):
        tables.action.datastore_search_sql(sql='SELECT * FROM "00000000-0000-4000-8000-000000000000"')
