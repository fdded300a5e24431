"""Drawn pictures on disk, named by the hash of everything that they depend on; losing them costs a redraw."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

KEEP = 4_000
"""Pictures kept; about 15 kB each. Beyond it the longest unused quarter goes."""


@dataclass(frozen=True, slots=True)
class PictureCache:
    """A folder of pictures, shared by all processes: each file appears whole or not at all."""

    folder: Path

    def get(self, depends: Sequence[object], ending: str, draw: Callable[[], bytes]) -> bytes:
        """The picture that depends on `depends` (JSON-ready values), drawn by `draw` when it is not there yet.

        A full or read-only disk costs the cache, not the picture.
        """
        path = self.folder / f"{key(depends)}.{ending}"
        with suppress(OSError):
            picture = path.read_bytes()
            os.utime(path)
            return picture
        picture = draw()
        with suppress(OSError):
            self._keep(path, picture)
        return picture

    def _keep(self, path: Path, picture: bytes) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix="drawing-", dir=self.folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(picture)
            Path(temporary).replace(path)
        except OSError:
            with suppress(OSError):
                Path(temporary).unlink()
            raise
        self._tidy()

    def _tidy(self) -> None:
        paths = list(self.folder.iterdir())
        if len(paths) <= KEEP:
            return
        for path in sorted(paths, key=_used)[: KEEP // 4]:
            with suppress(OSError):
                path.unlink()


def key(depends: Sequence[object]) -> str:
    """The name of what depends on these values."""
    return hashlib.sha256(json.dumps(depends, sort_keys=True, default=str).encode()).hexdigest()


def _used(path: Path) -> float:
    with suppress(OSError):
        return path.stat().st_mtime
    return 0.0
