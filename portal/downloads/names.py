"""What a downloaded file is called: dataset, version and date in it, so that it still says what it is in a year."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from zoneinfo import ZoneInfo

from portal.config import TIMEZONE

_LONGEST = 150

MEDIATYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
    "geojson": "application/geo+json",
    "zip": "application/zip",
}

# What a browser would run or lay out as a page travels as plain bytes.
_ACTIVE = re.compile(r"html|svg|xml|javascript|pdf|mhtml|x-shockwave", re.IGNORECASE)
_PLAIN = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)


def download_name(
    slug: str, number: int, published: datetime, ending: str, *, part: str = "", view: bool = False
) -> str:
    """`pdrb-adhb_v3_2026-11-24.csv`; `part` names one of several resources, `view` says that it is a selection."""
    stem = slug if part in ("", slug) else f"{slug}_{part}"
    day = published.astimezone(ZoneInfo(TIMEZONE)).date().isoformat()
    return f"{stem[:_LONGEST]}_v{number}_{day}{'_pilihan' if view else ''}.{ending}"


def original_name(filename: str) -> str:
    """The file's own name without what could leave its folder, hide its ending or break a header."""
    text = unicodedata.normalize("NFC", filename)
    kept = "".join(" " if char in '/\\:*?"<>|' else char for char in text if unicodedata.category(char)[0] != "C")
    name = " ".join(kept.split()).strip(". ")
    stem, dot, ending = name.rpartition(".")
    if dot and len(ending) <= 12:
        return f"{stem[:_LONGEST].strip() or 'berkas'}.{ending}"
    return name[:_LONGEST] or "berkas"


def safe_mediatype(mediatype: str) -> str:
    """The type under which a stranger's file may travel."""
    if _ACTIVE.search(mediatype) or not _PLAIN.fullmatch(mediatype):
        return "application/octet-stream"
    return mediatype
