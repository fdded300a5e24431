"""Cuts the page's typeface to what charts need: faces for the drawing child, and a small one that travels in pictures.

Run by hand after `make vendor` has changed the typeface; what it writes is committed. Needs fonttools and brotli.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

PORTAL = Path(__file__).parents[1] / "portal"
SOURCE = PORTAL / "static" / "fonts" / "plus-jakarta-sans.woff2"
TARGET = PORTAL / "web" / "fonts"
WEIGHTS = {500: "Regular", 700: "Bold"}
"""Weights of the design as the two that a chart knows, `normal` and `bold`."""
TRAVELLING = "U+0020-007E,U+00A0,U+00B0,U+00B2,U+00B3,U+00D7,U+2013,U+2018,U+2019,U+201C,U+201D,U+2026,U+2212"


def main() -> None:
    """Write the faces."""
    TARGET.mkdir(exist_ok=True)
    for weight, style in WEIGHTS.items():
        face = TARGET / f"plus-jakarta-sans-{weight}.ttf"
        _fonttools("varLib.instancer", SOURCE, f"wght={weight}", "--update-name-table", "-q", "-o", face)
        _named(face, style)
        print(f"{face.name}  {face.stat().st_size} bytes")
    travelling = TARGET / "plus-jakarta-sans-500.woff2"
    _fonttools(
        "subset",
        TARGET / "plus-jakarta-sans-500.ttf",
        f"--unicodes={TRAVELLING}",
        "--layout-features=kern,tnum",
        "--flavor=woff2",
        "--no-hinting",
        "--name-IDs=1,2,13,14",
        f"--output-file={travelling}",
    )
    print(f"{travelling.name}  {travelling.stat().st_size} bytes")


def _named(face: Path, style: str) -> None:
    """One family with a regular and a bold face: what the engine that measures and paints looks for."""
    from fontTools.ttLib import TTFont

    with TTFont(face) as font:
        font.flavor = None
        names = {1: "Plus Jakarta Sans", 2: style, 4: f"Plus Jakarta Sans {style}"}
        for record in font["name"].names:
            record.string = names.get(record.nameID, record.string)
        font["name"].names = [record for record in font["name"].names if record.nameID not in (16, 17, 21, 22, 25)]
        bold = style == "Bold"
        font["OS/2"].usWeightClass = 700 if bold else 400
        font["OS/2"].fsSelection = 0b100000 if bold else 0b1000000
        font["head"].macStyle = int(bold)
        with tempfile.NamedTemporaryFile(suffix=".ttf", delete=False, dir=face.parent) as temporary:
            font.save(temporary)
    Path(temporary.name).replace(face)
    face.chmod(0o644)


def _fonttools(*arguments: object) -> None:
    subprocess.run([sys.executable, "-m", "fontTools", *map(str, arguments)], check=True)


if __name__ == "__main__":
    main()
