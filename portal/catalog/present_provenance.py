"""Where the figures come from: the way of each file from its source to this version, and all versions there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import url_for

from datasets.models import Evidence, Resource, Version
from portal.catalog.addresses import Shown
from portal.web import figures
from portal.web.i18n import gettext as _
from portal.web.i18n import ngettext


@dataclass(frozen=True, slots=True)
class FetchedFile:
    """One file as it came in. `link` is its address when a reader can open it; `where` is what to show of it."""

    name: str
    where: str
    link: str | None
    fetched: str
    size: str
    sha256: str
    source: str
    download: str
    tables: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """The chain: files fetched, the run that did it, the version made of them."""

    files: tuple[FetchedFile, ...]
    run: str | None
    version: str
    published: str
    content_key: str
    descriptor: str
    descriptor_sha256: str


@dataclass(frozen=True, slots=True)
class VersionEntry:
    """One line of the history."""

    title: str
    url: str
    published: str
    rows: str
    change: str
    diff: str
    shown: bool
    current: bool


def provenance(shown: Shown) -> Provenance:
    """The way of the shown version; its run, resources, their evidence and its source must be loaded."""
    version = shown.version
    by_evidence: dict[int, list[Resource]] = {}
    for resource in version.resources:
        by_evidence.setdefault(resource.evidence_id, []).append(resource)
    return Provenance(
        files=tuple(_fetched(shown, resources) for resources in by_evidence.values()),
        run=_run(version),
        version=_("Version %(number)s", number=version.number),
        published=figures.minute(version.published_at),
        content_key=version.content_key,
        descriptor=shown.descriptor(),
        descriptor_sha256=version.package_sha256,
    )


def history(shown: Shown, versions: Sequence[Version]) -> tuple[VersionEntry, ...]:
    """Every version, the newest first, each with the address of what changed in it; they come with their resources."""
    entries = []
    known = {version.number for version in versions}
    for version in versions:
        current = version.id == shown.dataset.current_version_id
        rows = sum(resource.rows or 0 for resource in version.resources)
        entries.append(
            VersionEntry(
                title=_("Version %(number)s", number=version.number),
                url=Shown(shown.dataset, version, fixed=True).page(),
                published=figures.day(version.published_at),
                rows=rows_in_words(rows) if rows else "",
                change=version.change or (_("First published") if version.number == 1 else ""),
                diff=_since(shown, version.number) if version.number - 1 in known else "",
                shown=version.id == shown.version.id,
                current=current,
            )
        )
    return tuple(entries)


def _since(shown: Shown, number: int) -> str:
    return url_for("diff.page", slug=shown.dataset.slug, before=number - 1, after=number)


def rows_in_words(rows: int) -> str:
    """ "1.234 baris"."""
    return ngettext("%(count)s row", "%(count)s rows", rows)


def _fetched(shown: Shown, resources: list[Resource]) -> FetchedFile:
    first = resources[0]
    evidence = first.evidence
    where, link = _address(evidence)
    return FetchedFile(
        name=evidence.filename,
        where=where,
        link=link,
        fetched=figures.minute(evidence.fetched_at),
        size=figures.size(evidence.size),
        sha256=evidence.sha256,
        source=evidence.source.title if evidence.source else _("Handed in by a person"),
        download=shown.original(first),
        tables="; ".join(_part(resource) for resource in resources) if len(resources) > 1 or first.sheet else "",
    )


def _part(resource: Resource) -> str:
    return _("sheet “%(sheet)s”", sheet=resource.sheet) if resource.sheet else resource.title


def _address(evidence: Evidence) -> tuple[str, str | None]:
    """A web address is a link; a path on the office's own disk is nobody's business but its name."""
    parts = urlsplit(evidence.url)
    if parts.scheme in ("http", "https") and parts.hostname:
        return evidence.url, evidence.url
    return _("Folder of the agency: %(file)s", file=evidence.filename), None


def _run(version: Version) -> str | None:
    if version.run is None:
        return None
    return _(
        "Harvest no. %(number)s of “%(source)s”, %(moment)s",
        number=version.run.id,
        source=version.run.source.title,
        moment=figures.minute(version.run.started_at),
    )
