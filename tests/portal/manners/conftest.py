"""The portal with tables that came through the pipeline."""

from __future__ import annotations

from shown_tables import shown

__all__ = ["shown"]
