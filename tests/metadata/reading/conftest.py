"""A reader with a folder of its own for each test."""

from __future__ import annotations

from pathlib import Path

import pytest
from read_tables import Reader


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    """Reads content that the test writes."""
    return Reader(tmp_path)
