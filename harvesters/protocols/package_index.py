"""Finding descriptors: loose, in an archive, or listed in a catalogue of packages."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from harvesters import archives
from harvesters.places import Place
from harvesters.protocols.foreign import at_pointer
from harvesters.wire.answers import AnswerUnreadable

DESCRIPTOR = "datapackage.json"
_LARGEST = 1024 * 1024


def descriptor_of(place: Place, *, limit: int) -> tuple[bytes, str | None]:
    """The bytes of the descriptor at a place, and for an archive its path in there, the highest of several.

    `limit` is how much an archive may unpack to. Raises `AnswerUnreadable`, `FetchFailed`.
    """
    if not archives.is_archive(place.path):
        return _read(place.path, place.shown), None
    found = archives.members(place.path, place.shown, limit=limit)
    inside = [one for one in found if one.path.rpartition("/")[2] == DESCRIPTOR]
    if not inside:
        raise AnswerUnreadable(location=place.shown, wanted="Data Package", reason=f"{DESCRIPTOR}?")
    highest = min(inside, key=lambda one: one.path.count("/"))
    with tempfile.TemporaryDirectory(prefix="lumbung-") as folder:
        archives.copy_member(place.path, highest, Path(folder) / DESCRIPTOR, place.shown)
        return _read(Path(folder) / DESCRIPTOR, place.shown), highest.path


def catalogue_of(value: Any) -> list[tuple[str, Any]] | None:
    """Name and package (address, path or descriptor) of each entry of a catalogue; None when it is a package."""
    if isinstance(value, dict) and isinstance(value.get("resources"), list):
        return None
    listed = value if isinstance(value, list) else at_pointer(value, "/datasets") or at_pointer(value, "/packages")
    if not isinstance(listed, list):
        return None
    return [_entry(one) for one in listed if isinstance(one, dict | str)]


def _entry(one: dict[str, Any] | str) -> tuple[str, Any]:
    if isinstance(one, str):
        return "", one
    return str(one.get("name") or ""), next((one[key] for key in ("package", "url", "path") if key in one), one)


def _read(path: Path, shown: str) -> bytes:
    if path.stat().st_size > _LARGEST:
        raise AnswerUnreadable(location=shown, wanted="Data Package", reason="> 1 MB")
    return path.read_bytes()
