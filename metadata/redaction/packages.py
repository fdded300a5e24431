"""Office packages (XLSX, DOCX) from outside: their properties, and the parts that nobody sees on a page."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from lxml import etree

from metadata.notices import Notice, Place
from metadata.personal import spans
from metadata.redaction import findings
from metadata.redaction.findings import counted

_SHOWN = 8
UNSEEN_PARTS: Final = (
    (re.compile(r".*/externalLinks/externalLink\d+\.xml"), "tautan ke buku kerja lain"),
    (re.compile(r".*/pivotCache/.*\.xml"), "data tabel pivot"),
    (re.compile(r"xl/connections\.xml"), "sambungan data"),
    (re.compile(r"xl/queryTables/.*\.xml"), "kueri"),
    (re.compile(r"xl/revisions/.*\.xml"), "riwayat perubahan"),
    (re.compile(r"xl/persons/.*\.xml|word/people\.xml"), "daftar penyunting"),
    (re.compile(r"customXml/.*\.xml"), "data XML tambahan"),
    (re.compile(r".*/embeddings/.*"), "berkas yang ditanam"),
    (re.compile(r".*/activeX/.*"), "kendali ActiveX"),
    (re.compile(r"docProps/thumbnail\..*"), "gambar kecil halaman pertama"),
    (re.compile(r".*/printerSettings/.*"), "pengaturan pencetak"),
    (re.compile(r"word/glossary/document\.xml"), "potongan teks tersimpan"),
    (
        re.compile(r"word/(?!media/|fonts/|embeddings/|activeX/|printerSettings/).*\.(?!xml$|rels$)\w+"),
        "berkas yang disisipkan",
    ),
)
"""Parts that hold something which is not on any page, by their names."""
_MACROS = re.compile(r".*vbaProject\.bin|.*/macrosheets/.*", re.IGNORECASE)
_MEDIA = re.compile(r"(?:xl|word)/media/.*")
_PROPERTIES = re.compile(r"docProps/(?:core|app|custom)\.xml")
_TELLING = frozenset(
    ("creator", "lastModifiedBy", "lastPrinted", "Company", "Manager", "title", "subject", "keywords", "description")
) | {"category", "contentStatus", "identifier", "HyperlinkBase", "Template"}
"""Properties that tell of persons, offices or machines."""

BARE_CORE: Final = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<cp:coreProperties xmlns:cp="http://schemas.openxmlformats'
    b'.org/package/2006/metadata/core-properties"/>'
)
BARE_APP: Final = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties xmlns="http://schemas.openxmlformats.org/'
    b'officeDocument/2006/extended-properties"/>'
)
_THE_SAME_MOMENT = (1980, 1, 1, 0, 0, 0)


def about_package(path: Path, place: Place) -> Iterator[Notice]:
    """What the properties name, persons in addresses of links, which unseen parts there are, whether macros."""
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        telling, texts = [], []
        for name in names:
            if _PROPERTIES.fullmatch(name):
                for each in _properties(archive.read(name), custom=name.endswith("custom.xml")):
                    telling.append(each[0])
                    texts.append(each[1])
        linked = [target for name in names if name.endswith(".rels") for target in _outward(archive.read(name))]
    if telling:
        shown = tuple(dict.fromkeys(telling))[:_SHOWN]
        yield Notice(findings.PROPERTIES, place, {"names": shown})
    yield from counted(findings.PERSONAL_TEXT, place, len(spans("\n".join(texts))), part="properti")
    yield from counted(findings.PERSONAL_TEXT, place, len(spans("\n".join(linked))), part="tautan")
    parts = tuple(dict.fromkeys(words for pattern, words in UNSEEN_PARTS if any(map(pattern.fullmatch, names))))
    if parts:
        yield Notice(findings.PARTS, place, {"names": parts})
    if any(map(_MACROS.fullmatch, names)):
        yield Notice(findings.MACROS, place)


def pictures(path: Path) -> int:
    """How many pictures are in a package."""
    with zipfile.ZipFile(path) as archive:
        return sum(_MEDIA.fullmatch(name) is not None for name in archive.namelist())


def unseen(name: str) -> bool:
    """Whether a part is one that nobody sees, or holds macros."""
    return bool(_MACROS.fullmatch(name)) or any(pattern.fullmatch(name) for pattern, _ in UNSEEN_PARTS)


def parse(content: bytes) -> etree._Element:
    """XML of a stranger: no entity, no address, no document type. Raises ValueError."""
    reader = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, reader)
    except etree.XMLSyntaxError as error:
        raise ValueError(str(error)) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise ValueError("a document type is declared")
    return root


def written(name: str) -> zipfile.ZipInfo:
    """A member of a package that tells nothing of the hour or the machine."""
    made = zipfile.ZipInfo(name, _THE_SAME_MOMENT)
    made.compress_type = zipfile.ZIP_DEFLATED
    return made


def _outward(content: bytes) -> Iterator[str]:
    """The addresses outside of the package to which its relations lead."""
    for element in parse(content):
        if element.get("TargetMode") == "External":
            yield element.get("Target") or ""


def _properties(content: bytes, *, custom: bool) -> Iterator[tuple[str, str]]:
    for element in parse(content):
        name = element.get("name") or "" if custom else etree.QName(element).localname
        text = "".join(str(each) for each in element.itertext()).strip()
        if text and (custom or name in _TELLING):
            yield name, text
