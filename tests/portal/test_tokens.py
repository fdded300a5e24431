"""The colours of both themes, computed from the style sheet: WCAG 2.2, 1.4.3 and 1.4.11."""

from __future__ import annotations

import re

import pytest

from portal.web.assets import STATIC

TEXT, PART = 4.5, 3.0
GROUNDS = ("paper", "surface", "sunk")
INKS = ("ink", "ink-soft", "link", "link-hover", "river", "teak", "flame", "good", "warn", "bad")
WASHES = ("river", "teak", "flame", "good", "warn", "bad")
PAIRS = [
    *((ink, ground, TEXT) for ink in INKS for ground in GROUNDS),
    *((wash, f"{wash}-wash", TEXT) for wash in WASHES),
    *((ink, f"{wash}-wash", TEXT) for wash in WASHES for ink in ("ink", "link")),
    *(("ink-soft", f"{wash}-wash", TEXT) for wash in ("river", "teak")),
    *(("on-flame", ground, TEXT) for ground in ("flame", "flame-hover")),
    *((ink, "deep", TEXT) for ink in ("on-deep", "on-deep-soft")),
    *(("line-strong", ground, PART) for ground in GROUNDS),
    *(("focus", ground, PART) for ground in GROUNDS),
    *((f"chart-{number}", "surface", PART) for number in range(1, 7)),
    ("paper", "river", TEXT),
]


def themes() -> dict[str, dict[str, str]]:
    text = (STATIC / "css" / "tokens.css").read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = {}
    for selector, body in re.findall(r"(:root[^{]*)\{([^}]*)\}", text):
        found.setdefault(selector.strip(), {}).update(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", body))
    return found


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_what_is_to_be_read_stands_out_from_its_ground(theme: str, ink: str, ground: str, least: float) -> None:
    found = themes()
    colours = found[":root"] | (found[':root[data-theme="dark"]'] if theme == "dark" else {})
    assert contrast(colours[ink], colours[ground]) >= least


def test_dark_by_the_system_and_dark_by_choice_are_the_same() -> None:
    found = themes()
    assert found[':root:not([data-theme="light"])'] == found[':root[data-theme="dark"]']


def test_no_colour_stands_outside_the_tokens() -> None:
    allowed = {"home.css": {"#ffb08f"}, "print.css": None}
    for path in (STATIC / "css").rglob("*.css"):
        if path.name == "tokens.css" or allowed.get(path.name, ()) is None:
            continue
        assert set(re.findall(r"#[0-9a-f]{3,8}\b", path.read_text(encoding="utf-8"))) <= allowed.get(
            path.name, set()
        ), path.name
