"""The wing of readers' forms with all its pages, and the links that end letters."""

from __future__ import annotations

from portal.response import rating_views, report_views
from portal.response.follow_views import leaving
from portal.response.wing import bp

__all__ = ["bp", "leaving", "rating_views", "report_views"]
