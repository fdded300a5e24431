"""The administrator's wing with all its pages."""

from __future__ import annotations

from portal.administration import (  # noqa: F401 - each registers its pages
    list_views,
    owner_views,
    settings_views,
    source_views,
    system_views,
)
from portal.administration.wing import bp

__all__ = ["bp"]
