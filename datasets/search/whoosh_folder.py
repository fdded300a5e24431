"""The folder of the whoosh index: editions side by side, a pointer to the current one, a lock, and how far it is."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from datasets.search.errors import IndexBusy, IndexNotWritten

_POINTER = "current"
_PROGRESS = "progress.json"
_LOCK = "writer.lock"
_ASIDE = "damaged-"
_KEPT_ASIDE = 3


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an edition is: the last outbox number it holds, and whether it was once built whole."""

    seq: int
    whole: bool


class IndexFolder:
    """Editions named `<digest>-<number>` below `root`; `current` names the one in use.

    An edition belongs to one digest of schema, analysis and lexicon. The folder is for this program's eyes only (0700):
    whoosh keeps pickles in it, which must never come from a stranger.
    """

    def __init__(self, root: Path, digest: str) -> None:
        self.root = root
        self.digest = digest

    def current(self) -> Path | None:
        """The edition in use, or None when there is none."""
        try:
            name = (self.root / _POINTER).read_text().strip()
        except (FileNotFoundError, NotADirectoryError, UnicodeDecodeError):
            return None
        edition = self.root / name
        return edition if name and Path(name).name == name and edition.is_dir() else None

    def digest_of(self, edition: Path) -> str:
        """The digest for which an edition was made."""
        return edition.name.rpartition("-")[0]

    @contextmanager
    def writing(self, *, seconds: float) -> Iterator[None]:
        """Be the only writer, of all threads and processes; the lock dies with the process.

        Raises IndexBusy after `seconds`, IndexNotWritten where there can be no folder.
        """
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(self.root / _LOCK, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise IndexNotWritten(reason=error.strerror or str(error)) from error
        try:
            deadline = time.monotonic() + seconds
            while True:
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() >= deadline:
                        raise IndexBusy from None
                    time.sleep(0.02)
            yield
        finally:
            os.close(handle)

    def begin(self) -> Path:
        """A new, empty edition beside the others; only while writing."""
        numbers = [int(path.name.rpartition("-")[2]) for path in self._editions()]
        edition = self.root / f"{self.digest}-{max(numbers, default=0) + 1}"
        edition.mkdir(mode=0o700)
        return edition

    def switch(self, edition: Path) -> None:
        """Make an edition the one in use, for every process, and clear away all but it and its predecessor."""
        before = self.current()
        sync_folder(edition)
        write_durably(self.root / _POINTER, edition.name.encode())
        for other in self._editions():
            if other not in {edition, before}:
                shutil.rmtree(other, ignore_errors=True)

    def discard(self, edition: Path) -> None:
        """Clear away an edition that came to nothing, unless it is in use after all."""
        if self.current() != edition:
            shutil.rmtree(edition, ignore_errors=True)

    def set_aside(self, edition: Path) -> None:
        """Move a damaged edition out of the way, kept for whoever wants to look at it; only while writing."""
        if self.current() == edition:
            (self.root / _POINTER).unlink(missing_ok=True)
        with suppress(OSError):
            edition.rename(self.root / f"{_ASIDE}{time.time_ns()}-{edition.name}")
        for old in sorted(self.root.glob(f"{_ASIDE}*"))[:-_KEPT_ASIDE]:
            shutil.rmtree(old, ignore_errors=True)

    def progress(self, edition: Path) -> Progress:
        """How far an edition is; nothing and not whole when that cannot be read."""
        try:
            kept = json.loads((edition / _PROGRESS).read_bytes())
            return Progress(seq=int(kept["seq"]), whole=bool(kept["whole"]))
        except (OSError, ValueError, KeyError, TypeError):
            return Progress(seq=0, whole=False)

    def set_progress(self, edition: Path, progress: Progress) -> None:
        """Write down how far an edition is; call it last, once everything else is on the disk."""
        kept = {"seq": progress.seq, "whole": progress.whole}
        write_durably(edition / _PROGRESS, json.dumps(kept).encode())

    def _editions(self) -> list[Path]:
        return [
            path
            for path in self.root.iterdir()
            if path.is_dir() and not path.name.startswith(_ASIDE) and path.name.rpartition("-")[2].isdecimal()
        ]


def write_durably(target: Path, content: bytes) -> None:
    """Replace a file so that after a power cut either the old or the new content is there."""
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    with temporary.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(target)
    _sync(target.parent)


def sync_folder(folder: Path) -> None:
    """Bring every file of a folder to the disk, and the folder itself: whoosh leaves that to chance."""
    for path in folder.iterdir():
        if path.is_file():
            _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
