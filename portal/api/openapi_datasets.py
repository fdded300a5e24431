"""The doors of one dataset: tables by question, files, packages, pictures, comparisons, SQL; now or of a version."""

from __future__ import annotations

from functools import partial
from typing import Final

from portal.api.openapi_doors import Door, of_json, of_media
from portal.api.openapi_parts import (
    ANYTHING,
    COUNT,
    FLAG,
    JSON,
    TEXT,
    WHOLE,
    Schema,
    listed,
    mapped,
    maybe,
    record,
)

_ABOUT: Final[dict[str, Schema]] = {"dataset": TEXT, "title": TEXT, "version": WHOLE}
_LINKS = mapped({"type": "string", "format": "uri"})
_COLUMN = record({"name": TEXT, "title": TEXT, "type": TEXT}, {"unit": TEXT, "function": TEXT})
_TABLES = record(
    {
        **_ABOUT,
        "tables": listed(
            record({"name": TEXT, "title": TEXT, "rows": maybe(COUNT), "schema": mapped(ANYTHING), "links": _LINKS})
        ),
    }
)
_ROWS = record(
    {
        **_ABOUT,
        "table": TEXT,
        "query": TEXT,
        "columns": listed(_COLUMN),
        "rows": listed({"type": ["object", "array"]}),
        "row_numbers": listed({"type": ["integer", "null"]}),
        "total": {"type": ["integer", "null"]},
        "table_rows": {"type": ["integer", "null"]},
        "page": {"type": ["integer", "null"]},
        "size": COUNT,
        "next": maybe(TEXT),
        "links": _LINKS,
        "citation": TEXT,
    }
)
_VALUES = record(
    {
        **_ABOUT,
        "table": TEXT,
        "column": TEXT,
        "distinct": {"type": ["integer", "null"]},
        "values": listed(record({"value": ANYTHING, "count": COUNT})),
    }
)
_SQL = record(
    {
        "dataset": TEXT,
        "version": WHOLE,
        "sql": TEXT,
        "columns": listed(record({"name": TEXT, "type": TEXT})),
        "rows": listed(listed(ANYTHING)),
        "row_count": COUNT,
        "cut": FLAG,
        "seconds": {"type": "number"},
    }
)
_PACKAGE = record({"name": TEXT, "resources": listed(record({"name": TEXT, "path": ANYTHING}))})
_DIFF = record({"dataset": TEXT, "table": TEXT, "before": WHOLE, "after": WHOLE})
_CONDITIONS = (
    "column=value keeps rows that equal it (given twice: either); column__ne, __lt, __le, __gt, __ge, __contains, "
    "__startswith compare; column__missing=1"
)
_QUESTION = {
    "_q": ("string", "Words in any text of the row"),
    "_sort": ("string", "Columns with commas, - before a descending one"),
    "_columns": ("string", "The columns wanted, with commas"),
    "_group": ("string", "Columns to group by, with commas"),
    "_measure": ("string", "count, or sum, mean, min, max, median of a column: sum:nilai"),
}
_PAGED = {
    **_QUESTION,
    "_page": ("integer", "The page, from 1"),
    "_size": ("integer", "Rows of a page"),
    "_after": ("integer", "Rows behind that number"),
    "_row": ("integer", "One row by its number"),
    "_shape": ("string", "objects or arrays"),
}
_CHOSEN = {
    "_containing": ("string", "A part of the value"),
    "_limit": ("integer", "Values: 50, at most 1000"),
    "_q": ("string", "Words in any text of the row"),
}
_SQL_QUERY = {"sql": ("string", "One SELECT over the tables by their names")}
_SQL_POSTED = dict.fromkeys((JSON, "application/x-www-form-urlencoded"), record({"sql": TEXT}))
_DCAT = of_media("text/turtle", "application/ld+json", "application/rdf+xml")
_FILES = of_media(
    *("text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", JSON),
    *("application/vnd.apache.parquet", "application/geo+json"),
)
_PICTURES = of_media("image/svg+xml", "image/png", JSON)
_ASKED: Final = ("400", "404", "410", "422", "503")
_SHOWN: Final = ("404", "410", "503")


def _questions(start: str) -> tuple[Door, ...]:
    door = partial(Door, errors=_ASKED, fault="Fault", limited=True)
    return (
        door(start, "The tables of a dataset with their Table Schemas", of_json(_TABLES)),
        door(f"{start}/{{table}}", "Rows or groups of a table", of_json(_ROWS), _PAGED, free=_CONDITIONS),
        door(
            f"{start}/{{table}}/distinct/{{column}}",
            "The values of a column with their counts, the most frequent first",
            of_json(_VALUES),
            _CHOSEN,
            free=_CONDITIONS,
        ),
    )


def _of_a_version(start: str) -> tuple[Door, ...]:
    return (
        Door(f"{start}/datapackage.json", "The Data Package, byte for byte as published", of_json(_PACKAGE),
             errors=_SHOWN),
        Door(f"{start}.zip", "The zipped Data Package", of_media("application/zip"), errors=_SHOWN),
        Door(f"{start}/{{folder}}/{{filename}}", "A file of the package", of_media("*/*"), errors=_SHOWN),
        Door(f"{start}/{{table}}.{{kind}}", "A table, or what a question picks of it, as a file", _FILES, _QUESTION,
             free=_CONDITIONS, errors=("400", *_SHOWN, "422")),
        Door(f"{start}/{{table}}/original/{{filename}}", "The file as the office gave it", of_media("*/*"),
             errors=_SHOWN),
        Door(f"{start}/{{table}}/grafik.{{picture}}", "A chart of a question", _PICTURES, _QUESTION, free=_CONDITIONS,
             errors=("400", *_SHOWN, "422")),
        Door(f"{start}/{{table}}/chart.{{drawn}}", "The table's own chart", of_media("image/svg+xml", "image/png"),
             errors=_SHOWN),
        Door(f"{start}/{{table}}/chart.json", "The Vega-Lite specification of the table's own chart",
             of_json(mapped(ANYTHING)), errors=_SHOWN, conditional=False),
    )  # fmt: skip


def _leading(start: str) -> tuple[Door, ...]:
    door = partial(Door, at="302", errors=_SHOWN, conditional=False)
    paths = (
        ("/datapackage.json", "Leads to the Data Package of the present version"),
        (".zip", "Leads to the zipped Data Package of the present version"),
        ("/{folder}/{filename}", "Leads to a file of the present package"),
        ("/{table}.{kind}", "Leads to a table of the present version, with the same question"),
        ("/{table}/grafik.{picture}", "Leads to a chart of the present version, with the same question"),
        ("/resource/{resource}/download", "Leads to the file of a resource, as in CKAN"),
        ("/resource/{resource}/download/{filename}", "Leads to the file of a resource, as in CKAN"),
    )
    return tuple(door(f"{start}{path}", words) for path, words in paths)


def _sql(start: str) -> tuple[Door, ...]:
    door = partial(Door, errors=_ASKED, fault="Fault", limited=True, methods=("get", "post"), posted=_SQL_POSTED)
    return (
        door(f"{start}/sql.json", "Read-only SQL over the tables", of_json(_SQL), _SQL_QUERY),
        door(f"{start}/sql.csv", "Read-only SQL over the tables, as a file", of_media("text/csv"), _SQL_QUERY),
    )


_HERE: Final = "/dataset/{slug}"
_THERE: Final = "/dataset/{slug}/v/{number}"
_BETWEEN: Final = "/dataset/{slug}/diff/{before}..{after}"

DATASETS: Final = (
    *_questions("/api/1/dataset/{slug}"),
    *_questions("/api/1/dataset/{slug}/v/{number}"),
    Door("/dataset/{slug}.{form}", "A dataset in DCAT with its versions", _DCAT, errors=_SHOWN, limited=True),
    *_leading(_HERE),
    *_of_a_version(_THERE),
    *_sql(_HERE),
    *_sql(_THERE),
    Door(f"{_BETWEEN}.json", "What changed in a table between two versions", of_json(_DIFF),
         {"tabel": ("string", "The table, where there are several")}, errors=(*_SHOWN, "422"), limited=True),
    Door(f"{_BETWEEN}.csv", "Every changed cell of a table", of_media("text/csv"),
         {"tabel": ("string", "The table, where there are several")}, errors=(*_SHOWN, "422"), limited=True),
    Door("/dataset/saran", "Words and datasets for what is being typed",
         of_json(record({"suggestions": listed(record({"text": TEXT}, {"url": TEXT}))})),
         {"q": ("string", "What is typed")}, errors=("503",), conditional=False),
)  # fmt: skip
