"""Regions: province, regency, kecamatan, desa and kelurahan by their Kemendagri code."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from datasets.columns import Words
from datasets.db import Record


class Region(Record):
    """A region. `code` is Kemendagri's with dots (35.22.01.2001); `kind` one of provinsi kabupaten kota kecamatan desa
    kelurahan."""

    __tablename__ = "region"

    code: Mapped[str] = mapped_column(Words(13), primary_key=True)
    name: Mapped[str] = mapped_column(Words(120))
    kind: Mapped[str] = mapped_column(Words(20), index=True)
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("region.code"), index=True, default=None)
    bps_code: Mapped[str | None] = mapped_column(Words(10), index=True, default=None)
