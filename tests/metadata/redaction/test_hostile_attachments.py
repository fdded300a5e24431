"""Files made to hurt are refused with words, in time, and leave no copy."""

from __future__ import annotations

import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from giving_away import document, letter

from metadata.confined import Bounds
from metadata.reading.errors import Unreadable
from metadata.redaction import pages, pdfs
from metadata.redaction.examine import clean, examine


def vast_picture(path: Path) -> None:
    """A PNG of a few kilobytes that claims 60,000 by 60,000 pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 1, 0, 0, 0, 0)
    body = zlib.compress(b"\x00" * 100_000)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b""))


def far_cell(path: Path) -> None:
    """A workbook whose last cell is at the end of the sheet."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", '<workbook><sheets><sheet name="a" sheetId="1"/></sheets></workbook>')
        archive.writestr(
            "xl/worksheets/sheet1.xml", '<worksheet><sheetData><row r="1"><c r="A1"/><c r="XFD1048576"/></row>'
        )


def entities(path: Path) -> None:
    """A document whose text is an entity that grows."""
    document(path)
    whole = {}
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            whole[name] = archive.read(name)
    bomb = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    whole["word/document.xml"] = (bomb + "<a>&b;</a>").encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in whole.items():
            archive.writestr(name, content)


def swollen(path: Path) -> None:
    """A document with a part of a hundred megabytes of nothing."""
    document(path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/header1.xml", b" " * 100_000_000)


def endless_cell(path: Path) -> None:
    """A text table with a quotation mark that is never closed."""
    path.write_text('nama,nilai\nx,"' + "1" * 200_000, encoding="utf-8")


@pytest.mark.parametrize("make", [vast_picture, far_cell, entities, swollen, endless_cell])
def test_a_file_made_to_hurt_is_refused(tmp_path: Path, make: object) -> None:
    make(tmp_path / "a")  # type: ignore[operator]
    with pytest.raises(Unreadable) as refused:
        clean(tmp_path / "a", tmp_path / "b", filename="a")
    assert refused.value.say("id") and not (tmp_path / "b").exists()


def test_a_file_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("nama,nilai\n" + "x,1\n" * 2_000_000, encoding="utf-8")
    with pytest.raises(Unreadable):
        examine(tmp_path / "a.csv", filename="a.csv", bounds=Bounds(seconds=1, megabytes=3_000, written=512))


def test_a_page_with_more_letters_than_are_looked_at_is_not_said_to_be_safe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter(tmp_path / "a.pdf")
    monkeypatch.setattr(pages, "MOST_LETTERS", 20)
    with pytest.raises(ValueError, match="letters on a page"):
        list(pdfs.find(tmp_path / "a.pdf", "a.pdf"))
