"""A comparison of two versions as one page: a summary in words, figures, columns, and a list of cells or rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from datasets.models import Resource, Version
from metadata.errors import NotFound
from portal.catalog.addresses import Shown
from portal.explore.comparing import comparison, same
from portal.explore.present_changes import CellLine, Listing, listing
from portal.explore.words_of_change import column_lines, summary
from portal.web import figures
from portal.web.cells import in_figures
from portal.web.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class Pair:
    """A table in both versions, or in one of them."""

    name: str
    before: Resource | None
    after: Resource | None

    @property
    def unchanged(self) -> bool:
        """Whether both are the same file with the same description."""
        return self.before is not None and self.after is not None and same(self.before, self.after)

    @property
    def title(self) -> str:
        """Of the later one, as far as there is one."""
        found = self.after or self.before
        return found.title if found else self.name


@dataclass(frozen=True, slots=True)
class Tab:
    """A table to choose, with a word on what became of it."""

    title: str
    url: str
    note: str
    current: bool


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two versions."""

    words: str
    url: str
    published: str


@dataclass(frozen=True, slots=True)
class DiffPage:
    """Everything that the template places. `facts` are (figure, words); `listing` is None when nothing changed."""

    title: str
    dataset_url: str
    before: Side
    after: Side
    tabs: tuple[Tab, ...]
    summary: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    key: str
    columns: tuple[str, ...]
    most: tuple[CellLine, ...]
    listing: Listing | None
    downloads: tuple[tuple[str, str], ...]
    swapped: str
    crumbs: tuple[tuple[str, str | None], ...]


def pairs(before: Version, after: Version) -> tuple[Pair, ...]:
    """The tables of either version by name, in the later one's order, those that went away last."""
    sides = [{r.name: r for r in version.resources if r.parquet_sha256} for version in (before, after)]
    names = [*sides[1], *(name for name in sides[0] if name not in sides[1])]
    return tuple(Pair(name, sides[0].get(name), sides[1].get(name)) for name in names)


def chosen(found: Sequence[Pair], name: str) -> Pair | None:
    """The table asked for; without a name the first that differs. None when there is none."""
    if name:
        return next((pair for pair in found if pair.name == name), None)
    return next((pair for pair in found if not pair.unchanged), found[0] if found else None)


def diff_page(before: Version, later: Shown, *, table: str, listed: str, page: int) -> DiffPage:
    """The page of one table's changes. Raises what comparing raises, `NotFound` for a table that neither has."""
    dataset, after = later.dataset, later.version
    found = pairs(before, after)
    pair = chosen(found, table)
    if pair is None and table:
        raise NotFound(what=table[:100])
    told = comparison(pair.before, pair.after) if pair and pair.before and pair.after and not pair.unchanged else None
    base = url_for("diff.page", slug=dataset.slug, before=before.number, after=after.number)
    titles = _titles(pair)
    shown = [Shown(dataset, version, fixed=True) for version in (before, after)]
    return DiffPage(
        title=dataset.title,
        dataset_url=Shown(dataset, after, fixed=False).page(),
        before=_side(shown[0], pair.before if pair else None),
        after=_side(shown[1], pair.after if pair else None),
        tabs=_tabs(found, pair, base),
        summary=summary(pair.before, pair.after, told) if pair and told else (_without(pair),),
        facts=_facts(told) if told else (),
        key=_key(told, titles) if told else "",
        columns=column_lines(told, titles) if told else (),
        most=_most(told, titles, pair) if told and pair else (),
        listing=listing(told, pair.before, pair.after, shown, f"{base}?tabel={pair.name}", listed, page)
        if told and pair and pair.before and pair.after
        else None,
        downloads=_downloads(dataset.slug, before, after, pair) if told and pair else (),
        swapped=url_for("diff.page", slug=dataset.slug, before=after.number, after=before.number),
        crumbs=(
            (dataset.title, Shown(dataset, after, fixed=False).page()),
            (_("Changes"), None),
        ),
    )


def _titles(pair: Pair | None) -> dict[str, str]:
    """The printed header of each column, the later version's first."""
    titles: dict[str, str] = {}
    for resource in (pair.after, pair.before) if pair else ():
        for field in resource.schema.get("fields", []) if resource else ():
            titles.setdefault(field["name"], field.get("title") or field["name"])
    return titles


def _side(shown: Shown, resource: Resource | None) -> Side:
    return Side(
        words=_("Version %(number)s", number=shown.version.number),
        url=shown.page(resource),
        published=figures.day(shown.version.published_at),
    )


def _tabs(found: Sequence[Pair], current: Pair | None, base: str) -> tuple[Tab, ...]:
    if len(found) < 2:
        return ()
    return tuple(
        Tab(title=pair.title, url=f"{base}?tabel={pair.name}", note=_became(pair), current=pair == current)
        for pair in found
    )


def _became(pair: Pair) -> str:
    if pair.before is None:
        return _("new")
    if pair.after is None:
        return _("gone")
    return _("the same") if pair.unchanged else _("changed")


def _without(pair: Pair | None) -> str:
    """What to say where there is nothing to compare cell by cell."""
    if pair is None:
        return _("Neither version has a table; their files can be taken from the pages of the two versions.")
    if pair.before is None:
        return _("This table is new: the earlier version does not have it.")
    if pair.after is None:
        return _("This table is gone: the later version does not have it.")
    return _("Nothing changed in this table: both versions hold the same figures under the same description.")


def _facts(told: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    counts = (
        ("cells", _("cells revised")),
        ("changed", _("rows with a revision")),
        ("added", _("new rows")),
        ("removed", _("rows removed")),
        ("unchanged", _("rows the same")),
    )
    return tuple((in_figures(told[name]), words) for name, words in counts)


def _key(told: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    """How rows of the two were held to be the same row."""
    if not told["key"]:
        return _("No columns tell every row from every other, so a revised row counts as one removed and one new.")
    names = ", ".join(titles.get(name, name) for name in told["key"])
    if told["key_origin"] == "declared":
        return _("Rows are the same row when they agree in %(columns)s, the key of the table.", columns=names)
    return _("Rows are the same row when they agree in %(columns)s, which no two rows share.", columns=names)


def _most(told: Mapping[str, Any], titles: Mapping[str, str], pair: Pair) -> tuple[CellLine, ...]:
    """For each revised column of figures the cell that moved furthest."""
    from portal.explore.present_changes import cell_line

    if pair.after is None:
        return ()
    fields = {field["name"]: field for field in pair.after.schema.get("fields", [])}
    return tuple(
        cell_line(column["largest"], told["key"], fields, titles, count=column["cells"])
        for column in told["by_column"]
        if column["largest"]
    )


def _downloads(slug: str, before: Version, after: Version, pair: Pair) -> tuple[tuple[str, str], ...]:
    place: dict[str, Any] = {"slug": slug, "before": before.number, "after": after.number, "tabel": pair.name}
    return (
        (_("All changed cells (CSV)"), url_for("diff.as_csv", **place)),
        ("JSON", url_for("diff.as_json", **place)),
    )
