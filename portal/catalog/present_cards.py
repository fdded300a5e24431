"""View models of lists: datasets, agencies and themes, with finished words and figures."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for

from datasets.models import Dataset, Organization, Theme
from portal.web import figures
from portal.web.i18n import current_language, ngettext
from portal.web.i18n import gettext as _

_SUMMARY = 240


@dataclass(frozen=True, slots=True)
class Fact:
    """One small thing said of a dataset, with its icon."""

    icon: str
    text: str


@dataclass(frozen=True, slots=True)
class DatasetCard:
    """A dataset in a list."""

    title: str
    url: str
    organization: str
    organization_url: str
    summary: str
    facts: tuple[Fact, ...]
    formats: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ThemeEntry:
    """A theme in a list, with the number of its datasets in words."""

    title: str
    url: str
    icon: str
    count: str


@dataclass(frozen=True, slots=True)
class OrganizationEntry:
    """An agency in a list, with the number of its datasets in words."""

    title: str
    url: str
    abbreviation: str | None
    count: str


def dataset_card(dataset: Dataset) -> DatasetCard:
    """The card of a published dataset; its organisation, current version and resources must be loaded."""
    organization = dataset.organization
    return DatasetCard(
        title=dataset.title,
        url=url_for("catalog.dataset", slug=dataset.slug),
        organization=organization.title,
        organization_url=url_for("browse.organization", slug=organization.slug),
        summary=shortened(dataset.description),
        facts=_facts(dataset),
        formats=_formats(dataset),
    )


def theme_entry(theme: Theme, count: int) -> ThemeEntry:
    """A theme with its count."""
    return ThemeEntry(
        title=theme_title(theme),
        url=url_for("browse.group", slug=theme.slug),
        icon=theme.icon,
        count=datasets_in_words(count),
    )


def organization_entry(organization: Organization, count: int) -> OrganizationEntry:
    """An agency with its count."""
    return OrganizationEntry(
        title=organization.title,
        url=url_for("browse.organization", slug=organization.slug),
        abbreviation=organization.abbreviation,
        count=datasets_in_words(count),
    )


def theme_title(theme: Theme) -> str:
    """The theme's name in the page's language."""
    return theme.title_en if current_language() == "en" else theme.title


def datasets_in_words(count: int) -> str:
    """ "12 dataset"."""
    return ngettext("%(count)s dataset", "%(count)s datasets", count)


def shortened(text: str) -> str:
    """The beginning of a description as plain words, cut between words."""
    plain = " ".join(text.split())
    if len(plain) <= _SUMMARY:
        return plain
    return plain[:_SUMMARY].rsplit(" ", 1)[0].rstrip(",;:.") + "…"


def _facts(dataset: Dataset) -> tuple[Fact, ...]:
    facts = []
    version = dataset.current_version
    rows = sum(resource.rows or 0 for resource in version.resources) if version else 0
    if rows:
        facts.append(Fact(icon="rows-3", text=ngettext("%(count)s row", "%(count)s rows", rows)))
    if years := figures.span(dataset.year_from, dataset.year_to):
        facts.append(Fact(icon="calendar", text=years))
    changed = _("updated %(day)s", day=figures.short_day(dataset.modified_at))
    facts.append(Fact(icon="clock", text=changed))
    return tuple(facts)


def _formats(dataset: Dataset) -> tuple[str, ...]:
    version = dataset.current_version
    resources = version.resources if version else []
    return tuple(sorted({resource.format.upper() for resource in resources}))
