"""A folder on somebody's server, gone through folder by folder, whatever it is reached by."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar

from harvesters.adapter import RemoteDataset
from harvesters.folders import NEVER, matches, printable, title_of_name
from harvesters.protocols.links import shortened
from metadata.errors import LumbungError
from metadata.notices import Notice, declare

MOST_ENTRIES: Final = 20_000
_TOO_MUCH = declare(
    "folder.too_much",
    id="Folder ini memuat lebih dari {most} berkas atau terlalu dalam; sisanya tidak diambil. Pilih folder yang lebih "
    "kecil.",
    en="This folder holds more than {most} files or is too deep; the rest is not taken. Choose a smaller folder.",
)


class Entry(Protocol):
    """A file or folder by its path below the first folder (`a/b.csv`)."""

    @property
    def path(self) -> str:
        """The path, without a slash before it."""

    @property
    def folder(self) -> bool:
        """Whether it is a folder."""


@dataclass(frozen=True, slots=True)
class NotListed:
    """A folder of which not everything could be told, and why."""

    path: str
    why: Notice

    def as_dataset(self) -> RemoteDataset:
        """What a run is told of it, so that the rest of the listing is not taken for the whole."""
        shown = printable(self.path)
        return RemoteDataset(shortened(f"{shown.rstrip('/')}/"), title_of_name(shown) or "/", (), fault=self.why)


E = TypeVar("E", bound=Entry)


def walk(
    listed: Callable[[str], Iterable[E]], *, depth: int, never: tuple[str, ...] = NEVER
) -> Iterator[E | NotListed]:
    """Every file below the folder of `listed("")`, breadth first; names that fit `never` are passed over.

    A folder that cannot be listed, or lies deeper than `depth`, is told and passed by; only the first one's fault is
    raised. After `MOST_ENTRIES` the walk ends.
    """
    waiting, given = [""], 0
    while waiting:
        path = waiting.pop(0)
        try:
            entries = sorted(listed(path), key=lambda one: one.path)
        except LumbungError as fault:
            if not path:
                raise
            yield NotListed(path, fault.notice)
            continue
        for entry in entries:
            if matches(entry.path.rpartition("/")[2], never):
                continue
            given += 1
            if given > MOST_ENTRIES or entry.path.count("/") > depth:
                yield NotListed(path or "/", Notice(_TOO_MUCH, params={"most": MOST_ENTRIES}))
                if given > MOST_ENTRIES:
                    return
                break
            if entry.folder:
                waiting.append(entry.path)
            else:
                yield entry
