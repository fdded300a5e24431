"""The page on base data tells every fault that there is."""

from __future__ import annotations

import re
from pathlib import Path

import harvesters.microdata
import metadata.disclosure.errors
from metadata.disclosure.rules import Microdata
from metadata.notices import declared

PAGE = Path(__file__).parents[3] / "docs" / "disclosure.md"


def test_every_code_is_explained() -> None:
    assert harvesters.microdata.COUNTED
    assert metadata.disclosure.errors.MicrodataUnusable.code
    explained = re.findall(r"^\| `(microdata\.\w+)` \|", PAGE.read_text("utf-8"), re.MULTILINE)
    assert sorted(explained) == sorted(code for code in declared() if code.startswith("microdata."))


def test_the_thresholds_on_the_page_are_the_rule_s() -> None:
    text = PAGE.read_text("utf-8")
    for member in ("k", "k_specific", "dominance", "rounding"):
        assert f"| `{member}` | {Microdata.model_fields[member].default} |" in text
