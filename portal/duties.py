"""What a worker does for this floor."""

from __future__ import annotations

from harvesters.runs.duty import Duty
from portal.review import releasing

DUTIES: tuple[Duty, ...] = (releasing.DUTY,)
"""In the order in which a worker looks for them."""
