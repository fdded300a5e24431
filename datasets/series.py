"""Datasets that an agency publishes anew for each year under one name: a series, known by the year that ends it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from datasets.models import Dataset, published

_NAMED: Final = re.compile(r"(?P<stem>.*?[a-z].*?)(?P<word>-tahun)?-(?P<year>20[0-4]\d)\Z")
_TITLED: Final = re.compile(r"[\s,(:-]+(?:tahun\s+)?20[0-4]\d\s*\)?\Z", re.IGNORECASE)
_YEARS: Final = tuple(range(2000, 2050))


@dataclass(frozen=True, slots=True)
class Member:
    """A dataset of a series."""

    slug: str
    year: int


@dataclass(frozen=True, slots=True)
class Series:
    """`name` is the common part of the names, `title` that of the titles; members by year, two at least."""

    name: str
    title: str
    members: tuple[Member, ...]

    def before(self, slug: str) -> Member | None:
        """The member that comes before the one of that name."""
        names = [member.slug for member in self.members]
        place = names.index(slug)
        return self.members[place - 1] if place else None


def series_of(session: Session, datasets: Collection[Dataset]) -> Mapping[int, Series]:
    """The series of those among `datasets` that belong to one, by their id; one query, however many they are."""
    stems: dict[tuple[int, str], list[Dataset]] = {}
    for dataset in datasets:
        if named := _NAMED.match(dataset.slug):
            stem = named["stem"] + (named["word"] or "")
            stems.setdefault((dataset.organization_id, stem), []).append(dataset)
    if not stems:
        return {}
    candidates = [f"{stem}-{year}" for _owner, stem in stems for year in _YEARS]
    wanted = published().where(Dataset.slug.in_(candidates)).order_by(Dataset.slug)
    rows = session.execute(wanted.with_only_columns(Dataset.organization_id, Dataset.slug, Dataset.title))
    members: dict[tuple[int, str], list[Member]] = {}
    titles: dict[tuple[int, str], str] = {}
    for owner, slug, title in rows:
        stem, _, year = slug.rpartition("-")
        members.setdefault((owner, stem), []).append(Member(slug, int(year)))
        titles[owner, stem] = _TITLED.sub("", title)  # the last one's is the series'
    return {
        dataset.id: Series(stem.removesuffix("-tahun"), titles[owner, stem], tuple(members[owner, stem]))
        for (owner, stem), those in stems.items()
        if len(members.get((owner, stem), ())) > 1
        for dataset in those
    }
