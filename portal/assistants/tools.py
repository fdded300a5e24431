"""What assistants can ask: search, look at a dataset, query a table, read answers. Each carries its citation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import url_for

from datasets import catalog
from datasets.search.index import SearchQuery
from metadata.errors import BadInput
from portal.assistants.protocol import INVALID_PARAMS, ProtocolError
from portal.catalog.search_query import LONGEST_TEXT, clean
from portal.context import installation, session
from portal.explore.api_answers import rows_answer, tables_answer
from portal.explore.citing import absolute, view_citation
from portal.explore.found import shown, table, tables_of, with_origin
from portal.kip.public.answers import Found, published_answers

MOST_HITS = 50
MOST_ROWS = 500
FEW_ROWS = 50


def search_datasets(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Datasets that fit words and facets, the best first."""
    text = clean(_text(arguments, "query"))[:LONGEST_TEXT]
    facets = {facet: (_text(arguments, facet),) for facet in ("organization", "theme", "year") if arguments.get(facet)}
    page = installation().search.search(
        SearchQuery(
            text,
            filters=facets,
            page=_number(arguments, "page", 1, 200),
            rows=_number(arguments, "limit", 10, MOST_HITS),
            facets=(),
        )
    )
    found = {dataset.id: dataset for dataset in catalog.by_ids(session(), page.ids)}
    return {
        "count": page.total,
        "understood_as": page.corrected or text,
        "datasets": [
            {
                "dataset": dataset.slug,
                "title": dataset.title,
                "description": dataset.description[:500],
                "organization": dataset.organization.title,
                "updated": dataset.modified_at.date().isoformat(),
                "address": absolute(url_for("catalog.dataset", slug=dataset.slug)),
            }
            for dataset in (found[id_] for id_ in page.ids if id_ in found)
        ],
    }


def show_dataset(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """What a dataset is: its description, licence, versions, and its tables with their columns."""
    found = with_origin(_text(arguments, "dataset"), _version(arguments))
    path = found.page()
    cited = view_citation(found, url_for("catalog.version", slug=found.dataset.slug, number=found.version.number))
    return tables_answer(found) | {
        "description": found.dataset.description,
        "organization": found.dataset.organization.title,
        "license": found.version.package.get("licenses", []),
        "published": found.version.published_at.isoformat(),
        "address": absolute(path),
        "citation": cited.before + cited.title + cited.after,
    }


def query_table(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Rows or groups of a table, by the same question as its page's address."""
    found = shown(_text(arguments, "dataset"), _version(arguments))
    tables = tables_of(found.version)
    name = _text(arguments, "table") or (tables[0].name if tables else "")
    each = table(found.version, name)
    question = arguments.get("question") or {}
    if not isinstance(question, dict):
        raise BadInput(reason="question: {…}")
    pairs = [(str(name), _said(value)) for name, values in question.items() for value in _many(values)]
    if not any(name == "_size" for name, _ in pairs):
        pairs.append(("_size", str(FEW_ROWS)))
    elif any(name == "_size" and not (value.isdigit() and int(value[:9]) <= MOST_ROWS) for name, value in pairs):
        raise BadInput(reason=f"_size: 1 … {MOST_ROWS}")
    return rows_answer(found, each, pairs)


def list_published_answers(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Questions that were answered in public by the information officer (PPID), the best fitting or newest first."""
    text = clean(_text(arguments, "query"))[:LONGEST_TEXT]
    found = published_answers(session(), text, _number(arguments, "limit", 10, MOST_HITS))
    return {
        "count": len(found),
        "answers": [
            {
                "number": one.row.number,
                "subject": one.row.subject,
                "question": one.row.question,
                "answer": one.row.answer,
                "decision": one.row.decision,
                "organization": one.agency,
                "answered": one.row.answered_on.isoformat() if one.row.answered_on else None,
                "links": [{"title": link.get("title", ""), "url": link.get("url", "")} for link in one.row.links],
                "address": absolute(url_for("kip_public.answer", slug=one.row.slug)),
                "citation": _cited_answer(one),
            }
            for one in found
        ],
    }


def _cited_answer(one: Found) -> str:
    year = (one.row.answered_on or one.row.received_on).year
    address = absolute(url_for("kip_public.answer", slug=one.row.slug))
    return f"PPID {installation().settings.region_name} ({year}). {one.row.subject} [{one.row.number}]. {address}"


def _text(arguments: Mapping[str, Any], name: str) -> str:
    value = arguments.get(name, "")
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise ProtocolError(INVALID_PARAMS, f"{name} is a text.")
    return str(value)


def _number(arguments: Mapping[str, Any], name: str, default: int, most: int) -> int:
    value = arguments.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        raise ProtocolError(INVALID_PARAMS, f"{name} is a whole number from 1 to {most}.")
    return value


def _version(arguments: Mapping[str, Any]) -> int | None:
    return None if arguments.get("version") is None else _number(arguments, "version", 1, 10**6)


def _many(values: object) -> list[object]:
    return values if isinstance(values, list) else [values]


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


_DATASET = {"type": "string", "description": "The dataset's name, as search_datasets gives it."}
_VERSION = {"type": "integer", "minimum": 1, "description": "A version by its number; the present one when left out."}

_QUESTION = (
    "The question, as names and values. `column: value` keeps rows that equal it (a list: any of them); "
    "`column__ne|lt|le|gt|ge|contains|startswith: value` compare, `column__missing: 1`. `_q: words` looks through the "
    'text of each row, `_sort: "-nilai,tahun"` orders, `_columns: "a,b"` chooses. Groups: `_group: "kecamatan"` '
    'with `_measure: "sum:nilai,count"` (sum, mean, min, max, median of a column; count). `_page`, `_size` (up to 500).'
)

Handler = Callable[[Mapping[str, Any]], dict[str, Any]]

_TOOLS: Mapping[str, tuple[Handler, str, dict[str, Any], list[str]]] = {
    "search_datasets": (
        search_datasets,
        "Search the catalogue of the regency's open data, in Indonesian or English.",
        {
            "query": {"type": "string", "description": "Words; empty for everything."},
            "organization": {"type": "string", "description": "The name of one agency (OPD), as its address has it."},
            "theme": {"type": "string", "description": "The code of one theme."},
            "year": {"type": "string", "description": "A year that the data are about."},
            "page": {"type": "integer", "minimum": 1, "default": 1},
            "limit": {"type": "integer", "minimum": 1, "maximum": MOST_HITS, "default": 10},
        },
        [],
    ),
    "show_dataset": (
        show_dataset,
        "What a dataset is, its tables, and their columns with types, units and explanations.",
        {"dataset": _DATASET, "version": _VERSION},
        ["dataset"],
    ),
    "query_table": (
        query_table,
        "Filter, sort, group and page through a table. The answer has a citation and a permanent address.",
        {
            "dataset": _DATASET,
            "table": {
                "type": "string",
                "description": "The table's name as show_dataset gives it; else the first.",
            },
            "version": _VERSION,
            "question": {"type": "object", "additionalProperties": True, "description": _QUESTION},
        },
        ["dataset"],
    ),
    "list_published_answers": (
        list_published_answers,
        "Requests for information that the regency has answered in public (UU 14/2008), found by words.",
        {
            "query": {"type": "string", "description": "Words of the question; empty for the newest."},
            "limit": {"type": "integer", "minimum": 1, "maximum": MOST_HITS, "default": 10},
        },
        [],
    ),
}


def described() -> list[dict[str, Any]]:
    """The tools as the protocol describes them: names, words and JSON Schemas."""
    return [
        {
            "name": name,
            "title": name.replace("_", " ").capitalize(),
            "description": words,
            "inputSchema": {"type": "object", "properties": properties, "required": required},
            "annotations": {"readOnlyHint": True, "idempotentHint": True, "openWorldHint": False},
        }
        for name, (_, words, properties, required) in _TOOLS.items()
    ]


def call(name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Call a tool. Raises ProtocolError where there is no such tool or argument, and what the tool raises."""
    if name not in _TOOLS:
        raise ProtocolError(INVALID_PARAMS, f"There is no tool {name[:100]!r}.")
    handler, _, properties, required = _TOOLS[name]
    if unknown := sorted(set(arguments) - set(properties)):
        raise ProtocolError(INVALID_PARAMS, f"{name} takes {', '.join(properties)}, not {unknown[0][:100]!r}.")
    if lacking := [each for each in required if not arguments.get(each)]:
        raise ProtocolError(INVALID_PARAMS, f"{name} needs {lacking[0]}.")
    return handler(arguments)
