"""How readers rate a dataset: one rating a reader and quarter, which may be changed; comments wait for a person."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from datasets.columns import clean
from datasets.db import add_missing
from datasets.models import Dataset, Rating, ReaderResponse, Shown
from metadata.errors import LumbungError, NotFound
from metadata.personal import Sign, sign_of
from metadata.terms import Bilingual

LONGEST = 1000
"""Characters of a comment."""
QUARTERS = 4
"""How many quarters the figures are of, the present one among them."""
FEW = 5
"""Fewer ratings than this are told as counts, without shares."""
_ZONE = ZoneInfo("Asia/Jakarta")


class PersonalWords(LumbungError):
    """What was written holds an identity or phone number, or somebody's address; it is not kept."""

    code = "response.personal_words"
    status = 422
    text = Bilingual(
        id="Tulisan ini memuat {what}. Hapus dahulu: data pribadi tidak disimpan di sini, milik siapa pun.",
        en="These words hold {what}. Take it out first: personal data are not kept here, whosever they are.",
    )


_WHAT = {
    Sign.NUMBER: Bilingual("NIK atau nomor kartu keluarga", "an identity or family-card number"),
    Sign.PHONE: Bilingual("nomor telepon", "a phone number"),
    Sign.EMAIL: Bilingual("alamat surel", "an e-mail address"),
}


@dataclass(frozen=True, slots=True)
class Figures:
    """How many ratings of each kind the last four quarters brought, from the best kind."""

    counts: tuple[tuple[Rating, int], ...]

    @property
    def total(self) -> int:
        """How many in all."""
        return sum(count for _, count in self.counts)


def period_of(at: datetime) -> str:
    """The quarter, by the clock of western Indonesia: `2026-Q4`."""
    local = at.astimezone(_ZONE)
    return f"{local.year}-Q{(local.month + 2) // 3}"


def refuse_personal(text: str) -> None:
    """Raises `PersonalWords` when a text shows what is of a person."""
    for line in text.splitlines():
        what = _WHAT.get(sign) if (sign := sign_of(line)) is not None else None
        if what is not None:
            raise PersonalWords(what=what)


def rate(
    session: Session, dataset_id: int, voter: str, rating: Rating, comment: str, *, at: datetime
) -> tuple[ReaderResponse, bool]:
    """Keep a reader's rating, or change the one of this quarter; and whether it is new.

    A comment that is new or changed waits until somebody has read it. Raises `PersonalWords`.
    """
    refuse_personal(comment)
    words = "\n".join((clean(comment) or "").strip().splitlines())[:LONGEST]  # one kind of line end, whatever sends it
    period = period_of(at)
    before = given(session, dataset_id, voter, at=at)
    key = {"dataset_id": dataset_id, "period": period, "voter": voter}
    fresh = {"rating": rating, "created_at": at, "updated_at": at, "comment": "", "shown": Shown.NONE}
    add_missing(session, ReaderResponse, [key | fresh])
    row = session.scalars(_mine(dataset_id, period, voter).with_for_update()).one()
    row.rating, row.updated_at = rating, at
    if row.comment != words:
        row.comment, row.shown, row.decided_by = words, Shown.WAITING if words else Shown.NONE, None
    session.flush()
    return row, before is None


def given(session: Session, dataset_id: int, voter: str, *, at: datetime) -> ReaderResponse | None:
    """What this reader has said of the dataset in this quarter."""
    return session.scalar(_mine(dataset_id, period_of(at), voter))


def figures(session: Session, dataset_id: int, *, at: datetime) -> Figures:
    """The ratings of the last four quarters, this one among them."""
    rows = session.execute(
        select(ReaderResponse.rating, func.count())
        .where(ReaderResponse.dataset_id == dataset_id, ReaderResponse.period.in_(_quarters(at)))
        .group_by(ReaderResponse.rating)
    )
    counted = {rating: count for rating, count in rows}  # noqa: C416 - rows are no pairs to mypy
    return Figures(tuple((rating, counted.get(rating, 0)) for rating in Rating))


def comments(session: Session, dataset_id: int, *, limit: int = 5) -> Sequence[ReaderResponse]:
    """The comments that the public may read, the newest first."""
    wanted = select(ReaderResponse).where(ReaderResponse.dataset_id == dataset_id, ReaderResponse.shown == Shown.SHOWN)
    return session.scalars(wanted.order_by(ReaderResponse.updated_at.desc(), ReaderResponse.id).limit(limit)).all()


def waiting(
    session: Session, agencies: Collection[int] | None, *, limit: int = 50
) -> Sequence[tuple[ReaderResponse, Dataset]]:
    """Comments that nobody has read yet, the oldest first, with their datasets; of these agencies, or (None) of all."""
    wanted = select(ReaderResponse, Dataset).join(Dataset, Dataset.id == ReaderResponse.dataset_id)
    wanted = wanted.where(ReaderResponse.shown == Shown.WAITING)
    if agencies is not None:
        wanted = wanted.where(Dataset.organization_id.in_(agencies))
    rows = session.execute(wanted.order_by(ReaderResponse.updated_at, ReaderResponse.id).limit(limit))
    return [(response, dataset) for response, dataset in rows]


def find(session: Session, response_id: int) -> tuple[ReaderResponse, Dataset]:
    """A rating with its dataset. Raises `NotFound`."""
    found = session.get(ReaderResponse, response_id)
    if found is None or not found.comment:
        raise NotFound(what=str(response_id))
    return found, session.get_one(Dataset, found.dataset_id)


def decide(session: Session, response: ReaderResponse, *, show: bool, words: str, actor: str) -> bool:
    """Show a comment to the public or not; whether it was still what the reader of the queue had read (`words`)."""
    if response.comment != words:
        return False
    response.shown, response.decided_by = (Shown.SHOWN if show else Shown.REFUSED), actor
    session.flush()
    return True


def _mine(dataset_id: int, period: str, voter: str) -> Select[ReaderResponse]:
    return select(ReaderResponse).where(
        ReaderResponse.dataset_id == dataset_id, ReaderResponse.period == period, ReaderResponse.voter == voter
    )


def _quarters(at: datetime) -> list[str]:
    year, quarter = (int(part) for part in period_of(at).split("-Q"))
    numbers = [year * 4 + quarter - 1 - back for back in range(QUARTERS)]
    return [f"{number // 4}-Q{number % 4 + 1}" for number in numbers]
