"""View models of the pages of agencies and themes."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import url_for
from sqlalchemy.orm import Session

from datasets import catalog, scores, source_health
from datasets.clock import now
from datasets.models import Organization, Theme
from metadata import themes
from portal.catalog.listing import Listing, of_organization, of_theme
from portal.catalog.present_cards import (
    DatasetCard,
    OrganizationEntry,
    ThemeEntry,
    dataset_card,
    datasets_in_words,
    organization_entry,
    theme_entry,
    theme_title,
)
from portal.catalog.present_score import ScoreView, agency_view
from portal.web import figures
from portal.web.i18n import current_language
from portal.web.i18n import gettext as _
from portal.web.links import canonical_url
from portal.web.paging import Paging, paging


@dataclass(frozen=True, slots=True)
class OrganizationsPage:
    """All agencies that have published."""

    entries: tuple[OrganizationEntry, ...]


@dataclass(frozen=True, slots=True)
class ThemesPage:
    """All themes that have datasets."""

    entries: tuple[ThemeEntry, ...]


@dataclass(frozen=True, slots=True)
class ProfilePage:
    """One agency or theme with its datasets; `kept` is the filter of the search box on it.

    `shows_origin` says whether each dataset names its agency, which on the agency's own page would be said too often.
    """

    title: str
    parent_title: str
    parent_url: str
    icon: str
    canonical: str
    count: str
    kept: tuple[tuple[str, str], ...]
    cards: tuple[DatasetCard, ...]
    paging: Paging
    shows_origin: bool = True
    description: str | None = None
    abbreviation: str | None = None
    homepage: str | None = None
    homepage_shown: str | None = None
    email: str | None = None
    freshness: str | None = None
    score: ScoreView | None = None
    follow: str | None = None


def organizations_page(session: Session) -> OrganizationsPage:
    """The list of agencies."""
    found = catalog.organizations_with_counts(session)
    return OrganizationsPage(entries=tuple(organization_entry(owner, count) for owner, count in found if count))


def themes_page(session: Session) -> ThemesPage:
    """The list of themes."""
    found = catalog.themes_with_counts(session)
    return ThemesPage(entries=tuple(theme_entry(theme, count) for theme, count in found if count))


def organization_page(session: Session, organization: Organization, page: int) -> ProfilePage:
    """An agency."""
    listing = of_organization(session, organization, page)
    homepage = _web_address(organization.homepage)
    return ProfilePage(
        title=organization.title,
        parent_title=_("Agencies"),
        parent_url=url_for("browse.organizations"),
        icon="building",
        canonical=canonical_url("browse.organization", slug=organization.slug),
        count=datasets_in_words(listing.total),
        kept=(("organization", organization.slug),),
        cards=_cards(listing),
        paging=_paging(listing, url_for("browse.organization", slug=organization.slug)),
        shows_origin=False,
        description=organization.description,
        abbreviation=organization.abbreviation,
        homepage=homepage,
        homepage_shown=urlsplit(homepage).netloc if homepage else None,
        email=organization.email,
        freshness=_freshness(session, organization),
        score=agency_view(score) if (score := scores.of_agency(session, organization.id, at=now())) else None,
        follow=url_for("response.follow", opd=organization.slug),
    )


def theme_page(session: Session, theme: Theme, page: int) -> ProfilePage:
    """A theme."""
    listing = of_theme(session, theme, page)
    known = themes.get(theme.slug)
    return ProfilePage(
        title=theme_title(theme),
        parent_title=_("Themes"),
        parent_url=url_for("browse.groups"),
        icon=theme.icon,
        canonical=canonical_url("browse.group", slug=theme.slug),
        count=datasets_in_words(listing.total),
        kept=(("theme", theme.slug),),
        cards=_cards(listing),
        paging=_paging(listing, url_for("browse.group", slug=theme.slug)),
        description=known.description.say(current_language()) if known else theme.description,
    )


def _freshness(session: Session, organization: Organization) -> str | None:
    """How many of its datasets are as fresh as they promise, in words; None when none promises anything."""
    for fresh in source_health.freshness(session, at=now(), organization_id=organization.id):
        return _(
            "%(good)s of %(count)s datasets are as fresh as they promise",
            good=figures.number(fresh.promised - len(fresh.overdue)),
            count=figures.number(fresh.promised),
        )
    return None


def _cards(listing: Listing) -> tuple[DatasetCard, ...]:
    return tuple(dataset_card(dataset) for dataset in listing.datasets)


def _paging(listing: Listing, base: str) -> Paging:
    return paging(listing.page, listing.pages, lambda page: base if page == 1 else f"{base}?page={page}")


def _web_address(text: str | None) -> str | None:
    """A homepage only if it is one: a harvested `javascript:` must not become a link."""
    return text if text and urlsplit(text).scheme in ("http", "https") and urlsplit(text).netloc else None
