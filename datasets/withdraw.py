"""Withdrawal: a person takes a dataset out of sight, with a reason that stays; its versions are kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from datasets.alone import alone
from datasets.journal.record import restoration, withdrawal
from datasets.models import Dataset, SearchOutbox, Visibility
from datasets.webhooks import events
from metadata.errors import LumbungError
from metadata.terms import Bilingual


class Withdrawn(LumbungError):
    """The dataset was public and is not any more; the reason is said, the data are not shown."""

    code = "dataset.withdrawn"
    status = 410
    text = Bilingual(
        id="Dataset “{title}” telah ditarik. Alasan: {reason}",
        en="Dataset “{title}” has been withdrawn. Reason: {reason}",
    )


class ReasonMissing(LumbungError):
    """A dataset is to be withdrawn without a word why."""

    code = "dataset.reason_missing"
    status = 422
    text = Bilingual(
        id="Tuliskan alasan penarikan; alasan itu tampil di alamat dataset.",
        en="Say why the dataset is withdrawn; the reason is shown at its address.",
    )


def withdraw(session: Session, dataset: Dataset, reason: str, *, at: datetime, vanished: bool = False) -> None:
    """Leave a tombstone with the reason; no harvest publishes the dataset again. Raises `ReasonMissing`.

    `vanished` tells those who listen that its source offers it no more, and that no person decided it.
    """
    if not reason.strip():
        raise ReasonMissing
    alone(session)
    dataset.visibility = Visibility.WITHDRAWN
    dataset.withdrawn_reason = reason.strip()
    dataset.modified_at = at
    _tell(session, dataset, at)
    withdrawal(session, dataset, at=at)
    events.taken_out(session, dataset, vanished=vanished, at=at)


def restore(session: Session, dataset: Dataset, *, at: datetime) -> None:
    """Take a withdrawal back: the current version is public again, a dataset without one is a draft."""
    alone(session)
    dataset.visibility = Visibility.PUBLISHED if dataset.current_version_id else Visibility.DRAFT
    dataset.withdrawn_reason = None
    dataset.modified_at = at
    _tell(session, dataset, at)
    restoration(session, dataset, at=at)
    events.brought_back(session, dataset, at=at)


def refuse_withdrawn(dataset: Dataset) -> None:
    """Raises `Withdrawn` with the dataset's title and reason when it is withdrawn."""
    if dataset.visibility is Visibility.WITHDRAWN:
        raise Withdrawn(title=dataset.title, reason=dataset.withdrawn_reason or "–")


def _tell(session: Session, dataset: Dataset, at: datetime) -> None:
    session.add(SearchOutbox(dataset_id=dataset.id, at=at))
    session.flush()
