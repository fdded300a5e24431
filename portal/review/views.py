"""The custodian's wing with all its pages."""

from __future__ import annotations

from portal.review import (  # noqa: F401 - each registers its pages
    dataset_views,
    decision_views,
    held_views,
    mass_views,
    plan_views,
    queue_views,
)
from portal.review.wing import bp

__all__ = ["bp"]
