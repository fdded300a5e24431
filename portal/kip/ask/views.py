"""The wings of asking and following, with their pages."""

from __future__ import annotations

from portal.kip.ask import ask_views, follow_views
from portal.kip.ask.wing import ask, follow

__all__ = ["ask", "ask_views", "follow", "follow_views"]
