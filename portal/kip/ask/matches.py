"""What answers a question already: datasets, the very rows where a region or a year is named, published answers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from flask import url_for

from datasets import catalog
from datasets.models import Resource
from datasets.query.url import parse
from datasets.search.index import SearchQuery
from datasets.search.indonesian import words as words_of
from metadata import regions
from metadata.errors import LumbungError
from portal.catalog.addresses import Shown
from portal.context import installation, session
from portal.explore.found import parquet, shape, shown, tables_of
from portal.kip.public.answers import Found, published_answers
from portal.web.cells import writer
from portal.web.engine import tables

DATASETS, ROWS, ANSWERS = 5, 3, 3
LONGEST = 400
"""Characters of a question that are looked for."""
_YEAR = re.compile(r"\b(?:19[89]\d|20[0-4]\d)\b")
_PHRASE = 4
"""Words that the name of a region has at most."""
_COLUMNS, _SHOWN = 6, 3


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a table that a question names: their address, how many, and the first of them."""

    title: str
    table: str
    url: str
    total: int
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    named: str


@dataclass(frozen=True, slots=True)
class DatasetMatch:
    """A dataset that fits."""

    title: str
    agency: str
    url: str


@dataclass(frozen=True, slots=True)
class Matches:
    """What was found for a question, the closest kind first."""

    answers: tuple[Found, ...] = ()
    rows: tuple[Rows, ...] = ()
    datasets: tuple[DatasetMatch, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.answers or self.rows or self.datasets)


def matches(question: str) -> Matches:
    """Look for what answers a question. Never raises for any text: what cannot be asked is left out."""
    text = " ".join(question.split())[:LONGEST]
    if len(text) < 3:
        return Matches()
    found = installation().search.search(SearchQuery(text, rows=DATASETS, facets=()))
    datasets = catalog.by_ids(session(), found.ids)
    places, years = places_in(text), tuple(dict.fromkeys(_YEAR.findall(text)))
    rows: list[Rows] = []
    if places or years:
        for dataset in datasets[:4]:
            if len(rows) < ROWS:
                rows += _rows_of(dataset.slug, places, years)
    return Matches(
        tuple(published_answers(session(), text, ANSWERS, answered=False)),
        tuple(rows[:ROWS]),
        tuple(
            DatasetMatch(one.title, one.organization.title, url_for("catalog.dataset", slug=one.slug))
            for one in datasets
        ),
    )


def places_in(text: str) -> tuple[str, ...]:
    """The districts and villages of this region that a question names, the longest names first."""
    names = _names(installation().settings.region_code)
    spoken = words_of(text)
    found: dict[str, None] = {}
    at = 0
    while at < len(spoken):
        for length in range(min(_PHRASE, len(spoken) - at), 0, -1):
            name = names.get(" ".join(spoken[at : at + length]))
            if name is not None:
                found[name] = None
                at += length - 1
                break
        at += 1
    return tuple(found)[:3]


@lru_cache(maxsize=4)
def _names(code: str) -> dict[str, str]:
    """The regions below `code` by their folded names."""
    below = (region for region in regions.load() if region.code.startswith(f"{code}."))
    return {" ".join(words_of(region.name)): region.name for region in below}


def _rows_of(slug: str, places: Sequence[str], years: Sequence[str]) -> list[Rows]:
    made = []
    try:
        found = shown(slug)
        for resource in tables_of(found.version)[:2]:
            one = _rows_in(found, resource, places, years)
            if one is not None:
                made.append(one)
                break
    except LumbungError:
        return made
    return made


def _rows_in(found: Shown, resource: Resource, places: Sequence[str], years: Sequence[str]) -> Rows | None:
    """The rows of a table that a place and a year of the question pick out; None when they pick none, or all."""
    form = shape(resource)
    year = next((column.name for column in form.columns if column.type == "year"), None)
    year = year or next((column.name for column in form.columns if column.name == "tahun"), None)
    pairs: list[tuple[str, str]] = [("_q", f'"{place}"') for place in places[:1]]
    if year is not None:
        pairs += [(year, one) for one in years]
    if not pairs:
        return None
    query = parse([*pairs, ("_size", str(_SHOWN))], form)
    page = tables().page(parquet(resource), resource.schema, query)
    if not page.total or page.total == page.table_rows:
        return None
    columns = page.columns[:_COLUMNS]
    writers = [writer(column.type, [row[at] for row in page.rows]) for at, column in enumerate(columns)]
    cells = [tuple(one.write(cell) for one, cell in zip(writers, row, strict=False)) for row in page.rows]
    return Rows(
        title=found.dataset.title,
        table=resource.title or resource.name,
        url=Shown(found.dataset, found.version, fixed=True).page(resource, pairs),
        total=page.total,
        columns=tuple(column.title for column in columns),
        rows=tuple(cells),
        named=", ".join([*places[:1], *(years if year else ())]),
    )
