"""Why SQL is refused or did not come to an end."""

from __future__ import annotations

from metadata.errors import LumbungError
from metadata.terms import Bilingual


class SqlRefused(LumbungError):
    """The SQL cannot be run; the person who wrote it can mend it."""

    code = "sql.refused"
    status = 400
    text = Bilingual(id="SQL ini tidak dapat dijalankan: {reason}", en="This SQL cannot be run: {reason}")


class SyntaxWrong(SqlRefused):
    """DuckDB cannot parse it."""

    code = "sql.syntax"
    text = Bilingual(id="SQL ini tidak dapat dibaca: {reason}", en="This SQL cannot be parsed: {reason}")


class NotASelect(SqlRefused):
    """More than one statement, or something other than a plain SELECT."""

    code = "sql.not_a_select"
    text = Bilingual(
        id="Hanya satu pernyataan SELECT atas tabel dataset ini yang dapat dijalankan.",
        en="Only a single SELECT statement over the tables of this dataset can be run.",
    )


class TableNotThere(SqlRefused):
    """A table that this dataset does not have, or one outside it."""

    code = "sql.table_not_there"
    text = Bilingual(
        id="Tidak ada tabel “{table}” di sini. Tabelnya: {valid}.",
        en="There is no table “{table}” here. The tables are {valid}.",
    )


class FunctionNotAllowed(SqlRefused):
    """A function that is unknown or does more than compute."""

    code = "sql.function_not_allowed"
    text = Bilingual(
        id="Fungsi “{function}” tidak dapat dipakai di sini.", en="The function “{function}” cannot be used here."
    )


class SqlStopped(LumbungError):
    """It met a limit, was cancelled, or its process died."""

    code = "sql.stopped"
    status = 422
    text = Bilingual(
        id="SQL ini dihentikan: {reason}. Persempit dengan WHERE, kurangi kolom, atau unduh tabelnya.",
        en="This SQL was stopped: {reason}. Narrow it with WHERE, take fewer columns, or download the table.",
    )


class SqlBusy(LumbungError):
    """As many run as may run at once."""

    code = "sql.busy"
    status = 503
    text = Bilingual(
        id="Sedang terlalu banyak SQL yang berjalan. Coba lagi sebentar lagi.",
        en="Too much SQL is running just now. Try again in a moment.",
    )
