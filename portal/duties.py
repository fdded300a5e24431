"""What a worker does for this floor."""

from __future__ import annotations

from harvesters.runs.duty import Duty
from portal.kip.registers import publishing
from portal.kip.store import duty as desk_day
from portal.review import mass_work, releasing, scoring
from portal.workbench import checking

DUTIES: tuple[Duty, ...] = (
    releasing.DUTY,
    checking.DUTY,
    mass_work.DUTY,
    scoring.DUTY,
    publishing.DUTY,
    desk_day.DUTY,
)
"""In the order in which a worker looks for them."""
