"""The two questions about a file that is to be sent: what would it give away, and can we have a copy without that."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from metadata.confined import Bounds, Died, ask
from metadata.errors import LumbungError
from metadata.notices import Notice, Place
from metadata.reading.errors import BrokenFile, ReaderKilled
from metadata.reading.wire import error_from_json
from metadata.redaction.findings import Examination
from metadata.terms import Bilingual

log = logging.getLogger("lumbung.redaction")

BOUNDS = Bounds(seconds=180, megabytes=3_000, written=512)
_CELL = "metadata.redaction.cell"


class NotClean(LumbungError):
    """A cleaned copy in which something was still found: it is not handed out."""

    code = "redaction.not_clean"
    status = 422
    text = Bilingual(
        id="Salinan bersih dari {name} tidak dapat dibuat: {count} hal masih ditemukan. Perbaiki berkasnya.",
        en="No clean copy of {name} could be made: {count} things are still found in it. Please mend the file.",
    )


def examine(path: Path, *, filename: str, bounds: Bounds = BOUNDS) -> Examination:
    """What is found in a file, by a confined process. Raises `Unreadable` for one that cannot be opened."""
    return _examination(_ask({"path": str(path.resolve()), "filename": filename}, filename, bounds))


def clean(path: Path, target: Path, *, filename: str, bounds: Bounds = BOUNDS) -> Examination:
    """Write a cleaned copy at `target` and say what was found in the original.

    The copy is examined by the same eyes: where they still find something it is removed again. Raises `NotClean`,
    `Unreadable`.
    """
    order = {"path": str(path.resolve()), "filename": filename, "target": str(target.resolve())}
    try:
        said = _ask(order, filename, bounds)
        found = _examination(said)
        left = Examination(found.kind, tuple(map(Notice.from_dict, said.get("left", ()))), found.cleanable)
        if not found.cleanable or not left.safe:
            raise NotClean(name=filename, count=max(1, len(left.findings)))
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return found


def _examination(said: dict[str, Any]) -> Examination:
    return Examination(said["kind"], tuple(map(Notice.from_dict, said["findings"])), said["cleanable"])


def _ask(order: dict[str, Any], filename: str, bounds: Bounds) -> dict[str, Any]:
    try:
        said = ask(_CELL, order, bounds)
    except Died as died:
        raise ReaderKilled(place=Place(file=filename), reason=died.words.id) from None
    if "error" in said:
        raise error_from_json(said["error"])
    if "broken" in said:
        log.warning("a file of the kind %s cannot be examined: %s", said["kind"], said["broken"])
        reason = Bilingual("isinya tidak dapat dibuka", "what is in it cannot be opened")
        raise BrokenFile(place=Place(file=filename), format=str(said["kind"]).upper(), reason=reason)
    return said
