"""The village information system OpenSID: counts of inhabitants from its database or its API, never of a person."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator
from sqlalchemy import Connection

from harvesters.adapter import Evidence, RemoteDataset, RemoteFile, SourceUnavailable
from harvesters.databases.opensid_counts import HIDDEN, Counts, K, Row, protected
from harvesters.databases.opensid_questions import TRAITS, VILLAGE, VILLAGE_VIEW, Trait, counts_by, view_of
from harvesters.databases.session import asking, reading
from harvesters.gathered import as_csv, gathered
from harvesters.protocols.openkab import OpenKab
from harvesters.secrets import SecretText, fill
from harvesters.wire.addresses import clean_url
from harvesters.wire.fetcher import Fetcher
from metadata import regions
from metadata.about import About
from metadata.names import slug
from metadata.reading.table import ReadHints
from metadata.terms import Bilingual

_HINTS = ReadHints(
    encoding="utf-8",
    delimiter=",",
    header_row=1,
    types={"desa_kode": "string", "wilayah_kode": "string", "jumlah": "integer", "status": "string"},
)
_Name = Literal["kelompok_umur", "pendidikan", "pekerjaan", "agama", "status_perkawinan"]
_NAMES: tuple[_Name, ...] = ("kelompok_umur", "pendidikan", "pekerjaan", "agama", "status_perkawinan")
_RULE = (
    f"Agregat dari data kependudukan OpenSID: hitungan di bawah {K} orang disembunyikan (kolom status: {HIDDEN}), "
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
    """`url` is the database's address and names a secret; without it the location is that of an OpenKab on the web.

    Of a database: with `views` only the views of counts are read; `config_id` says which village is meant where there
    are several (OpenSID since 2023); `seconds` is for one statement. Of an OpenKab: `areas` are codes of kecamatan or
    desa, each counted for itself; `dotted` says that it takes them with dots; `token` names a secret. `traits` are
    those that are counted by.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: SecretText | None = None
    views: bool = False
    config_id: int | None = Field(default=None, ge=1)
    areas: tuple[Annotated[str, Field(pattern=r"^\d\d\.\d\d\.\d\d(\.\d{4})?$")], ...] = ()
    dotted: bool = False
    token: SecretText | None = None
    traits: tuple[_Name, ...] = Field(default=_NAMES, min_length=1)
    k: int = Field(default=K, ge=K, le=100)
    seconds: int = Field(default=120, ge=1, le=3600)

    @field_validator("areas")
    @classmethod
    def _beside_each_other(cls, areas: tuple[str, ...]) -> tuple[str, ...]:
        if len({area.count(".") for area in areas}) > 1 or len(set(areas)) < len(areas):
            raise ValueError(
                "kecamatan saja atau desa saja, masing-masing sekali / all kecamatan or all desa, each once"
            )
        return areas


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
        self._location = location.strip()
        self._label = clean_url(self._location) if "://" in self._location else self._location
        self._options, self._fetcher = options, fetcher
        self._traits = [one for one in TRAITS if one.name in options.traits]
        self._village: tuple[str, str, str] = ("", "", "")
        self._shown: dict[str, list[Row]] = {}

    def discover(self) -> Iterator[RemoteDataset]:
        """One dataset for each trait."""
        self._read()
        for trait in self._traits:
            key, about = f"penduduk/{trait.name}", self._about(trait)
            title = about.title or key
            name = f"{slug(title, 80)}.csv"
            rows = self._shown[trait.name]
            yield RemoteDataset(
                key=key,
                title=title,
                files=(RemoteFile(key, f"{self._label}#{key}", name, title, declared_format="csv", hints=_HINTS),),
                about=about,
                fingerprint=hashlib.sha256(repr((self._village, rows)).encode()).hexdigest(),
            )

    def fetch(self, dataset: RemoteDataset, into: Path) -> Iterator[Evidence]:
        """The table of one trait, from the counts that were read for the list."""
        for file in dataset.files:
            trait = next(one for one in TRAITS if file.key == f"penduduk/{one.name}")
            if trait.name not in self._shown:
                self._read()
            yield gathered(file, into, as_csv(self._lines(trait)), limit=self._fetcher.limits.body)

    def _about(self, trait: Trait) -> About:
        code, village, district = self._village
        if self._options.url is None:
            by, within = trait.title.partition(" (")[0], ""  # whose bands of age those are is theirs to say
            title = f"Penduduk menurut Wilayah, {by}, dan Jenis Kelamin"
        else:
            within = f" Desa {village}, Kecamatan {district}"
            title = f"Penduduk Desa {village} menurut Dusun, {trait.title}, dan Jenis Kelamin"
        return About(
            title=title,
            description=f"Jumlah penduduk{within}. {_RULE}",
            method=_RULE,
            unit="jiwa",
            regions=self._options.areas if self._options.url is None else (code,) if code else (),
            source_title="OpenSID",
        )

    def _lines(self, trait: Trait) -> Iterator[list[str]]:
        code, village, _ = self._village
        web = self._options.url is None
        places = ["wilayah_kode", "wilayah"] if web else ["desa_kode", "desa", "dusun"]
        yield [*places, trait.name, "jenis_kelamin", "jumlah", "status"]
        for row in self._shown[trait.name]:
            said = ["", HIDDEN] if row.count is None else [str(row.count), ""]
            where = [row.dusun, self._names.get(row.dusun, "")] if web else [code, village, row.dusun]
            yield [*where, row.category, row.sex, *said]

    @cached_property
    def _names(self) -> dict[str, str]:
        """The areas' names by their codes."""
        known = regions.load()
        return {code: region.name for code in self._options.areas if (region := known.get(code)) is not None}

    def _read(self) -> None:
        """Everything in one state; only what may be shown is kept."""
        counted = self._from_web() if self._options.url is None else self._from_database(self._options.url)
        shown = protected(counted, k=self._options.k)
        self._shown = {trait.name: rows for trait, rows in zip(self._traits, shown, strict=True)}

    def _from_web(self) -> list[Counts]:
        token = self._options.token
        headers = {"Authorization": f"Bearer {fill(token)}"} if token else {}
        there = OpenKab(self._location, self._fetcher, headers=headers, dotted=self._options.dotted)
        return there.counts([trait.name for trait in self._traits], self._options.areas)

    def _from_database(self, url: str) -> list[Counts]:
        with reading(url, seconds=self._options.seconds) as connection:
            self._village = self._which(connection)
            return [self._counts(connection, trait) for trait in self._traits]

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
