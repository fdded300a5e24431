"""The letterhead as it is set, and its emblem, kept by its checksum for as long as a letter bears it.

Its words stand in one place, whether an administrator set them or the desk; the commission is a rule of the desk.
"""

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
from portal.kip.store.rules import load_settings

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
    """The head of letters as it is set (`datasets.kept.OFFICE`), with defaults for what is not."""
    told = kept.value(session, kept.OFFICE) or {}
    plain = Letterhead(f"Pemerintah {region}", commission=load_settings(session).ki).as_dict()
    return restored(session, plain | {name: _over(plain[name], said) for name, said in told.items() if name in plain})


def change_letterhead(session: Session, values: Mapping[str, Any], *, at: datetime) -> None:
    """Set some of it; what is empty falls back to its default, what is not among `values` stays as it is."""
    said = dict(kept.value_to_change(session, kept.OFFICE, at=at) or {}) | dict(values)
    kept.keep(session, kept.OFFICE, {name: value for name, value in said.items() if value}, at=at)


def _over(default: Any, said: Any) -> Any:
    """A signatory of whom only the name is given keeps the post."""
    if isinstance(default, Mapping):
        return {**default, **{name: value for name, value in dict(said).items() if value}}
    return said or default


def restored(session: Session, values: Mapping[str, Any]) -> Letterhead:
    """A letterhead from what was kept of it, with the picture that its checksum names."""
    name = str(values.get("logo") or "")
    row = session.get(KipSetting, _row(name)) if name else None
    if row is None:
        return Letterhead.of({**values, "logo": ""})
    return Letterhead.of(values, base64.b64decode(row.value))


def keep(session: Session, content: bytes, *, by: str, at: datetime) -> str:
    """Keep a picture; the checksum that the letterhead names it by. Raises `EmblemTooLarge`, `LogoWrong`."""
    if len(content) > LARGEST:
        raise EmblemTooLarge(limit=LARGEST // 1024)
    if picture_kind(content) is None:
        raise LogoWrong
    checksum = hashlib.sha256(content).hexdigest()
    name = _row(checksum)
    if session.get(KipSetting, name) is None:
        session.add(KipSetting(name=name, value=base64.b64encode(content).decode(), at=at, by=by))
        session.flush()
    return checksum


def _row(checksum: str) -> str:
    return _ROW + checksum[:_NAMED]
