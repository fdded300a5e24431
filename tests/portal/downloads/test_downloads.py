"""What is taken away: whole, named, resumable, and exactly what the page showed."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from reading_html import read, words
from shown_tables import BORDERS, BUDGET, PDF, POPULATION, REPORT, Shown, population_rows

BASE = f"/dataset/{POPULATION}/v/2"
TABLE = f"{BASE}/penduduk-kecamatan"
PARQUET = f"{TABLE}.parquet"


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_csv_has_every_row_in_machine_form(shown: Shown) -> None:
    response = shown.public.get(f"{TABLE}.csv")
    assert response.mimetype == "text/csv"
    rows = rows_of(response.get_data(as_text=True))
    given = population_rows(revised=True)
    assert [row["kecamatan"] for row in rows] == [row[0] for row in given]
    assert [row["laki_laki_jiwa"] for row in rows] == [str(row[2]) for row in given]
    assert rows[0]["pertumbuhan_persen"] == "0.50" or rows[0]["pertumbuhan_persen"] == "0.5"
    assert rows[3]["laki_laki_jiwa"] == ""


def test_what_a_spreadsheet_would_run_is_disarmed_in_csv(shown: Shown) -> None:
    assert "'=HYPERLINK(1)" in shown.public.get(f"{TABLE}.csv").get_data(as_text=True)


def test_the_workbook_opens_and_says_where_it_is_from(shown: Shown) -> None:
    response = shown.public.get(f"{TABLE}.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(response.data))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert len(rows) == 141
    assert rows[1][2] == 20_005
    about = " ".join(str(cell.value) for sheet in book.worksheets[1:] for row in sheet for cell in row if cell.value)
    assert f"https://data.example.go.id/dataset/{POPULATION}/v/2" in about


def test_json_and_parquet_hold_the_same_rows(shown: Shown, tmp_path: Path) -> None:
    import duckdb

    document = json.loads(shown.public.get(f"{TABLE}.json").data)
    (tmp_path / "t.parquet").write_bytes(shown.public.get(PARQUET).data)
    kept = duckdb.sql(f"SELECT kecamatan, laki_laki_jiwa FROM '{tmp_path}/t.parquet'").fetchall()
    text = json.dumps(document)
    assert len(kept) == 140
    assert text.count('"Kapas"') == 5
    assert kept[0] == ("Balen", 20_005)


def test_names_say_dataset_version_and_date(shown: Shown) -> None:
    for address, name in (
        (f"{TABLE}.csv", rf"{POPULATION}_v2_\d{{4}}-\d\d-\d\d\.csv"),
        (f"{TABLE}.xlsx?tahun=2020", rf"{POPULATION}_v2_\d{{4}}-\d\d-\d\d_pilihan\.xlsx"),
        (f"{BASE}.zip", rf"{POPULATION}_v2_\d{{4}}-\d\d-\d\d\.zip"),
        (f"/dataset/{BUDGET}/v/1/pendapatan.csv", rf"{BUDGET}_pendapatan_v1_\d{{4}}-\d\d-\d\d\.csv"),
    ):
        disposition = shown.public.head(address).headers["Content-Disposition"]
        assert re.fullmatch(rf'attachment; filename="?{name}"?', disposition), disposition


def test_the_original_keeps_its_own_name_and_bytes(shown: Shown) -> None:
    page = read(shown.public.get(f"/dataset/{REPORT}").get_data(as_text=True))
    response = shown.public.get(page.one(".ds-get .button-main").get("href"))
    assert response.data == PDF
    assert 'filename="LKjIP 2024 (final).pdf"' in response.headers["Content-Disposition"]


def test_a_strangers_file_can_do_nothing_in_a_browser(shown: Shown) -> None:
    page = read(shown.public.get(f"/dataset/{REPORT}").get_data(as_text=True))
    for address in (page.one(".ds-get .button-main").get("href"), f"{TABLE}.csv", f"{BASE}.zip"):
        headers = shown.public.get(address).headers
        assert headers["Content-Disposition"].startswith("attachment")
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in headers["Content-Security-Policy"]


def test_the_tag_is_the_hash_of_the_bytes(shown: Shown) -> None:
    response = shown.public.get(PARQUET)
    assert response.headers["ETag"] == f'"{hashlib.sha256(response.data).hexdigest()}"'
    assert "immutable" in response.headers["Cache-Control"]


@pytest.mark.parametrize("address", [PARQUET, f"{TABLE}.csv", f"{TABLE}.xlsx?tahun=2021", f"{BASE}.zip"])
def test_who_has_it_already_gets_no_bytes(shown: Shown, address: str) -> None:
    tag = shown.public.get(address).headers["ETag"]
    again = shown.public.get(address, headers={"If-None-Match": f'"other", {tag}'})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == tag


@pytest.mark.parametrize("address", [PARQUET, f"{TABLE}.csv", f"{TABLE}.json?kecamatan=Kapas", f"{BASE}.zip"])
def test_a_head_says_what_a_get_would_give(shown: Shown, address: str) -> None:
    got, head = shown.public.get(address), shown.public.head(address)
    assert (head.status_code, head.data) == (200, b"")
    for name in ("Content-Type", "Content-Disposition", "ETag", "Cache-Control", "Accept-Ranges"):
        assert head.headers[name] == got.headers[name]
    assert head.headers.get("Content-Length") in (None, got.headers["Content-Length"])


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("bytes=0-9", 0, 10), ("bytes=100-", 100, None), ("bytes=-20", -20, None), ("bytes=50-99999999", 50, None)],
)
def test_a_broken_download_goes_on_where_it_stopped(shown: Shown, asked: str, first: int, last: int | None) -> None:
    whole = shown.public.get(PARQUET).data
    part = shown.public.get(PARQUET, headers={"Range": asked})
    assert part.status_code == 206
    assert part.data == whole[first:last]
    assert part.headers["Content-Range"].endswith(f"/{len(whole)}")
    assert int(part.headers["Content-Length"]) == len(part.data)


@pytest.mark.parametrize("asked", ["bytes=0-1,4-5", "items=0-5", "bytes=9-2", "bytes=x-", "bytes=-", "nonsense"])
def test_a_range_that_may_be_ignored_gives_the_whole(shown: Shown, asked: str) -> None:
    assert shown.public.get(PARQUET, headers={"Range": asked}).status_code == 200


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=-0"])
def test_a_range_behind_the_end_is_refused_with_the_size(shown: Shown, asked: str) -> None:
    size = len(shown.public.get(PARQUET).data)
    response = shown.public.get(PARQUET, headers={"Range": asked})
    assert (response.status_code, response.headers["Content-Range"]) == (416, f"bytes */{size}")


def test_a_suffix_longer_than_the_file_gives_all_of_it(shown: Shown) -> None:
    whole = shown.public.get(PARQUET).data
    response = shown.public.get(PARQUET, headers={"Range": "bytes=-99999999"})
    assert (response.status_code, response.data) == (206, whole)


def test_a_range_of_other_bytes_is_not_glued_on(shown: Shown) -> None:
    whole = shown.public.get(PARQUET)
    same = shown.public.get(PARQUET, headers={"Range": "bytes=5-", "If-Range": whole.headers["ETag"]})
    assert same.status_code == 206
    other = shown.public.get(PARQUET, headers={"Range": "bytes=5-", "If-Range": '"of-before"'})
    assert (other.status_code, other.data) == (200, whole.data)


@pytest.mark.parametrize(
    "query",
    [
        "kecamatan=Kapas&tahun__ge=2022",
        "_q=sementara",
        "_sort=-perempuan_jiwa&tahun=2024",
        "laki_laki_jiwa__missing=1",
        "_columns=kecamatan,tahun&tahun=2020",
    ],
)
def test_a_downloaded_view_is_what_the_page_shows(shown: Shown, query: str) -> None:
    page = read(shown.public.get(f"/dataset/{POPULATION}?{query}").get_data(as_text=True))
    heads = [words(head) for head in page.all(".ds-table thead th")][1:]
    shown_rows = [[words(cell) for cell in row][1:] for row in page.all(".ds-table tbody tr")]
    link = next(each.get("href") for each in page.all(".ds-view a") if words(each) == "CSV")
    taken = rows_of(shown.public.get(link).get_data(as_text=True))
    assert len(taken) == len(shown_rows)
    assert len(taken[0]) == len(heads)
    assert [row["kecamatan"] for row in taken] == [row[0] for row in shown_rows]


def test_a_view_that_is_paged_is_taken_whole(shown: Shown) -> None:
    taken = rows_of(shown.public.get(f"{TABLE}.csv?tahun__ge=2020&_page=2&_size=10").get_data(as_text=True))
    assert len(taken) == 140


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json", "parquet"])
def test_a_senseless_question_is_a_clear_400(shown: Shown, kind: str) -> None:
    response = shown.public.get(f"{TABLE}.{kind}?nope=1")
    assert response.status_code == 400
    assert "kecamatan" in response.get_data(as_text=True)


def test_the_zip_is_a_valid_data_package(shown: Shown, tmp_path: Path) -> None:
    from metadata.validate import validate_package

    response = shown.public.get(f"{BASE}.zip")
    assert response.headers["Accept-Ranges"] == "bytes"
    with zipfile.ZipFile(io.BytesIO(response.data)) as archive:
        assert archive.testzip() is None
        archive.extractall(tmp_path)
    package = json.loads((tmp_path / "datapackage.json").read_text())
    assert package == json.loads(shown.public.get(f"{BASE}/datapackage.json").data)
    report = validate_package(str(tmp_path / "datapackage.json"))
    assert report.valid, report.to_summary()
    kept = (tmp_path / package["resources"][0]["path"]).read_bytes()
    assert package["resources"][0]["hash"] == f"sha256:{hashlib.sha256(kept).hexdigest()}"


def test_the_zip_is_the_same_every_time(shown: Shown) -> None:
    assert shown.public.get(f"{BASE}.zip").data == shown.public.get(f"{BASE}.zip").data


def test_addresses_without_a_version_lead_to_the_present_one(shown: Shown) -> None:
    for address, target in (
        (f"/dataset/{POPULATION}/penduduk-kecamatan.csv?tahun=2020", f"{TABLE}.csv?tahun=2020"),
        (f"/dataset/{POPULATION}.zip", f"{BASE}.zip"),
        (f"/dataset/{POPULATION}/datapackage.json", f"{BASE}/datapackage.json"),
    ):
        response = shown.public.get(address)
        assert (response.status_code, response.headers["Location"]) == (302, target)
        assert response.headers["Cache-Control"] == "public, no-cache"
        assert shown.public.get(address, follow_redirects=True).status_code == 200


def test_an_old_version_gives_the_old_figures(shown: Shown) -> None:
    old = rows_of(shown.public.get(f"/dataset/{POPULATION}/v/1/penduduk-kecamatan.csv").get_data(as_text=True))
    assert old[0]["laki_laki_jiwa"] == "20000"


def test_a_map_gives_its_shapes(shown: Shown) -> None:
    response = shown.public.get(f"/dataset/{BORDERS}/v/1/batas.geojson")
    assert response.mimetype == "application/geo+json"
    assert len(json.loads(response.data)["features"]) == 3
    assert shown.public.get(f"{TABLE}.geojson").status_code == 404


def test_ckan_addresses_of_files_work(shown: Shown) -> None:
    from datasets import catalog

    with shown.installation.database.read() as session:
        dataset = catalog.get_published(session, POPULATION)
        assert dataset.current_version
        uuid, resource = dataset.uuid, dataset.current_version.resources[0].uuid
    base = f"/dataset/{uuid}/resource/{resource}/download"
    table = shown.public.get(f"{base}/penduduk-kecamatan.csv", follow_redirects=True)
    assert len(rows_of(table.get_data(as_text=True))) == 140
    original = shown.public.get(base, follow_redirects=True)
    assert original.get_data(as_text=True).startswith("Kecamatan;Tahun;")


@pytest.mark.parametrize(
    "address",
    [
        f"{BASE}/tidak-ada.csv",
        f"/dataset/{POPULATION}/v/9.zip",
        f"/dataset/{POPULATION}/v/9/datapackage.json",
        "/dataset/tidak-ada.zip",
        f"{TABLE}/original/other.csv",
        f"{TABLE}/original/..%2f..%2fcatalog.sqlite",
        f"/dataset/{REPORT}/v/1/lkjip-2024-final.csv",
        f"{TABLE}.sqlite",
    ],
)
def test_what_is_not_there_is_a_404(shown: Shown, address: str) -> None:
    assert shown.public.get(address).status_code == 404


def test_nginx_is_told_to_send_the_bytes_where_it_can(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = shown.installation.settings
    monkeypatch.setattr(shown.installation, "settings", replace(settings, accel_prefix="/kept"))
    response = shown.public.get(PARQUET)
    assert response.data == b""
    assert response.headers["X-Accel-Redirect"].startswith("/kept/blobs/")
    assert (settings.home / response.headers["X-Accel-Redirect"].removeprefix("/kept/")).is_file()
    assert shown.public.get(PARQUET, headers={"If-None-Match": response.headers["ETag"]}).status_code == 304
