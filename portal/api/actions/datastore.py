"""Actions on the rows of tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from datasets.query.window import ID, MOST_ROWS, Window, WindowPage, read_window
from portal.api.datastore_metadata import listed_tables
from portal.api.datastore_question import Question, question
from portal.api.datastore_records import RECORD_FORMATS, records
from portal.api.datastore_sql import sql_answer
from portal.api.datastore_tables import fields_of, file_of, shape_of_table, table_resource
from portal.api.faults import InvalidParameter
from portal.api.parameters import Parameters
from portal.api.registry import action
from portal.web.engine import tables
from portal.web.links import plain_url

TABLE_LIST = "_table_metadata"
_ROWS = 100
_ECHOED = ("filters", "q", "sort", "distinct", "plain", "language")


@action
def datastore_search(parameters: Parameters) -> dict[str, Any]:
    """Rows of the table `resource_id` (also `id`), a page of them.

    Parameters: filters (an object: field and value, list of values, or {"gte": 1, "lt": 5}; $and, $or), q (words, or an
    object of words by field), plain (true; false reads & | ! and word:* in q), distinct, fields (a list or names with
    commas), sort ("nilai desc, tahun"), limit (100, at most 32000), offset, include_total (true), records_format
    (objects, lists, csv or tsv). The field `_id` numbers the rows from 1. `_table_metadata` lists all tables.
    """
    identifier = parameters.required("resource_id", "id")
    form = parameters.text("records_format") or "objects"
    if form not in RECORD_FORMATS:
        raise InvalidParameter("records_format", f"Must be one of: {', '.join(RECORD_FORMATS)}")
    counted = parameters.flag("include_total", default=True)
    threshold = parameters.integer("total_estimation_threshold", 0) or None
    if identifier == TABLE_LIST:
        return listed_tables(parameters, counted=counted)
    resource = table_resource(identifier)
    asked = question(parameters, shape_of_table(resource), limit=_ROWS, most=MOST_ROWS)
    page = read_window(tables(), file_of(resource), resource.schema, asked.window, counted=counted)
    names = [column.name for column in page.columns]
    result: dict[str, Any] = {
        "include_total": counted,
        "limit": asked.window.limit,
        "records_format": form,
        "resource_id": resource.uuid,
        "total_estimation_threshold": threshold,
        "records": records(form, names, page.rows),
        "fields": fields_of(page.columns),
        "_links": _links(parameters.values, asked.window),
    }
    result |= {name: parameters.values[name] for name in _ECHOED if parameters.values.get(name) not in (None, "")}
    if asked.window.offset:
        result["offset"] = asked.window.offset
    if page.total is not None:
        result |= {"total": page.total, "total_was_estimated": False}
    following = _next_page(asked, page)
    if following:
        result["next_page"] = following
    return result


@action
def datastore_info(parameters: Parameters) -> dict[str, Any]:
    """The fields of the table `id` (also `resource_id`) with their types and meaning, and how many rows it has."""
    resource = table_resource(parameters.required("id", "resource_id"))
    columns = [column for column in shape_of_table(resource).columns if column.name != ID]
    fields = fields_of(columns)
    for field in fields:
        schema = {"native_type": field["type"], "is_index": False, "index_name": None, "notnull": False}
        field["schema"] = schema | {"uniquekey": False}
    size = file_of(resource).stat().st_size
    return {
        "fields": fields,
        "meta": {
            "id": resource.uuid,
            "count": resource.rows,
            "table_type": "BASE TABLE",
            "size": size,
            "db_size": size,
            "idx_size": 0,
            "aliases": [],
        },
        "schema": {field["id"]: field["type"] for field in fields},
    }


@action
def datastore_search_sql(parameters: Parameters) -> dict[str, Any]:
    """The answer to one SELECT in `sql` over tables named by their resource's id in double quotes.

    The dialect is DuckDB's. Limits: ten seconds, 32000 rows (then `records_truncated` is true), functions that compute.
    """
    return sql_answer(parameters.required("sql"))


def _links(values: Mapping[str, Any], window: Window) -> dict[str, str]:
    """The addresses of the first and the next page, as they were up to CKAN 2.11."""
    address = plain_url("api.call", version=3, name="datastore_search")
    given = {name: value for name, value in values.items() if isinstance(value, (str, int, float)) and name != "offset"}
    start = f"{address}?{urlencode(given)}" if given else address
    behind = urlencode({**given, "offset": window.offset + window.limit})
    return {"start": start, "next": f"{address}?{behind}"}


def _next_page(asked: Question, page: WindowPage) -> dict[str, Any] | None:
    """The filters with which a page in the order of `_id` goes on without counting, as CKAN 2.12 has them."""
    window = asked.window
    plain = all(key.column == ID and not key.descending for key in window.order) and not window.distinct
    names = [column.name for column in page.columns]
    if not plain or ID not in names or len(page.rows) < window.limit or not page.rows:
        return None
    return {"filters": {**asked.filters, ID: {"gt": page.rows[-1][names.index(ID)]}}}
