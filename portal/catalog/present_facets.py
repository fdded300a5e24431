"""View models of facets and of the chips of chosen filters, with the names behind slugs, codes and ids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from datasets import catalog
from datasets.search.index import FACETS, SearchPage
from metadata import licenses
from portal.catalog.present_cards import theme_title
from portal.catalog.search_query import Asked
from portal.web import figures
from portal.web.i18n import current_language, ngettext
from portal.web.i18n import gettext as _

FIRST = 6
MOST = 40

Names = Mapping[tuple[str, str], str]
"""The words shown for a facet's value, by facet and value; one that is missing shows itself."""


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value as a link that chooses it or, when chosen, lets it go."""

    title: str
    url: str
    count: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A way to narrow down: the first values, the rest folded away. `chosen` is how many are, in words, or nothing."""

    title: str
    open: bool
    chosen: str
    first: tuple[FacetValue, ...]
    rest: tuple[FacetValue, ...]
    rest_words: str


@dataclass(frozen=True, slots=True)
class Chip:
    """A chosen filter; its address is the search without it."""

    title: str
    url: str


def names_of(session: Session, asked: Asked, found: SearchPage) -> Names:
    """The names of every value that the page will show."""
    names: dict[tuple[str, str], str] = {}
    for owner, _count in catalog.organizations_with_counts(session):
        names["organization", owner.slug] = owner.title
    for theme, _count in catalog.themes_with_counts(session):
        names["theme", theme.slug] = theme_title(theme)
    codes = {value for value, _count in found.facets.get("region", ())[:MOST]} | set(asked.filters.get("region", ()))
    for code, region in catalog.regions(session, codes).items():
        names["region", code] = f"{_kind(region.kind)} {region.name}".strip()
    for license_ in licenses.every():
        names["license", license_.id] = license_.title.say(current_language())
    values = {value for value, _count in found.facets.get("format", ())} | set(asked.filters.get("format", ()))
    names |= {("format", value): value.upper() for value in values}
    return names


def facets(asked: Asked, found: SearchPage, names: Names, base: str) -> tuple[Facet, ...]:
    """The facets that have something to choose, in the order of the index's own list."""
    made = (_facet(name, asked, found, names, base) for name in FACETS)
    return tuple(facet for facet in made if facet is not None)


def chips(asked: Asked, names: Names, base: str) -> tuple[Chip, ...]:
    """The chosen filters."""
    titles = _titles()
    return tuple(
        Chip(
            title=f"{titles[name]}: {names.get((name, value), value)}",
            url=asked.toggled(name, value).url(base),
        )
        for name in FACETS
        for value in asked.filters.get(name, ())
    )


def _facet(name: str, asked: Asked, found: SearchPage, names: Names, base: str) -> Facet | None:
    chosen = asked.filters.get(name, ())
    counted = list(found.facets.get(name, ()))
    counted += [(value, 0) for value in chosen if value not in dict(counted)]
    if not counted or (len(counted) == 1 and not chosen and counted[0][1] == found.total):
        return None  # nothing to choose between
    if name == "year":
        counted.sort(key=lambda pair: pair[0], reverse=True)
    counted.sort(key=lambda pair: pair[0] not in chosen)
    values = tuple(
        FacetValue(
            title=names.get((name, value), value),
            url=asked.toggled(name, value).url(base),
            count=figures.number(count),
            chosen=value in chosen,
        )
        for value, count in counted[: max(MOST, len(chosen))]
    )
    first = max(FIRST, len(chosen))
    rest = values[first:]
    return Facet(
        title=_titles()[name],
        open=bool(chosen) or name in ("organization", "theme", "year"),
        chosen=figures.number(len(chosen)) if chosen else "",
        first=values[:first],
        rest=rest,
        rest_words=ngettext("%(count)s more", "%(count)s more", len(rest)) if rest else "",
    )


def _titles() -> dict[str, str]:
    return {
        "organization": _("Agency"),
        "theme": _("Theme"),
        "year": _("Year"),
        "region": _("Region"),
        "format": _("Format"),
        "license": _("Licence"),
    }


def _kind(kind: str) -> str:
    """The kind of a region before its name, where names of different kinds are alike."""
    return {"kecamatan": "Kec.", "kabupaten": "Kab.", "kota": "Kota", "desa": "Desa", "kelurahan": "Kel."}.get(kind, "")
