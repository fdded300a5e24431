"""A table as a query of Excel and Power BI, in their language M."""

from __future__ import annotations

from collections.abc import Sequence

from portal.catalog.addresses import Pairs
from portal.web.links import site_root

_TYPES = {
    "string": "type text",
    "integer": "Int64.Type",
    "year": "Int64.Type",
    "number": "type number",
    "boolean": "type logical",
    "date": "type date",
    "datetime": "type datetime",
    "time": "type time",
}
MOST = 60
"""Columns whose types stand in the Power Query query; the others of a very wide table stay as they come."""


def power_query(csv: str, asked: Pairs, columns: Sequence[tuple[str, str]]) -> str:
    """The query in M that fetches the rows at `csv` that the pairs ask for, its `columns` of these types.

    The host alone stands in `Web.Contents`, so that Power BI's service refreshes it without a gateway.
    """
    root = site_root()
    scheme, _sep, rest = root.partition("://")
    host, _slash, mount = rest.partition("/")
    path = csv.removeprefix(root).lstrip("/")
    relative = f"{mount}/{path}" if mount else path
    options = f"[RelativePath = {m_text(relative)}{_query(asked)}]"
    steps = [
        f"Berkas = Web.Contents({m_text(f'{scheme}://{host}')}, {options})",
        'Isi = Csv.Document(Berkas, [Delimiter = ",", Encoding = 65001, QuoteStyle = QuoteStyle.Csv])',
        "Data = Table.PromoteHeaders(Isi, [PromoteAllScalars = true])",
    ]
    if columns:
        kinds = [f"{{{m_text(name)}, {_TYPES.get(kind, 'type any')}}}" for name, kind in columns[:MOST]]
        typed = ",\n        ".join(kinds)
        steps.append(f'Berjenis = Table.TransformColumnTypes(Data, {{\n        {typed}\n    }}, "en-US")')
    last = steps[-1].partition(" ")[0]
    return "let\n    " + ",\n    ".join(steps) + f"\nin\n    {last}\n"


def _query(asked: Pairs) -> str:
    if not asked:
        return ""
    given: dict[str, list[str]] = {}
    for name, value in asked:
        given.setdefault(name, []).append(value)
    members = (
        f"#{m_text(name)} = {m_text(values[0])}"
        if len(values) == 1
        else f"#{m_text(name)} = {{{', '.join(map(m_text, values))}}}"
        for name, values in given.items()
    )
    return f", Query = [{', '.join(members)}]"


def m_text(text: str) -> str:
    """A text literal of M: quotes are doubled, `#(` would begin an escape."""
    return '"' + text.replace("#(", "#(#)(").replace('"', '""') + '"'
