"""The dataset page as one value: every figure, date and address finished, nothing left for the template to decide."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from flask import url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from datasets import catalog, scores
from datasets.clock import now
from datasets.models import Dataset, Region, Resource, ResourceKind
from datasets.query.errors import TableBroken
from datasets.query.question import TableQuery
from metadata import licenses
from portal.catalog.addresses import Shown, dataset_url, lasting_url
from portal.catalog.present_chart import Picture, picture
from portal.catalog.present_cite import Citation, citation
from portal.catalog.present_columns import MOST, ColumnEntry, columns
from portal.catalog.present_downloads import Downloads, downloads
from portal.catalog.present_examples import Examples, examples
from portal.catalog.present_jsonld import as_json_ld
from portal.catalog.present_metadata import MetadataTable, metadata_table
from portal.catalog.present_provenance import Provenance, VersionEntry, history, provenance
from portal.catalog.present_quality import Quality, quality
from portal.catalog.present_score import ScoreView, score_view
from portal.catalog.present_summary import Fact, facts, regions_in_words, sentence
from portal.catalog.present_table import TablePart, table_part
from portal.catalog.present_tools import columns_url
from portal.context import installation
from portal.journal.present import Mark, mark
from portal.response.present import Heard, Voices, voices
from portal.usage.present import UsagePart, usage_part
from portal.web import figures
from portal.web.i18n import current_language, root_path
from portal.web.i18n import gettext as _
from portal.web.links import canonical_url, site_root
from portal.web.markdown import as_html

_TABS = 40


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Tab:
    """One resource of several."""

    title: str
    url: str
    note: str
    current: bool


@dataclass(frozen=True, slots=True)
class ResourcePart:
    """The resource on the page. `table` is None for a file, and when the table cannot be read now (`broken`)."""

    title: str
    kind: str
    format: str
    notes: tuple[str, ...]
    table: TablePart | None
    broken: bool
    picture: Picture | None
    columns: tuple[ColumnEntry, ...]
    columns_all: tuple[str, str] | None
    sheet: str
    explanation: str


@dataclass(frozen=True, slots=True)
class DatasetPage:
    """Everything that the template places. `replaced_by` leads from an old version to the present one."""

    title: str
    slug: str
    agency: Link
    themes: tuple[Link, ...]
    tags: tuple[Link, ...]
    facts: tuple[Fact, ...]
    sentence: str
    description: Markup
    number: str
    fixed: bool
    replaced_by: Link | None
    published: str
    tabs: tuple[Tab, ...]
    resource: ResourcePart
    downloads: Downloads
    examples: Examples
    metadata: MetadataTable
    quality: Quality
    score: ScoreView
    provenance: Provenance
    journal: Mark | None
    voices: Voices
    history: tuple[VersionEntry, ...]
    usage: UsagePart
    license: Link
    license_open: bool
    citation: Citation
    canonical: str
    preview: str
    api: tuple[Link, ...]
    json_ld: Mapping[str, Any]
    crumbs: tuple[tuple[str, str | None], ...]
    sections: tuple[tuple[str, str], ...]
    table_source: str
    ask: Link
    more: Link


def dataset_page(
    session: Session, shown: Shown, resource: Resource, query: TableQuery | None, heard: Heard
) -> DatasetPage:
    """The page of a version with `resource` on it; `query` is what its table is asked (None: there is none to ask).

    The records must be loaded as `datasets.catalog` loads them.
    """
    dataset, version, agency = shown.dataset, shown.version, shown.dataset.organization
    settings = installation().settings
    portal = f"{settings.site_title} {settings.region_name}"
    regions = {region.code: region for region in dataset.regions}
    licence = licenses.get(dataset.license_id)
    address = lasting_url(dataset, version.number)
    summary = sentence(dataset, version, regions)
    tags = tuple(sorted(tag.tag for tag in dataset.tags))
    part = _part(shown, resource, query)
    alone = shown.newest and version.number == 1
    return DatasetPage(
        title=dataset.title,
        slug=dataset.slug,
        agency=Link(agency.title, url_for("browse.organization", slug=agency.slug)),
        themes=_themes(dataset),
        tags=tuple(Link(tag, url_for("search.search", q=tag)) for tag in tags),
        facts=facts(dataset, version, regions),
        sentence=summary,
        description=as_html(dataset.description),
        number=figures.number(version.number),
        fixed=shown.fixed,
        replaced_by=_newer(shown),
        published=figures.day(version.published_at),
        tabs=_tabs(shown, resource),
        resource=part,
        downloads=downloads(shown, resource, descriptor_size=_size(version.package_sha256)),
        examples=examples(shown, resource, None if part.table is None else query),
        metadata=metadata_table(version, regions=regions_in_words(regions)),
        quality=quality(version),
        score=score_view(scores.of_version(session, version, dataset, at=now())),
        provenance=provenance(shown),
        journal=mark(session, version, dataset.slug),
        voices=voices(session, dataset, heard),
        usage=usage_part(session, dataset),
        history=history(shown, [version] if alone else catalog.versions_of(session, dataset)),
        license=Link(licence.title.say(current_language()), licence.url or ""),
        license_open=licence.is_open,
        citation=citation(
            title=dataset.title,
            author=agency.title,
            portal=portal,
            slug=dataset.slug,
            number=version.number,
            published=version.published_at,
            url=address,
        ),
        canonical=address if shown.fixed and not shown.newest else dataset_url(dataset),
        preview=_preview(shown, resource),
        api=_api(shown),
        json_ld=as_json_ld(
            shown,
            organization=agency,
            portal=portal,
            summary=summary,
            keywords=tags,
            regions=_names(regions),
            resources=list(version.resources),
        ),
        crumbs=_crumbs(shown),
        sections=_sections(resource),
        table_source=_("Source: %(agency)s, version %(number)s", agency=agency.title, number=version.number),
        ask=Link(_("How to ask for it"), url_for("home.about", _anchor="lisensi")),
        more=Link(_("More from this agency"), url_for("browse.organization", slug=agency.slug)),
    )


def _crumbs(shown: Shown) -> tuple[tuple[str, str | None], ...]:
    steps: list[tuple[str, str | None]] = [(_("Datasets"), url_for("search.search"))]
    agency = shown.dataset.organization
    steps.append((agency.abbreviation or agency.title, url_for("browse.organization", slug=agency.slug)))
    if shown.fixed:
        steps.append((shown.dataset.title, Shown(shown.dataset, shown.version, fixed=False).page()))
        steps.append((_("Version %(number)s", number=shown.version.number), None))
    else:
        steps.append((shown.dataset.title, None))
    return tuple(steps)


def _sections(resource: Resource) -> tuple[tuple[str, str], ...]:
    """The parts of the page, as anchors; a file has no columns to speak of."""
    table = (
        [("tabel", _("Table")), ("kolom", _("Columns"))] if resource.schema.get("fields") else [("tabel", _("File"))]
    )
    rest = [("metadata", _("Metadata")), ("mutu", _("Quality")), ("asal", _("Origin")), ("riwayat", _("Versions"))]
    return (
        *table,
        *rest,
        ("program", _("For programs")),
        ("pakai", _("Usage")),
        ("kutip", _("Cite")),
        ("tanggapan", _("Readers")),
    )


def _preview(shown: Shown, resource: Resource) -> str:
    """The picture that other sites show beside a link to the page."""
    if not resource.chart:
        return ""
    return site_root() + shown.whole_chart(resource, "png").removeprefix(root_path())


def _part(shown: Shown, resource: Resource, query: TableQuery | None) -> ResourcePart:
    table = None
    if query is not None:
        with suppress(TableBroken):  # everything else on the page still holds, and so do the downloads
            table = table_part(shown, resource, query)
    return ResourcePart(
        title=resource.title,
        kind=resource.kind.value,
        format=resource.format.upper(),
        notes=tuple(resource.notes),
        table=table,
        broken=table is None and resource.parquet_sha256 is not None,
        picture=picture(shown, resource, agency=shown.dataset.organization.title),
        columns=columns(shown, resource),
        columns_all=_all_columns(shown, resource),
        sheet=resource.sheet or "",
        explanation=_why_a_file(shown, resource),
    )


def _all_columns(shown: Shown, resource: Resource) -> tuple[str, str] | None:
    """How many columns there are and where all are told of, when the page tells of some."""
    count = len(resource.schema.get("fields", []))
    if count <= MOST or resource.parquet_sha256 is None:
        return None
    return figures.number(count), columns_url(shown, resource)


def _why_a_file(shown: Shown, resource: Resource) -> str:
    """What reading said of a file that is no table; the first notice about it."""
    if resource.kind is not ResourceKind.FILE:
        return ""
    from metadata.notices import Notice

    for said in shown.version.notices:
        notice = Notice.from_dict(said)
        if notice.place.file in (None, resource.raw_filename):
            return Notice(code=notice.code, params=notice.params).say(current_language())
    return ""


def _themes(dataset: Dataset) -> tuple[Link, ...]:
    english = current_language() == "en"
    return tuple(
        Link(theme.title_en if english else theme.title, url_for("browse.group", slug=theme.slug))
        for theme in dataset.themes
    )


def _newer(shown: Shown) -> Link | None:
    current = shown.dataset.current_version
    if shown.newest or current is None:
        return None
    return Link(figures.number(current.number), Shown(shown.dataset, current, fixed=False).page())


def _tabs(shown: Shown, chosen: Resource) -> tuple[Tab, ...]:
    if len(shown.version.resources) < 2:
        return ()
    return tuple(
        Tab(
            title=resource.title,
            url=shown.page(resource, anchor="tabel"),
            note=figures.number(resource.rows) if resource.rows is not None else resource.format.upper(),
            current=resource.id == chosen.id,
        )
        for resource in shown.version.resources
    )


def _size(sha256: str) -> int | None:
    blobs = installation().blobs
    return blobs.size(sha256) if blobs.exists(sha256) else None


def _api(shown: Shown) -> tuple[Link, ...]:
    show = canonical_url("home.home") + f"api/3/action/package_show?id={shown.dataset.slug}"
    return (Link("package_show", show),)


def _names(regions: Mapping[str, Region]) -> tuple[str, ...]:
    return tuple(sorted(region.name for region in regions.values()))[:_TABS]
