"""Which map of the catalogue a table is drawn on."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from datasets.charts.boundaries import boundaries_for, region_key

RING = [[111.8, -7.2], [111.9, -7.2], [111.9, -7.3], [111.8, -7.2]]
NAMES = {"Ngraho", "Kec. Balen", "KANOR"}


def _map(folder: Path, names: list[str], kind: str = "Polygon", column: str = "wilayah") -> tuple[Any, dict[str, Path]]:
    coordinates: Any = [RING] if kind == "Polygon" else RING[0]
    features = [
        {"type": "Feature", "properties": {column: name}, "geometry": {"type": kind, "coordinates": coordinates}}
        for name in names
    ]
    path = folder / f"{'-'.join(names)}-{kind}.geojson".replace(" ", "")
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    version = SimpleNamespace(dataset=SimpleNamespace(slug="batas"))
    schema = {"fields": [{"name": column, "type": "string"}]}
    return SimpleNamespace(geo_sha256=path.name, schema=schema, title="Batas", version=version), {path.name: path}


@pytest.mark.parametrize(
    "areas", [["Ngraho", "Balen", "Kanor", "Dander"], ["35.22.01", "3522.13", "352211"], ["NGRAHO", "balen"]]
)
def test_spellings_and_codes_of_one_region_meet(tmp_path: Path, areas: list[str]) -> None:
    keys = {region_key(name, {"kecamatan"}) for name in areas} & {region_key(n, {"kecamatan"}) for n in NAMES}
    found = boundaries_for(*_listed(_map(tmp_path, areas)), NAMES, {"kecamatan"})
    assert found is not None
    assert len(keys) >= 2
    assert len(set(found.shapes) & NAMES) == len(keys)


def test_a_map_of_less_than_half_of_the_regions_is_none(tmp_path: Path) -> None:
    assert boundaries_for(*_listed(_map(tmp_path, ["Ngraho", "Dander"])), NAMES, {"kecamatan"}) is None


def test_points_are_no_areas(tmp_path: Path) -> None:
    assert boundaries_for(*_listed(_map(tmp_path, ["Ngraho", "Balen", "Kanor"], "Point")), NAMES, {"kecamatan"}) is None


def test_of_two_maps_the_one_that_names_more_is_taken(tmp_path: Path) -> None:
    one, files = _map(tmp_path, ["Ngraho", "Balen"])
    other, more = _map(tmp_path, ["Ngraho", "Balen", "Kanor"])
    found = boundaries_for([one, other], files | more, NAMES, {"kecamatan"})
    assert found is not None
    assert found.source is other


def _listed(made: tuple[Any, dict[str, Path]]) -> tuple[list[Any], dict[str, Path]]:
    return [made[0]], made[1]
