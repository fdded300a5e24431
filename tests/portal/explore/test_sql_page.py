"""SQL over a dataset's tables: what it answers, and that nothing else can be reached by it."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from urllib.parse import quote

import pytest
import reading_html
from shown_tables import BUDGET, POPULATION, REPORT, Shown

from portal.app import create_app

SQL = f"/dataset/{POPULATION}/sql"
TOP = "SELECT kecamatan, max(perempuan_jiwa) AS terbanyak FROM penduduk_kecamatan GROUP BY 1 ORDER BY 2 DESC LIMIT 3"


def test_every_example_on_the_page_runs(shown: Shown) -> None:
    for slug in (POPULATION, BUDGET):
        page = reading_html.read(shown.public.get(f"/dataset/{slug}/sql").text)
        found = page.xpath("//*[@class='chips']/a/@title")
        assert len(found) >= 4
        for sql in found:
            answer = shown.public.get(f"/dataset/{slug}/sql.json?sql={quote(sql)}")
            assert answer.status_code == 200, (sql, answer.text)
            assert answer.get_json()["rows"], sql


def test_an_answer_is_a_table_with_downloads_and_a_citation(shown: Shown) -> None:
    answer = shown.public.get(f"{SQL}?sql={quote(TOP)}")
    page = reading_html.read(answer.text)
    assert reading_html.words(page.xpath("//tbody/tr[1]")[0]) == "Trucuk40.537"
    assert "/v/2/sql.csv?sql=" in answer.text
    assert "https://data.example.go.id/dataset/" in reading_html.words(page.xpath("//blockquote")[0])


def test_the_same_answer_is_json_and_csv(shown: Shown) -> None:
    told = shown.public.get(f"{SQL}.json?sql={quote(TOP)}").get_json()
    assert [column["name"] for column in told["columns"]] == ["kecamatan", "terbanyak"]
    assert told["rows"][0] == ["Trucuk", 40_537]
    assert told["cut"] is False
    posted = shown.public.post(f"{SQL}.json", json={"sql": TOP}).get_json()
    assert posted["rows"] == told["rows"]
    rows = list(csv.reader(io.StringIO(shown.public.get(f"{SQL}.csv?sql={quote(TOP)}").text)))
    assert rows[:2] == [["kecamatan", "terbanyak"], ["Trucuk", "40537"]]


def test_a_formula_in_a_cell_does_not_run_in_a_spreadsheet(shown: Shown) -> None:
    sql = "SELECT catatan FROM penduduk_kecamatan WHERE catatan LIKE '=%'"
    assert "'=HYPERLINK(1)" in shown.public.get(f"{SQL}.csv?sql={quote(sql)}").text


def test_an_old_version_is_asked_under_its_own_address(shown: Shown) -> None:
    sql = quote("SELECT laki_laki_jiwa FROM penduduk_kecamatan WHERE kecamatan = 'Balen' AND tahun = 2020")
    assert shown.public.get(f"/dataset/{POPULATION}/v/1/sql.json?sql={sql}").get_json()["rows"] == [[20_000]]
    assert shown.public.get(f"{SQL}.json?sql={sql}").get_json()["rows"] == [[20_005]]


def test_two_tables_can_be_joined(shown: Shown) -> None:
    sql = quote("SELECT count(*) FROM belanja JOIN pendapatan USING (tahun)")
    assert shown.public.get(f"/dataset/{BUDGET}/sql.json?sql={sql}").get_json()["rows"] == [[6]]


@pytest.mark.parametrize(
    "sql",
    [
        "DROP TABLE penduduk_kecamatan",
        "SELECT 1; SELECT 2",
        "SELEC kecamatan",
        "SELECT tidak_ada FROM penduduk_kecamatan",
        "SELECT * FROM dataset",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "COPY penduduk_kecamatan TO '/tmp/x'",
        "ATTACH 'catalog.sqlite'",
        "SET memory_limit = '8GB'",
        "PRAGMA database_list",
        "SELECT getenv('HOME')",
        "INSTALL httpfs",
        "",
        "\0",
    ],
)
def test_what_is_no_plain_select_is_refused_in_words(shown: Shown, sql: str) -> None:
    answer = shown.public.get(f"{SQL}.json?sql={quote(sql)}")
    assert answer.status_code == 400
    assert answer.get_json()["error"]["message"]
    page = shown.public.get(f"{SQL}?sql={quote(sql)}")
    assert page.status_code == (400 if sql.strip() else 200)
    assert "root:" not in answer.text


def test_more_rows_than_an_answer_holds_are_cut_and_said_to_be(shown: Shown) -> None:
    sql = quote("SELECT a.kecamatan FROM penduduk_kecamatan a, penduduk_kecamatan b")
    told = shown.public.get(f"{SQL}.json?sql={sql}").get_json()
    assert (len(told["rows"]), told["cut"]) == (1_000, True)
    assert shown.public.get(f"{SQL}.csv?sql={sql}").headers["X-Lumbung-Cut"] == "true"
    assert "masih ada lagi" in shown.public.get(f"{SQL}?sql={sql}").text


def test_an_installation_can_do_without_sql(shown: Shown) -> None:
    here = shown.installation
    without = create_app(replace(here.settings, sql_enabled=False), _with_settings(here))
    client = without.test_client()
    for path in (SQL, f"{SQL}.json?sql=SELECT+1", f"{SQL}.csv?sql=SELECT+1", f"/dataset/{POPULATION}/v/1/sql"):
        assert client.get(path).status_code == 404, path
    assert client.post(f"{SQL}/batal").status_code == 404
    assert f'href="{SQL}' not in client.get(f"/dataset/{POPULATION}").text


def test_a_dataset_without_tables_has_no_sql(shown: Shown) -> None:
    assert shown.public.get(f"/dataset/{REPORT}/sql").status_code == 404


def test_nobody_can_end_what_does_not_run(shown: Shown) -> None:
    for ticket in ("", "x", "../../etc", "0" * 32):
        assert shown.public.post(f"{SQL}/batal", data={"_ticket": ticket}).status_code == 404


def test_an_answer_is_kept_by_who_has_it(shown: Shown) -> None:
    first = shown.public.get(f"{SQL}.json?sql={quote(TOP)}")
    again = shown.public.get(f"{SQL}.json?sql={quote(TOP)}", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert shown.public.get(f"{SQL}.json?sql=SELECT+now()").headers["Cache-Control"] == "no-store"


def _with_settings(here: object) -> object:
    from datasets.installation import Installation

    assert isinstance(here, Installation)
    return Installation(replace(here.settings, sql_enabled=False))
