"""Questions to tables as JSON: the page's own arguments, page after page, with where to go on and how to cite."""

from __future__ import annotations

from urllib.parse import urlsplit

from shown_tables import BUDGET, POPULATION, Shown

API = f"/api/1/dataset/{POPULATION}/penduduk-kecamatan"
SITE = "https://data.example.go.id"


def test_a_dataset_tells_its_tables(shown: Shown) -> None:
    told = shown.public.get(f"/api/1/dataset/{BUDGET}").get_json()
    assert [table["name"] for table in told["tables"]] == ["belanja", "pendapatan"]
    assert told["tables"][0]["schema"]["fields"][0]["name"] == "uraian"


def test_rows_come_as_objects_with_counts_and_units(shown: Shown) -> None:
    told = shown.public.get(
        f"{API}?tahun=2023&_sort=-perempuan_jiwa&_size=3&_columns=kecamatan,perempuan_jiwa"
    ).get_json()
    assert told["rows"][0] == {"kecamatan": "Trucuk", "perempuan_jiwa": 40_440}
    assert (told["total"], told["table_rows"], told["version"]) == (28, 140, 2)
    assert told["columns"][1]["unit"] == "jiwa"
    assert told["row_numbers"][0] == 139


def test_the_next_address_leads_through_the_whole_answer_once(shown: Shown) -> None:
    for question in ("_size=50", "_sort=-perempuan_jiwa&_size=33&tahun__ge=2022", "_group=kecamatan,tahun&_size=60"):
        address, seen = f"{API}?{question}", []
        while address:
            told = shown.public.get(address).get_json()
            seen += [tuple(row.values()) for row in told["rows"]]
            following = told["next"]
            assert following is None or following.startswith(SITE)
            parts = urlsplit(following or "")
            address = f"{parts.path}?{parts.query}" if following else ""
        assert len(seen) == told["total"] == len(set(seen)), question


def test_the_api_the_page_and_the_downloads_ask_the_same_question(shown: Shown) -> None:
    told = shown.public.get(f"{API}?_q=Balen&_sort=tahun").get_json()
    for kind in ("csv", "json", "xlsx", "parquet", "chart", "page", "self"):
        parts = urlsplit(told["links"][kind])
        answer = shown.public.get(f"{parts.path}?{parts.query}")
        assert answer.status_code == 200, kind
    assert told["citation"].endswith(f"{SITE}/dataset/{POPULATION}/v/2?_q=Balen&_sort=tahun")


def test_groups_and_lists_are_answered_too(shown: Shown) -> None:
    told = shown.public.get(f"{API}?_group=tahun&_measure=count,sum:perempuan_jiwa&_shape=arrays").get_json()
    assert told["rows"][0][:2] == [2020, 28]
    assert told["columns"][2]["function"] == "sum"


def test_distinct_values_come_with_their_counts(shown: Shown) -> None:
    told = shown.public.get(f"{API}/distinct/kecamatan?tahun__ge=2023&_containing=bal").get_json()
    assert told["values"] == [{"value": "Balen", "count": 2}]
    assert shown.public.get(f"{API}/distinct/tahun").get_json()["distinct"] == 5


def test_what_is_wrong_is_told_as_json(shown: Shown) -> None:
    for path, status in (
        (f"{API}?tidak_ada=1", 400),
        (f"{API}?_shape=xml", 400),
        (f"{API}?_row=9999", 404),
        (f"{API}/distinct/tidak_ada", 400),
        (f"{API}/distinct/tahun?_limit=0", 400),
        (f"{API}/distinct/tahun?_limit=²", 400),
        ("/api/1/dataset/tidak-ada", 404),
        (f"/api/1/dataset/{POPULATION}/tidak-ada", 404),
        (f"/api/1/dataset/{POPULATION}/v/9/penduduk-kecamatan", 404),
    ):
        answer = shown.public.get(path)
        assert answer.status_code == status, path
        assert answer.get_json()["error"]["message"], path


def test_an_old_version_stays_and_may_be_kept_for_ever(shown: Shown) -> None:
    answer = shown.public.get(f"/api/1/dataset/{POPULATION}/v/1/penduduk-kecamatan?_row=1")
    assert answer.get_json()["rows"][0]["laki_laki_jiwa"] == 20_000
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    again = shown.public.get(
        f"/api/1/dataset/{POPULATION}/v/1/penduduk-kecamatan?_row=1", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert again.status_code == 304
