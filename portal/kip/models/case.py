"""A request with everything that hangs on it: its events, who asked, its papers, letters, routes and objections."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from datasets.columns import Json, Key, Prose, UtcDateTime, Words
from datasets.db import Record
from datasets.models import Immutable


class KipCase(Record):
    """A request. The events are the truth: all from `state` on is computed from them, anew after each and every day.

    `number` is (`year`, `counter`) in the format of the settings. `secret_digest` is the SHA-256 of the secret link,
    `pin_hash` argon2's of the PIN. `subject` is for lists and is the officer's wording once the case is published;
    `question` and `purpose` are the applicant's words, which only officers see. `due` is the day by which the answer
    has to be given, `next_due` the next day of any kind on which the desk has to do something, and `next_step` which.
    """

    __tablename__ = "kip_case"
    __table_args__ = (
        UniqueConstraint("year", "counter"),
        Index("ix_kip_case_state_due", "state", "due"),
    )

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    secret_digest: Mapped[str] = mapped_column(Words(64), unique=True)
    channel: Mapped[str] = mapped_column(Words(20))
    applicant_kind: Mapped[str] = mapped_column(Words(20))
    subject: Mapped[str] = mapped_column(Words(300))
    question: Mapped[str] = mapped_column(Prose)
    purpose: Mapped[str] = mapped_column(Prose)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    number: Mapped[str | None] = mapped_column(Key(100), unique=True, default=None)
    year: Mapped[int | None] = mapped_column(default=None)
    counter: Mapped[int | None] = mapped_column(default=None)
    pin_hash: Mapped[str | None] = mapped_column(Words(200), default=None)
    manner: Mapped[str] = mapped_column(Words(20), default="soft")
    delivery: Mapped[str] = mapped_column(Words(20), default="email")
    language: Mapped[str] = mapped_column(Words(10), default="id")
    named: Mapped[bool] = mapped_column(default=False)
    complaint: Mapped[str] = mapped_column(Words(200), default="")
    earlier_id: Mapped[int | None] = mapped_column(ForeignKey("kip_case.id"), index=True, default=None)
    revision: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(Words(20), default="draft")
    received_on: Mapped[date | None] = mapped_column(index=True, default=None)
    due: Mapped[date | None] = mapped_column(default=None)
    next_due: Mapped[date | None] = mapped_column(index=True, default=None)
    next_step: Mapped[str] = mapped_column(Words(40), default="")
    decision: Mapped[str | None] = mapped_column(Words(32), default=None)
    answered_on: Mapped[date | None] = mapped_column(index=True, default=None)
    closed_on: Mapped[date | None] = mapped_column(default=None)
    late: Mapped[bool] = mapped_column(default=False)
    provisional: Mapped[bool] = mapped_column(default=False)
    flags: Mapped[list[str]] = mapped_column(Json, default_factory=list)
    dates: Mapped[dict[str, str]] = mapped_column(Json, default_factory=dict)
    computed_on: Mapped[date | None] = mapped_column(index=True, default=None)


class KipEvent(Record):
    """An event of a case, as `replay` takes it; rows are added and never change. `by` is who it was: an officer's
    address, `pemohon` or `mesin`. `sealed` holds what is personal in it, under the case's own key."""

    __tablename__ = "kip_event"
    __table_args__ = (UniqueConstraint("case_id", "sequence"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("kip_case.id"))
    sequence: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    action: Mapped[str] = mapped_column(Words(40))
    actor: Mapped[str] = mapped_column(Words(20))
    by: Mapped[str] = mapped_column(Words(250))
    data: Mapped[dict[str, Any]] = mapped_column(Json)
    sealed: Mapped[str | None] = mapped_column(Prose, default=None)


class KipIdentity(Record):
    """Who asked: sealed under the case's own keys, which are wrapped by a key outside the database (`master` names it).

    Without its key nothing of it can be read: erasing is forgetting the key. Proofs have a key of their own, which goes
    earlier. `nik_mac` and `contact_mac` are keyed hashes, by which two requests of one person are found.
    """

    __tablename__ = "kip_identity"

    case_id: Mapped[int] = mapped_column(ForeignKey("kip_case.id"), primary_key=True, autoincrement=False)
    sealed: Mapped[str | None] = mapped_column(Prose)
    identity_key: Mapped[str | None] = mapped_column(Prose)
    proof_key: Mapped[str | None] = mapped_column(Prose)
    master: Mapped[str] = mapped_column(Words(16), index=True)
    nik_mac: Mapped[str | None] = mapped_column(Words(64), index=True, default=None)
    contact_mac: Mapped[str | None] = mapped_column(Words(64), index=True, default=None)
    identity_erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    proofs_erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class KipAttachment(Record):
    """A file of a case. `kind` is `proof`, `power_of_attorney`, `supporting` (the applicant's: encrypted, the name too)
    or `answer` (plain, `sha256` is what the letter cites). `cleaned_from` names the one whose cleaned copy this is."""

    __tablename__ = "kip_attachment"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("kip_case.id"), index=True)
    kind: Mapped[str] = mapped_column(Words(20))
    media_type: Mapped[str] = mapped_column(Words(100))
    size: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(Words(250))
    blob: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"), index=True)
    name: Mapped[str] = mapped_column(Words(300), default="")
    sealed_name: Mapped[str | None] = mapped_column(Prose, default=None)
    sha256: Mapped[str | None] = mapped_column(Words(64), default=None)
    sent: Mapped[bool] = mapped_column(default=False)
    cleaned_from: Mapped[int | None] = mapped_column(ForeignKey("kip_attachment.id"), default=None)
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("desk_draft.id"), default=None)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class KipLetter(Record):
    """A letter of a case: what it was made from, sealed under the case's key; the PDF is made again from it.

    `kind` is the document's of `kip.dossier.Document`, `event` the event it was made by; `number` is its own.
    """

    __tablename__ = "kip_letter"
    __table_args__ = (UniqueConstraint("case_id", "kind", "event"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("kip_case.id"))
    kind: Mapped[str] = mapped_column(Words(40))
    number: Mapped[str] = mapped_column(Words(100))
    event: Mapped[int]
    dated: Mapped[date]
    sealed: Mapped[str] = mapped_column(Prose)
    layout: Mapped[int] = mapped_column(default=1)


class KipRoute(Record):
    """A request passed to an agency, with the day until which it is to be back."""

    __tablename__ = "kip_route"
    __table_args__ = (UniqueConstraint("case_id", "organization_id"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("kip_case.id"))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    routed_on: Mapped[date]
    due: Mapped[date | None] = mapped_column(index=True, default=None)
    returned_on: Mapped[date | None] = mapped_column(default=None)
    proposal: Mapped[str] = mapped_column(Prose, default="")
    reminded_on: Mapped[date | None] = mapped_column(default=None)


class KipObjection(Record):
    """An objection as the registers list it, computed like the case. `key` is how the events name it: its number."""

    __tablename__ = "kip_objection"
    __table_args__ = (UniqueConstraint("year", "counter"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("kip_case.id"), index=True)
    key: Mapped[str] = mapped_column(Key(100), unique=True)
    year: Mapped[int]
    counter: Mapped[int]
    grounds: Mapped[list[str]] = mapped_column(Json)
    received_on: Mapped[date]
    state: Mapped[str] = mapped_column(Words(20), index=True)
    due: Mapped[date | None] = mapped_column(default=None)
    answered_on: Mapped[date | None] = mapped_column(default=None)
    late: Mapped[bool] = mapped_column(default=False)
    dispute: Mapped[str | None] = mapped_column(Words(20), default=None)


def _refuse(_mapper: Mapper[Any], _connection: Any, _record: KipEvent) -> None:
    raise Immutable("kip_event never changes")


event.listen(KipEvent, "before_update", _refuse)
event.listen(KipEvent, "before_delete", _refuse)
