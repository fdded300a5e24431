"""The page of a chart: the form that chooses it, its pictures and words, its figures as a table, ways to use it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from datasets.charts.choice import COUNTED, HOWS, NO_COLOR, ChartChoice
from datasets.models import Resource
from datasets.query.page import PageColumn
from datasets.query.question import Function
from datasets.query.url import arguments
from metadata.views.asked import MARKS, Point
from portal.catalog.addresses import Pairs, Shown
from portal.catalog.present_cite import Citation
from portal.explore.cells import said
from portal.explore.chart_address import CHART, COLOR, HOW, LOOK, X, Y, chart_url, choice_arguments
from portal.explore.chart_answer import Chart, Credit, chart
from portal.explore.chart_drawing import NAMES, size_of, source_of
from portal.explore.citing import absolute, view_citation
from portal.explore.found import shape
from portal.web.cells import Writer, in_figures, writer
from portal.web.i18n import current_language
from portal.web.i18n import gettext as _

MOST_ROWS = 200
FRAME = 560
"""Pixels of height of a frame in someone else's page."""


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a list."""

    value: str
    text: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Select:
    """A list of the form: its argument, its words, its choices."""

    name: str
    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Pictures:
    """The addresses of the chart in each look (`live`: for a script to draw), and its sizes."""

    wide_light: str
    wide_dark: str
    narrow_light: str
    narrow_dark: str
    live: tuple[str, ...]
    width: int
    height: int
    narrow_width: int
    narrow_height: int


@dataclass(frozen=True, slots=True)
class ChartPage:
    """Everything that the template places."""

    title: str
    dataset: str
    heading: str
    notes: tuple[str, ...]
    alt: str
    empty: bool
    pictures: Pictures
    selects: tuple[Select, ...]
    kept: Pairs
    headers: tuple[tuple[str, str], ...]
    rows: tuple[tuple[tuple[str, str], ...], ...]
    cut: str
    source: str
    borders: Credit | None
    files: tuple[tuple[str, str], ...]
    data: tuple[tuple[str, str], ...]
    address: str
    picture: str
    embed: str
    embed_url: str
    table_url: str
    fixed_url: str
    citation: Citation
    crumbs: tuple[tuple[str, str | None], ...]


def chart_page(shown: Shown, resource: Resource, pairs: Pairs) -> ChartPage:
    """The page of the chart that the arguments ask for. Raises as `chart`."""
    made = chart(shown, resource, pairs)
    own = choice_arguments(made.choice)
    whole = [*made.query, *own]
    fixed = Shown(shown.dataset, shown.version, fixed=True)
    form = shape(resource)
    points = made.drawn.points[:MOST_ROWS]
    figures = writer("number", [_whole(point.y) for point in points])
    outside = absolute(chart_url(fixed, resource, whole, kind="embed"))
    picture = absolute(chart_url(fixed, resource, whole, kind="png"))
    asked = arguments(made.drawn.query, form)
    return ChartPage(
        title=made.title,
        dataset=shown.dataset.title,
        heading=made.subtitle,
        notes=made.notes,
        alt=alt(made),
        empty=not made.drawn.points,
        pictures=pictures(fixed, resource, made, whole),
        selects=_selects(made),
        kept=made.query,
        headers=tuple(_headers(made)),
        rows=tuple(_row(made, point, figures) for point in points),
        cut=_(
            "The first %(shown)s of %(all)s points.",
            shown=in_figures(len(points)),
            all=in_figures(len(made.drawn.points)),
        )
        if len(points) < len(made.drawn.points)
        else "",
        source=source_of(shown),
        borders=made.borders,
        files=tuple(
            (label, chart_url(fixed, resource, whole, kind=kind))
            for label, kind in (("SVG", "svg"), ("PNG", "png"), ("Vega-Lite", "json"))
        ),
        data=tuple((kind.upper(), shown.table(resource, kind, asked)) for kind in ("csv", "xlsx")),
        address=outside,
        picture=picture,
        embed=_frame(outside, made.title),
        embed_url=chart_url(fixed, resource, whole, kind="embed"),
        table_url=shown.page(resource, made.query, anchor="tabel"),
        fixed_url=absolute(chart_url(fixed, resource, whole)),
        citation=view_citation(fixed, chart_url(fixed, resource, whole), _("chart: %(chart)s", chart=made.subtitle)),
        crumbs=((shown.dataset.title, shown.page(resource, anchor="tabel")), (_("Chart"), None)),
    )


def pictures(shown: Shown, resource: Resource, made: Chart, whole: Pairs) -> Pictures:
    """The pictures of the page."""
    asked = {look.replace("-", "_"): [*whole, (LOOK, look)] for look in NAMES}
    looks = {name: chart_url(shown, resource, pairs, kind="svg") for name, pairs in asked.items()}
    live = tuple(chart_url(shown, resource, pairs, kind="vega") for pairs in asked.values())
    width, height = size_of(made, "wide")
    narrow_width, narrow_height = size_of(made, "narrow")
    return Pictures(
        **looks, live=live, width=width, height=height, narrow_width=narrow_width, narrow_height=narrow_height
    )


def alt(made: Chart) -> str:
    """What kind of chart of what, how many marks, then its ends: the table beneath has the rest."""
    told = f"{made.spec['description']}. "
    points = [point for point in made.drawn.points if point.y is not None]
    if len(points) < 2 or made.choice.mark == "scatter":
        return told + _("%(count)s points.", count=in_figures(len(points)))
    most, least = max(points, key=lambda p: p.y or 0.0), min(points, key=lambda p: p.y or 0.0)
    return told + _(
        "Highest: %(most)s (%(high)s), lowest: %(least)s (%(low)s).",
        most=_named(made, most.x, most.color),
        high=_figure(most.y),
        least=_named(made, least.x, least.color),
        low=_figure(least.y),
    )


def _named(made: Chart, x: Any, color: str | None) -> str:
    words = said({"type": made.asked.x.type}, x)
    return f"{words}, {color}" if color else words


def _figure(value: float | None) -> str:
    return writer("number", ()).write(_whole(value))


def _whole(value: float | None) -> float | None:
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else value


def _headers(made: Chart) -> list[tuple[str, str]]:
    headers = [(made.asked.x.title, "figure" if made.asked.x.figures else "")]
    if made.asked.color is not None:
        headers.append((made.asked.color.title, ""))
    return [*headers, (made.asked.y.title, "figure")]


def _row(made: Chart, point: Point, figures: Writer) -> tuple[tuple[str, str], ...]:
    x = (said({"type": made.asked.x.type}, point.x), "figure" if made.asked.x.figures else "")
    color = [(str(point.color), "")] if made.asked.color is not None else []
    return (x, *color, (figures.write(_whole(point.y)), "figure"))


def _selects(made: Chart) -> tuple[Select, ...]:
    choice, possible = made.choice, made.candidates
    marks = {
        "line": _("Line"),
        "bar": _("Bars"),
        "stacked": _("Stacked bars"),
        "scatter": _("Scatter"),
        "map": _("Map"),
    }
    usable = [mark for mark in MARKS if mark != "map" or possible.regions]
    selects = [
        Select(CHART, _("Kind of chart"), tuple(Option(m, marks[m], m == choice.mark) for m in usable)),
        Select(X, _("Along the axis"), tuple(_option(column, choice.x) for column in possible.x)),
        Select(Y, _("Figure"), (*(_option(c, choice.y) for c in possible.y), *_counted(made, choice))),
    ]
    if choice.mark != "map":
        none = Option(NO_COLOR, _("one colour"), not choice.color)
        selects.append(
            Select(COLOR, _("Colour"), (none, *(_option(column, choice.color) for column in possible.color)))
        )
    if not made.grouped and choice.mark != "scatter":
        words = _hows()
        options = (Option("", _("what fits"), not choice.how), *(Option(h, words[h], h == choice.how) for h in HOWS))
        selects.append(Select(HOW, _("Several rows in one mark"), options))
    return tuple(selects)


def _counted(made: Chart, choice: ChartChoice) -> list[Option]:
    return [] if made.grouped else [Option(COUNTED, _("number of rows"), choice.y == COUNTED)]


def _option(column: PageColumn, chosen: str) -> Option:
    return Option(column.name, column.heading(current_language()), column.name == chosen)


def _hows() -> dict[str, str]:
    return {
        Function.COUNT.value: _("number of rows"),
        Function.SUM.value: _("sum"),
        Function.MEAN.value: _("mean"),
        Function.MIN.value: _("least"),
        Function.MAX.value: _("greatest"),
        Function.MEDIAN.value: _("median"),
    }


def _frame(address: str, title: str) -> str:
    attributes = f'src="{_quoted(address)}" title="{_quoted(title)}" width="100%" height="{FRAME}" loading="lazy"'
    return f"<iframe {attributes}></iframe>"


def _quoted(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
