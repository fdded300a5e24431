"""The public wing of what is to come, with all its pages."""

from __future__ import annotations

from portal.releases import calendar_views, list_views  # noqa: F401 - each registers its pages
from portal.releases.wing import bp

__all__ = ["bp"]
