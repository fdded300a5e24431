"""Files of an answer looked at before they leave: what each would give away, remembered, and its cleaned copy."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from datasets.blobs import BlobRef
from datasets.installation import Installation
from metadata.errors import LumbungError, NotFound
from metadata.notices import Notice
from metadata.redaction.examine import clean, examine
from metadata.redaction.findings import Examination
from metadata.terms import Bilingual
from portal.kip.models import KipAttachment
from portal.kip.store import papers

EDITION: Final = 1
"""Raised when more can be found than before: files are then looked at anew."""
CLEANED: Final = "bersih"
"""Stands in the name of a cleaned copy."""


class GivesAway(LumbungError):
    """A file that was chosen for an answer gives something away; it is sent only when the officer says so."""

    code = "kip.gives_away"
    status = 422
    text = Bilingual(
        id="Berkas {name} memuat {count} hal yang mungkin tidak boleh keluar. Periksa, lalu kirim salinan bersihnya "
        "atau nyatakan bahwa berkas ini memang boleh dikirim.",
        en="The file {name} holds {count} things that perhaps must not leave. Look at them, then send its cleaned copy "
        "or say that this file may be sent.",
    )


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found in a file; `wrong` says why it could not be opened."""

    findings: tuple[Notice, ...]
    cleanable: bool
    safe: bool
    wrong: Notice | None = None


def look(here: Installation, paper: KipAttachment) -> Looked:
    """What a file of an answer gives away; remembered by its checksum, so that only the first look takes time.

    A file that cannot be opened cannot be found safe.
    """
    if paper.blob is None:
        raise NotFound(what="berkas")
    kept = _remembered(here, paper)
    if kept is not None:
        return kept
    try:
        found: Examination | None = examine(here.blobs.path(paper.blob), filename=paper.name)
        wrong = None
    except LumbungError as error:
        found, wrong = None, error.notice
    looked = (
        Looked((), cleanable=False, safe=False, wrong=wrong)
        if found is None
        else Looked(found.findings, found.cleanable, found.safe)
    )
    _remember(here, paper, looked)
    return looked


def must_not_give_away(here: Installation, chosen: Sequence[KipAttachment], allowed: Sequence[int]) -> None:
    """Raises `GivesAway` for the first file that is not safe and was not said to be allowed."""
    for paper in chosen:
        if paper.id not in allowed:
            looked = look(here, paper)
            if not looked.safe:
                raise GivesAway(name=paper.name, count=max(1, len(looked.findings)))


def cleaned(here: Installation, paper: KipAttachment) -> tuple[BlobRef, str]:
    """A cleaned copy in the store, and its name. Raises `NotClean`, `Unreadable`."""
    if paper.blob is None:
        raise NotFound(what="berkas")
    work = here.settings.home / "work"
    work.mkdir(mode=0o700, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=work, prefix="clean-") as folder:
        target = Path(folder, "copy")
        clean(here.blobs.path(paper.blob), target, filename=paper.name)
        ref = here.blobs.put_file(target)
    stem, dot, ending = paper.name.rpartition(".")
    return ref, f"{stem}-{CLEANED}.{ending}" if dot else f"{paper.name}-{CLEANED}"


def keep_cleaned(
    session: Session, paper: KipAttachment, ref: BlobRef, name: str, *, by: str, at: datetime
) -> KipAttachment:
    """Put the cleaned copy to the case, beside the file that it was made of."""
    return papers.keep(
        session,
        paper.case_id,
        "answer",
        ref,
        media=paper.media_type,
        by=by,
        at=at,
        name=name[-200:],
        sha256=ref.sha256,
        cleaned_from=paper.id,
    )


def _place(here: Installation, paper: KipAttachment) -> Path:
    named = hashlib.sha256(f"{EDITION} {paper.blob} {paper.name}".encode()).hexdigest()
    return here.settings.home / "cache" / "looked" / f"{named}.json"


def _remembered(here: Installation, paper: KipAttachment) -> Looked | None:
    try:
        held = json.loads(_place(here, paper).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    wrong = Notice.from_dict(held["wrong"]) if held["wrong"] else None
    return Looked(tuple(map(Notice.from_dict, held["findings"])), held["cleanable"], held["safe"], wrong)


def _remember(here: Installation, paper: KipAttachment, looked: Looked) -> None:
    """A cache: it holds places, never what stands there, and may go at any time."""
    place = _place(here, paper)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    held = {
        "findings": [notice.as_dict() for notice in looked.findings],
        "cleanable": looked.cleanable,
        "safe": looked.safe,
        "wrong": looked.wrong.as_dict() if looked.wrong else None,
    }
    new = place.with_suffix(f".{id(looked)}.tmp")
    new.write_text(json.dumps(held), encoding="utf-8")
    new.replace(place)
