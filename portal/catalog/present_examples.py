"""How programs read this very table: the same question in curl, Python, R, JavaScript and Power Query, ready to run."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from datasets.models import Resource
from datasets.query.question import Filter, Operator, TableQuery
from datasets.query.shape import TableShape
from datasets.query.url import arguments
from portal.catalog.addresses import Pairs, Shown
from portal.catalog.power_query import power_query
from portal.catalog.present_table import shape_of
from portal.explore.citing import absolute
from portal.web.i18n import gettext as _
from portal.web.links import plain_url

MOST_DISTINCT = 200
LONGEST_VALUE = 60
_PLAIN = re.compile(r"[A-Za-z0-9]{1,10}")
"""An ending that may stand in a command line: what an office called its file never does."""
_NAMING = ("string", "year")


@dataclass(frozen=True, slots=True)
class Example:
    """One way: its key in anchors, what it is called, the code, and a remark for who has not done it before."""

    key: str
    title: str
    code: str
    note: str


@dataclass(frozen=True, slots=True)
class Examples:
    """All ways, and in words what they fetch."""

    each: tuple[Example, ...]
    about: str


def examples(shown: Shown, resource: Resource, query: TableQuery | None) -> Examples:
    """For the rows that the page shows, or when it shows all, for some by one condition; for a file its package."""
    if query is None:
        return _of_package(shown, resource)
    shape = shape_of(resource)
    asked: Pairs = arguments(query.whole(), shape)
    about = _("The rows of the view that you see.")
    if not asked:
        asked, about = _some(resource, shape), _("Some rows, by one condition; without what stands behind the ? all.")
    csv, rows = _addresses(shown, resource, asked)
    plain = csv.partition("?")[0]
    name = f"{resource.name}.csv"
    return Examples(
        about=about,
        each=(
            Example(
                "curl", "curl", _curl(csv, rows, name), _("For the terminal of Linux, macOS and Windows 10 or later.")
            ),
            Example("python", "Python", _python(csv), _("Nothing to install. With pandas: pandas.read_csv(address).")),
            Example("r", "R", _r(csv, rows), _("The first part needs nothing, the second the package jsonlite.")),
            Example("javascript", "JavaScript", _javascript(rows), _("In any browser and in Node.js 18 or later.")),
            Example(
                "excel",
                "Excel, Power BI",
                power_query(plain, asked, _typed(resource, query)),
                _("Data, Get Data, Blank Query, Advanced Editor: paste it there. Refresh brings the present figures."),
            ),
        ),
    )


def _typed(resource: Resource, query: TableQuery) -> list[tuple[str, str]]:
    """The columns of the answer with their types; a grouped one has columns of its own, and their types show."""
    if query.grouped:
        return []
    fields: list[Mapping[str, Any]] = resource.schema.get("fields", [])
    return [
        (each["name"], each.get("type", "")) for each in fields if not query.columns or each["name"] in query.columns
    ]


def _some(resource: Resource, shape: TableShape) -> Pairs:
    """One condition that holds for some rows: the most frequent value of the first column that names things."""
    stats: Mapping[str, Any] = resource.stats.get("columns", {})
    naming = [column for column in shape.columns if column.type in _NAMING]
    for column in sorted(naming, key=lambda column: (_NAMING.index(column.type), column.position)):
        known = stats.get(column.name, {})
        top, distinct = known.get("top") or [], known.get("distinct") or 0
        if not top or not 2 <= distinct <= MOST_DISTINCT:
            continue
        value = str(top[0][0])
        if value.strip() == value and 0 < len(value) <= LONGEST_VALUE and value.isprintable():
            condition = Filter(column.name, Operator.EQ, (value,))
            return arguments(TableQuery(where=(condition,)), shape)
    return ()


def _addresses(shown: Shown, resource: Resource, asked: Pairs) -> tuple[str, str]:
    """The absolute addresses of the rows as CSV and as JSON."""
    values: dict[str, Any] = {"slug": shown.dataset.slug, "resource": resource.name, "kind": "csv"}
    where: dict[str, Any] = {"slug": shown.dataset.slug, "name": resource.name}
    endpoint: Any = "downloads.current_table"
    if shown.fixed:
        endpoint = "downloads.table"
        values["number"] = where["number"] = shown.version.number
    query = f"?{urlencode(list(asked), quote_via=quote)}" if asked else ""
    return absolute(plain_url(endpoint, **values)) + query, absolute(plain_url("questions.rows", **where)) + query


def _curl(csv: str, rows: str, name: str) -> str:
    return f'curl -L --compressed -o {name} "{csv}"\ncurl -L --compressed "{rows}"\n'


def _python(csv: str) -> str:
    return f"""import csv
import io
import urllib.request

address = {json.dumps(csv)}
with urllib.request.urlopen(address) as answer:
    rows = list(csv.DictReader(io.TextIOWrapper(answer, encoding="utf-8-sig", newline="")))
print(len(rows), "baris")
print(rows[0] if rows else "")
"""


def _r(csv: str, rows: str) -> str:
    return f"""data <- read.csv({_r_text(csv)}, fileEncoding = "UTF-8-BOM", check.names = FALSE)
str(data)

answer <- jsonlite::fromJSON({_r_text(rows)})
answer$total
head(answer$rows)
"""


def _javascript(rows: str) -> str:
    return f"""const answer = await fetch({json.dumps(rows)});
if (!answer.ok) throw new Error((await answer.json()).error.message);
const {{ rows, total, next }} = await answer.json();
console.log(total, rows[0]);
"""


def _r_text(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _of_package(shown: Shown, resource: Resource) -> Examples:
    fixed = Shown(shown.dataset, shown.version, fixed=True)
    described, file = absolute(fixed.descriptor()), absolute(fixed.original(resource))
    ending = resource.raw_filename.rpartition(".")[2]
    name = f"{resource.name}.{ending}" if _PLAIN.fullmatch(ending) else resource.name
    python = f"""import json
import urllib.request

with urllib.request.urlopen({json.dumps(described)}) as answer:
    package = json.load(answer)
print(package["title"], [each["path"] for each in package["resources"]])
"""
    r = f"""package <- jsonlite::fromJSON({_r_text(described)})
package$resources$path
download.file({_r_text(file)}, {_r_text(name)}, mode = "wb")
"""
    javascript = f"""const answer = await fetch({json.dumps(described)});
const {{ title, resources }} = await answer.json();
console.log(title, resources.map((each) => each.path));
"""
    return Examples(
        about=_("The description of the dataset, and the file itself."),
        each=(
            Example("curl", "curl", f'curl -L -o {name} "{file}"\ncurl -L "{described}"\n', ""),
            Example("python", "Python", python, ""),
            Example("r", "R", r, ""),
            Example("javascript", "JavaScript", javascript, ""),
        ),
    )
