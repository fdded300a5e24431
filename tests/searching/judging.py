"""The judged catalogue and queries as values, and the measures of how well an index answers them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import log2
from pathlib import Path

from datasets.search.index import SearchDocument, SearchIndex, SearchQuery

_CONTENT = tomllib.loads((Path(__file__).parents[1] / "datasets" / "search" / "relevance.toml").read_text())
_IDS = {key: number for number, key in enumerate(_CONTENT["datasets"], 1)}
_START = datetime(2024, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Judged:
    """A query with the worth (1 to 3) of each dataset that serves it."""

    kind: str
    text: str
    worth: dict[int, int]


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a query was answered: nDCG at 10, 1/rank of the first that serves, share of the serving in the first 20."""

    query: Judged
    ids: tuple[int, ...]
    ndcg: float
    reciprocal: float
    recall: float


def catalogue() -> list[SearchDocument]:
    """The judged datasets. The dates run against the order of the file, so that age does not help by chance."""
    organizations = _CONTENT["organizations"]
    return [
        SearchDocument(
            id=_IDS[key],
            title=entry["title"],
            description=entry.get("d", ""),
            organization=entry["o"].replace("_", "-"),
            organization_title=organizations[entry["o"]],
            modified=_START + timedelta(days=_IDS[key] * 37 % 101),
            tags=tuple(entry.get("t", ())),
            columns=tuple(entry["c"]),
            regions=tuple(entry.get("r", ())),
            region_names=tuple(entry.get("r", ("Kabupaten Bojonegoro",))),
            years=tuple(range(entry["y"][0], entry["y"][1] + 1)),
            formats=(entry.get("f", "csv"),),
        )
        for key, entry in _CONTENT["datasets"].items()
    ]


def queries() -> Iterator[Judged]:
    """Every judged query."""
    for kind, judged in _CONTENT["queries"].items():
        for text, worth in judged.items():
            yield Judged(kind, text, {_IDS[key]: grade for key, grade in worth.items()})


def name(number: int) -> str:
    """The key of a judged dataset."""
    return list(_IDS)[number - 1]


def judge(index: SearchIndex, query: Judged) -> Verdict:
    """Ask the index and measure its answer."""
    ids = index.search(SearchQuery(query.text)).ids
    gains = [query.worth.get(number, 0) for number in ids]
    ideal = _discounted(sorted(query.worth.values(), reverse=True)[:10])
    first = next((place for place, gain in enumerate(gains, 1) if gain), 0)
    return Verdict(
        query=query,
        ids=ids,
        ndcg=_discounted(gains[:10]) / ideal if ideal else 1.0,
        reciprocal=1 / first if first else 0.0,
        recall=sum(gain > 0 for gain in gains[:20]) / min(len(query.worth), 20) if query.worth else 1.0,
    )


def _discounted(gains: list[int]) -> float:
    return sum((2**gain - 1) / log2(place + 1) for place, gain in enumerate(gains, 1))
