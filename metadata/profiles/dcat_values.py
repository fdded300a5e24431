"""What DCAT says of a dataset and its catalogue, as plain values: addresses are absolute, moments aware."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class DcatAgent:
    """An office: the publisher or owner of data."""

    uri: str
    name: str
    homepage: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class DcatConcept:
    """A theme: its address, its words, and its code in the EU's table of data themes."""

    uri: str
    scheme: str
    title: str
    title_en: str
    eu_theme: str | None = None


@dataclass(frozen=True, slots=True)
class DcatPlace:
    """A region by its code of the Ministry of Home Affairs; `bps` is its code at the statistics office."""

    uri: str
    code: str
    name: str
    bps: str | None = None


@dataclass(frozen=True, slots=True)
class DcatFile:
    """One form in which the data can be had. `format` is a file extension, `size` in bytes, `sha256` of the bytes."""

    address: str
    title: str
    format: str
    media_type: str
    issued: datetime
    size: int | None = None
    sha256: str | None = None
    schema: str | None = None


@dataclass(frozen=True, slots=True)
class DcatVersion:
    """A version of a dataset under its own address."""

    uri: str
    number: int
    issued: datetime
    change: str | None = None


@dataclass(frozen=True, slots=True)
class DcatSeries:
    """Datasets that belong together, such as those of one name for each year; `first` … `previous` are addresses."""

    uri: str
    title: str
    description: str
    publisher: DcatAgent
    years: tuple[int, int]
    first: str
    last: str
    frequency: str | None = None
    previous: str | None = None


@dataclass(frozen=True, slots=True)
class DcatDataset:
    """A published dataset. `frequency` and `license` are of our code lists; `versions` come newest first, or none."""

    uri: str
    identifier: str
    title: str
    description: str
    publisher: DcatAgent
    issued: datetime
    modified: datetime
    license: str
    current: DcatVersion
    versions: tuple[DcatVersion, ...] = ()
    keywords: tuple[str, ...] = ()
    themes: tuple[DcatConcept, ...] = ()
    places: tuple[DcatPlace, ...] = ()
    frequency: str | None = None
    years: tuple[int | None, int | None] = (None, None)
    provenance: str | None = None
    sources: tuple[str, ...] = ()
    files: tuple[DcatFile, ...] = ()
    service: str | None = None
    series: DcatSeries | None = None


@dataclass(frozen=True, slots=True)
class DcatService:
    """An API over the whole catalogue; `description` is the address of its own description."""

    uri: str
    title: str
    endpoint: str
    description: str
    conforms_to: str | None = None


@dataclass(frozen=True, slots=True)
class DcatCatalog:
    """The portal as a catalogue."""

    uri: str
    title: str
    description: str
    homepage: str
    publisher: DcatAgent
    modified: datetime | None
    services: tuple[DcatService, ...] = ()
    themes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HydraPage:
    """Where a page of the catalogue stands among the others."""

    uri: str
    collection: str
    total: int
    first: str
    last: str
    previous: str | None = None
    next: str | None = None
