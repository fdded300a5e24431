"""The emblem of the letterhead: kept by its checksum for as long as a letter bears it, also after it was changed."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from datasets import kept
from metadata.errors import LumbungError
from metadata.terms import Bilingual
from portal.kip.letters.facts import Letterhead
from portal.kip.letters.pdf import LogoWrong, picture_kind
from portal.kip.models import KipSetting

LETTERHEAD: Final = "letterhead"
"""The row of `kip_setting` that holds the letterhead."""
LARGEST: Final = 500 * 1024
_ROW = "emblem:"
_NAMED = 40
"""Characters of the checksum that name a row; the whole of it is compared when the picture is read."""


class EmblemTooLarge(LumbungError):
    """A picture that would make every letter heavy."""

    code = "kip.emblem_too_large"
    status = 422
    text = Bilingual(
        id="Gambar lambang terlalu besar: paling besar {limit} kB.", en="The emblem is too large: at most {limit} kB."
    )


def letterhead(session: Session, region: str) -> Letterhead:
    """The head of letters as the desk has set it, else as the administration has, else what is known without."""
    row = session.get(KipSetting, LETTERHEAD)
    if row is not None:
        return restored(session, row.value)
    told = kept.value(session, kept.OFFICE) or {}
    return Letterhead.of({"body": f"Pemerintah {region}", **told})


def restored(session: Session, values: Mapping[str, Any]) -> Letterhead:
    """A letterhead from what was kept of it, with the picture that its checksum names."""
    name = str(values.get("logo") or "")
    row = session.get(KipSetting, _row(name)) if name else None
    if row is None:
        return Letterhead.of({**values, "logo": ""})
    return Letterhead.of(values, base64.b64decode(row.value))


def keep(session: Session, content: bytes, *, by: str, at: datetime) -> None:
    """Keep a picture. Raises `EmblemTooLarge`, `LogoWrong`."""
    if len(content) > LARGEST:
        raise EmblemTooLarge(limit=LARGEST // 1024)
    if picture_kind(content) is None:
        raise LogoWrong
    name = _row(hashlib.sha256(content).hexdigest())
    if session.get(KipSetting, name) is None:
        session.add(KipSetting(name=name, value=base64.b64encode(content).decode(), at=at, by=by))
        session.flush()


def _row(checksum: str) -> str:
    return _ROW + checksum[:_NAMED]
