"""The journal of what was made public: append-only, hashed as a tree, provable to anybody (docs/journal.md)."""

from __future__ import annotations

from datasets.journal.log import Head, Kind, NoSuchState, append, consistency, entry, head, inclusion

__all__ = ["Head", "Kind", "NoSuchState", "append", "consistency", "entry", "head", "inclusion"]
