"""A version's pictures: its chart in the colours of the page or to take away, and the outline of its map.

The specification is the one that the version carries (`metadata.views`, figures inside); its look comes from the design
tokens. A picture depends on the specification, the shapes and the look, and is kept under their hash.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from datasets.models import Resource, Version
from metadata.errors import NotFound
from portal.context import installation
from portal.web.chart_theme import Theme, Width, config, size_of
from portal.web.engine import FACES, charts, pictures
from portal.web.figures import day
from portal.web.live import answer, live
from portal.web.outline import outline

DRAWING = 3  # of the pictures; raise it when the same chart is to look otherwise
PNG_SCALE = 2.0


@dataclass(frozen=True, slots=True)
class Look:
    """How a picture is wanted; `titled` ones leave the page and carry title, source and date in themselves."""

    theme: Theme
    width: Width
    titled: bool = False
    ending: Literal["svg", "png", "vega"] = "svg"


LOOKS: Mapping[str, Look] = {
    f"{width}-{theme}.svg": Look(theme, width) for width in ("wide", "narrow") for theme in ("light", "dark")
}
"""The pictures of the page, by name."""
LIVE: Mapping[str, Look] = {
    f"{width}-{theme}.vega": Look(theme, width, ending="vega")
    for width in ("wide", "narrow")
    for theme in ("light", "dark")
}
"""The same charts for a script to draw, by name."""


def source_of(agency: str, version: Version) -> str:
    """The line of source and date in a picture that leaves the page."""
    settings = installation().settings
    return f"{agency}, {settings.site_title} {settings.region_name}, {day(version.published_at)} (v{version.number})"


def tag_of(source: str, resource: Resource, look: Look) -> str:
    """The hash of all that a picture depends on; `source` is the line in it."""
    said = source if look.titled else None
    colors = config(look.theme, look.width, solid=look.titled)
    depends = [DRAWING, resource.geo_sha256, resource.chart, asdict(look), colors, said, resource.title]
    return hashlib.sha256(json.dumps(depends, sort_keys=True).encode()).hexdigest()


def chart_picture(source: str, resource: Resource, look: Look) -> bytes:
    """The chart of a table. Raises `NotFound` where it has none, `ChartFailed` (503) when it cannot be drawn."""
    spec = specification(resource)

    def draw() -> bytes:
        return drawn_in(dress(spec, look, source=source), look)

    return _kept(f"{tag_of(source, resource, look)}.{look.ending}", draw)


def drawn_in(dressed: Mapping[str, Any], look: Look) -> bytes:
    """A dressed specification as the picture that `look` wants. Raises `ChartFailed` (503)."""
    colors = config(look.theme, look.width, solid=look.titled)
    if look.ending == "vega":
        return answer(charts().draw(live(dressed), colors, look.ending))
    drawn = charts().draw(dressed, colors, look.ending, scale=PNG_SCALE if look.ending == "png" else 1.0)
    return drawn if look.ending == "png" else with_face(drawn)


def map_picture(source: str, resource: Resource, look: Look) -> bytes:
    """The outline of a map. Raises `NotFound` where nothing can be drawn."""
    if resource.geo_sha256 is None:
        raise NotFound(what=f"{resource.name}/map")
    geojson = installation().blobs.path(resource.geo_sha256)

    def draw() -> bytes:
        drawn = outline(geojson, look.theme, label=resource.title)
        if drawn is None:
            raise NotFound(what=f"{resource.name}/map")
        return drawn

    return _kept(f"{tag_of(source, resource, look)}.map.svg", draw)


def specification(resource: Resource) -> dict[str, Any]:
    """The chart's specification with its figures, as any Vega-Lite tool can draw it. Raises `NotFound`."""
    if not resource.chart:
        raise NotFound(what=f"{resource.name}/chart")
    return resource.chart


def dress(spec: Mapping[str, Any], look: Look, *, source: str) -> dict[str, Any]:
    """The specification in the look's size; title and source are in the picture only when it leaves the page."""
    made = dict(spec)
    title = made.pop("title", None)
    made["width"], made["height"] = size_of(spec, look.width)
    if look.titled:
        said = dict(title) if isinstance(title, Mapping) else {"text": title or ""}
        lines = said.get("subtitle") or []
        said["subtitle"] = [*([lines] if isinstance(lines, str) else lines)[:1], source]
        made["title"] = said
        made["height"] += 70
    return made


def with_face(svg: bytes) -> bytes:
    """The picture with its typeface in it: in a page it can fetch nothing, and other faces are wider or narrower."""
    head, close, rest = svg.partition(b">")
    return head + close + _face() + rest


@lru_cache(maxsize=1)
def _face() -> bytes:
    face = base64.b64encode((FACES / "plus-jakarta-sans-500.woff2").read_bytes())
    source = b"url(data:font/woff2;base64," + face + b")"
    return b'<style>@font-face{font-family:"Plus Jakarta Sans";font-weight:400;src:' + source + b"}</style>"


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
