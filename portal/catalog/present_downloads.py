"""The block of downloads: every form in which a version can be taken, with sizes."""

from __future__ import annotations

from dataclasses import dataclass

from datasets.models import Resource, ResourceKind
from portal.catalog.addresses import Pairs, Shown
from portal.web import figures
from portal.web.i18n import gettext as _

SHEET_ROWS = 1_048_575
"""Rows of a sheet of Excel below its head; more do not open anywhere."""


@dataclass(frozen=True, slots=True)
class Download:
    """One form. `note` says whom it is for, `size` is empty when the file is made when asked for."""

    label: str
    url: str
    icon: str
    note: str
    size: str = ""


@dataclass(frozen=True, slots=True)
class Downloads:
    """What can be taken: `main` first, the shown resource in other `forms`, and what holds more than one table."""

    main: Download
    forms: tuple[Download, ...]
    more: tuple[Download, ...]


def downloads(shown: Shown, resource: Resource, *, descriptor_size: int | None) -> Downloads:
    """All downloads beside `resource`: a table first as CSV, a map as GeoJSON, a file as it is."""
    main, *forms = (*_map_forms(shown, resource), *_table_forms(shown, resource), _original(shown, resource))
    package = Download(
        label=_("Data package (ZIP)"),
        url=shown.archive(),
        icon="package",
        note=_("All tables, their description, licence and checksums in one file"),
    )
    description = Download(
        label="datapackage.json",
        url=shown.descriptor(),
        icon="braces",
        note=_("The description alone, for programs"),
        size=figures.size(descriptor_size) if descriptor_size is not None else "",
    )
    original = [forms.pop()] if forms else []
    return Downloads(main=main, forms=tuple(forms), more=(*original, package, description))


def view_downloads(shown: Shown, resource: Resource, query: Pairs, *, rows: int) -> tuple[Download, ...]:
    """The forms in which exactly the rows and columns of a view can be taken; `rows` are how many it has in all."""
    kinds = (("CSV", "csv"), ("XLSX", "xlsx"), ("JSON", "json"), ("Parquet", "parquet"))
    return tuple(
        Download(label=label, url=shown.table(resource, kind, query), icon="download", note="")
        for label, kind in kinds
        if kind != "xlsx" or rows <= SHEET_ROWS
    )


def _table_forms(shown: Shown, resource: Resource) -> tuple[Download, ...]:
    if resource.csv_sha256 is None:
        return ()
    forms = [
        Download(
            label="CSV",
            url=shown.table(resource, "csv"),
            icon="file-text",
            note=_("Text with commas, for every program"),
            size=figures.size(resource.csv_size or 0),
        )
    ]
    if (resource.rows or 0) <= SHEET_ROWS:
        note = _("For Excel and LibreOffice, with the description on a second sheet")
        forms.append(Download(label="XLSX", url=shown.table(resource, "xlsx"), icon="file-spreadsheet", note=note))
    note = _("For programs, row by row")
    forms.append(Download(label="JSON", url=shown.table(resource, "json"), icon="braces", note=note))
    note = _("Small and typed, for R, Python and DuckDB")
    forms.append(Download(label="Parquet", url=shown.table(resource, "parquet"), icon="database", note=note))
    return tuple(forms)


def _map_forms(shown: Shown, resource: Resource) -> tuple[Download, ...]:
    if resource.geo_sha256 is None:
        return ()
    return (
        Download(
            label="GeoJSON",
            url=shown.table(resource, "geojson"),
            icon="map",
            note=_("Shapes with their attributes, for QGIS and web maps"),
        ),
    )


def _original(shown: Shown, resource: Resource) -> Download:
    note = _("As the agency gave it, unchanged and unchecked")
    if resource.kind is ResourceKind.FILE:
        note = _("As the agency gave it")
    return Download(
        label=_("Original file (%(format)s)", format=resource.format.upper()),
        url=shown.original(resource),
        icon="archive",
        note=note,
        size=figures.size(resource.raw_size),
    )
