"""A chart as the arguments of a URL: the question to the table as everywhere, and five arguments of the chart's own.

?tahun=2023&_chart=bar&_x=kecamatan&_y=penduduk&_color=jenis_kelamin&_how=sum
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import url_for

from datasets.charts.choice import NO_COLOR, ChartChoice
from datasets.models import Resource
from portal.catalog.addresses import Pairs, Shown

CHART, X, Y, COLOR, HOW = "_chart", "_x", "_y", "_color", "_how"
LOOK = "_look"
OWN = (CHART, X, Y, COLOR, HOW, LOOK)


def choice_of(pairs: Pairs) -> ChartChoice:
    """The choice that the arguments make; what is not given is left open."""
    given = {name: value.strip() for name, value in pairs if name in OWN}
    return ChartChoice(
        mark=given.get(CHART, ""),
        x=given.get(X, ""),
        y=given.get(Y, ""),
        color=given.get(COLOR, ""),
        how=given.get(HOW, ""),
    )


def choice_arguments(choice: ChartChoice) -> list[tuple[str, str]]:
    """The arguments that `choice_of` reads as this completed choice."""
    color = choice.color or (NO_COLOR if choice.mark in ("line", "stacked") else "")
    pairs = ((CHART, choice.mark), (X, choice.x), (Y, choice.y), (COLOR, color), (HOW, choice.how))
    return [(name, value) for name, value in pairs if value]


def chart_url(shown: Shown, resource: Resource, pairs: Pairs, *, kind: str = "page") -> str:
    """An address of the chart: its `page`, to be put into others' pages (`embed`), or a picture (svg, png, json).

    Pictures and what is embedded always name their version.
    """
    values: dict[str, Any] = {"slug": shown.dataset.slug, "resource": resource.name}
    endpoint = {"page": "charts.page", "embed": "charts.embed"}.get(kind, "charts.picture")
    if kind not in ("page", "embed"):
        values["ending"] = kind
    if shown.fixed or kind != "page":
        endpoint, values["number"] = endpoint.replace("charts.", "charts.version_"), shown.version.number
    address = url_for(endpoint, **values)
    return address + (f"?{urlencode(list(pairs), safe=',:')}" if pairs else "")
