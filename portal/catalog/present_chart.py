"""The picture beside a table: its chart or its outline, in both themes and for both widths, with words for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from datasets.models import Resource, ResourceKind
from portal.catalog.addresses import Shown
from portal.web import outline
from portal.web.chart_theme import SIZES
from portal.web.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in the page's colours: `light` and `dark` are shown by theme, the narrow ones on a phone.

    `alt` says in words what can be seen; `links` are (label, address) pairs of the picture and its specification.
    """

    title: str
    alt: str
    light: str
    dark: str
    narrow_light: str
    narrow_dark: str
    width: int
    height: int
    narrow_width: int
    narrow_height: int
    source: str
    links: tuple[tuple[str, str], ...]


def picture(shown: Shown, resource: Resource, *, agency: str) -> Picture | None:
    """The chart of a table that has one, the outline of a map; None for anything else."""
    source = _("Source: %(agency)s, version %(number)s", agency=agency, number=shown.version.number)
    if resource.kind is ResourceKind.MAP and resource.geo_sha256:
        light, dark = (shown.picture(resource, "map", f"wide-{theme}.svg") for theme in ("light", "dark"))
        return Picture(
            title=resource.title,
            alt=_("Outline of the map “%(title)s”; its attributes are in the table below.", title=resource.title),
            light=light,
            dark=dark,
            narrow_light=light,
            narrow_dark=dark,
            width=outline.WIDTH,
            height=outline.HEIGHT,
            narrow_width=outline.WIDTH,
            narrow_height=outline.HEIGHT,
            source=source,
            links=(("SVG", light),),
        )
    if not resource.chart:
        return None
    width, height = SIZES["wide"]
    looks = {
        f"{size}_{theme}": shown.picture(resource, "chart", f"{size}-{theme}.svg")
        for size in ("wide", "narrow")
        for theme in ("light", "dark")
    }
    return Picture(
        title=chart_title(resource.chart) or resource.title,
        alt=_alt(resource.chart, resource.title),
        light=looks["wide_light"],
        dark=looks["wide_dark"],
        narrow_light=looks["narrow_light"],
        narrow_dark=looks["narrow_dark"],
        width=width,
        height=height,
        narrow_width=SIZES["narrow"][0],
        narrow_height=SIZES["narrow"][1],
        source=source,
        links=(
            ("SVG", shown.whole_chart(resource, "svg")),
            ("PNG", shown.whole_chart(resource, "png")),
            ("Vega-Lite", shown.whole_chart(resource, "json")),
        ),
    )


def chart_title(spec: Mapping[str, Any]) -> str:
    """The title that a specification carries, as a text or as an object."""
    title = spec.get("title") or ""
    if isinstance(title, Mapping):
        title = title.get("text") or ""
    return " ".join(title) if isinstance(title, list) else str(title)


def _alt(spec: Mapping[str, Any], title: str) -> str:
    said = str(spec.get("description") or chart_title(spec) or title).rstrip(".")
    return _("Chart: %(what)s. The figures are in the table below.", what=said)
