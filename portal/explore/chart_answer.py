"""A chart of a question, answered: points asked for, words chosen, the specification made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from datasets.charts.boundaries import boundaries_for, maps
from datasets.charts.choice import Candidates, ChartChoice, NotDrawable, candidates, completed
from datasets.charts.points import Drawn, drawn
from datasets.models import Resource
from datasets.query.engine import answer_columns
from datasets.query.page import PageColumn
from datasets.query.question import Function, TableQuery
from datasets.query.shape import TableShape
from datasets.query.url import arguments, parse
from metadata import units
from metadata.views.asked import Asked, Axis, Point, asked_view
from portal.catalog.addresses import Pairs, Shown
from portal.context import installation, session
from portal.explore.chart_address import OWN, choice_of
from portal.explore.found import parquet, shape
from portal.web.chips import chips
from portal.web.engine import tables
from portal.web.filters import function_in_words
from portal.web.i18n import current_language, ngettext
from portal.web.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class Credit:
    """Whose work something is: words for it, and where it stands for good."""

    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything about a chart: what was chosen and could be, its points, words and specification.

    `query` are the arguments of the question alone, in their one order; `borders` is whose areas a map is drawn with.
    """

    choice: ChartChoice
    candidates: Candidates
    drawn: Drawn
    asked: Asked
    title: str
    subtitle: str
    notes: tuple[str, ...]
    spec: Mapping[str, Any]
    query: Pairs
    grouped: bool
    borders: Credit | None = None


def chart(shown: Shown, resource: Resource, pairs: Pairs) -> Chart:
    """The chart that the arguments ask for.

    Raises a `BadQuery` (400) for what cannot be asked or drawn, and what the table engine raises.
    """
    form = shape(resource)
    query = parse(pairs, form, ignored=OWN)
    query = replace(query, page=1, after=None, row=None)
    roles = {field["name"]: field.get("lumbung:role", "") for field in resource.schema.get("fields", [])}
    stats: Mapping[str, Any] = resource.stats.get("columns", {})
    columns = answer_columns(query if query.grouped else replace(query, columns=(), sort=()), form)
    possible = candidates(columns, roles)
    choice = completed(choice_of(pairs), possible, query, roles=roles, stats=stats)
    by_name = {column.name: column for column in columns}
    found = drawn(
        tables(), parquet(resource), resource.schema, query, choice, columns=by_name, roles=roles, stats=stats
    )
    return _made(shown, resource, query, choice, possible, found, by_name, form)


def _made(
    shown: Shown,
    resource: Resource,
    query: TableQuery,
    choice: ChartChoice,
    possible: Candidates,
    found: Drawn,
    columns: Mapping[str, PageColumn],
    form: TableShape,
) -> Chart:
    asked = Asked(
        mark=choice.mark,  # type: ignore[arg-type]
        x=_axis(columns[choice.x]),
        y=Axis(_figure_words(columns.get(choice.y), found.function), "number"),
        color=_axis(columns[choice.color]) if choice.color else None,
    )
    shapes: tuple[Mapping[str, Any], ...] = ()
    borders = None
    if choice.mark == "map":
        found, shapes, borders = _on_a_map(resource, choice, found)
    conditions = "; ".join(chip.text for chip in chips(replace(query, sort=(), group=(), measures=()), form))
    title = shown.dataset.title if len(shown.version.resources) == 1 else f"{shown.dataset.title}: {resource.title}"
    heading = _heading(asked)
    heading = heading[:1].upper() + heading[1:]
    subtitle = f"{heading}. {conditions}" if conditions else heading
    return Chart(
        choice=choice,
        candidates=possible,
        drawn=found,
        asked=asked,
        title=title,
        subtitle=subtitle,
        notes=_notes(found, asked),
        spec=asked_view(
            asked, found.points, title=title, subtitle=subtitle, language=current_language(), shapes=shapes
        ),
        query=arguments(query.whole(), form),
        grouped=query.grouped,
        borders=borders,
    )


def _axis(column: PageColumn) -> Axis:
    heading = column.heading(current_language()) if column.function or column.period else column.title
    return Axis(_with_unit(heading, column.unit), column.type)


def _figure_words(column: PageColumn | None, function: Function | None) -> str:
    if column is None:
        return _("number of rows")
    heading = column.heading(current_language()) if column.function else column.title
    return _with_unit(function_in_words(function, heading) if function else heading, column.unit)


def _with_unit(title: str, unit: str | None) -> str:
    words = units.say(unit, current_language()) if unit else ""
    return f"{title} ({words})" if words and words.lower() not in title.lower() else title


def _heading(asked: Asked) -> str:
    if asked.mark == "scatter":
        return _("%(y)s against %(x)s", y=asked.y.title, x=asked.x.title)
    if asked.color is not None:
        return _("%(y)s by %(x)s and %(color)s", y=asked.y.title, x=asked.x.title, color=asked.color.title)
    return _("%(y)s by %(x)s", y=asked.y.title, x=asked.x.title)


def _notes(found: Drawn, asked: Asked) -> tuple[str, ...]:
    """What a reader must know who only sees the picture: figures made of several rows, and what is not drawn."""
    notes = []
    if found.function not in (None, Function.COUNT) and found.rows > 1:
        notes.append(
            ngettext(
                "Each mark is computed from up to %(count)s row (%(figure)s).",
                "Each mark is computed from up to %(count)s rows (%(figure)s).",
                found.rows,
                figure=asked.y.title,
            )
        )
    left = found.left_out
    if left and found.left_what == "bars":
        notes.append(ngettext("%(count)s lower bar is not drawn.", "%(count)s lower bars are not drawn.", left))
    elif left and found.left_what == "colors":
        notes.append(
            ngettext(
                "%(count)s colour with lower figures is not drawn.",
                "%(count)s colours with lower figures are not drawn.",
                left,
            )
        )
    elif left:
        notes.append(ngettext("%(count)s point is not drawn.", "%(count)s points are not drawn.", left))
    return tuple(notes)


def _on_a_map(
    resource: Resource, choice: ChartChoice, found: Drawn
) -> tuple[Drawn, tuple[Mapping[str, Any], ...], Credit]:
    """The points that have an area, and the areas. Raises `NotDrawable` where the catalogue has no boundaries."""
    field: Mapping[str, Any] = next((f for f in resource.schema.get("fields", []) if f["name"] == choice.x), {})
    kinds = frozenset(field.get("lumbung:regionKinds", ()))
    blobs = installation().blobs
    known = maps(session())
    files = {
        str(each.geo_sha256): blobs.path(str(each.geo_sha256)) for each in known if blobs.exists(str(each.geo_sha256))
    }
    names = {str(point.x) for point in found.points}
    borders = boundaries_for(known, files, names, kinds)
    if borders is None:
        raise NotDrawable(what="_chart", value="map", valid=("line", "bar", "stacked", "scatter"))
    shapes = tuple({"name": name, "geometry": geometry} for name, geometry in borders.shapes.items())
    points: tuple[Point, ...] = tuple(point for point in found.points if str(point.x) in borders.shapes)
    lost = len(found.points) - len(points)
    made = replace(found, points=points, left_out=lost, left_what="points" if lost else "")
    return made, shapes, _credit(borders.source)


def _credit(areas: Resource) -> Credit:
    """The map of the catalogue as it is cited."""
    version = areas.version
    dataset = version.dataset
    words = _(
        "%(title)s, %(agency)s, version %(number)s",
        title=dataset.title,
        agency=dataset.organization.title,
        number=version.number,
    )
    return Credit(words, Shown(dataset, version, fixed=True).page())
