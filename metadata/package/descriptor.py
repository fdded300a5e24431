"""The descriptor of a version, as Data Package v2 with the members of Satu Data Indonesia beside it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from metadata import licenses
from metadata.about import About, Contact
from metadata.describe import Coverage
from metadata.notices import Notice
from metadata.package.values import PackagedResource, Publisher, RawFile, StoredFile
from metadata.profiles import sdi

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
DIALECT: dict[str, Any] = {
    "header": True,
    "headerRows": [1],
    "delimiter": ",",
    "lineTerminator": "\n",
    "quoteChar": '"',
    "doubleQuote": True,
    "skipInitialSpace": False,
}
"""Declared in full: a reader that has to sniff may strip blanks from every cell or take another row for the header."""
INERT = ("pdf", "png", "jpg", "jpeg", "docx", "txt", "geojson", "kml")
"""Formats of a file resource that no reader takes for a table; any other is said in `lumbung:format` alone."""


def build_package(
    *,
    name: str,
    id: str,  # noqa: A002 - the standard's own name
    title: str,
    about: About,
    publisher: Publisher,
    version: int,
    created: datetime,
    resources: Sequence[PackagedResource],
    homepage: str | None = None,
    coverage: Coverage | None = None,
    notices: Sequence[Notice] = (),
    disclosure: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The descriptor of version number `version`, created at that moment (with a time zone).

    `disclosure` tells how tables made from microdata were protected (`metadata.disclosure`).

    What the office did not say is left out; `lumbung:lacking` lists the members of Satu Data Indonesia that are.
    """
    years = (coverage.year_from, coverage.year_to) if coverage else (None, None)
    regions = coverage.regions if coverage else ()
    schemas = tuple(resource.schema for resource in resources if resource.schema)
    known = sdi.block(
        about if about.title else about.model_copy(update={"title": title}),
        producer=publisher.title,
        years=years,
        regions=regions,
        schemas=schemas,
    )
    licence = licenses.match(about.license) or licenses.get(licenses.NOT_STATED)
    paths = _source_paths(resources)
    package: dict[str, Any] = {
        "$schema": PROFILE,
        "name": name,
        "id": id,
        "title": title,
        "description": about.description,
        "version": f"{version}.0.0",
        "created": _moment(created),
        "homepage": homepage,
        "keywords": list(about.keywords),
        "licenses": [_filled({"name": licence.id, "title": licence.title.id, "path": licence.url})],
        "contributors": _contributors(publisher, about.contacts),
        "sources": _origins(about, resources),
        "resources": [entry for resource in resources for entry in _resources(resource, paths[resource.raw.sha256])],
        "lumbung:themes": list(about.themes),
        "lumbung:temporal": _filled({"from": years[0], "to": years[1]}),
        "lumbung:regions": list(regions),
        "lumbung:sdi": known,
        "lumbung:lacking": sdi.lacking_in(known),
        "lumbung:extras": dict(about.extras),
        "lumbung:disclosure": dict(disclosure or {}),
        "lumbung:notices": [notice.as_dict() for notice in notices],
    }
    return _filled(package)


def _resources(resource: PackagedResource, source: str) -> list[dict[str, Any]]:
    made = {
        "title": resource.title,
        "description": resource.description,
        "lumbung:sheet": resource.sheet,
        "lumbung:headerRow": resource.header_row,
        "lumbung:notes": list(resource.notes),
        "lumbung:repairs": [repair.as_dict() for repair in resource.repairs],
    }
    origin = [_source(resource.raw, source)]
    if resource.csv is None:
        return [_filled(_file(resource, source) | made)]
    entries = [
        {"name": resource.name, "path": f"data/{resource.name}.csv", "type": "table", "format": "csv"}
        | {"mediatype": "text/csv", "encoding": "utf-8"}
        | _content(resource.csv)
        | {"dialect": dict(DIALECT), "schema": dict(resource.schema or {}), "sources": origin}
        | {"lumbung:rows": resource.rows, "lumbung:alternatives": _alternatives(resource)}
        | made
    ]
    if resource.geo is not None:
        entries.append(
            {"name": f"{resource.name}-geo", "path": f"geo/{resource.name}.geojson", "format": "geojson"}
            | {"mediatype": "application/geo+json", "encoding": "utf-8", "title": resource.title}
            | _content(resource.geo)
            | {"sources": origin}
        )
    return [_filled(entry) for entry in entries]


def _file(resource: PackagedResource, source: str) -> dict[str, Any]:
    inert = resource.raw.format in INERT
    return (
        {"name": resource.name, "path": source, "format": resource.raw.format if inert else "bin"}
        | {"mediatype": resource.raw.mediatype, "bytes": resource.raw.size, "hash": f"sha256:{resource.raw.sha256}"}
        | ({} if inert else {"lumbung:format": resource.raw.format})
        | {"lumbung:fetched": _moment(resource.raw.fetched_at), "lumbung:url": _public(resource.raw.url)}
    )


def _alternatives(resource: PackagedResource) -> list[dict[str, Any]]:
    if resource.parquet is None:
        return []
    return [
        {"path": f"data/{resource.name}.parquet", "format": "parquet", "mediatype": "application/vnd.apache.parquet"}
        | _content(resource.parquet)
    ]


def _source(raw: RawFile, path: str) -> dict[str, Any]:
    return _filled(
        {
            "title": raw.filename,
            "path": path,
            "lumbung:format": raw.format,
            "lumbung:mediatype": raw.mediatype,
            "lumbung:bytes": raw.size,
            "lumbung:hash": f"sha256:{raw.sha256}",
            "lumbung:url": _public(raw.url),
            "lumbung:fetched": _moment(raw.fetched_at),
        }
    )


def _origins(about: About, resources: Sequence[PackagedResource]) -> list[dict[str, Any]]:
    """Where the data come from: the source that the office names, then each fetched file once."""
    named = _filled({"title": about.source_title or _public(about.source_path), "path": _public(about.source_path)})
    origins = [named] if named else []
    for raw in {resource.raw.sha256: resource.raw for resource in resources}.values():
        origins.append(
            _filled(
                {
                    "title": raw.filename,
                    "path": _public(raw.url),
                    "lumbung:hash": f"sha256:{raw.sha256}",
                    "lumbung:fetched": _moment(raw.fetched_at),
                }
            )
        )
    return origins


def _contributors(publisher: Publisher, contacts: Sequence[Contact]) -> list[dict[str, Any]]:
    offices = [Contact(title=publisher.title, email=publisher.email, path=publisher.path, role="publisher"), *contacts]
    return [
        _filled(
            {
                "title": office.title,
                "path": _public(office.path),
                "email": office.email
                if office.email and re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", office.email)
                else None,
                "roles": [office.role],
            }
        )
        for office in offices
    ]


def _source_paths(resources: Sequence[PackagedResource]) -> dict[str, str]:
    """Where each raw file lies in the package, by its SHA-256; equal names of different files are told apart."""
    paths: dict[str, str] = {}
    for raw in {resource.raw.sha256: resource.raw for resource in resources}.values():
        name = _safe_name(raw.filename)
        taken = {path.casefold() for path in paths.values()}
        path = f"source/{name}"
        if path.casefold() in taken:
            path = f"source/{raw.sha256[:8]}-{name}"
        paths[raw.sha256] = path
    return paths


def _safe_name(filename: str) -> str:
    """A file name that every system can unpack: no folders, no control or reserved characters, never hidden."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", filename))[-1]
    tidy = "".join("_" if sign in '<>:"|?*' or unicodedata.category(sign)[0] == "C" else sign for sign in last)
    tidy = re.sub(r"\.{2,}", ".", tidy).strip(" .~")
    stem, dot, suffix = tidy.rpartition(".")
    name = (f"{stem[:100]}{dot}{suffix[:12]}" if dot and stem else tidy[:100]) or "berkas"
    # Whoever validates a package unpacks a resource with such a name, however large it becomes.
    return f"{name}.bin" if suffix.lower() in ("zip", "gz", "bz2", "xz") else name


def _content(stored: StoredFile) -> dict[str, Any]:
    return {"bytes": stored.size, "hash": f"sha256:{stored.sha256}"}


def _public(url: str | None) -> str | None:
    return url if url and re.match(r"https?://[^\s]+$", url) else None


def _moment(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if at else None


def _filled(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if value not in (None, "", [], {})}
