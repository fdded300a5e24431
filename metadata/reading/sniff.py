"""What a file is by its bytes, whatever its name says."""

from __future__ import annotations

import json
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

HEAD = 64 * 1024
"""Bytes from the beginning that are looked at."""
_FEW_ZEROS = 4

MEDIATYPES = {
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "txt": "text/plain",
    "json": "application/json",
    "ndjson": "application/x-ndjson",
    "geojson": "application/geo+json",
    "kml": "application/vnd.google-earth.kml+xml",
    "kmz": "application/vnd.google-earth.kmz",
    "html": "text/html",
    "xml": "application/xml",
    "sql": "application/sql",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xlsb": "application/vnd.ms-excel.sheet.binary.macroEnabled.12",
    "xls": "application/vnd.ms-excel",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "doc": "application/msword",
    "zip": "application/zip",
    "shp": "application/zip",
    "gz": "application/gzip",
    "7z": "application/x-7z-compressed",
    "rar": "application/vnd.rar",
    "pdf": "application/pdf",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "bmp": "image/bmp",
    "tiff": "image/tiff",
    "parquet": "application/vnd.apache.parquet",
    "sqlite": "application/vnd.sqlite3",
    "mdb": "application/x-msaccess",
    "dbf": "application/x-dbf",
    "elf": "application/x-executable",
    "exe": "application/x-msdownload",
    "ole": "application/x-ole-storage",
    "rtf": "application/rtf",
    "mp4": "video/mp4",
    "unknown": "application/octet-stream",
}

_MAGIC = (
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "gif"),
    (b"BM", "bmp"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"\x1f\x8b", "gz"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"PAR1", "parquet"),
    (b"SQLite format 3\x00", "sqlite"),
    (b"\x00\x01\x00\x00Standard Jet DB", "mdb"),
    (b"\x00\x01\x00\x00Standard ACE DB", "mdb"),
    (b"\x7fELF", "elf"),
    (b"MZ\x90\x00", "exe"),
    (b"{\\rtf", "rtf"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_HTML = re.compile(rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]|<table[\s>]|<meta\s", re.IGNORECASE)
_KML = re.compile(rb"<(?:\w+:)?kml[\s>]", re.IGNORECASE)
_SQL = re.compile(
    rb"^\s*(?:(?:--|#)[^\n]*\n|/\*.*?\*/;?\s*|SET\s[^;]{1,200};\s*|\s)*"
    rb"(?:CREATE\s+(?:TABLE|DATABASE|SCHEMA)|DROP\s+TABLE|INSERT\s+INTO|LOCK\s+TABLES|USE\s+`|PRAGMA\s|BEGIN\b)",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Sniffed:
    """What the bytes are: `format` as in `Reading.format`; `text` when they are to be decoded."""

    format: str
    text: bool = False

    @property
    def mediatype(self) -> str:
        """The media type of the format."""
        return MEDIATYPES.get(self.format, MEDIATYPES["unknown"])


def sniff(path: Path) -> Sniffed:
    """Look at the bytes of `path`: magic numbers first, then the inside of archives, then the beginning of the text."""
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    for magic, kind in _MAGIC:
        if head.startswith(magic) and not (magic == b"BM" and _is_text(head)):
            return Sniffed(kind)
    if head[4:8] == b"ftyp":
        return Sniffed("mp4")
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return Sniffed("webp")
    if head.startswith(_ZIP):
        return Sniffed(_inside_zip(path))
    if head.startswith(_OLE):
        return Sniffed(_inside_ole(path))
    return _text_format(head)


def _inside_zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist()[:5000])
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                said = archive.read("mimetype").decode("ascii", "replace")
                return {"spreadsheet": "ods", "text": "odt"}.get(said.strip().rpartition(".")[2].split("-")[0], "zip")
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError):
        return "broken-zip"
    if all(name.endswith("/") for name in names):
        return "empty-zip"
    return _by_members(names)


def _by_members(names: set[str]) -> str:
    lower = {name.lower() for name in names}
    if "xl/workbook.bin" in lower:
        return "xlsb"
    if "[content_types].xml" in lower or any(name.startswith("xl/") for name in lower):
        for folder, kind in (("xl/", "xlsx"), ("word/", "docx"), ("ppt/", "pptx")):
            if any(name.startswith(folder) for name in lower):
                return kind
    if any(name.endswith(".shp") for name in lower):
        return "shp"
    return "kmz" if "doc.kml" in lower else "zip"


def _inside_ole(path: Path) -> str:
    with path.open("rb") as stream:
        content = stream.read(8 * 1024 * 1024)
    names = {name: name.encode("utf-16-le") for name in ("EncryptionInfo", "Workbook", "Book", "WordDocument")}
    if names["EncryptionInfo"] in content:
        return "protected"
    if names["WordDocument"] in content:
        return "doc"
    return "xls" if names["Workbook"] in content or names["Book"] + b"\x00\x00" in content else "ole"


def _text_format(head: bytes) -> Sniffed:
    if not _is_text(head):
        return Sniffed("unknown")
    start = _plain_start(head)
    if start[:1] in (b"{", b"["):
        return Sniffed(_json_kind(start), text=True)
    if start.startswith(b"<") and (marked := _markup_kind(start)):
        return Sniffed(marked, text=True)
    return Sniffed("sql" if _SQL.match(start[:16384]) else "csv", text=True)


def _markup_kind(start: bytes) -> str | None:
    if _KML.search(start[:4096]):
        return "kml"
    if _HTML.search(start[:8192]):
        return "html"
    known = start.startswith((b"<?xml", b"<!")) or re.match(rb"<[a-zA-Z][\w:.-]*[\s>/]", start)
    return "xml" if known else None


def _plain_start(head: bytes) -> bytes:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "replace").encode("utf-8", "replace").lstrip(b"\xef\xbb\xbf \t\r\n")
    return head.lstrip(b"\xef\xbb\xbf \t\r\n")


def _json_kind(start: bytes) -> str:
    """JSON, or JSON lines: the first line is a whole value and another follows. A `[` may also begin a CSV title."""
    first, _, rest = start.partition(b"\n")
    if rest.strip():
        try:
            json.loads(first)
        except (ValueError, RecursionError):
            pass
        else:
            return "ndjson"
    return "json" if re.match(rb"[\[{]\s*(?:[\]}\[{\"'\d-]|true|false|null|$)", start) else "csv"


def _is_text(head: bytes) -> bool:
    """Whether the bytes can be text: UTF-16 by its mark or its zeros, else few control bytes and nearly no zeros."""
    if head.startswith(_BOMS) or not head:
        return True
    zeros = head.count(0)
    if zeros > max(_FEW_ZEROS, len(head) * 0.01):
        return looks_utf16(head) is not None
    controls = sum(head.count(byte) for byte in (*range(1, 9), 11, *range(14, 27), *range(28, 32), 127))
    return controls <= len(head) * 0.005


def looks_utf16(head: bytes) -> str | None:
    """The byte order of UTF-16 without a mark, by where the zeros of its Latin letters stand; None when it is not."""
    pairs = max(1, len(head) // 2)
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > 0.4 * pairs and even < 0.05 * pairs:
        return "utf-16-le"
    if even > 0.4 * pairs and odd < 0.05 * pairs:
        return "utf-16-be"
    return None
