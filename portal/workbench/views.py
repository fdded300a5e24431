"""The steward's wing with all its pages."""

from __future__ import annotations

from portal.workbench import (  # noqa: F401 - each registers its pages
    about_views,
    check_views,
    draft_views,
    file_views,
    reading_views,
    source_views,
)
from portal.workbench.wing import bp

__all__ = ["bp"]
