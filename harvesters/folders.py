"""Walking a folder from strangers: which names are data, and how a path becomes a key and a title."""

from __future__ import annotations

import hashlib
import os
import stat
import unicodedata
from fnmatch import fnmatchcase
from pathlib import Path

NEVER = (".*", "~$*", "~*.tmp", "*.tmp", "*.part", "*.crdownload", "*.lock", "thumbs.db", "desktop.ini", "*.toml")
"""Hidden files, locks of office programs, downloads under way, and sidecars: no data in any folder."""

_LONGEST_KEY = 500  # the column's


def matches(name: str, patterns: tuple[str, ...]) -> bool:
    """Whether `name` fits one of the shell patterns, whatever the case."""
    return any(fnmatchcase(name.lower(), pattern.lower()) for pattern in patterns)


def is_data(path: Path, root: Path) -> bool:
    """Whether `path` is a plain file that lies below `root` (links may not lead out of it) under a name for data."""
    try:
        if not stat.S_ISREG(path.stat().st_mode) or not path.resolve().is_relative_to(root.resolve()):
            return False
    except (OSError, RuntimeError):  # a dangling link, a circle of links
        return False
    return not any(matches(part, NEVER) for part in path.relative_to(root).parts)


def is_wanted(path: Path, root: Path, pattern: tuple[str, ...], exclude: tuple[str, ...]) -> bool:
    """Whether the patterns want it. A pattern with `/` is held against the path below `root`, else against the name."""
    return fits(path.relative_to(root).as_posix(), pattern, exclude)


def fits(below: str, pattern: tuple[str, ...], exclude: tuple[str, ...]) -> bool:
    """The same of a path below the root as text."""

    def hits(patterns: tuple[str, ...]) -> bool:
        return any(matches(below if "/" in one else below.rpartition("/")[2], (one,)) for one in patterns)

    return hits(pattern) and not hits(exclude)


def key_below(path: Path, root: Path) -> str:
    """The path below `root` with `/`, stable across machines; of `root` itself its name. At most 500 characters."""
    below = os.path.relpath(path, root)
    key = printable(root.resolve().name if below == "." else Path(below).as_posix())
    digest = hashlib.sha256(key.encode()).hexdigest()
    return key if len(key) <= _LONGEST_KEY else f"{key[: _LONGEST_KEY - 65]}~{digest}"


def printable(name: str) -> str:
    """A name as text: composed letters (macOS writes them apart), bytes that are no UTF-8 spelt out."""
    return unicodedata.normalize("NFC", name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace"))


def title_of(path: Path) -> str:
    """A title when nobody gives one: the file's name without its ending, `_` as blanks."""
    return title_of_name(path.name)


def title_of_name(filename: str) -> str:
    """The same of a name alone, wherever the file is."""
    path = Path(filename)
    words = " ".join(printable(path.stem or path.name).replace("_", " ").split())
    return words[:1].upper() + words[1:]
