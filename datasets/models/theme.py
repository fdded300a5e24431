"""Themes: the subjects by which people browse."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from datasets.columns import Prose, Words
from datasets.db import Record


class Theme(Record):
    """A subject of the catalogue, in both languages; `icon` names a symbol of the sprite.

    What was changed `by_hand` no longer follows the list that is shipped.
    """

    __tablename__ = "theme"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    slug: Mapped[str] = mapped_column(Words(100), unique=True)
    title: Mapped[str] = mapped_column(Words(200))
    title_en: Mapped[str] = mapped_column(Words(200))
    description: Mapped[str | None] = mapped_column(Prose, default=None)
    description_en: Mapped[str | None] = mapped_column(Prose, default=None)
    icon: Mapped[str] = mapped_column(Words(40), default="folder")
    position: Mapped[int] = mapped_column(default=0)
    by_hand: Mapped[bool] = mapped_column(default=False)
