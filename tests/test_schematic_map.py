"""The demo's map: 28 kecamatan that lie beside each other without gap or overlap, ours and said to be a sketch."""

from __future__ import annotations

import json
import runpy
import tomllib
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
MAP = ROOT / "samples" / "pu" / "kecamatan_skematik.geojson"


@pytest.fixture(scope="module")
def features() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(MAP.read_bytes())["features"]
    return found


def edges(feature: dict[str, Any]) -> list[tuple[Any, Any]]:
    (ring,) = feature["geometry"]["coordinates"]
    assert ring[0] == ring[-1]
    points = [tuple(point) for point in ring]
    return list(pairwise(points))


def area(feature: dict[str, Any]) -> float:
    return sum(x * v - u * y for (x, y), (u, v) in edges(feature)) / 2


def test_the_map_is_what_its_tool_draws() -> None:
    tool = runpy.run_path(str(ROOT / "tools" / "schematic_map.py"))
    assert tool["draw"](tool["names_of_kecamatan"]()) == MAP.read_text(encoding="utf-8")


def test_it_has_every_kecamatan_once(features: list[dict[str, Any]]) -> None:
    codes = [one["properties"]["kode_kecamatan"] for one in features]
    assert sorted(codes) == [f"35.22.{number:02}" for number in range(1, 29)]


def test_neighbours_share_their_edges_exactly_and_rings_turn_as_the_standard_has_it(
    features: list[dict[str, Any]],
) -> None:
    every = Counter(edge for one in features for edge in edges(one))
    assert set(every.values()) == {1}
    assert all(area(one) > 0 for one in features)  # RFC 7946: counter-clockwise
    outer = [(start, end) for start, end in every if (end, start) not in every]
    following = dict(outer)
    assert len(following) == len(outer)
    start = at = outer[0][0]
    steps = 0
    while steps == 0 or at != start:
        at, steps = following[at], steps + 1
    assert steps == len(outer)  # one outline, without holes or islands
    enclosed = sum(x * v - u * y for (x, y), (u, v) in outer) / 2
    assert enclosed == pytest.approx(sum(map(area, features)))


def test_nobody_can_take_it_for_boundaries() -> None:
    said = tomllib.loads(MAP.with_name(MAP.name + ".toml").read_text(encoding="utf-8"))
    assert "skematik" in said["title"].lower()
    assert "bukan batas resmi" in said["description"]
    assert "source_path" not in said
