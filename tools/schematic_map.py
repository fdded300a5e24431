"""Draws the demo's schematic map of the 28 kecamatan: each is what lies nearer to its centre than to any other one.

The centres are rounded to one hundredth of a degree (about a kilometre); `AROUND` are points of our own outside of the
regency, whose cells are left away so that an outline remains. No boundary of anybody is used, and none is given: what
is drawn serves to colour figures by kecamatan. Codes and names are those of metadata/vocabularies/regions.csv.
Usage: `python tools/schematic_map.py`, which writes samples/pu/kecamatan_skematik.geojson.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "samples" / "pu" / "kecamatan_skematik.geojson"
DIGITS = 3

Point = tuple[float, float]

CENTRES: dict[str, Point] = {
    "35.22.01": (111.54, -7.26),
    "35.22.02": (111.63, -7.30),
    "35.22.03": (111.72, -7.33),
    "35.22.04": (111.76, -7.25),
    "35.22.05": (111.83, -7.32),
    "35.22.06": (111.84, -7.23),
    "35.22.07": (111.97, -7.33),
    "35.22.08": (112.05, -7.32),
    "35.22.09": (112.11, -7.20),
    "35.22.10": (112.11, -7.12),
    "35.22.11": (112.03, -7.12),
    "35.22.12": (112.03, -7.21),
    "35.22.13": (111.96, -7.19),
    "35.22.14": (111.90, -7.20),
    "35.22.15": (111.89, -7.15),
    "35.22.16": (111.79, -7.16),
    "35.22.17": (111.71, -7.11),
    "35.22.18": (111.67, -7.22),
    "35.22.19": (111.61, -7.18),
    "35.22.20": (111.63, -7.12),
    "35.22.21": (111.91, -7.36),
    "35.22.22": (111.50, -7.32),
    "35.22.23": (111.83, -7.11),
    "35.22.24": (111.93, -7.26),
    "35.22.25": (111.65, -7.05),
    "35.22.26": (111.83, -7.40),
    "35.22.27": (111.72, -7.40),
    "35.22.28": (111.72, -7.17),
}
"""Longitude and latitude of about the middle of each kecamatan."""

AROUND: tuple[Point, ...] = (
    (111.66, -6.94),
    (111.77, -7.01),
    (111.84, -7.04),
    (111.91, -7.10),
    (111.96, -7.10),
    (112.03, -7.04),
    (112.12, -7.04),
    (112.20, -7.10),
    (112.20, -7.21),
    (112.15, -7.29),
    (112.14, -7.37),
    (112.05, -7.41),
    (111.98, -7.41),
    (111.92, -7.44),
    (111.85, -7.49),
    (111.72, -7.50),
    (111.63, -7.42),
    (111.53, -7.42),
    (111.42, -7.34),
    (111.44, -7.23),
    (111.53, -7.17),
    (111.55, -7.10),
    (111.55, -7.02),
)
"""Points outside, clockwise from the north."""


def cell(centre: Point, others: list[Point]) -> list[Point]:
    """The corners, counter-clockwise, of what is nearer to `centre` than to each of `others`."""
    corners: list[Point] = [(110.0, -9.0), (114.0, -9.0), (114.0, -5.0), (110.0, -5.0)]
    for other in others:
        corners = _half(corners, centre, other)
    return corners


def _half(corners: list[Point], centre: Point, other: Point) -> list[Point]:
    """The part of a convex shape on the `centre` side of the line halfway to `other`."""
    across = (other[0] - centre[0], other[1] - centre[1])
    middle = ((other[0] + centre[0]) / 2, (other[1] + centre[1]) / 2)

    def beyond(point: Point) -> float:
        return (point[0] - middle[0]) * across[0] + (point[1] - middle[1]) * across[1]

    kept: list[Point] = []
    for here, there in zip(corners, corners[1:] + corners[:1], strict=True):
        before, after = beyond(here), beyond(there)
        if before <= 0:
            kept.append(here)
        if before * after < 0:
            share = before / (before - after)
            kept.append((here[0] + share * (there[0] - here[0]), here[1] + share * (there[1] - here[1])))
    return kept


def ring(corners: list[Point]) -> list[Point]:
    """The corners rounded, none twice in a row, closed as RFC 7946 has it (the outer ring counter-clockwise)."""
    rounded = [(_rounded(x), _rounded(y)) for x, y in corners]
    distinct = [point for at, point in enumerate(rounded) if point != rounded[at - 1]]
    return [*distinct, distinct[0]]


def _rounded(value: float) -> float:
    """Rounded in two steps: neighbours compute the same corner with other errors, which could tip a half either way."""
    return round(round(value, 9), DIGITS)


def draw(names: dict[str, str]) -> str:
    """The map as GeoJSON, one feature a line."""
    points = [*CENTRES.values(), *AROUND]
    features = [
        {
            "type": "Feature",
            "properties": {"kode_kecamatan": code, "kecamatan": names[code]},
            "geometry": {
                "type": "Polygon",
                "coordinates": [ring(cell(centre, [one for one in points if one != centre]))],
            },
        }
        for code, centre in CENTRES.items()
    ]
    lines = ",\n".join(json.dumps(one, separators=(",", ":"), ensure_ascii=False) for one in features)
    return f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n'


def names_of_kecamatan() -> dict[str, str]:
    """The names of the kecamatan by their code."""
    with (ROOT / "metadata" / "vocabularies" / "regions.csv").open(encoding="utf-8", newline="") as stream:
        return {row["code"]: row["name"] for row in csv.DictReader(stream) if row["code"] in CENTRES}


if __name__ == "__main__":
    TARGET.write_text(draw(names_of_kecamatan()), encoding="utf-8")
