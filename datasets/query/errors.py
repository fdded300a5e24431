"""What can be wrong with a question to a table, and what can keep it from being answered."""

from __future__ import annotations

from metadata.errors import LumbungError
from metadata.terms import Bilingual


def shown(text: str) -> str:
    """What somebody sent, short and printable, for a message."""
    return text[:60].encode("utf-8", "replace").decode()


class BadQuery(LumbungError):
    """The question cannot be asked; the address has to be changed."""

    code = "query.bad"
    status = 400
    text = Bilingual(id="Pertanyaan ini tidak dapat diajukan.", en="This question cannot be asked.")


class UnknownArgument(BadQuery):
    """An argument of the address that means nothing."""

    code = "query.unknown_argument"
    text = Bilingual(
        id="“{argument}” bukan argumen yang dikenal. Yang dikenal: {valid}, dan nama kolom.",
        en="“{argument}” is not a known argument. Known are {valid}, and the names of columns.",
    )


class UnknownColumn(BadQuery):
    """A column that the table does not have."""

    code = "query.unknown_column"
    text = Bilingual(
        id="Tabel ini tidak punya kolom “{column}”. Kolomnya: {valid}.",
        en="This table has no column “{column}”. Its columns are {valid}.",
    )


class UnknownOperator(BadQuery):
    """A comparison that does not exist or that the column's type does not have."""

    code = "query.unknown_operator"
    text = Bilingual(
        id="Kolom {column} (tipe {type}) tidak dapat dibandingkan dengan “{operator}”. Yang dapat: {valid}.",
        en="Column {column} (type {type}) cannot be compared by “{operator}”. Possible are {valid}.",
    )


class UnknownFunction(BadQuery):
    """A figure that does not exist or that the column's type does not have."""

    code = "query.unknown_function"
    text = Bilingual(
        id="“{function}” tidak dapat dihitung dari kolom {column}. Yang dapat: {valid}.",
        en="“{function}” cannot be computed from column {column}. Possible are {valid}.",
    )


class BadValue(BadQuery):
    """A value that is not of its column's type, or not one of the possible ones."""

    code = "query.bad_value"
    text = Bilingual(
        id="Nilai “{value}” untuk {argument} tidak dapat dipakai. Yang diharapkan: {expected}.",
        en="The value “{value}” for {argument} cannot be used. Expected: {expected}.",
    )


class Conflict(BadQuery):
    """Two arguments that cannot stand together, or too many of one."""

    code = "query.conflict"
    text = Bilingual(
        id="Argumen {arguments} tidak dapat dipakai bersama.", en="The arguments {arguments} cannot stand together."
    )


class TooMuchAsked(BadQuery):
    """More of something than one question may hold."""

    code = "query.too_much_asked"
    text = Bilingual(
        id="Terlalu banyak {argument}: {count}, paling banyak {most}.",
        en="Too much of {argument}: {count}, at most {most}.",
    )


class NoSuchRow(LumbungError):
    """A row number beyond the table."""

    code = "query.no_such_row"
    status = 404
    text = Bilingual(
        id="Tidak ada baris {row}; tabel ini berisi {rows} baris.",
        en="There is no row {row}; the table has {rows} rows.",
    )


class TooSlow(LumbungError):
    """The time limit was met."""

    code = "query.too_slow"
    status = 422
    text = Bilingual(
        id="Pertanyaan ini belum terjawab dalam {seconds} detik. Persempit dengan saringan, atau unduh tabelnya.",
        en="This question was not answered within {seconds} seconds. Narrow it with a filter, or download the table.",
    )


class TooLarge(LumbungError):
    """The memory or disk limit was met."""

    code = "query.too_large"
    status = 422
    text = Bilingual(
        id="Pertanyaan ini memerlukan memori di atas {megabytes} MB. Persempit dengan saringan atau kurangi kolom.",
        en="This question needs more than {megabytes} MB of memory. Narrow it with a filter or fewer columns.",
    )


class AnswerTooLarge(TooLarge):
    """The answer itself, not what it takes to find it, is too large for a page."""

    code = "query.answer_too_large"
    text = Bilingual(
        id="Jawabannya melebihi {megabytes} MB. Kurangi baris per halaman (_size) atau kolom, atau unduh tabelnya.",
        en="The answer exceeds {megabytes} MB. Ask for fewer rows a page (_size) or columns, or download the table.",
    )


class Incomputable(LumbungError):
    """A figure that no type can hold, such as the sum of very long numbers."""

    code = "query.incomputable"
    status = 422
    text = Bilingual(
        id="Angka yang diminta terlalu besar untuk dihitung. Unduh tabelnya untuk menghitung sendiri.",
        en="The figure asked for is too large to be computed. Download the table to compute it elsewhere.",
    )


class TableBroken(LumbungError):
    """The kept file cannot be read: a fault of the installation, `lumbung doctor` says more."""

    code = "query.table_broken"
    status = 503
    text = Bilingual(
        id="Tabel ini sedang tidak dapat dibaca: {reason}. Berkas unduhan lain tetap tersedia.",
        en="This table cannot be read now: {reason}. The other downloads are still there.",
    )
