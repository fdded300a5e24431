"""The wings of lists and registers, with their pages."""

from __future__ import annotations

from portal.kip.registers import entry_views, public_views, work_views
from portal.kip.registers.public_views import bp as public
from portal.kip.registers.wing import bp as records

__all__ = ["entry_views", "public", "public_views", "records", "work_views"]
