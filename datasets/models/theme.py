"""Themes: the subjects by which people browse."""

from __future__ import annotations

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from datasets.db import Record


class Theme(Record):
    """A subject of the catalogue, in both languages; `icon` names a symbol of the sprite."""

    __tablename__ = "theme"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    slug: Mapped[str] = mapped_column(String(100), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(200))
    description: Mapped[str | None] = mapped_column(Text, default=None)
    icon: Mapped[str] = mapped_column(String(40), default="folder")
    position: Mapped[int] = mapped_column(default=0)
