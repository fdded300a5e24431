"""What the public sees of the desk: published questions and answers, who joined them, what was met without filing."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from datasets.columns import Json, Prose, UtcDateTime, Words
from datasets.db import Record


class KipPublication(Record):
    """A request as the public sees it, each word checked by an officer. Nothing here tells who asked, unless `name` is
    filled because the applicant wished so. `links` are `{"title", "url", "sha256", "citation"}`; `words` are the stems
    that the search looks in; withdrawn ones are gone from every page."""

    __tablename__ = "kip_publication"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("kip_case.id"), unique=True)
    slug: Mapped[str] = mapped_column(Words(100), unique=True)
    number: Mapped[str] = mapped_column(Words(100))
    subject: Mapped[str] = mapped_column(Words(300))
    question: Mapped[str] = mapped_column(Prose)
    answer: Mapped[str] = mapped_column(Prose)
    applicant_kind: Mapped[str] = mapped_column(Words(20))
    received_on: Mapped[date] = mapped_column(index=True)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    by: Mapped[str] = mapped_column(Words(250))
    words: Mapped[str] = mapped_column(Prose)
    links: Mapped[list[dict[str, Any]]] = mapped_column(Json, default_factory=list)
    name: Mapped[str | None] = mapped_column(Words(200), default=None)
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True, default=None)
    information_class: Mapped[str] = mapped_column(Words(20), default="setiap_saat")
    decision: Mapped[str | None] = mapped_column(Words(32), default=None)
    grounds: Mapped[list[str]] = mapped_column(Json, default_factory=list)
    answered_on: Mapped[date | None] = mapped_column(default=None)
    working_days: Mapped[int | None] = mapped_column(default=None)
    objection: Mapped[str | None] = mapped_column(Words(20), default=None)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class KipJoining(Record):
    """Somebody wants to know the same. `digest` is a keyed hash of the address or visitor, so that none counts twice;
    the address, if one was left, is sealed and forgotten when the answer was told."""

    __tablename__ = "kip_joining"
    __table_args__ = (UniqueConstraint("publication_id", "digest"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("kip_publication.id"))
    digest: Mapped[str] = mapped_column(Words(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    sealed_address: Mapped[str | None] = mapped_column(Prose, default=None)
    master: Mapped[str] = mapped_column(Words(16), default="")


class KipMet(Record):
    """A request that was met without being filed: `kind` is `dataset`, `rows` or `answer`, `target` its address."""

    __tablename__ = "kip_met"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    kind: Mapped[str] = mapped_column(Words(20))
    target: Mapped[str] = mapped_column(Words(500))
