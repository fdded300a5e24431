"""That docs/keeping.md explains each finding of the doctor."""

from __future__ import annotations

import re
from pathlib import Path

import datasets.doctor  # noqa: F401 - declares the findings
from metadata.notices import declared

PAGE = Path(__file__).parents[3] / "docs" / "keeping.md"


def test_every_finding_is_explained_and_nothing_else() -> None:
    explained = re.findall(r"^\| `(doctor\.\w+)` \|", PAGE.read_text("utf-8"), re.MULTILINE)
    assert sorted(explained) == sorted(code for code in declared() if code.startswith("doctor."))
    assert len(explained) == len(set(explained))
