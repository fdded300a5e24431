"""What can be found in a file before it is sent: where it is, never what it says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from metadata.notices import Notice, Place, declare
from metadata.personal import EMAIL, NIK, PHONE, Sign

HIDDEN_SHEET = declare(
    "redaction.hidden_sheet", id="Lembar ini tersembunyi; isinya ikut terkirim.", en="This sheet is hidden; it is sent."
)
HIDDEN_ROWS = declare(
    "redaction.hidden_rows",
    id="{count} baris tersembunyi; isinya ikut terkirim.",
    en="{count} rows are hidden; what they hold is sent.",
)
HIDDEN_COLUMNS = declare(
    "redaction.hidden_columns",
    id="{count} kolom tersembunyi; isinya ikut terkirim.",
    en="{count} columns are hidden; what they hold is sent.",
)
HIDDEN_CELLS = declare(
    "redaction.hidden_cells",
    id="{count} sel berisi tetapi tampak kosong (huruf putih atau format yang menyembunyikan).",
    en="{count} cells hold something and look empty (white letters, or a format that hides).",
)
HIDDEN_TEXT = declare(
    "redaction.hidden_text",
    id="{count} potongan teks tersembunyi ada di dalam dokumen.",
    en="{count} pieces of hidden text are in the document.",
)
COMMENTS = declare("redaction.comments", id="{count} komentar ikut terkirim.", en="{count} comments are sent with it.")
CHANGES = declare(
    "redaction.changes",
    id="{count} perubahan terlacak (track changes): teks yang dihapus masih ada di dalam berkas.",
    en="{count} tracked changes: text that was deleted is still in the file.",
)
PROPERTIES = declare(
    "redaction.properties",
    id="Properti dokumen menyebut: {names}.",
    en="The document's properties name: {names}.",
)
PARTS = declare(
    "redaction.parts",
    id="Di dalam berkas ada bagian yang tidak tampak: {names}.",
    en="The file holds parts that are not seen: {names}.",
)
MACROS = declare("redaction.macros", id="Berkas memuat makro.", en="The file holds macros.")
COVERED = declare(
    "redaction.covered",
    id="Halaman {page}: {count} huruf di balik kotak hitam atau gambar masih dapat disalin.",
    en="Page {page}: {count} letters beneath a black box or picture can still be copied.",
)
UNSEEN = declare(
    "redaction.unseen",
    id="Halaman {page}: {count} huruf tidak tampak tetapi dapat disalin (putih, di luar halaman, atau lapisan teks).",
    en="Page {page}: {count} letters are not seen and can be copied (white, beyond the page, or a layer of text).",
)
ANNOTATIONS = declare(
    "redaction.annotations",
    id="Halaman {page}: {count} catatan atau isian menempel pada halaman.",
    en="Page {page}: {count} notes or fields are pinned to the page.",
)
ATTACHED = declare("redaction.attached", id="{count} berkas terlampir di dalamnya.", en="{count} files are inside it.")
SCRIPT = declare("redaction.script", id="Berkas memuat skrip.", en="The file holds a script.")
HISTORY = declare(
    "redaction.history",
    id="Berkas menyimpan {count} keadaan sebelumnya; yang sudah dihapus dapat dikembalikan.",
    en="The file keeps {count} earlier states of itself; what was removed can be brought back.",
)
CAMERA = declare(
    "redaction.camera",
    id="{count} keterangan kamera atau program tersimpan di dalam gambar.",
    en="{count} details of the camera or program are kept in the picture.",
)
LOCATION = declare(
    "redaction.location", id="Gambar menyimpan tempat pengambilannya (GPS).", en="The picture keeps where it was taken."
)
MORE_BYTES = declare(
    "redaction.more_bytes",
    id="Setelah akhir gambar masih ada data lain.",
    en="There is other data behind the end of the picture.",
)
PERSONAL_PAGE = declare(
    "redaction.personal_page",
    id="Halaman {page}: {count} NIK, nomor telepon, atau alamat surel.",
    en="Page {page}: {count} identity numbers, phone numbers or e-mail addresses.",
)
PERSONAL_TEXT = declare(
    "redaction.personal_text",
    id="{count} NIK, nomor telepon, atau alamat surel di dalam teks ({part}).",
    en="{count} identity numbers, phone numbers or e-mail addresses in the text ({part}).",
)
PERSONAL_NAME = declare(
    "redaction.personal_name",
    id="Nama lembar atau nama berkas memuat data perorangan.",
    en="The name of the sheet or file holds personal data.",
)
LOOK = declare(
    "redaction.look",
    id="{count} gambar tidak dapat dibaca mesin. Lihat sendiri apakah memuat data perorangan.",
    en="{count} pictures cannot be read by a machine. Look yourself whether they show personal data.",
)
UNKNOWN = declare(
    "redaction.unknown",
    id="Berkas jenis ini ({kind}) tidak dapat diperiksa. Simpan sebagai XLSX, DOCX, CSV, atau PDF, lalu periksa lagi.",
    en="Files of this kind ({kind}) cannot be examined. Save it as XLSX, DOCX, CSV or PDF and examine that.",
)

REMARKS = frozenset({LOOK})
"""What asks a person to look, and which no machine can take away."""

BY_SIGN = {Sign.NUMBER: NIK, Sign.SIXTEEN: NIK, Sign.PHONE: PHONE, Sign.EMAIL: EMAIL}


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found in a file; `kind` is what it is by its bytes, `cleanable` whether a cleaned copy can be made."""

    kind: str
    findings: tuple[Notice, ...]
    cleanable: bool

    @property
    def safe(self) -> bool:
        """Whether nothing was found that a machine can find."""
        return all(notice.code in REMARKS for notice in self.findings)


def counted(code: str, place: Place, count: int, **params: str | int) -> Iterator[Notice]:
    """A notice when there is something to count."""
    if count:
        yield Notice(code, place, {"count": count, **params})


def ordered(found: Iterable[Notice]) -> tuple[Notice, ...]:
    """Without doubles, in the order in which they were found."""
    seen: dict[str, Notice] = {}
    for notice in found:
        seen.setdefault(repr(notice.as_dict()), notice)
    return tuple(seen.values())
