"""The key of the installation, as the floors below know it too."""

from __future__ import annotations

from datasets.keys import FILE, derived, installation_key, keyed_hash

__all__ = ["FILE", "derived", "installation_key", "keyed_hash"]
