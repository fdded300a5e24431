"""Files that can be made again: kept in one folder up to a size, shared by the processes of a host."""

from __future__ import annotations

import fcntl
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

STRAY_SECONDS = 3_600
TOUCH_SECONDS = 60
LOCKS = 64


class DiskCache:
    """A folder of files made on demand; the longest not asked for go when it grows beyond `megabytes`.

    A file appears whole under its name or not at all, never changes, and may vanish at any time: who has it open keeps
    reading it. The newest stays even when it alone is larger than the folder may be.
    """

    def __init__(self, folder: Path, *, megabytes: int) -> None:
        self.folder = folder
        self._limit = megabytes * 2**20

    def ready(self, name: str, make: Callable[[Path], Path]) -> Path:
        """The file called `name`; `make` is given an empty folder on the same file system and returns the file in it.

        Of several callers, in whatever process, one makes the file and the others wait for it.
        """
        target = self.folder / name
        if self.used(name):
            return target
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._turn(name):
            if not target.exists():
                self._make(target, make)
        self._make_room(target)
        return target

    def known(self, name: str) -> bool:
        """Whether the file called `name` is there."""
        return (self.folder / name).exists()

    def forget(self, name: str) -> None:
        """Take a file away, e.g. one that turned out broken."""
        (self.folder / name).unlink(missing_ok=True)

    def used(self, name: str) -> bool:
        """Whether the file is there, for one who will use it: its time of change says when it was last asked for."""
        target = self.folder / name
        try:
            if time.time() - target.stat().st_mtime > TOUCH_SECONDS:
                target.touch()
        except FileNotFoundError:
            return False
        return True

    @contextmanager
    def _turn(self, name: str) -> Iterator[None]:
        lock = self.folder / f"turn-{int(sha256(name.encode()).hexdigest(), 16) % LOCKS}.lock"
        with lock.open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def _make(self, target: Path, make: Callable[[Path], Path]) -> None:
        work = Path(tempfile.mkdtemp(prefix=".making-", dir=self.folder))
        try:
            made = make(work)
            made.chmod(0o400)
            made.replace(target)
        finally:
            shutil.rmtree(work, ignore_errors=True)

    def _make_room(self, newest: Path) -> None:
        kept = []
        for path in self.folder.iterdir():
            with suppress(FileNotFoundError):
                status = path.stat()
                if path.name.startswith(".making-"):
                    if time.time() - status.st_mtime > STRAY_SECONDS:  # its maker was killed
                        shutil.rmtree(path, ignore_errors=True)
                elif path.is_file() and path.suffix != ".lock" and path != newest:
                    kept.append((status.st_mtime, status.st_size, path))
        with suppress(FileNotFoundError):
            room = self._limit - newest.stat().st_size
            for _, size, path in sorted(kept, reverse=True):
                room -= size
                if room < 0:
                    path.unlink(missing_ok=True)
