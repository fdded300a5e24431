"""A version's pictures: its chart in the colours of the page or to take away, and the outline of its map.

The specification is the one that the package carries (`metadata.views`); its values come from the table, its look from
the design tokens. A picture depends on the table's bytes, the specification and the look, and is kept under their hash.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from datasets.models import Resource, Version
from datasets.query import TableQuery
from datasets.query_cells import json_cell
from metadata.errors import NotFound
from portal.context import installation
from portal.web import chart_theme
from portal.web.chart_theme import SIZES, Theme, Width
from portal.web.engine import charts, pictures, tables
from portal.web.figures import day
from portal.web.outline import outline

DRAWING = 1  # of the pictures; raise it when the same chart is to look otherwise
MOST_ROWS = 5_000
"""Rows that a chart is given; views are chosen so that they need fewer."""
PNG_SCALE = 2.0


@dataclass(frozen=True, slots=True)
class Look:
    """How a picture is wanted; `titled` ones leave the page and carry title, source and date in themselves."""

    theme: Theme
    width: Width
    titled: bool = False
    ending: Literal["svg", "png"] = "svg"


LOOKS: Mapping[str, Look] = {
    f"{width}-{theme}.svg": Look(theme, width) for width in ("wide", "narrow") for theme in ("light", "dark")
}
"""The pictures of the page, by name."""


def tag_of(version: Version, resource: Resource, look: Look) -> str:
    """The hash of all that a picture depends on."""
    said = _caption(version) if look.titled else None
    depends = [
        DRAWING,
        resource.parquet_sha256,
        resource.geo_sha256,
        resource.chart,
        asdict(look),
        said,
        resource.title,
    ]
    return hashlib.sha256(json.dumps(depends, sort_keys=True).encode()).hexdigest()


def chart_picture(version: Version, resource: Resource, look: Look) -> bytes:
    """The chart of a table. Raises `NotFound` where it has none, `ChartFailed` (503) when it cannot be drawn."""
    if not resource.chart:
        raise NotFound(what=f"{resource.name}/chart")

    def draw() -> bytes:
        spec = dressed(specification(resource), look, caption=_caption(version))
        config = chart_theme.config(look.theme, look.width, solid=look.titled)
        return charts().draw(spec, config, look.ending, scale=PNG_SCALE if look.ending == "png" else 1.0)

    return _kept(f"{tag_of(version, resource, look)}.{look.ending}", draw)


def map_picture(version: Version, resource: Resource, look: Look) -> bytes:
    """The outline of a map. Raises `NotFound` where nothing can be drawn."""
    if resource.geo_sha256 is None:
        raise NotFound(what=f"{resource.name}/map")
    geojson = installation().blobs.path(resource.geo_sha256)

    def draw() -> bytes:
        drawn = outline(geojson, look.theme, label=resource.title)
        if drawn is None:
            raise NotFound(what=f"{resource.name}/map")
        return drawn

    return _kept(f"{tag_of(version, resource, look)}.map.{look.ending}", draw)


def specification(resource: Resource) -> dict[str, Any]:
    """The chart's specification with the table's values in it, as any Vega-Lite tool can draw it."""
    if not resource.chart:
        raise NotFound(what=f"{resource.name}/chart")
    spec = dict(resource.chart)
    known = {field["name"] for field in resource.schema.get("fields", [])}
    columns = tuple(dict.fromkeys(name for name in _fields(spec) if name in known))
    parquet = installation().blobs.path(str(resource.parquet_sha256))
    page = tables().page(parquet, resource.schema, TableQuery(columns=columns, size=MOST_ROWS))
    names = [column.name for column in page.columns]
    values = [dict(zip(names, map(json_cell, row), strict=True)) for row in page.rows]
    return spec | {"data": {"name": resource.name, "values": values}}


def dressed(spec: Mapping[str, Any], look: Look, *, caption: str) -> dict[str, Any]:
    """The specification sized for the look, with its title and source in the picture or without them."""
    width, height = SIZES[look.width]
    made = {"width": width, "height": height} | dict(spec)
    made["width"] = width
    title = made.pop("title", None)
    if look.titled:
        text = title.get("text") if isinstance(title, Mapping) else title
        made["title"] = {"text": text or "", "subtitle": caption}
    return made


def _caption(version: Version) -> str:
    dataset = version.dataset
    settings = installation().settings
    return f"{dataset.organization.title} · {settings.site_title} {settings.region_name}, {day(version.published_at)}"


def _fields(node: Any) -> Iterator[str]:
    """Every field that a specification names."""
    if isinstance(node, Mapping):
        for name, value in node.items():
            if name in ("field", "groupby", "fold", "sort") and isinstance(value, str):
                yield value
            elif name in ("groupby", "fold") and isinstance(value, list):
                yield from (item for item in value if isinstance(item, str))
            else:
                yield from _fields(value)
    elif isinstance(node, list):
        for item in node:
            yield from _fields(item)


def _kept(name: str, draw: Callable[[], bytes]) -> bytes:
    """The picture from the cache; a disk that is full or cannot be written costs the cache, not the picture."""
    drawn: list[bytes] = []

    def make(folder: Path) -> Path:
        drawn.append(draw())
        target = folder / name
        target.write_bytes(drawn[0])
        return target

    with suppress(OSError):
        return pictures().ready(name, make).read_bytes()
    return drawn[0] if drawn else draw()
