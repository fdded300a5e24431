"""The officers' wing with its pages."""

from __future__ import annotations

from portal.kip.work import (
    answer_views,
    calendar_views,
    case_views,
    check_views,
    exemption_letter,
    exemption_views,
    list_views,
    publish_views,
)
from portal.kip.work.wing import bp

__all__ = [
    "answer_views",
    "bp",
    "calendar_views",
    "case_views",
    "check_views",
    "exemption_letter",
    "exemption_views",
    "list_views",
    "publish_views",
]
