"""A calendar of three years and a short hand for events."""

from __future__ import annotations

import pytest

from portal.kip.calendar import WorkingCalendar, seed_days


@pytest.fixture(scope="session")
def calendar() -> WorkingCalendar:
    return WorkingCalendar(seed_days((2025, 2026, 2027)))
