"""The page about questions to a table tells all of it."""

from __future__ import annotations

import re
from pathlib import Path

from datasets.query.question import LARGEST_PAGE, Function, Operator, Period
from datasets.query.url import ARGUMENTS, ESCAPE

PAGE = Path(__file__).parents[3] / "docs" / "table-queries.md"


def test_every_argument_operator_function_and_period_is_told() -> None:
    told = set(re.findall(r"[a-z_]+", PAGE.read_text(encoding="utf-8")))
    words = {*ARGUMENTS, *(item.value for kind in (Operator, Function, Period) for item in kind)}
    assert words - told == set()
    assert ESCAPE in PAGE.read_text(encoding="utf-8")
    assert f"{LARGEST_PAGE:,}" in PAGE.read_text(encoding="utf-8")
