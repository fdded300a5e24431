"""What a file would give away is found where it is, and the cleaned copy is free of it."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pypdfium2
import pytest
import typst
from giving_away import CANARIES, NIK, document, letter, photo, workbook
from PIL import Image

from metadata.reading.errors import Unreadable
from metadata.redaction.columns import MASK
from metadata.redaction.examine import NotClean, clean, examine

MAKERS: dict[str, Callable[[Path], None]] = {
    "buku.xlsx": workbook,
    "surat.docx": document,
    "surat.pdf": letter,
    "foto.jpg": photo,
}
FOUND = {
    "buku.xlsx": {
        "redaction.hidden_sheet",
        "redaction.hidden_rows",
        "redaction.hidden_columns",
        "redaction.hidden_cells",
        "redaction.comments",
        "redaction.properties",
        "redaction.personal_text",
        "personal.nik",
        "personal.name",
    },
    "surat.docx": {
        "redaction.comments",
        "redaction.changes",
        "redaction.hidden_text",
        "redaction.parts",
        "redaction.properties",
        "redaction.personal_text",
        "redaction.look",
        "personal.name",
    },
    "surat.pdf": {
        "redaction.covered",
        "redaction.unseen",
        "redaction.personal_page",
        "redaction.properties",
        "redaction.attached",
    },
    "foto.jpg": {"redaction.location", "redaction.camera", "redaction.more_bytes", "redaction.look"},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("memberi")
    for name, make in MAKERS.items():
        make(made / name)
    return made


def everything(path: Path) -> str:
    """All bytes of a file, those of the parts of a package unpacked, and the text and metadata of a PDF."""
    content = path.read_bytes()
    parts = [content]
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            parts += [archive.read(name) for name in archive.namelist()]
    words = ""
    if content.startswith(b"%PDF"):
        document = pypdfium2.PdfDocument(content)
        words = "".join(document[at].get_textpage().get_text_bounded() for at in range(len(document)))
        words += str(document.get_metadata_dict()) + str(document.count_attachments())
        document.close()
    shown = b"".join(parts).decode("latin-1") + words
    return shown + re.sub(r"<[^>]+>", "", shown)


@pytest.mark.parametrize("name", MAKERS)
def test_what_hides_is_found_and_never_repeated(folder: Path, name: str) -> None:
    found = examine(folder / name, filename=name)
    assert {notice.code for notice in found.findings} == FOUND[name]
    told = " ".join(notice.say(language) for notice in found.findings for language in ("id", "en"))
    assert not [canary for canary in CANARIES if canary in told]
    assert not found.safe


@pytest.mark.parametrize("name", MAKERS)
def test_a_cleaned_copy_holds_none_of_it_and_is_found_clean(folder: Path, tmp_path: Path, name: str) -> None:
    assert any(canary in everything(folder / name) for canary in CANARIES)
    (tmp_path / "abcd").write_bytes((folder / name).read_bytes())  # as a store names it
    clean(tmp_path / "abcd", tmp_path / "copy", filename=name)
    assert not [canary for canary in CANARIES if canary in everything(tmp_path / "copy")]
    assert examine(tmp_path / "copy", filename=name).safe


def test_a_finding_says_where_to_look(folder: Path) -> None:
    places = {}
    for notice in examine(folder / "buku.xlsx", filename="buku.xlsx").findings:
        places.setdefault(notice.code, []).append((notice.place.sheet, notice.place.row, notice.place.column))
    assert places["redaction.hidden_sheet"] == [("Gaji", None, None), ("Sandi", None, None)]
    assert places["redaction.hidden_rows"] == [("Penerima", 7, None)]
    assert places["redaction.hidden_columns"] == [("Penerima", None, "H")]
    assert places["redaction.hidden_cells"] == [("Penerima", 2, "J")]
    assert ("Penerima", 2, "NIK") in places["personal.nik"] and len(places["personal.name"]) == 1
    parts = {
        str(notice.params["part"])
        for notice in examine(folder / "surat.docx", filename="x").findings
        if "part" in notice.params
    }
    assert parts == {"document", "data1", "tautan"}
    pages = [
        notice.params for notice in examine(folder / "surat.pdf", filename="x").findings if "page" in notice.params
    ]
    assert {each["page"] for each in pages} == {1}


def test_what_may_be_seen_stays_in_the_copy(folder: Path, tmp_path: Path) -> None:
    clean(folder / "buku.xlsx", tmp_path / "buku.xlsx", filename="buku.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "buku.xlsx").worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(max_col=6)]
    assert rows[0] == ["No", "Nama Penerima", "NIK", "Kecamatan", "Jumlah (Rp)", "Catatan"]
    assert rows[1] == [1, "█████", "█████", "Kecamatan 1", 1000, "biasa"] and len(rows) == 6
    clean(folder / "surat.docx", tmp_path / "surat.docx", filename="surat.docx")
    with zipfile.ZipFile(tmp_path / "surat.docx") as archive:
        text = re.sub(r"<[^>]+>", "", archive.read("word/document.xml").decode())
        upright = Image.open(io.BytesIO(archive.read("word/media/image1.jpg")))
        diagram = archive.read("word/diagrams/data1.xml").decode()
        relations = archive.read("word/_rels/document.xml.rels").decode()
    assert "Keputusan disetujui" in " ".join(text.split()) and "Terlihat." in text
    assert "NIK █████ milik warga." in text and "Dander" in text and "Hubungi kami" in text
    assert ">Ketua <" in diagram and ">NIK █████</" in diagram and " desa<" in diagram
    assert 'Target="about:blank"' in relations and "aFChunk" not in relations
    assert (upright.width, upright.height) == (40, 64)


def test_a_cleaned_pdf_shows_its_pages_with_the_number_blackened(folder: Path, tmp_path: Path) -> None:
    clean(folder / "surat.pdf", tmp_path / "surat.pdf", filename="surat.pdf")
    before, after = (pypdfium2.PdfDocument(each / "surat.pdf") for each in (folder, tmp_path))
    assert len(after) == 2 and after[0].get_size() == pytest.approx(before[0].get_size(), abs=1)
    pictures = [each[0].render(scale=1, grayscale=True).to_pil() for each in (before, after)]
    dark = [sum(picture.histogram()[:60]) for picture in pictures]
    assert dark[1] > dark[0] + 300
    assert sum(after[1].render(scale=1, grayscale=True).to_pil().histogram()[:160]) > 20
    for each in (before, after):
        each.close()


@pytest.mark.parametrize("how", ["page", "image", "annotation", "beyond", "turned"])
def test_letters_are_found_however_they_were_covered(tmp_path: Path, how: str) -> None:
    ways = {
        "page": "Nama: Kinanti #place(top + left, dy: -2pt, rect(width: 5cm, height: 16pt, fill: rgb(20, 20, 60)))",
        "image": '#place(top + left, [Nama: Kinanti]) #place(top + left, image("kotak.png", width: 5cm, height: 16pt))',
        "annotation": "Nama: Kinanti",
        "beyond": "#place(top + left, dx: -20cm, [Nama: Kinanti]) Isi",
        "turned": "Nama: Kinanti #place(top + left, dy: -2pt, rect(width: 5cm, height: 16pt, fill: black))",
    }
    Image.new("RGB", (10, 10), "black").save(tmp_path / "kotak.png")
    (tmp_path / "a.typ").write_text("#set page(width: 9cm, height: 4cm, margin: 1cm)\n" + ways[how], encoding="utf-8")
    made = typst.compile(str(tmp_path / "a.typ"), ignore_system_fonts=True)
    assert isinstance(made, bytes)
    document = pypdfium2.PdfDocument(made)
    raw = pypdfium2.raw
    page = document[0]
    if how == "annotation":
        mark = raw.FPDFPage_CreateAnnot(page, raw.FPDF_ANNOT_SQUARE)
        raw.FPDFAnnot_SetColor(mark, raw.FPDFANNOT_COLORTYPE_InteriorColor, 0, 0, 0, 255)
        raw.FPDFAnnot_SetRect(mark, raw.FS_RECTF(20, 100, 200, 60))
        raw.FPDFPage_CloseAnnot(mark)
    if how == "turned":
        page.set_rotation(90)
    document.save(str(tmp_path / "a.pdf"))
    document.close()
    found = {notice.code: notice for notice in examine(tmp_path / "a.pdf", filename="a.pdf").findings}
    code = "redaction.unseen" if how == "beyond" else "redaction.covered"
    assert int(str(found[code].params["count"])) == len("Nama:Kinanti")
    clean(tmp_path / "a.pdf", tmp_path / "b.pdf", filename="a.pdf")
    assert "Kinanti" not in everything(tmp_path / "b.pdf")


def test_a_file_without_anything_to_hide_is_said_to_be_safe(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("kecamatan,jumlah\nDander,12\nKapas,7\n", encoding="utf-8")
    assert examine(tmp_path / "a.csv", filename="a.csv").findings == ()
    Image.new("RGB", (8, 8)).save(tmp_path / "a.png")
    assert examine(tmp_path / "a.png", filename="a.png").safe


def test_a_csv_keeps_its_rows_with_persons_masked(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        f"no;nama penerima;nik;ket\n1;Kinanti;{NIK};telepon 0812-3456-7890\n2;Bram;{NIK};-\n", encoding="cp1252"
    )
    found = clean(tmp_path / "a.csv", tmp_path / "b.csv", filename="a.csv")
    assert {notice.code for notice in found.findings} == {"personal.name", "personal.nik", "personal.phone"}
    assert (tmp_path / "b.csv").read_text(encoding="utf-8").splitlines() == [
        "no;nama penerima;nik;ket",
        "1;█████;█████;█████",
        "2;█████;█████;█████",
    ]


def test_a_csv_keeps_signs_inside_of_cells_that_only_look_like_ends_of_lines(tmp_path: Path) -> None:
    text = "kecamatan,ket\nDander,satu\u2028dua\nKapas,tiga\x85empat\n"
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    clean(tmp_path / "a.csv", tmp_path / "b.csv", filename="a.csv")
    assert (tmp_path / "b.csv").read_bytes().decode() == text.replace("\n", "\r\n")


def test_a_cleaned_json_is_json_with_persons_masked_and_measures_as_they_were(tmp_path: Path) -> None:
    place = [111.8812345678901, -0.1234567890123456]
    rows = [{"nama": "Kinanti", "nik": int(NIK), "luas": 12.5, "aktif": True, "tempat": place, NIK: None, "ket": NIK}]
    (tmp_path / "a.json").write_text(json.dumps({"warga": rows}), encoding="utf-8")
    found = clean(tmp_path / "a.json", tmp_path / "b.json", filename="a.json")
    assert {"personal.name", "personal.nik"} == {notice.code for notice in found.findings}
    assert all(notice.place.row is None for notice in found.findings)
    assert json.loads((tmp_path / "b.json").read_text(encoding="utf-8")) == {
        "warga": [
            {
                "nama": MASK,
                "nik": MASK,
                "luas": 12.5,
                "aktif": True,
                "tempat": place,
                MASK: None,
                "ket": MASK,
            }
        ]
    }
    (tmp_path / "deep.json").write_bytes(b"[" * 100_000 + NIK.encode() + b"]" * 100_000)
    clean(tmp_path / "deep.json", tmp_path / "flat.json", filename="deep.json")
    assert NIK not in (tmp_path / "flat.json").read_text(encoding="utf-8")


def test_what_cannot_be_examined_is_said_and_no_copy_is_left(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK\x05\x06" + b"\x00" * 18)
    assert [each.code for each in examine(tmp_path / "a.zip", filename="a.zip").findings] == ["redaction.unknown"]
    with pytest.raises(NotClean):
        clean(tmp_path / "a.zip", tmp_path / "b.zip", filename="a.zip")
    for broken in (b"%PDF-1.7\nrusak", b"\xff\xd8\xff\xe0 rusak"):
        (tmp_path / "a.bin").write_bytes(broken)
        with pytest.raises(Unreadable):
            examine(tmp_path / "a.bin", filename="a.bin")
    assert not (tmp_path / "b.zip").exists()


@pytest.mark.parametrize("name", ["apbd_sipd/lra_diskominfo_2026_april.xlsx", "opensid/analisis_template.xlsx"])
def test_real_workbooks_can_be_examined_and_cleaned(shared_data: Path, tmp_path: Path, name: str) -> None:
    clean(shared_data / name, tmp_path / "b.xlsx", filename=name)
    assert examine(tmp_path / "b.xlsx", filename="b.xlsx").safe


def test_persons_in_a_real_list_are_found(shared_data: Path, tmp_path: Path) -> None:
    source = shared_data / "opensid/contoh_penduduk_disamarkan.csv"
    found = clean(source, tmp_path / "b.csv", filename="penduduk.csv")
    assert {"personal.nik", "personal.name"} <= {notice.code for notice in found.findings}
