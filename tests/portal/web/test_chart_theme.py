"""Charts wear the colours of the page around them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

import pytest

from portal.web.chart_theme import PALETTES

TOKENS = (Path(__file__).parents[3] / "portal" / "static" / "css" / "tokens.css").read_text(encoding="utf-8")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_palette_is_that_of_the_style_sheet(theme: Literal["light", "dark"]) -> None:
    selector = r":root" if theme == "light" else r':root\[data-theme="dark"\]'
    block = re.search(selector + r" \{\s*color-scheme: " + theme + r";([^}]*)\}", TOKENS)
    assert block
    tokens = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block[1]))
    palette = PALETTES[theme]
    assert (palette.surface, palette.ink, palette.ink_soft) == (tokens["surface"], tokens["ink"], tokens["ink-soft"])
    assert (palette.line, palette.line_strong) == (tokens["line"], tokens["line-strong"])
    assert list(palette.series) == [tokens[f"chart-{number}"] for number in range(1, 7)]
