"""Maps as tables: the attributes of each feature in a row, and the geometry beside them as tidy GeoJSON."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from metadata.notices import Notice, Param, Place
from metadata.reading import cell_repairs
from metadata.reading.errors import BrokenFile, NoRows, TooManyColumns
from metadata.reading.grid import Grid, Row
from metadata.reading.json_tables import cell_of
from metadata.reading.package_check import MOST_COLUMNS
from metadata.reading.table import Table
from metadata.terms import Bilingual

DECIMALS = 7
"""Decimals of a degree that are kept: about one centimetre."""
GEOMETRIES = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
"""How deep the positions of each kind of geometry are nested."""
INDONESIA = (94.0, 142.0, -12.0, 7.0)
"""West, east, south, north: positions here the wrong way round are nowhere else."""
_WGS84 = ("CRS84", "EPSG::4326", "EPSG:4326", "WGS84", "WGS 84")


class Unusable(Exception):
    """A geometry that is none; the message says why."""


@dataclass(frozen=True, slots=True)
class Feature:
    """One place on the map: what is said of it, and its geometry as GeoJSON (None: it has none)."""

    attributes: dict[str, Any]
    geometry: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class MapContent:
    """The features of a map file, tidied, in the order of the file. `usable` says that the geometry can be shown."""

    features: list[Feature]
    usable: bool
    notices: tuple[Notice, ...]

    def grid(self, place: Place) -> Grid | None:
        """The attributes as a grid in which every row is data; None when no feature has any."""
        header = tuple(dict.fromkeys(key for feature in self.features for key in feature.attributes))
        if len(header) > MOST_COLUMNS:
            raise TooManyColumns(place=place, count=len(header), limit=MOST_COLUMNS)
        if not header:
            return None
        rows: list[Row] = [[cell_of(feature.attributes.get(key)) for key in header] for feature in self.features]
        return Grid(rows, header=header, all_data=True)


def is_geojson(value: Any) -> bool:
    """Whether a JSON value is GeoJSON rather than data that happen to have a `type`."""
    if not isinstance(value, dict):
        return False
    kind = value.get("type")
    return (
        (kind == "FeatureCollection" and isinstance(value.get("features"), list))
        or (kind == "Feature" and "geometry" in value)
        or (kind in GEOMETRIES and "coordinates" in value)
        or (kind == "GeometryCollection" and "geometries" in value)
    )


def read_geojson(value: dict[str, Any], *, filename: str) -> MapContent:
    """The features of a GeoJSON value. Raises `NoRows` when there are none, `BrokenFile` when they are no features."""
    place = Place(file=filename)
    if value["type"] == "FeatureCollection":
        raw = value["features"]
    else:
        raw = [value if value["type"] == "Feature" else {"geometry": value}]
    if not raw:
        raise NoRows(place=place)
    if not all(isinstance(item, dict) for item in raw):
        raise BrokenFile(
            place=place, format="GeoJSON", reason=Bilingual("ada fitur yang bukan objek", "a feature is not an object")
        )
    features = [Feature(_attributes(item), item.get("geometry")) for item in raw]
    return tidy_map(features, place, crs=_crs(value))


def _attributes(item: dict[str, Any]) -> dict[str, Any]:
    properties = item.get("properties")
    return {str(key): part for key, part in properties.items()} if isinstance(properties, dict) else {}


def _crs(value: dict[str, Any]) -> str | None:
    crs = value.get("crs")
    name = crs.get("properties", {}).get("name") if isinstance(crs, dict) else None
    return None if name is None or any(known in str(name).upper() for known in _WGS84) else str(name)


def tidy_map(features: list[Feature], place: Place, *, crs: str | None = None) -> MapContent:
    """The features with positions of two rounded coordinates, longitude first; unusable geometry is said to be so."""
    try:
        if crs is not None:
            raise Unusable(f"{crs} ≠ WGS 84")
        west, east, south, north = INDONESIA
        swapped = False
        for position in _first_positions(features):
            if not (abs(position[0]) <= 180 and abs(position[1]) <= 90):
                if not (abs(position[1]) <= 180 and abs(position[0]) <= 90):
                    raise Unusable(f"{position[0]}, {position[1]} ≠ WGS 84")
                swapped = True
            elif west <= position[1] <= east and south <= position[0] <= north:
                swapped = True
        tidied = [Feature(feature.attributes, _tidy(feature.geometry, swapped=swapped)) for feature in features]
    except Unusable as reason:
        bare = [Feature(feature.attributes, None) for feature in features]
        return MapContent(
            bare, usable=False, notices=(Notice(cell_repairs.MAP_REFUSED, place, {"reason": str(reason)}),)
        )
    shown = any(feature.geometry for feature in tidied)
    notices = (Notice(cell_repairs.COORDINATES_SWAPPED, place),) if swapped else ()
    return MapContent(tidied, usable=shown, notices=notices)


def _first_positions(features: list[Feature]) -> Iterator[Sequence[float]]:
    for feature in features:
        found: Any = feature.geometry
        while isinstance(found, dict) and found.get("geometries"):
            found = found["geometries"][0]
        found = found.get("coordinates") if isinstance(found, dict) else None
        while isinstance(found, list) and found and isinstance(found[0], list):
            found = found[0]
        if isinstance(found, list) and len(found) >= 2:
            yield [_coordinate(found[0]), _coordinate(found[1])]


def _tidy(geometry: Any, *, swapped: bool) -> dict[str, Any] | None:
    if geometry is None:
        return None
    if not isinstance(geometry, dict):
        raise Unusable("geometry")
    kind = geometry.get("type")
    if kind == "GeometryCollection":
        parts = geometry.get("geometries") or []
        return {"type": kind, "geometries": [part for item in parts if (part := _tidy(item, swapped=swapped))]}
    if kind not in GEOMETRIES:
        raise Unusable(f"type {kind}")
    return {"type": kind, "coordinates": _positions(geometry.get("coordinates"), GEOMETRIES[kind], swapped=swapped)}


def _positions(value: Any, depth: int, *, swapped: bool) -> list[Any]:
    if not isinstance(value, list):
        raise Unusable("coordinates")
    if depth:
        return [_positions(item, depth - 1, swapped=swapped) for item in value]
    if len(value) < 2:
        raise Unusable("coordinates")
    first, second = _coordinate(value[0]), _coordinate(value[1])
    return [second, first] if swapped else [first, second]


def _coordinate(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise Unusable(f"coordinate {value!r}")
    return round(float(value), DECIMALS)


def write_geojson(content: MapContent, table: Table | None, target: Path) -> None:
    """The map at `target`: RFC 7946, one feature a line, the canonical values of its row of `table` as properties."""
    with target.open("w", encoding="utf-8") as stream:
        stream.write('{"type":"FeatureCollection","features":[\n')
        for number, (feature, properties) in enumerate(zip(content.features, _rows(content, table), strict=True)):
            item: dict[str, Param | Any] = {
                "type": "Feature",
                "id": number + 1,
                "properties": properties,
                "geometry": feature.geometry,
            }
            stream.write("" if number == 0 else ",\n")
            stream.write(json.dumps(item, ensure_ascii=False, separators=(",", ":")))
        stream.write("\n]}\n")


def _rows(content: MapContent, table: Table | None) -> Iterator[dict[str, Any]]:
    if table is None:
        yield from ({} for _ in content.features)
        return
    with table.path.open(encoding="utf-8", newline="") as stream:
        reader = csv.reader(stream)
        next(reader)
        for row in reader:
            yield {
                column.name: _typed(cell, column.type) for column, cell in zip(table.columns, row, strict=True) if cell
            }


def _typed(cell: str, kind: str) -> Any:
    if kind == "number":
        return float(cell)
    if kind in ("integer", "year"):
        return int(cell)
    return cell == "true" if kind == "boolean" else cell
