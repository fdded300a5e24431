"""Files that give away more than they show: each hides the same few canaries in every place its format has."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
import pypdfium2
import typst
from openpyxl.comments import Comment
from openpyxl.styles import Font
from PIL import Image

NIK = "3522014107850001"
"""Of nobody: a valid look, an invented number."""
NAMES = ("Kinanti Rahasia", "Bramantyo Tersembunyi")
SECRET = "KENARI-RAHASIA"
CANARIES = (NIK, *NAMES, SECRET)

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"


def workbook(path: Path) -> None:
    """A list of recipients with hidden sheets, rows, columns, cells, comments, properties and columns of persons."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Penerima"
    sheet.append(["No", "Nama Penerima", "NIK", "Kecamatan", "Jumlah (Rp)", "Catatan"])
    for number in range(1, 6):
        sheet.append([number, NAMES[0], NIK, f"Kecamatan {number}", 1000 * number, "biasa"])
    sheet.append([6, "baris tersembunyi", NIK, SECRET, 1, "x"])
    sheet.row_dimensions[7].hidden = True
    sheet["F1"].comment = Comment(f"ditulis {NAMES[1]} {SECRET}", NAMES[1])
    sheet["H1"], sheet["H2"] = "Kolom", SECRET
    sheet.column_dimensions["H"].hidden = True
    sheet["J2"], sheet["K2"] = SECRET, SECRET
    sheet["J2"].font = Font(color="FFFFFFFF")
    sheet["K2"].number_format = ";;;"
    sheet["D3"] = "=1+1"
    sheet.oddFooter.center.text = f"Hubungi {NIK}"
    for name, state in (("Gaji", "hidden"), ("Sandi", "veryHidden")):
        hidden = book.create_sheet(name)
        hidden["A1"], hidden.sheet_state = SECRET, state
    book.properties.creator, book.properties.lastModifiedBy = NAMES[1], NAMES[1]
    book.save(path)


def document(path: Path) -> None:
    """A letter: deleted and hidden text, comments, properties, parts inside, a link to and a table of persons."""
    held = io.BytesIO()
    _picture().save(held, "JPEG", exif=_exif())
    body = f"""
    <w:p w:rsidR="00AB12CD"><w:r><w:t xml:space="preserve">Keputusan </w:t></w:r>
     <w:ins w:id="1" w:author="{NAMES[1]}" w:date="2026-07-01T00:00:00Z"><w:r><w:t>disetujui</w:t></w:r></w:ins>
     <w:del w:id="2" w:author="{NAMES[1]}"><w:r><w:delText>{SECRET}</w:delText></w:r></w:del></w:p>
    <w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>{SECRET}</w:t></w:r><w:r><w:t>Terlihat.</w:t></w:r></w:p>
    <w:p><w:r><w:rPr><w:color w:val="FFFFFF"/></w:rPr><w:t>{SECRET}</w:t></w:r></w:p>
    <w:p><w:commentRangeStart w:id="0"/><w:r><w:t>NIK {NIK[:6]}</w:t></w:r><w:r><w:t>{NIK[6:]} milik warga.</w:t></w:r>
     <w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r></w:p>
    <w:tbl><w:tr>{_cells("No", "Nama Penerima", "Kecamatan")}</w:tr>
     <w:tr>{_cells("1", NAMES[0], "Dander")}</w:tr></w:tbl>
    <w:p><w:hyperlink r:id="r3"><w:r><w:t>Hubungi kami</w:t></w:r></w:hyperlink></w:p><w:altChunk r:id="r4"/>
    """
    core = f"<dc:creator>{NAMES[1]}</dc:creator><cp:lastModifiedBy>{NAMES[1]}</cp:lastModifiedBy>"
    members = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType='
        '"application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships'
        f'+xml"/><Override PartName="/word/document.xml" ContentType="{_WORD}.document.main+xml"/><Override PartName='
        f'"/word/comments.xml" ContentType="{_WORD}.comments+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" Type="{_OFFICE}'
        f'/officeDocument" Target="word/document.xml"/><Relationship Id="r2" Type="{_PACKAGE}/relationships/metadata'
        '/core-properties" Target="docProps/core.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{_OFFICE}/comments" Target="comments.xml"/><Relationship Id="r2" Type="{_OFFICE}/image" '
        'Target="media/image1.jpg"/><Relationship Id="r3" Type="{_OFFICE}/hyperlink" TargetMode="External" Target='
        f'"mailto:{NIK}@gmail.com"/><Relationship Id="r4" Type="{_OFFICE}/aFChunk" Target="potongan.html"/>'
        "</Relationships>",
        "word/document.xml": f'<w:document {_W} xmlns:r="{_OFFICE}"><w:body>{body}</w:body></w:document>',
        "word/comments.xml": f'<w:comments {_W}><w:comment w:id="0" w:author="{NAMES[1]}"><w:p><w:r><w:t>{SECRET}</w:t>'
        "</w:r></w:p></w:comment></w:comments>",
        "word/embeddings/sheet1.xlsx": SECRET,
        "word/potongan.html": f"<p>{SECRET}</p>",
        "word/diagrams/data1.xml": f'<a:p xmlns:a="a">Ketua <a:t>NIK {NIK}</a:t> desa</a:p>',
        "customXml/item1.xml": f"<a>{SECRET}</a>",
        "docProps/core.xml": f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" xmlns:dc='
        f'"http://purl.org/dc/elements/1.1/">{core}</cp:coreProperties>',
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
        archive.writestr("word/media/image1.jpg", held.getvalue())


def letter(path: Path) -> None:
    """A PDF with a name beneath a black box, a white line, an identity number in sight, an author, a file inside."""
    source = path.with_suffix(".typ")
    source.write_text(
        f"""
        #set document(author: "{NAMES[1]}", title: "Surat", date: datetime(year: 2026, month: 7, day: 1))
        #set page(width: 15cm, height: 10cm)
        Penerima: {NAMES[0]}
        #place(top + left, dx: 1.75cm, dy: -0.1cm, rect(width: 6cm, height: 0.6cm, fill: black))

        NIK {NIK} tampak.

        #text(fill: white)[{SECRET}]

        Isi surat yang boleh dibaca.
        #pagebreak()
        Halaman kedua tanpa rahasia.
        """,
        encoding="utf-8",
    )
    plain = typst.compile(str(source), ignore_system_fonts=True)
    source.unlink()
    assert isinstance(plain, bytes)
    pdf = pypdfium2.PdfDocument(plain)
    inside = pdf.new_attachment("lampiran.txt")
    inside.set_data(SECRET.encode())
    pdf.save(str(path))
    pdf.close()


def photo(path: Path) -> None:
    """A picture with the place where it was taken, who took it, and something behind its end."""
    _picture().save(path, "JPEG", exif=_exif(), comment=SECRET)
    with path.open("ab") as stream:
        stream.write(SECRET.encode())


def _picture() -> Image.Image:
    return Image.linear_gradient("L").resize((64, 40)).convert("RGB")


def _exif() -> Image.Exif:
    exif = Image.Exif()
    exif[0x013B], exif[0x010E], exif[0x0112] = NAMES[1], SECRET, 6
    exif.get_ifd(0x8825)[1] = "S"
    exif.get_ifd(0x8825)[2] = (7.0, 9.0, 0.0)
    return exif


def _cells(*texts: str) -> str:
    return "".join(f"<w:tc><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>" for text in texts)
