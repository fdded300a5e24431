"""Why a file cannot be read: each a state that the person who gave it can change."""

from __future__ import annotations

from metadata.errors import LumbungError
from metadata.terms import Bilingual


class Unreadable(LumbungError):
    """The file cannot be read; the subclasses say why."""

    code = "read.unreadable"
    status = 422
    text = Bilingual(id="Berkas ini tidak dapat dibaca: {reason}.", en="This file cannot be read: {reason}.")


class EmptyFile(Unreadable):
    """No bytes, or nothing but blanks."""

    code = "read.empty"
    text = Bilingual(
        id="Berkas ini kosong. Periksa apakah penyimpanannya selesai, lalu unggah lagi.",
        en="This file is empty. Check that it was saved completely, then upload it again.",
    )


class NoRows(Unreadable):
    """A header without rows, an answer without records."""

    code = "read.no_rows"
    text = Bilingual(
        id="Tidak ada baris data di berkas ini, hanya kepala tabel atau keterangan. Isi datanya atau hapus berkasnya.",
        en="There are no rows of data in this file, only a header or remarks. Fill in the data or remove the file.",
    )


class NotWhatItSays(Unreadable):
    """The name promises text or a table, the bytes are something else."""

    code = "read.not_what_it_says"
    text = Bilingual(
        id="Nama berkas menyebut {said}, tetapi isinya {found}. Simpan ulang sebagai {said} dari aplikasi asalnya.",
        en="The file's name says {said}, but its content is {found}. Save it again as {said} from the application.",
    )


class BrokenFile(Unreadable):
    """The format is known, but its grammar is broken."""

    code = "read.broken"
    text = Bilingual(
        id="Berkas {format} ini rusak atau terpotong: {reason}. Simpan ulang, lalu unggah lagi.",
        en="This {format} file is damaged or cut short: {reason}. Save it again, then upload it again.",
    )


class BrokenWorkbook(Unreadable):
    """A workbook that cannot be opened."""

    code = "read.broken_workbook"
    text = Bilingual(
        id="Buku kerja ini rusak: {reason}. Buka dan simpan ulang di aplikasi lembar kerja, lalu unggah lagi.",
        en="This workbook is damaged: {reason}. Open and save it again in a spreadsheet program, then upload it again.",
    )


class ProtectedFile(Unreadable):
    """A password is needed."""

    code = "read.protected"
    text = Bilingual(
        id="Berkas ini dilindungi kata sandi. Simpan tanpa kata sandi, lalu unggah lagi.",
        en="This file is protected by a password. Save it without the password, then upload it again.",
    )


class TooLarge(Unreadable):
    """Beyond a limit that keeps the machine alive."""

    code = "read.too_large"
    text = Bilingual(
        id="{what} terlalu besar: {size}, batasnya {limit}. Bagi datanya menjadi beberapa berkas.",
        en="{what} is too large: {size}, the limit is {limit}. Divide the data into several files.",
    )


class TooManyColumns(Unreadable):
    """More columns than any reader of a table could use."""

    code = "read.too_many_columns"
    text = Bilingual(
        id="Tabel ini mempunyai {count} kolom, batasnya {limit}. Ubah susunannya menjadi baris ke bawah.",
        en="This table has {count} columns, the limit is {limit}. Turn its layout into rows.",
    )


class CellTooLong(Unreadable):
    """A cell or line longer than a table's cell can be."""

    code = "read.cell_too_long"
    text = Bilingual(
        id="Satu sel lebih panjang dari {limit} huruf. Mungkin ada tanda kutip yang tidak ditutup pada baris ini.",
        en="One cell is longer than {limit} characters. Perhaps a quotation mark on this row is not closed.",
    )


class TooDeep(Unreadable):
    """Nested beyond measure."""

    code = "read.too_deep"
    text = Bilingual(
        id="Isi berkas {format} ini bertingkat terlalu dalam untuk dibaca sebagai data.",
        en="The content of this {format} file is nested too deeply to be read as data.",
    )


class DangerousFile(Unreadable):
    """Made to harm the machine that opens it, or as if it were."""

    code = "read.dangerous"
    text = Bilingual(
        id="Berkas ini tidak dibuka demi keamanan: {reason}. Simpan ulang dari aplikasi asalnya.",
        en="This file was not opened, for safety: {reason}. Save it again from the application it comes from.",
    )


class ErrorPage(Unreadable):
    """An answer that says "no" where data were expected: a login page, a firewall's page, an API's error."""

    code = "read.error_page"
    text = Bilingual(
        id="Isi berkas ini bukan data melainkan pesan dari situs asalnya: “{message}”. Unduh ulang dari sumbernya.",
        en="This is no data but a message from the site it came from: “{message}”. Download it again from the source.",
    )


class ReaderKilled(Unreadable):
    """The reading process ended before it was done."""

    code = "read.killed"
    text = Bilingual(
        id="Pembacaan dihentikan: {reason}. Berkas mungkin terlalu besar atau rusak; bagi atau simpan ulang.",
        en="Reading was stopped: {reason}. The file may be too large or damaged; divide it or save it again.",
    )
