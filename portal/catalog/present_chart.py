"""The picture beside a table: its chart or its outline, in both themes and for both widths, with words for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from datasets.charts.choice import ChartChoice
from datasets.models import Resource, ResourceKind
from datasets.query.question import Filter, Operator, TableQuery
from datasets.query.shape import shape_of
from datasets.query.url import arguments
from metadata.views import view_spec
from portal.catalog.addresses import Pairs, Shown
from portal.explore.chart_address import chart_url, choice_arguments
from portal.web import outline
from portal.web.cells import writer
from portal.web.chart_theme import size_of
from portal.web.i18n import gettext as _

_YEAR = re.compile(r"(?:^|, )((?:19|20)\d\d), ")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in the page's colours: `light` and `dark` are shown by theme, the narrow ones on a phone.

    `live` are the same four for a script to draw, empty where there is only a picture. `alt` says in words what can be
    seen; `links` are (label, address) pairs of the picture and its specification, `change` is where a chart is changed
    and embedded.
    """

    title: str
    subtitle: str
    alt: str
    light: str
    dark: str
    narrow_light: str
    narrow_dark: str
    live: tuple[str, ...]
    width: int
    height: int
    narrow_width: int
    narrow_height: int
    source: str
    links: tuple[tuple[str, str], ...]
    change: str = ""


def picture(shown: Shown, resource: Resource, *, agency: str) -> Picture | None:
    """The chart of a table that has one, the outline of a map; None for anything else."""
    source = _("Source: %(agency)s, version %(number)s", agency=agency, number=shown.version.number)
    if resource.kind is ResourceKind.MAP and resource.geo_sha256:
        light, dark = (shown.picture(resource, "map", f"wide-{theme}.svg") for theme in ("light", "dark"))
        return Picture(
            title=resource.title,
            subtitle="",
            alt=_("Outline of the map “%(title)s”; its attributes are in the table below.", title=resource.title),
            light=light,
            dark=dark,
            narrow_light=light,
            narrow_dark=dark,
            live=(),
            width=outline.WIDTH,
            height=outline.HEIGHT,
            narrow_width=outline.WIDTH,
            narrow_height=outline.HEIGHT,
            source=source,
            links=(("SVG", light),),
        )
    if not resource.chart:
        return None
    width, height = size_of(resource.chart, "wide")
    narrow_width, narrow_height = size_of(resource.chart, "narrow")
    looks = {
        f"{size}_{theme}": shown.picture(resource, "chart", f"{size}-{theme}.svg")
        for size in ("wide", "narrow")
        for theme in ("light", "dark")
    }
    return Picture(
        title=chart_title(resource.chart) or resource.title,
        subtitle=_subtitle(resource.chart),
        alt=_alt(resource.chart, resource.title),
        light=looks["wide_light"],
        dark=looks["wide_dark"],
        narrow_light=looks["narrow_light"],
        narrow_dark=looks["narrow_dark"],
        live=tuple(shown.picture(resource, "chart", f"{look.replace('_', '-')}.vega") for look in looks),
        width=width,
        height=height,
        narrow_width=narrow_width,
        narrow_height=narrow_height,
        source=source,
        links=(
            ("SVG", shown.whole_chart(resource, "svg")),
            ("PNG", shown.whole_chart(resource, "png")),
            ("Vega-Lite", shown.whole_chart(resource, "json")),
        ),
        change=chart_url(shown, resource, same_chart(resource)),
    )


def same_chart(resource: Resource) -> Pairs:
    """The arguments that ask for the chart that a table is shown with; none where no question gives the same.

    The plan tells the columns; which time and which classes were chosen stands in the line beneath the title.
    """
    plan = view_spec(resource.schema, resource.stats)
    if plan is None or plan.years or len(plan.values) != 1 or plan.within:
        return []
    said = f"{_subtitle(resource.chart or {})}, "
    wanted = []
    if plan.mark == "bar" and plan.time:
        wanted += [(plan.time, found[1]) for found in [_YEAR.search(said)] if found]
    for name, title in plan.beside:
        told = re.search(rf"(?:^|, ){re.escape(title)}: (.+?), ", said)
        wanted += [(name, told[1])] if told else []
    form = shape_of(resource.schema)
    where = tuple(Filter(name, Operator.EQ, (value,)) for name, value in wanted)
    line = plan.mark == "line"
    choice = ChartChoice(
        mark=plan.mark,
        x=(plan.time if line else plan.series) or "",
        y=plan.values[0],
        color=(plan.series or "") if line else "",
        how="sum" if plan.beside and plan.adds_up and len(wanted) < len(plan.beside) + bool(plan.time) else "",
    )
    return [*arguments(TableQuery(where=where), form), *choice_arguments(choice)]


def chart_title(spec: Mapping[str, Any]) -> str:
    """The title that a specification carries, as a text or as an object."""
    title = spec.get("title") or ""
    if isinstance(title, Mapping):
        title = title.get("text") or ""
    return " ".join(title) if isinstance(title, list) else str(title)


def _subtitle(spec: Mapping[str, Any]) -> str:
    """What is shown of it: unit, time, "the highest 20 of 39"; the source stands below the picture."""
    title = spec.get("title")
    lines = title.get("subtitle") if isinstance(title, Mapping) else None
    return str(lines[0]) if isinstance(lines, list) and lines else str(lines or "")


def _alt(spec: Mapping[str, Any], title: str) -> str:
    """What kind of chart of what, then its ends: who cannot see it learns the shape, the table has the rest."""
    said = str(spec.get("description") or chart_title(spec) or title).rstrip(".")
    told = _ends(spec)
    return f"{said}. {told}." if told else f"{said}."


def _ends(spec: Mapping[str, Any]) -> str:
    values = [point for point in spec.get("data", {}).get("values", []) if point.get("value") is not None]
    if len(values) < 2:
        return ""
    write = writer("number", ()).write
    if all("time" in point for point in values):
        if len({point.get("series") for point in values}) > 1:
            return ""
        first, last = values[0], values[-1]
        return _(
            "From %(first)s in %(from)s to %(last)s in %(to)s",
            **{"first": write(first["value"]), "from": first["time"], "last": write(last["value"]), "to": last["time"]},
        )
    most, least = (end(values, key=lambda point: point["value"]) for end in (max, min))
    return _(
        "Highest: %(most)s (%(high)s), lowest shown: %(least)s (%(low)s)",
        most=most.get("series", ""),
        high=write(most["value"]),
        least=least.get("series", ""),
        low=write(least["value"]),
    )
