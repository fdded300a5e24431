"""Boundaries for a map: the map of the catalogue whose areas a table's regions name, joined by code or by name."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from datasets.models import Dataset, Resource, ResourceKind, Version, Visibility
from metadata.regions import load

MOST_MAPS = 40
"""Maps of the catalogue that are looked at, the latest first."""
LARGEST = 24 * 2**20
"""Bytes of a GeoJSON file that is drawn."""
HEAD = 2**18
LEAST_SHARE = 0.5
"""Of a table's regions that the areas must name."""
FINE = 500
"""Parts of the map's longer side: corners nearer to each other than one of them are left out."""

_AREA = re.compile(rb'"type"\s*:\s*"(?:Multi)?Polygon"')
Geometry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Boundaries:
    """Areas by the name they get in the table; `source` is the map they come from, with its version and dataset."""

    source: Resource
    shapes: Mapping[str, Geometry]


def maps(session: Session) -> Sequence[Resource]:
    """The maps of published datasets as they are now, each with its dataset and organisation loaded."""
    wanted = (
        select(Resource)
        .join(Dataset, Dataset.current_version_id == Resource.version_id)
        .where(Dataset.visibility == Visibility.PUBLISHED, Resource.kind == ResourceKind.MAP)
        .where(Resource.geo_sha256.is_not(None))
        .order_by(Dataset.modified_at.desc(), Resource.id.desc())
        .limit(MOST_MAPS)
        .options(joinedload(Resource.version).joinedload(Version.dataset).joinedload(Dataset.organization))
    )
    return session.scalars(wanted).all()


def boundaries_for(
    found: Iterable[Resource], files: Mapping[str, Path], names: Collection[str], kinds: Collection[str]
) -> Boundaries | None:
    """The map among `found` whose areas name most of `names`; None when none names half of them.

    `files` are the GeoJSON files by hash, `kinds` the kinds of region that the table's column holds.
    """
    wanted = {key: name for name in names if (key := region_key(name, kinds))}
    best: tuple[int, Resource, Mapping[str, Geometry]] | None = None
    for resource in found:
        path = files.get(str(resource.geo_sha256))
        if path is None or not _has_areas(path):
            continue
        for column in _columns(resource):
            areas = _areas(path, column, tuple(sorted(kinds)))
            hits = sum(key in areas for key in wanted)
            if hits and (best is None or hits > best[0]):
                best = (hits, resource, areas)
    if best is None or best[0] < LEAST_SHARE * len(wanted):
        return None
    _hits, resource, areas = best
    shapes = {wanted.get(key, key): geometry for key, geometry in areas.items()}
    return Boundaries(resource, shapes)


def region_key(text: str, kinds: Collection[str]) -> str:
    """What two spellings of one region share: its code where it is known, else its letters."""
    regions = load()
    found = regions.by_code(text) or regions.match(text, kinds or None)
    return found.code if found else re.sub(r"\W+", "", text.casefold())


def _columns(resource: Resource) -> list[str]:
    """The columns of a map that may name its areas, those known to hold regions first."""
    fields: Sequence[Mapping[str, Any]] = resource.schema.get("fields", [])
    texts = [field for field in fields if field.get("type") == "string"]
    known = [field for field in texts if str(field.get("lumbung:role", "")).startswith("region_")]
    return [str(field["name"]) for field in known or texts[:6]]


@lru_cache(maxsize=256)
def _has_areas(path: Path) -> bool:
    if path.stat().st_size > LARGEST:
        return False
    with path.open("rb") as stream:
        return bool(_AREA.search(stream.read(HEAD)))


@lru_cache(maxsize=16)
def _areas(path: Path, column: str, kinds: tuple[str, ...]) -> Mapping[str, Geometry]:
    """The areas by the key of what `column` calls them, thinned for drawing; the file never changes."""
    document = json.loads(path.read_bytes())
    features = [f for f in document.get("features", ()) if isinstance(f, dict) and isinstance(f.get("geometry"), dict)]
    areas = [(f.get("properties") or {}, f["geometry"]) for f in features]
    areas = [(said, geometry) for said, geometry in areas if geometry.get("type") in ("Polygon", "MultiPolygon")]
    step = _extent([geometry for _said, geometry in areas]) / FINE
    found: dict[str, Geometry] = {}
    for said, geometry in areas:
        name = said.get(column)
        key = region_key(str(name), kinds) if name not in (None, "") else ""
        thin = _thinned(geometry, step)
        if key and thin["coordinates"]:
            # the parts of a region that stands in several features are one area
            known = found.get(key)
            parts = [*(known["coordinates"] if known else ()), *thin["coordinates"]]
            found[key] = {"type": "MultiPolygon", "coordinates": parts}
    return found


def _thinned(geometry: Geometry, step: float) -> dict[str, Any]:
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    made = []
    for polygon in polygons if isinstance(polygons, list) else ():
        rings = [ring for part in polygon if len(ring := _ring(part, step)) >= 4]
        if rings:
            made.append(rings)
    return {"type": "MultiPolygon", "coordinates": made}


def _ring(part: Any, step: float) -> list[list[float]]:
    places = list(_places(part))
    kept: list[list[float]] = places[:1]
    for place in places[1:-1]:
        if math.dist(place, kept[-1]) >= step:
            kept.append(place)
    return [*kept, places[0]] if places else []


def _places(part: Any) -> Iterator[list[float]]:
    for place in part if isinstance(part, list) else ():
        match place:
            case [int() | float() as x, int() | float() as y, *_] if -400 < x < 400 and -90 <= y <= 90:
                yield [round(float(x), 5), round(float(y), 5)]


def _extent(geometries: Sequence[Geometry]) -> float:
    xs, ys = [], []
    for geometry in geometries:
        polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
        for polygon in polygons if isinstance(polygons, list) else ():
            for place in _places(polygon[0] if isinstance(polygon, list) and polygon else ()):
                xs.append(place[0])
                ys.append(place[1])
    return max(max(xs) - min(xs), max(ys) - min(ys)) if xs else 0.0
