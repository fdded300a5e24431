"""Organisations: the agencies (OPD) that own data."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from datasets.columns import Prose, Words
from datasets.db import Record


class Organization(Record):
    """A regional agency (Organisasi Perangkat Daerah). `slug` is its address, `abbreviation` what people call it."""

    __tablename__ = "organization"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    slug: Mapped[str] = mapped_column(Words(100), unique=True)
    title: Mapped[str] = mapped_column(Words(300))
    abbreviation: Mapped[str | None] = mapped_column(Words(60), default=None)
    description: Mapped[str | None] = mapped_column(Prose, default=None)
    homepage: Mapped[str | None] = mapped_column(Words(500), default=None)
    email: Mapped[str | None] = mapped_column(Words(200), default=None)
