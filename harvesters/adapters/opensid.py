"""The village information system OpenSID: counts of inhabitants by dusun, never a row of a person."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from harvesters.adapter import Evidence, RemoteDataset, RemoteFile, SourceUnavailable
from harvesters.databases.opensid_counts import HIDDEN, Counts, K, Row, protected
from harvesters.databases.opensid_questions import TRAITS, VILLAGE, VILLAGE_VIEW, Trait, counts_by, view_of
from harvesters.databases.session import asking, reading
from harvesters.gathered import as_csv, gathered
from harvesters.secrets import SecretText
from harvesters.wire.addresses import clean_url
from harvesters.wire.fetcher import Fetcher
from metadata.about import About
from metadata.names import slug
from metadata.reading.table import ReadHints
from metadata.terms import Bilingual

_HINTS = ReadHints(
    encoding="utf-8",
    delimiter=",",
    header_row=1,
    types={"desa_kode": "string", "jumlah": "integer", "status": "string"},
)
_RULE = (
    f"Agregat dari basis data kependudukan desa: hitungan di bawah {K} orang disembunyikan (kolom status: {HIDDEN}), "
    "beserta hitungan lain yang dapat membukanya kembali. Baris yang tidak ada berarti nol."
)


class WhichVillage(SourceUnavailable):
    """The database has no village, or several, and it is not said which is meant."""

    code = "opensid.which_village"
    text = Bilingual(
        id="Basis data {named} memuat {count} desa. Sebutkan satu lewat opsi config_id.",
        en="Database {named} has {count} villages. Name one by the option config_id.",
    )


class OpensidOptions(BaseModel):
    """`url` is the database's address and names a secret. With `views` only the views of counts are read.

    `config_id` says which village is meant where a database has several (OpenSID since 2023).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: SecretText
    views: bool = False
    config_id: int | None = Field(default=None, ge=1)
    k: int = Field(default=K, ge=K, le=100)
    seconds: int = Field(default=120, ge=1, le=3600)


class OpensidAdapter:
    """Datasets are known as `penduduk/TRAIT`. All counts of one state are protected together, once in a run."""

    kind: ClassVar[str] = "opensid"
    Options: ClassVar[type[BaseModel]] = OpensidOptions
    lists_changes: ClassVar[bool] = False

    def __init__(
        self,
        location: str,
        options: OpensidOptions,
        fetcher: Fetcher,
        *,
        since: datetime | None = None,  # noqa: ARG002 - counts are taken whole
    ) -> None:
        label = location.strip()
        self._label = clean_url(label) if "://" in label else label
        self._options, self._limit = options, fetcher.limits.body
        self._village: tuple[str, str, str] = ("", "", "")
        self._shown: dict[str, list[Row]] = {}

    def discover(self) -> Iterator[RemoteDataset]:
        """One dataset for each trait."""
        self._read()
        code, village, district = self._village
        for trait in TRAITS:
            key = f"penduduk/{trait.name}"
            title = f"Penduduk Desa {village} menurut Dusun, {trait.title}, dan Jenis Kelamin"
            name = f"{slug(f'penduduk-{village}-{trait.name}', 80)}.csv"
            rows = self._shown[trait.name]
            yield RemoteDataset(
                key=key,
                title=title,
                files=(RemoteFile(key, f"{self._label}#{key}", name, title, declared_format="csv", hints=_HINTS),),
                about=About(
                    title=title,
                    description=f"Jumlah penduduk Desa {village}, Kecamatan {district}. {_RULE}",
                    method=_RULE,
                    unit="jiwa",
                    regions=(code,) if code else (),
                    source_title="OpenSID",
                ),
                fingerprint=hashlib.sha256(repr((self._village, rows)).encode()).hexdigest(),
            )

    def fetch(self, dataset: RemoteDataset, into: Path) -> Iterator[Evidence]:
        """The table of one trait, from the counts that were read for the list."""
        for file in dataset.files:
            trait = next(one for one in TRAITS if file.key == f"penduduk/{one.name}")
            if trait.name not in self._shown:
                self._read()
            yield gathered(file, into, as_csv(self._lines(trait)), limit=self._limit)

    def _lines(self, trait: Trait) -> Iterator[list[str]]:
        code, village, _ = self._village
        yield ["desa_kode", "desa", "dusun", trait.name, "jenis_kelamin", "jumlah", "status"]
        for row in self._shown[trait.name]:
            said = ["", HIDDEN] if row.count is None else [str(row.count), ""]
            yield [code, village, row.dusun, row.category, row.sex, *said]

    def _read(self) -> None:
        """Everything in one state of the database; only what may be shown is kept."""
        with reading(self._options.url, seconds=self._options.seconds) as connection:
            self._village = self._which(connection)
            counted = [self._counts(connection, trait) for trait in TRAITS]
        shown = protected(counted, k=self._options.k)
        self._shown = {trait.name: rows for trait, rows in zip(TRAITS, shown, strict=True)}

    def _which(self, connection: Connection) -> tuple[str, str, str]:
        question = f"SELECT * FROM {VILLAGE_VIEW}" if self._options.views else VILLAGE  # noqa: S608 - our own words
        with asking("desa"):
            villages = connection.exec_driver_sql(question).all()
        if self._options.config_id is not None:
            villages = [one for one in villages if one[0] == self._options.config_id]
        if len(villages) != 1:
            raise WhichVillage(named=self._label, count=len(villages))
        _, name, code, district = (str(value or "").strip() for value in villages[0])
        return _dotted(code), name.title(), district.title()

    def _counts(self, connection: Connection, trait: Trait) -> Counts:
        with asking(trait.title):
            if self._options.views:
                question = f"SELECT dusun, kategori, kelamin, jumlah FROM {view_of(trait)}"  # noqa: S608 - our own words
            else:
                question = counts_by(trait, self._options.config_id)
            rows = connection.execution_options(no_parameters=True).exec_driver_sql(question).all()
        return {(_words(dusun), _words(category), _words(sex)): int(count) for dusun, category, sex, count in rows}


def _words(value: object) -> str:
    return " ".join(str(value).split()).upper()


def _dotted(code: str) -> str:
    """3522012001, as OpenSID keeps it, as 35.22.01.2001; empty when it is no code of a village."""
    digits = code.replace(".", "")
    return (
        ".".join((digits[:2], digits[2:4], digits[4:6], digits[6:])) if len(digits) == 10 and digits.isdigit() else ""
    )
