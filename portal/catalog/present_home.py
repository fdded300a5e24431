"""View model of the home page: figures, themes, what is new, agencies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from sqlalchemy.orm import Session

from datasets import catalog
from datasets.models import Dataset
from portal.catalog.present_cards import (
    DatasetCard,
    OrganizationEntry,
    ThemeEntry,
    dataset_card,
    organization_entry,
    theme_entry,
)
from portal.web import figures
from portal.web.i18n import gettext as _
from portal.web.i18n import ngettext

LATEST = 6
ORGANIZATIONS = 10
EXAMPLES = 5
_LONGEST_EXAMPLE = 24


@dataclass(frozen=True, slots=True)
class Stat:
    """One of the large figures."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Example:
    """A search to try."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class HomePage:
    """The home page; `is_empty` before the first publication."""

    is_empty: bool
    stats: tuple[Stat, ...] = ()
    examples: tuple[Example, ...] = ()
    themes: tuple[ThemeEntry, ...] = ()
    latest: tuple[DatasetCard, ...] = ()
    organizations: tuple[OrganizationEntry, ...] = ()
    more_organizations: str = ""


def home_page(session: Session) -> HomePage:
    """The home page as the catalogue is now."""
    counts = catalog.counts(session)
    if counts.datasets == 0:
        return HomePage(is_empty=True)
    latest = catalog.latest(session, LATEST)
    owners = [(owner, count) for owner, count in catalog.organizations_with_counts(session) if count]
    owners.sort(key=lambda pair: (-pair[1], pair[0].title))
    more = len(owners) - ORGANIZATIONS
    return HomePage(
        is_empty=False,
        stats=_stats(counts, latest),
        examples=_examples(latest),
        themes=tuple(theme_entry(theme, count) for theme, count in catalog.themes_with_counts(session) if count),
        latest=tuple(dataset_card(dataset) for dataset in latest),
        organizations=tuple(organization_entry(owner, count) for owner, count in owners[:ORGANIZATIONS]),
        more_organizations=ngettext("%(count)s more agency", "%(count)s more agencies", more) if more > 0 else "",
    )


def _stats(counts: catalog.Counts, latest: Sequence[Dataset]) -> tuple[Stat, ...]:
    return (
        Stat(ngettext("dataset", "datasets", counts.datasets), figures.number(counts.datasets)),
        Stat(ngettext("row of figures", "rows of figures", counts.rows), figures.short_number(counts.rows)),
        Stat(ngettext("agency", "agencies", counts.organizations), figures.number(counts.organizations)),
        Stat(_("last update"), figures.short_day(latest[0].modified_at)),
    )


def _examples(latest: Sequence[Dataset]) -> tuple[Example, ...]:
    """Searches that find something: the keywords that the newest datasets have most in common."""
    words = Counter(tag.tag for dataset in latest for tag in dataset.tags if len(tag.tag) <= _LONGEST_EXAMPLE)
    return tuple(Example(text=word, url=url_for("search.search", q=word)) for word, _n in words.most_common(EXAMPLES))
