"""Rows of the DIP that officers write: read from a form, checked, kept, removed; each written down in the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from datasets.models import Dataset, Organization
from metadata.errors import NotFound
from portal.accounts import audit
from portal.kip.models import KipInformation
from portal.kip.registers.information import CLASSES, MEDIUMS
from portal.policy import Actor, Reach
from portal.web.i18n import gettext as _

LIMITS: Final = {
    "summary": 1_000,
    "responsible": 300,
    "made": 300,
    "retention": 200,
    "url": 500,
    "information_class": 20,
    "medium": 10,
    "agency": 20,
    "dataset": 400,
    "published_on": 10,
    "next_due": 10,
}
"""The fields of the form, and how long each may be."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A row as the list of officers shows it."""

    number: int
    summary: str
    information_class: str
    unit: str
    dataset: str
    next_due: date | None


def entries(session: Session, where: Reach) -> list[Entry]:
    """The manual rows of one's reach, by class and words."""
    wanted = (
        select(KipInformation, Organization.title, Dataset.title)
        .outerjoin(Organization, Organization.id == KipInformation.organization_id)
        .outerjoin(Dataset, Dataset.id == KipInformation.dataset_id)
        .order_by(KipInformation.information_class, KipInformation.summary)
    )
    return [
        Entry(row.id, row.summary or dataset or "", row.information_class, unit or "", dataset or "", row.next_due)
        for row, unit, dataset in session.execute(wanted)
        if where.covers(row.organization_id)
    ]


def get(session: Session, number: int) -> KipInformation:
    """A manual row. Raises `NotFound`."""
    row = session.get(KipInformation, number)
    if row is None:
        raise NotFound(what="isian")
    return row


def values_of(session: Session, row: KipInformation) -> dict[str, str]:
    """A row as its form shows it."""
    dataset = session.get(Dataset, row.dataset_id) if row.dataset_id is not None else None
    plain = {name: str(getattr(row, name) or "") for name in LIMITS if name not in ("agency", "dataset")}
    return {**plain, "agency": str(row.organization_id or ""), "dataset": dataset.slug if dataset else ""}


def wrong(session: Session, values: Mapping[str, str], where: Reach, number: int | None) -> dict[str, str]:
    """What is wrong with a form, field by field."""
    errors = {
        name: _("At most %(most)s characters.", most=most)
        for name, most in LIMITS.items()
        if len(values.get(name, "")) > most
    }
    dataset = _dataset(session, values)
    if values["information_class"] not in CLASSES:
        errors["information_class"] = _("Choose a class.")
    if values["medium"] not in MEDIUMS:
        errors["medium"] = _("Choose a form.")
    if not values["summary"] and dataset is None:
        errors["summary"] = _("Say what information it is.")
    if values["dataset"] and dataset is None:
        errors["dataset"] = _("No dataset has this address.")
    elif dataset is not None and not where.covers(dataset.organization_id):
        errors["dataset"] = _("This dataset is another agency's: ask the PPID to write its row.")
    elif dataset is not None:
        taken = session.scalar(select(KipInformation.id).where(KipInformation.dataset_id == dataset.id))
        if taken not in (None, number):
            errors["dataset"] = _("This dataset has a row already.")
    if values["url"] and not values["url"].startswith(("https://", "http://", "/")):
        errors["url"] = _("An address begins with https://.")
    for name in ("published_on", "next_due"):
        if values[name] and _day(values[name]) is None:
            errors[name] = _("Write a date, such as 2026-07-20.")
    agency = _agency(values)
    known = agency is not None and session.get(Organization, agency) is not None
    if (values["agency"] and not known) or not where.covers(agency):
        errors["agency"] = _("Choose an agency of yours.")
    return errors


def keep(
    session: Session, number: int | None, values: Mapping[str, str], *, actor: Actor, at: datetime
) -> KipInformation:
    """Write a new row, or that one anew, from a form in which nothing is wrong."""
    row = (
        get(session, number)
        if number is not None
        else KipInformation(information_class="setiap_saat", summary="", at=at, by=actor.label)
    )
    dataset = _dataset(session, values)
    for name in ("information_class", "summary", "responsible", "made", "medium", "retention", "url"):
        setattr(row, name, values[name])
    row.organization_id, row.dataset_id = _agency(values), dataset.id if dataset else None
    row.published_on, row.next_due = _day(values["published_on"]), _day(values["next_due"])
    row.at, row.by = at, actor.label
    session.add(row)
    session.flush()
    after = {"information_class": row.information_class, "summary": row.summary}
    audit.record(session, actor, "kip.information", f"kip:information:{row.id}", at=at, after=after)
    return row


def remove(session: Session, number: int, *, actor: Actor, at: datetime) -> None:
    """Take a row out of the list. A dataset's own row stays, as the catalogue says it."""
    row = get(session, number)
    before = {"information_class": row.information_class, "summary": row.summary}
    session.delete(row)
    audit.record(session, actor, "kip.information.remove", f"kip:information:{number}", at=at, before=before)


def _dataset(session: Session, values: Mapping[str, str]) -> Dataset | None:
    slug = values["dataset"].rstrip("/").rpartition("/")[2]
    return session.scalar(select(Dataset).where(Dataset.slug == slug)) if slug else None


def _agency(values: Mapping[str, str]) -> int | None:
    """The number of an agency; none for what no database holds as a number."""
    return int(values["agency"]) if values["agency"].isdecimal() and len(values["agency"]) < 10 else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
