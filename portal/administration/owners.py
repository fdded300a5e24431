"""What owns and orders datasets, agencies and themes: written and removed, each with its row in the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from datasets.models import Dataset, DatasetTheme, Organization, SearchOutbox, Source, Theme
from metadata.errors import LumbungError, NotFound
from metadata.terms import Bilingual
from portal.accounts import audit
from portal.accounts.models import RoleGrant
from portal.policy import Actor

Owner = Organization | Theme


class SlugTaken(LumbungError):
    """There is one at that address already."""

    code = "owner.slug_taken"
    status = 409
    text = Bilingual(id="Alamat “{slug}” sudah dipakai.", en="The address “{slug}” is taken.")


class StillInUse(LumbungError):
    """Something is left that belongs to it."""

    code = "owner.still_in_use"
    status = 409
    text = Bilingual(
        id="“{title}” masih dipakai: {datasets} dataset, {sources} sumber, {people} orang. Pindahkan dahulu.",
        en="“{title}” is still in use: {datasets} datasets, {sources} sources, {people} people. Move these first.",
    )


@dataclass(frozen=True, slots=True)
class Uses:
    """What belongs to an agency or a theme; drafts and withdrawn datasets count too."""

    datasets: int = 0
    sources: int = 0
    people: int = 0

    def refusal(self, row: Owner) -> StillInUse:
        """Why it cannot be removed."""
        return StillInUse(title=row.title, datasets=self.datasets, sources=self.sources, people=self.people)


def write(session: Session, row: Owner, said: Mapping[str, Any], *, verb: str, actor: Actor, at: datetime) -> None:
    """Write `said` into `row`, which is added when it is new; `verb` is for the log: create, update, patch.

    The datasets of an agency are handed to the search index, which knows its title. Raises `SlugTaken`.
    """
    kind = _kind(row)
    new = row.id is None
    if new and session.scalar(select(type(row).id).where(type(row).slug == row.slug)) is not None:
        raise SlugTaken(slug=row.slug)
    before = None if new else {name: getattr(row, name) for name in said}
    for name, value in said.items():
        setattr(row, name, value)
    if isinstance(row, Theme):
        row.by_hand = True
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:  # somebody else took the address in the same moment
        raise SlugTaken(slug=row.slug) from error
    after = {"slug": row.slug, **said}
    audit.record(session, actor, f"{kind}.{verb}", f"{kind}:{row.id}", at=at, before=before, after=after)
    if isinstance(row, Organization) and not new:
        owned = session.scalars(select(Dataset.id).where(Dataset.organization_id == row.id))
        session.add_all(SearchOutbox(dataset_id=number, at=at) for number in owned)
        session.flush()


def remove(session: Session, row: Owner, *, actor: Actor, at: datetime) -> None:
    """Remove what nothing belongs to any more. Raises `StillInUse`."""
    kind, found = _kind(row), uses(session, row)
    if found != Uses():
        raise found.refusal(row)
    said = {"slug": row.slug, "title": row.title}
    audit.record(session, actor, f"{kind}.remove", f"{kind}:{row.id}", at=at, before=said)
    session.delete(row)
    try:
        session.flush()
    except IntegrityError as error:  # a draft, a held change: rows that only its own pages count
        raise found.refusal(row) from error


def again(session: Session, row: Owner) -> Owner:
    """The same one in another session. Raises `NotFound` when somebody has removed it meanwhile."""
    found = session.get(Theme if isinstance(row, Theme) else Organization, row.id)
    if not isinstance(found, Theme | Organization):
        raise NotFound(what=row.title)
    return found


def uses(session: Session, row: Owner) -> Uses:
    """What belongs to it."""
    if isinstance(row, Theme):
        return Uses(_count(session, DatasetTheme.theme_id == row.id))
    return Uses(
        _count(session, Dataset.organization_id == row.id),
        _count(session, Source.organization_id == row.id),
        _count(session, RoleGrant.organization_id == row.id),
    )


def _count(session: Session, condition: Any) -> int:
    return session.scalar(select(func.count()).where(condition)) or 0


def _kind(row: Owner) -> str:
    return "organization" if isinstance(row, Organization) else "theme"
