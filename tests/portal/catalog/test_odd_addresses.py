"""Whatever stands behind the question mark, the answer is a page, a redirection or a clear refusal."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reading_html import read, words
from shown_tables import POPULATION, Shown

COLUMNS = ["kecamatan", "tahun", "laki_laki_jiwa", "pertumbuhan_persen", "catatan"]
OPERATORS = [
    "",
    "__eq",
    "__ne",
    "__lt",
    "__ge",
    "__contains",
    "__startswith",
    "__missing",
    "__in",
    "__",
    "__x",
    "__eq__eq",
]
OWN = ["_q", "_sort", "_columns", "_group", "_measure", "_page", "_size", "_after", "_row", "_x", "_column.tahun__eq"]
ADDED = ["_add_column", "_add_operator", "_add_value", "_find", "_part"]
names = st.one_of(
    st.builds(str.__add__, st.sampled_from(COLUMNS), st.sampled_from(OPERATORS)),
    st.sampled_from(OWN + ADDED),
    st.text(max_size=12),
)
values = st.one_of(
    st.sampled_from(["", "1", "0", "-1", "2020", "Kapas", "1.234,5", "1e400", "NaN", "kecamatan", "-tahun,kecamatan"]),
    st.sampled_from(
        ['"', "'", "a,b,,", '"a', "sum:tahun", "count", "tahun:month", "\x00", "%", "_", "\ud7ff", "' OR 1=1 --"]
    ),
    st.integers().map(str),
    st.floats().map(str),
    st.text(max_size=30),
)
questions = st.lists(st.tuples(names, values), max_size=5)
ALLOWED = {200, 302, 400, 404, 422}


@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(questions)
def test_no_question_breaks_the_page(shown: Shown, question: list[tuple[str, str]]) -> None:
    address = f"/dataset/{POPULATION}?{urlencode(question, errors='surrogatepass')}"
    response = shown.public.get(address)
    assert response.status_code in ALLOWED, address
    assert b"Traceback" not in response.data


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(questions, st.sampled_from(["csv", "json", "xlsx", "parquet"]))
def test_no_question_breaks_a_download(shown: Shown, question: list[tuple[str, str]], kind: str) -> None:
    query = urlencode(question, errors="surrogatepass")
    response = shown.public.get(f"/dataset/{POPULATION}/v/2/penduduk-kecamatan.{kind}?{query}")
    assert response.status_code in ALLOWED


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=40))
def test_no_bytes_behind_the_question_mark_break_the_page(shown: Shown, raw: bytes) -> None:
    response = shown.public.get(f"/dataset/{POPULATION}", query_string=raw.decode("latin-1").replace("#", ""))
    assert response.status_code in ALLOWED


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(max_size=20), min_size=1, max_size=5))
def test_no_path_below_a_dataset_breaks_the_portal(shown: Shown, parts: list[str]) -> None:
    path = "/".join(quote(part, safe="", errors="surrogatepass") for part in parts)
    for base in (f"/dataset/{POPULATION}/", f"/dataset/{POPULATION}/v/2/", "/dataset/"):
        assert shown.public.get(base + path).status_code < 500


def test_marks_of_sites_through_which_a_link_was_shared_change_nothing(shown: Shown) -> None:
    address = f"/dataset/{POPULATION}?tahun=2021&fbclid=IwAR0x&utm_source=whatsapp"
    marked, plain = shown.public.get(address), shown.public.get(f"/dataset/{POPULATION}?tahun=2021")
    assert marked.status_code == plain.status_code == 200
    assert words(read(marked.text).one(".ds-table")) == words(read(plain.text).one(".ds-table"))
