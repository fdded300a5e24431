"""Documents (DOCX): deleted and hidden text, comments, data of persons; and a copy without them."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from lxml import etree

from metadata.notices import Notice, Place
from metadata.personal import spans
from metadata.reading.package_check import check_package
from metadata.redaction import findings
from metadata.redaction.columns import MASK, find_in_rows, masked
from metadata.redaction.findings import counted
from metadata.redaction.images import without_details
from metadata.redaction.packages import BARE_APP, BARE_CORE, about_package, parse, pictures, unseen, written

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_STORY = re.compile(r"word/(?:document|header\d*|footer\d*|footnotes|endnotes)\.xml")
_COMMENT_PART = re.compile(r"word/comments\w*\.xml")
_LEFT_BEHIND = re.compile(r"word/(?:comments\w*|people)\.xml|docProps/custom\.xml|word/printerSettings.*")
_MEDIA = re.compile(r"word/media/.*")
_NOWHERE = "about:blank"
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".tif", ".tiff", ".bmp", ".webp")
_GONE = tuple(f"{W}{name}" for name in ("del", "moveFrom", "commentRangeStart", "commentRangeEnd", "proofErr"))
_MARKS_GONE = tuple(
    f"{W}{name}"
    for name in (
        *("moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd", "object", "permStart"),
        *(
            "permEnd",
            "cellDel",
            "cellIns",
            "cellMerge",
            "altChunk",
            "subDoc",
            "rPrChange",
            "pPrChange",
            "tblPrChange",
            "trPrChange",
        ),
        *("tcPrChange", "sectPrChange", "numberingChange", "tblGridChange", "tblPrExChange"),
    )
)
_KEPT_INSIDE = (f"{W}ins", f"{W}moveTo")
_CHANGES = (*_KEPT_INSIDE, f"{W}del", f"{W}moveFrom", f"{W}rPrChange", f"{W}pPrChange")


def find(path: Path, filename: str) -> Iterator[Notice]:
    """Comments, tracked changes, hidden text, unseen parts, properties, data of persons, also in charts and diagrams.

    Raises `Unreadable`.
    """
    place = Place(file=filename)
    check_package(path, place)
    yield from about_package(path, place)
    comments = changes = hidden = 0
    personal: list[Notice] = []
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if _COMMENT_PART.fullmatch(name):
                root = parse(archive.read(name))
                comments += len(root.findall(f".//{W}comment"))
            elif _STORY.fullmatch(name):
                root = parse(archive.read(name))
                changes += sum(1 for _ in root.iter(*_CHANGES))
                hidden += len(_hidden_runs(root))
                personal += _personal(root, place, PurePosixPath(name).stem)
            elif name.startswith("word/") and name.endswith(".xml") and not unseen(name):
                count = sum(len(spans(str(text))) for text in parse(archive.read(name)).itertext())
                personal += counted(findings.PERSONAL_TEXT, place, count, part=PurePosixPath(name).stem)
    yield from counted(findings.COMMENTS, place, comments)
    yield from counted(findings.CHANGES, place, changes)
    yield from counted(findings.HIDDEN_TEXT, place, hidden)
    yield from personal
    yield from counted(findings.LOOK, place, pictures(path))


def clean(path: Path, target: Path) -> None:
    """Write a copy at `target`: changes as accepted, no comments, no hidden text, no unseen parts; persons masked."""
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        names = [name for name in archive.namelist() if not name.endswith("/")]
        gone = {name for name in names if unseen(name) or _LEFT_BEHIND.fullmatch(name)}
        for name in names:
            if name not in gone:
                made.writestr(written(name), _part(name, archive.read(name), gone))


def _part(name: str, content: bytes, gone: set[str]) -> bytes:
    if name == "docProps/core.xml":
        return BARE_CORE
    if name == "docProps/app.xml":
        return BARE_APP
    if _MEDIA.fullmatch(name):
        return without_details(content) if name.lower().endswith(_PICTURES) else content
    if not name.endswith((".xml", ".rels")):
        return content
    root = parse(content)
    if name == "[Content_Types].xml":
        for element in list(root):
            if (element.get("PartName") or "").lstrip("/") in gone:
                root.remove(element)
    elif name.endswith(".rels"):
        _unlink(root, name, gone)
    elif name == "word/settings.xml":
        _bare_settings(root)
    elif _STORY.fullmatch(name):
        _bare_story(root)
    else:
        _bare_words(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _unlink(root: etree._Element, name: str, gone: set[str]) -> None:
    """Take out relations to parts that are gone and to a machine's files; links to those or persons lead nowhere."""
    folder = PurePosixPath(name).parent.parent
    for element in list(root):
        target = element.get("Target") or ""
        inside = target.lstrip("/") if target.startswith("/") else _joined(folder, target)
        outside = element.get("TargetMode") == "External"
        telling = outside and (not target.startswith(("http://", "https://", "mailto:")) or bool(spans(target)))
        if telling and (element.get("Type") or "").endswith("/hyperlink"):
            element.set("Target", _NOWHERE)
        elif telling or inside in gone:
            root.remove(element)


def _joined(folder: PurePosixPath, target: str) -> str:
    parts: list[str] = []
    for part in (*folder.parts, *PurePosixPath(target).parts):
        if part == "..":
            parts = parts[:-1]
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def _bare_settings(root: etree._Element) -> None:
    for tag in ("rsids", "attachedTemplate", "trackRevisions", "mailMerge", "docVars"):
        for element in list(root.iter(f"{W}{tag}")):
            _drop(element)


def _bare_words(root: etree._Element) -> None:
    """Charts, diagrams and whatever else has words: without data of other files, persons masked."""
    for element in list(root.iter("{*}externalData")):
        _drop(element)
    for element in root.iter():
        element.text = masked(element.text) if element.text else element.text
        element.tail = masked(element.tail) if element.tail else element.tail


def _bare_story(root: etree._Element) -> None:
    for element in list(root.iter(*_KEPT_INSIDE)):
        _unwrap(element)
    for element in list(root.iter(*_GONE, *_MARKS_GONE)):
        _drop(element)
    for element in list(root.iter(f"{W}commentReference", f"{W}annotationRef")):
        run = element.getparent()
        if run is not None:
            _drop(run)
    for run in _hidden_runs(root):
        _drop(run)
    for binding in list(root.iter(f"{W}dataBinding")):
        _drop(binding)
    _bare_attributes(root)
    for table in root.iter(f"{W}tbl"):
        _mask_table(table)
    for paragraph in root.iter(f"{W}p"):
        _mask_paragraph(paragraph)


def _bare_attributes(root: etree._Element) -> None:
    """Which sitting wrote what (rsid), and what was said of pictures."""
    for element in root.iter():
        for attribute in [each for each in element.attrib if "rsid" in str(each) or str(each).startswith(_W14)]:
            del element.attrib[attribute]
        if element.tag.__class__ is str and str(element.tag).endswith("}docPr"):
            for name in {"descr", "title"} & set(map(str, element.attrib)):
                del element.attrib[name]


def _mask_table(table: etree._Element) -> None:
    rows, cells = _rows(table)
    personal = find_in_rows(rows, Place())
    for row in cells[personal.header + 1 :]:
        for column in personal.whole:
            if column < len(row):
                texts = list(row[column].iter(f"{W}t"))
                for at, element in enumerate(texts):
                    element.text = MASK if at == 0 else ""


def _mask_paragraph(paragraph: etree._Element) -> None:
    """Personal data may be spread over several runs: each of its letters is taken out where it stands."""
    texts = list(paragraph.iter(f"{W}t", f"{W}instrText"))
    whole = "".join(element.text or "" for element in texts)
    for start, end, _ in reversed(spans(whole)):
        at, mask = 0, MASK
        for element in texts:
            text = element.text or ""
            first, last = max(start - at, 0), min(end - at, len(text))
            at += len(text)
            if first < last:
                element.text = text[:first] + mask + text[last:]
                mask = ""


def _personal(root: etree._Element, place: Place, part: str) -> list[Notice]:
    found: list[Notice] = []
    in_tables = 0
    for number, table in enumerate(root.iter(f"{W}tbl"), 1):
        rows, _ = _rows(table)
        notices = find_in_rows(rows, Place(place.file, f"tabel {number}")).notices
        in_tables += sum(len(spans(cell)) for row in rows for cell in row)
        found += notices
    count = sum(len(spans(_words(paragraph))) for paragraph in root.iter(f"{W}p"))
    found += counted(findings.PERSONAL_TEXT, place, max(0, count - in_tables), part=part)
    return found


def _rows(table: etree._Element) -> tuple[list[list[str]], list[Sequence[etree._Element]]]:
    cells = [row.findall(f"{W}tc") for row in table.findall(f"{W}tr")]
    return [["\n".join(_words(each) for each in cell.iter(f"{W}p")) for cell in row] for row in cells], list(cells)


def _words(paragraph: etree._Element) -> str:
    """All words of a paragraph, deleted ones and those of field codes too."""
    return "".join(each.text or "" for each in paragraph.iter(f"{W}t", f"{W}delText", f"{W}instrText"))


def _hidden_runs(root: etree._Element) -> list[etree._Element]:
    """Runs that hold text and are not shown: hidden by format, or white on nothing."""
    found = []
    for run in root.iter(f"{W}r"):
        look = run.find(f"{W}rPr")
        if look is None or not any(each.text for each in run.iter(f"{W}t")):
            continue
        vanish = look.find(f"{W}vanish")
        colour = look.find(f"{W}color")
        white = colour is not None and (colour.get(f"{W}val") or "").upper() == "FFFFFF"
        shaded = look.find(f"{W}shd") is not None or look.find(f"{W}highlight") is not None
        off = vanish is not None and vanish.get(f"{W}val") in ("0", "false")
        if (vanish is not None and not off) or (white and not shaded and not _in_shaded_cell(run)):
            found.append(run)
    return found


def _in_shaded_cell(run: etree._Element) -> bool:
    return any(cell.find(f"{W}tcPr/{W}shd") is not None for cell in run.iterancestors(f"{W}tc"))


def _drop(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _unwrap(element: etree._Element) -> None:
    """Put what is inside in its place; an inserted mark of a paragraph or row has nothing inside."""
    parent = element.getparent()
    if parent is not None:
        at = parent.index(element)
        for child in reversed(list(element)):
            parent.insert(at, child)
        parent.remove(element)
