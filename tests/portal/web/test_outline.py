"""Maps become small pictures whatever the GeoJSON file holds."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from portal.web.outline import outline


def drawn(tmp_path: Path, document: Any, label: str = "Peta") -> str | None:
    path = tmp_path / "map.geojson"
    path.write_text(json.dumps(document))
    picture = outline(path, "light", label=label)
    return None if picture is None else picture.decode()


def collection(*geometries: Any) -> dict[str, Any]:
    features = [{"type": "Feature", "properties": {}, "geometry": geometry} for geometry in geometries]
    return {"type": "FeatureCollection", "features": features}


SQUARE = [[111.0, -7.0], [112.0, -7.0], [112.0, -8.0], [111.0, -8.0], [111.0, -7.0]]


def test_areas_lines_and_points_are_each_drawn(tmp_path: Path) -> None:
    picture = drawn(
        tmp_path,
        collection(
            {"type": "Polygon", "coordinates": [SQUARE]},
            {"type": "LineString", "coordinates": [[111, -7.5], [112, -7.5]]},
            {"type": "MultiPoint", "coordinates": [[111.5, -7.5], [111.6, -7.6]]},
        ),
    )
    assert picture
    assert len(ElementTree.fromstring(picture)) == 3


def test_the_picture_has_the_name_it_is_given(tmp_path: Path) -> None:
    picture = drawn(tmp_path, {"type": "Polygon", "coordinates": [SQUARE]}, label='Batas "desa" <1>')
    assert picture
    assert ElementTree.fromstring(picture).get("aria-label") == 'Batas "desa" <1>'


def test_north_is_up(tmp_path: Path) -> None:
    picture = drawn(tmp_path, collection(*({"type": "Point", "coordinates": [111, y]} for y in (-7, -8))))
    assert picture
    first, second = re.findall(r"M\d+ (\d+)h0", picture)
    assert int(first) < int(second)


@pytest.mark.parametrize(
    "document",
    [
        {},
        [],
        "text",
        {"type": "FeatureCollection", "features": None},
        collection(None, {"type": "Polygon", "coordinates": "x"}, {"type": "Point", "coordinates": [1e9, 5]}),
        collection({"type": "Polygon", "coordinates": [[[1, 2]]]}, {"type": "Unknown", "coordinates": [1, 2]}),
    ],
)
def test_what_cannot_be_drawn_gives_no_picture_and_no_error(tmp_path: Path, document: Any) -> None:
    assert drawn(tmp_path, document) is None


def test_a_single_point_stands_in_the_middle(tmp_path: Path) -> None:
    picture = drawn(tmp_path, {"type": "Point", "coordinates": [111.9, -7.1]})
    assert picture
    assert "M1440 840h0" in picture


def test_the_real_boundaries_make_a_picture_under_50_kilobytes(shared_data: Path) -> None:
    picture = outline(shared_data / "batas" / "bojonegoro_kecamatan.geojson", "dark", label="Batas kecamatan")
    assert picture
    assert len(picture) < 50_000
    assert picture.count(b"z") >= 25
