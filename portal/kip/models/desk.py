"""What the desk works with beside its cases: numbers, working days, settings, consequence tests, forms half filled."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from datasets.columns import Json, Key, Prose, UtcDateTime, Words
from datasets.db import Record
from datasets.models import Immutable


class KipCounter(Record):
    """The last number given in a register (`request`, `objection`, `letter`, `exemption`) in a year."""

    __tablename__ = "kip_counter"

    register: Mapped[str] = mapped_column(Words(20), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(default=0)


class KipDay(Record):
    """A day of the desk's calendar (`kip.calendar.SpecialDay`); a change is a row more, and none is altered."""

    __tablename__ = "kip_day"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    day: Mapped[date] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(Words(20))
    name: Mapped[str] = mapped_column(Words(300))
    source: Mapped[str] = mapped_column(Words(300))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(Words(250))
    decided_on: Mapped[date | None] = mapped_column(default=None)
    provisional: Mapped[bool] = mapped_column(default=False)


class KipSetting(Record):
    """A setting of the desk that is not at its default (`kip.settings.KipSettings`)."""

    __tablename__ = "kip_setting"

    name: Mapped[str] = mapped_column(Words(60), primary_key=True)
    value: Mapped[Any] = mapped_column(Json)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(Words(250))


class KipExemption(Record):
    """A consequence test (*uji konsekuensi*; PerKI 1/2021 Pasal 49); it holds once the head has approved it.

    `ground` is a letter of Pasal 17 (`17.a` …), `article` the other law's for j. `withdrawn_on` ends it early.
    """

    __tablename__ = "kip_exemption"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    number: Mapped[str] = mapped_column(Key(100), unique=True)
    decided_on: Mapped[date]
    place: Mapped[str] = mapped_column(Words(200))
    information: Mapped[str] = mapped_column(Prose)
    document: Mapped[str] = mapped_column(Prose)
    ground: Mapped[str] = mapped_column(Words(10), index=True)
    consequence_if_open: Mapped[str] = mapped_column(Prose)
    consequence_if_closed: Mapped[str] = mapped_column(Prose)
    participants: Mapped[str] = mapped_column(Prose)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(Words(250))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True, default=None)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("kip_case.id"), index=True, default=None)
    dataset_id: Mapped[int | None] = mapped_column(ForeignKey("dataset.id"), default=None)
    of_columns: Mapped[list[str]] = mapped_column(Json, default_factory=list)
    article: Mapped[str] = mapped_column(Prose, default="")
    expires_on: Mapped[date | None] = mapped_column(index=True, default=None)
    expires_when: Mapped[str] = mapped_column(Prose, default="")
    review_on: Mapped[date | None] = mapped_column(default=None)
    classification_letter: Mapped[str] = mapped_column(Words(200), default="")
    approved_on: Mapped[date | None] = mapped_column(default=None)
    approved_by: Mapped[str] = mapped_column(Words(250), default="")
    withdrawn_on: Mapped[date | None] = mapped_column(default=None)


class KipDraft(Record):
    """A form half filled by somebody without an account: sealed, found by the SHA-256 of what the browser holds."""

    __tablename__ = "kip_draft"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    digest: Mapped[str] = mapped_column(Words(64), unique=True)
    sealed: Mapped[str] = mapped_column(Prose)
    master: Mapped[str] = mapped_column(Words(16))
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


def _refuse(_mapper: Mapper[Any], _connection: Any, _record: KipDay) -> None:
    raise Immutable("kip_day never changes")


event.listen(KipDay, "before_update", _refuse)
event.listen(KipDay, "before_delete", _refuse)
