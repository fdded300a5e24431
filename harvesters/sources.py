"""The sources of an installation: declared in a `sources.toml` or added by hand, and tried without publishing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from datasets.clock import now
from datasets.db import Database
from datasets.installation import Installation
from datasets.models import Organization, Source
from datasets.settings import Settings
from harvesters.adapter import RemoteDataset
from harvesters.declared import OrganizationEntry, SourceEntry, read_sources
from harvesters.opening import opened_source, split_options
from metadata.errors import LumbungError, NotFound
from metadata.names import slug
from metadata.terms import Bilingual


class SourceExists(LumbungError):
    """There is a source of that name already, and it is another one."""

    code = "source.exists"
    status = 409
    text = Bilingual(
        id="Sumber bernama “{name}” sudah ada ({location}). Pilih nama lain, atau ubah sumber yang ada.",
        en="There is a source named “{name}” already ({location}). Choose another name, or change that one.",
    )


@dataclass(frozen=True, slots=True)
class SourceCard:
    """A source as a list shows it."""

    name: str
    title: str
    kind: str
    location: str
    organization: str
    schedule: str | None
    enabled: bool
    declared: bool


@dataclass(frozen=True, slots=True)
class Trial:
    """What a source offers, tried without publishing: the first datasets, and whether there are more."""

    found: tuple[RemoteDataset, ...]
    more: bool


def load_sources(database: Database, path: Path, *, locations: Mapping[str, str] | None = None) -> list[str]:
    """Take over a `sources.toml`: its organisations and sources are stored or brought up to date; their names.

    `locations` replaces the location of some sources by name. A relative location is relative to the file's folder.
    Nothing is stored unless all of it is right. Raises `SourcesMistaken` with the place in the file.
    """
    declared = read_sources(path, locations=locations or {})
    at = now()
    with database.write() as session:
        for organization in declared.organization:
            _keep_organization(session, organization)
        for source in declared.source:
            owner = find_organization(session, source.organization)
            if owner is None:
                reason = f"“{source.organization}” tidak dikenal / is unknown"
                raise declared.mistake(source, member="organization", reason=reason)
            stored = session.scalar(select(Source).where(Source.name == source.name))
            _keep_source(session, stored, source, owner, at=at).declared = True
    return [source.name for source in declared.source]


def load_home_sources(here: Installation) -> list[str]:
    """Take over the installation's own `sources.toml`, if it has one; the names declared there."""
    path = here.settings.home / "sources.toml"
    return load_sources(here.database, path) if path.is_file() else []


def add_source(session: Session, entry: SourceEntry, *, at: datetime) -> Source:
    """Store a source added by hand; the same one again is no fault. Its organisation is made when there is none.

    `entry.organization` is a slug or a title. Raises `SourceExists`, `UnknownAdapter`, `OptionMistaken`.
    """
    split_options(entry.kind, entry.options)
    organization = find_organization(session, entry.organization)
    if organization is None:
        organization = Organization(slug=slug(entry.organization), title=entry.organization)
        session.add(organization)
        session.flush()
    stored = session.scalar(select(Source).where(Source.name == entry.name))
    if stored is not None and (stored.kind, stored.location) != (entry.kind, entry.location):
        raise SourceExists(name=entry.name, location=stored.location)
    return _keep_source(session, stored, entry, organization, at=at)


def list_sources(session: Session) -> list[SourceCard]:
    """Every source, by name."""
    stored = session.scalars(select(Source).options(joinedload(Source.organization)).order_by(Source.name))
    return [
        SourceCard(
            name=one.name,
            title=one.title,
            kind=one.kind,
            location=one.location,
            organization=one.organization.title,
            schedule=one.schedule,
            enabled=one.enabled,
            declared=one.declared,
        )
        for one in stored
    ]


def get_source(session: Session, name: str) -> Source:
    """The source of that name with its organisation. Raises `NotFound`, naming those that there are."""
    found = session.scalar(select(Source).options(joinedload(Source.organization)).where(Source.name == name))
    if found is None:
        known = ", ".join(session.scalars(select(Source.name).order_by(Source.name))) or "-"
        raise NotFound(what=f"Sumber/source “{name}” ({known})")
    return found


def check_source(settings: Settings, source: Source, *, limit: int = 10) -> Trial:
    """List the first `limit` datasets of a source; nothing is fetched or stored. Raises what the adapter raises."""
    with opened_source(settings, source.kind, source.location, source.options) as adapter:
        offered: Iterator[RemoteDataset] = adapter.discover()
        found = tuple(islice(offered, limit))
        return Trial(found, next(offered, None) is not None)


def find_organization(session: Session, named: str) -> Organization | None:
    """The organisation of that slug, else of that title."""
    by_slug = session.scalar(select(Organization).where(Organization.slug == named))
    return by_slug or session.scalar(select(Organization).where(Organization.title == named))


def _keep_organization(session: Session, entry: OrganizationEntry) -> None:
    stored = session.scalar(select(Organization).where(Organization.slug == entry.name))
    if stored is None:
        stored = Organization(slug=entry.name, title=entry.title)
        session.add(stored)
    for member, value in entry.model_dump(exclude={"name"}, exclude_none=True).items():
        setattr(stored, member, value)
    session.flush()


def _keep_source(
    session: Session, stored: Source | None, entry: SourceEntry, organization: Organization, *, at: datetime
) -> Source:
    title = entry.title or organization.title
    if stored is None:
        stored = Source(
            name=entry.name,
            title=title,
            kind=entry.kind,
            location=entry.location,
            organization_id=organization.id,
            created_at=at,
        )
        session.add(stored)
    stored.kind, stored.location, stored.title = entry.kind, entry.location, title
    stored.organization_id, stored.schedule, stored.enabled = organization.id, entry.schedule, entry.enabled
    stored.options, stored.about = dict(entry.options), entry.about.model_dump(mode="json", exclude_defaults=True)
    session.flush()
    return stored
