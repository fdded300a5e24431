"""Whatever stands in the address of a question or in SQL: never an error of ours, never a byte of a file.

Cases per test: 80, or as many as LUMBUNG_FUZZ says.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import quote_plus, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shown_tables import BUDGET, POPULATION, Shown

CASES = int(os.environ.get("LUMBUNG_FUZZ") or 80)
SECRET = secrets.token_hex(16)
many = settings(
    max_examples=CASES,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)

COLUMNS = [
    "kecamatan",
    "tahun",
    "laki_laki_jiwa",
    "perempuan_jiwa",
    "pertumbuhan_persen",
    "catatan",
    "uraian",
    "jumlah",
]
OPERATORS = ["eq", "ne", "lt", "le", "gt", "ge", "contains", "startswith", "missing", "notmissing", "in", "like", ""]
ARGUMENTS = ["_q", "_columns", "_group", "_measure", "_sort", "_page", "_size", "_after", "_row"]
OTHERS = ["_chart", "_x", "_y", "_color", "_how", "_look", "_shape", "_limit", "_containing"]
OTHERS += ["_add_column", "_add_operator", "_add_value", "tabel", "daftar", "hal", "_ticket"]
VALUES = ["Balen", "2023", "20000", "0,5", "-1", "1e309", "NaN", "true", "9" * 30, "line", "map", "scatter", "stacked"]
VALUES += [
    "sum:perempuan_jiwa",
    "count",
    "mean:tahun",
    "-perempuan_jiwa",
    "kecamatan,tahun",
    '"kecamatan"',
    '"',
    ",,,",
    "a" * 9000,
]
VALUES += [
    "' OR 1=1 --",
    '"; DROP TABLE dataset; --',
    "${jndi:ldap://x}",
    "../../etc/passwd",
    "/etc/passwd",
    "{file}",
    "') UNION ALL SELECT * FROM read_text('{file}') --",
    "kecamatan\" FROM read_csv('{file}') --",
    "\x00",
    "%00",
    "\ud7ff",
    "\u202e",
]
VALUES += [
    "wide-dark",
    "arrays",
    "perempuan_jiwa",
    "laki_laki_jiwa",
    "kecamatan",
    "pertumbuhan_persen:year",
    "٣",
    "1" * 12,
]

text = st.text(max_size=40)
name = st.one_of(
    st.sampled_from(COLUMNS),
    st.sampled_from(ARGUMENTS),
    st.sampled_from(OTHERS),
    st.builds("{}__{}".format, st.sampled_from(COLUMNS), st.sampled_from(OPERATORS)),
    st.builds("_column.{}__{}".format, st.one_of(st.sampled_from(COLUMNS), text), st.sampled_from(OPERATORS)),
    text,
)
value = st.one_of(st.sampled_from(VALUES), st.sampled_from(COLUMNS), st.integers().map(str), text)
pairs = st.lists(st.tuples(name, value), max_size=7)
TABLE = f"/dataset/{POPULATION}/penduduk-kecamatan"
FIXED = f"/dataset/{POPULATION}/v/1/penduduk-kecamatan"
place = st.sampled_from(
    [
        f"/dataset/{POPULATION}",
        f"/dataset/{BUDGET}/pendapatan",
        f"/en/dataset/{POPULATION}/v/1",
        f"{FIXED}.csv",
        f"{FIXED}.json",
        f"{FIXED}.xlsx",
        f"{FIXED}.parquet",
        f"{TABLE}/grafik",
        f"{FIXED}/grafik.json",
        f"{FIXED}/grafik.svg",
        f"{FIXED}/grafik.png",
        f"{FIXED}/grafik.vega",
        f"{FIXED}/kolom",
        f"/embed{TABLE}",
        f"/api/1{TABLE}",
        f"/api/1{TABLE}/distinct/kecamatan",
        f"/dataset/{POPULATION}/diff/1..2",
        f"/dataset/{POPULATION}/diff/1..2.json",
        f"/dataset/{POPULATION}/diff/1..2.csv",
        f"{TABLE}/baris/3",
    ]
)


def _encoded(given_pairs: list[tuple[str, str]]) -> str:
    return urlencode(given_pairs, errors="surrogatepass")


@pytest.fixture(scope="module")
def canary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that whoever reads files would find."""
    path = tmp_path_factory.mktemp("canary") / "secret.csv"
    path.write_text(f"a,b\n{SECRET},1\n", encoding="utf-8")
    return path


@many
@given(place=place, asked=pairs)
def test_no_address_of_a_question_makes_an_error_of_ours_or_reads_a_file(
    shown: Shown, canary: Path, place: str, asked: list[tuple[str, str]]
) -> None:
    told = [(name, value.replace("{file}", str(canary))) for name, value in asked]
    answer = shown.public.get(f"{place}?{_encoded(told)}")
    assert answer.status_code < 500, (place, asked)
    for stolen in (SECRET.encode(), b"root:x:", b"a-secret-of-the-tests", b"Traceback"):
        assert stolen not in answer.data, (place, asked)


@many
@given(raw=st.binary(max_size=60), place=place)
def test_no_raw_bytes_in_an_address_make_an_error_of_ours(shown: Shown, raw: bytes, place: str) -> None:
    query = "".join(f"%{byte:02X}" if byte < 33 or byte in b"#%" else chr(byte) for byte in raw)
    assert shown.public.get(f"{place}?{query}").status_code < 500


GOOD = [
    "SELECT * FROM penduduk_kecamatan LIMIT 5",
    "SELECT kecamatan, sum(perempuan_jiwa) AS n FROM penduduk_kecamatan GROUP BY 1 ORDER BY 2 DESC",
    "WITH t AS (SELECT tahun, avg(laki_laki_jiwa) m FROM penduduk_kecamatan GROUP BY 1) SELECT * FROM t WHERE m > 1",
    "SELECT a.tahun, b.kecamatan FROM penduduk_kecamatan a JOIN penduduk_kecamatan b USING (tahun) LIMIT 3",
    "SELECT CASE WHEN tahun > 2022 THEN 'baru' ELSE 'lama' END x, count(*) FROM penduduk_kecamatan GROUP BY ALL",
    "SELECT kecamatan FROM penduduk_kecamatan WHERE catatan LIKE '%a%' UNION ALL SELECT 'x'",
]
SOURCES = [
    "'{file}'",
    "read_csv('{file}')",
    "read_text('{file}')",
    "read_blob('{file}')",
    "glob('{folder}/*')",
    '"{file}"',
]
SOURCES += ["read_parquet('{file}')", "read_json('{file}')", "read_csv_auto(['{file}'])", "sniff_csv('{file}')"]
SOURCES += [
    "parquet_metadata('{file}')",
    "sqlite_scan('{file}', 'dataset')",
    "postgres_scan('', '', '')",
    "duckdb_settings()",
]
SOURCES += [
    "'/etc/passwd'",
    "read_text('/proc/self/environ')",
    "'http://127.0.0.1:1/x.csv'",
    "information_schema.tables",
]
SOURCES += [
    "duckdb_secrets()",
    "pragma_database_list",
    "query('SELECT 1')",
    "query_table('penduduk_kecamatan')",
    "main.dataset",
]
SHAPES = ["SELECT * FROM {}", "SELECT (SELECT max(x) FROM {} t(x))", "SELECT * FROM penduduk_kecamatan, {}"]
SHAPES += ["WITH t AS (FROM {}) SELECT * FROM t", "FROM {}", "SELECT 1 WHERE EXISTS (SELECT * FROM {})", "SUMMARIZE {}"]
SHAPES += [
    "COPY (SELECT 1) TO {}",
    "CREATE TABLE x AS SELECT * FROM {}",
    "EXPLAIN ANALYZE SELECT * FROM {}",
    "DESCRIBE {}",
]
SHAPES += ["SELECT * FROM penduduk_kecamatan UNION SELECT * FROM {}", "ATTACH {} AS a", "IMPORT DATABASE {}", "LOAD {}"]
SHAPES += [
    "SELECT * FROM penduduk_kecamatan; SELECT * FROM {}",
    "PIVOT {} ON a",
    "SELECT * FROM (VALUES (1)) v LATERAL JOIN {}",
]
WORDS = [
    "SELECT",
    "FROM",
    "WHERE",
    "(",
    ")",
    ",",
    "*",
    "penduduk_kecamatan",
    "kecamatan",
    "tahun",
    "'",
    '"',
    "--",
    "/*",
    ";",
]
WORDS += [
    "getenv('HOME')",
    "current_setting('home_directory')",
    "1",
    "NULL",
    "::",
    "[",
    "{",
    "ORDER BY",
    "UNION",
    "$1",
    "?",
    "\x00",
]
WORDS += [
    "range(1e12)",
    "repeat('a', 999999999)",
    "lambda x: x",
    "COLUMNS('.*')",
    "EXCLUDE",
    "SAMPLE 10%",
    "QUALIFY",
    "é",
    "😀",
]


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A good statement with a piece taken out, put in or doubled."""
    sql = draw(st.sampled_from(GOOD))
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(sql)))
        end = draw(st.integers(start, min(len(sql), start + 12)))
        sql = sql[:start] + draw(st.one_of(st.just(""), st.sampled_from(WORDS), st.text(max_size=6))) + sql[end:]
    return sql


reaching = st.builds(
    lambda shape, source: shape.replace("{}", source), st.sampled_from(SHAPES), st.sampled_from(SOURCES)
)
jumbled = st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join)
statement = st.one_of(mutated(), mutated(), reaching, jumbled, st.text(max_size=60))


@many
@given(sql=statement, kind=st.sampled_from(["", ".json", ".csv"]))
def test_no_sql_makes_an_error_of_ours_or_reads_a_file(shown: Shown, canary: Path, sql: str, kind: str) -> None:
    sql = sql.replace("{file}", str(canary)).replace("{folder}", str(canary.parent))
    encoded = quote_plus(sql, errors="surrogatepass")
    answer = shown.public.get(f"/dataset/{POPULATION}/sql{kind}?sql={encoded}")
    assert answer.status_code < 500 or answer.headers.get("Retry-After"), (sql, answer.status_code)
    asked = sql.encode(errors="surrogatepass")  # a page repeats the question
    for stolen in (SECRET.encode(), b"root:x:", b"a-secret-of-the-tests", b"LUMBUNG_", b"Traceback"):
        assert stolen in asked or stolen not in answer.data, sql
