"""The words of what reading has to say about a file, its rows and its sheets; those about cells are next door."""

from __future__ import annotations

from metadata.notices import declare

ENCODING_FOUND = declare(
    "read.encoding_found",
    id="Berkas tidak ditulis dalam UTF-8; dibaca sebagai {encoding}.",
    en="The file is not written in UTF-8; it was read as {encoding}.",
)
ENCODING_GUESSED = declare(
    "read.encoding_guessed",
    id="Pengodean huruf tidak dapat dipastikan; dibaca sebagai {encoding}. Periksa huruf yang tidak biasa.",
    en="The character encoding is not certain; the file was read as {encoding}. Check unusual letters.",
)
ENCODING_WRONG = declare(
    "read.encoding_wrong",
    id="Pengodean yang dinyatakan ({declared}) tidak cocok dengan isi berkas; dibaca sebagai {encoding}.",
    en="The declared encoding ({declared}) does not fit the bytes; the file was read as {encoding}.",
)
BYTES_REPLACED = declare(
    "read.bytes_replaced",
    id="{count} bita yang rusak diganti dengan tanda �. Periksa huruf di sekitarnya pada berkas asli.",
    en="Broken bytes replaced by �: {count}. Check the letters around them in the original.",
)
NULS_REMOVED = declare(
    "read.nuls_removed",
    id="{count} bita nol dibuang dari teks.",
    en="Null bytes removed from the text: {count}.",
)
NAME_SAYS_OTHER = declare(
    "read.name_says_other",
    id="Nama berkas menyebut {said}, isinya {found}; dibaca menurut isinya.",
    en="The file's name says {said}, its content is {found}; it was read as what it is.",
)
NOT_A_TABLE = declare(
    "read.not_a_table",
    id="Berkas {format} tidak dapat dibaca sebagai tabel; diterbitkan sebagai berkas apa adanya.",
    en="A {format} file cannot be read as a table; it is published as the file it is.",
)
MARKS_DECLARED = declare(
    "read.marks_declared",
    id="Sel berisi {marks} dibaca sebagai kosong, seperti yang dinyatakan.",
    en="Cells with {marks} were read as empty, as was declared.",
)
SEPARATOR_LINE = declare(
    "read.separator_line",
    id="Baris `sep=` dari Excel dilewati.",
    en="The `sep=` line of Excel was skipped.",
)
DELIMITER_WRONG = declare(
    "read.delimiter_wrong",
    id="Pemisah kolom yang dinyatakan ({declared}) tidak memisahkan apa pun; dipakai {delimiter}.",
    en="The declared delimiter ({declared}) separates nothing; {delimiter} was used.",
)
QUOTE_UNCLOSED = declare(
    "read.quote_unclosed",
    id="Tanda kutip pembuka yang tidak pernah ditutup dibuang dari {count} baris.",
    en="Opening quotation marks that are never closed were taken out (lines: {count}).",
)
LINES_QUOTED_WHOLE = declare(
    "read.lines_quoted_whole",
    id="Tiap baris terbungkus tanda kutip seluruhnya; bungkusnya dibuka.",
    en="Every line was wrapped in quotation marks as a whole; the wrapping was taken off.",
)
ROWS_SHORT = declare(
    "read.rows_short",
    id="{count} baris lebih pendek dari kepala tabel; sel yang kurang dikosongkan.",
    en="Rows shorter than the header: {count}. The lacking cells were left empty.",
)
ROWS_LONG = declare(
    "read.rows_long",
    id="{count} baris lebih panjang dari kepala tabel; kelebihannya ditaruh di kolom tanpa judul.",
    en="Rows longer than the header: {count}. What is over was put in columns without a title.",
)
HEADER_MISSING = declare(
    "read.header_missing",
    id="Tabel tidak berkepala; kolom diberi nama field1, field2, dan seterusnya.",
    en="The table has no header; its columns were named field1, field2 and so on.",
)
HEADER_JOINED = declare(
    "read.header_joined",
    id="Kepala tabel {count} baris digabung menjadi satu judul tiap kolom.",
    en="A header of {count} rows was joined to one title for each column.",
)
HEADER_BLANK = declare(
    "read.header_blank",
    id="{count} kolom tanpa judul diberi nama {names}.",
    en="Columns without a title: {count}. They were named {names}.",
)
HEADER_DUPLICATE = declare(
    "read.header_duplicate",
    id="Judul kolom “{title}” dipakai lebih dari sekali; kolom ini diberi nama {name}.",
    en="The title “{title}” is used more than once; this column was named {name}.",
)
TITLE_ROWS = declare(
    "read.title_rows",
    id="{count} baris judul di atas kepala tabel dikeluarkan dari data dan dijadikan judul.",
    en="Title rows above the header, taken out of the data and made the title: {count}.",
)
NUMBERING_ROW = declare(
    "read.numbering_row",
    id="Baris nomor kolom (1) (2) (3) dibuang.",
    en="The row that numbers the columns, (1) (2) (3), was dropped.",
)
BLANK_ROWS = declare(
    "read.blank_rows",
    id="{count} baris kosong dibuang.",
    en="Blank rows dropped: {count}.",
)
BLANK_COLUMNS = declare(
    "read.blank_columns",
    id="{count} kolom kosong tanpa judul dibuang: {columns}.",
    en="Empty columns without a title dropped: {count} ({columns}).",
)
REPEATED_HEADER = declare(
    "read.repeated_header",
    id="Kepala tabel yang terulang di antara data dibuang.",
    en="A header repeated among the data was dropped.",
)
TOTAL_ROW = declare(
    "read.total_row",
    id="Baris jumlah “{label}” dikeluarkan dari data: {values}.",
    en="The total row “{label}” was taken out of the data: {values}.",
)
STRAY_ROW = declare(
    "read.stray_row",
    id="Baris tanpa keterangan di bawah tabel dikeluarkan dari data: {values}.",
    en="A row without a label below the table was taken out of the data: {values}.",
)
NOTE_ROWS = declare(
    "read.note_rows",
    id="{count} baris catatan atau sumber di bawah tabel dijadikan catatan.",
    en="Rows of notes or sources below the table, made notes: {count}.",
)
SIGNATURE_ROWS = declare(
    "read.signature_rows",
    id="{count} baris tanda tangan di bawah tabel dibuang.",
    en="Rows of a signature below the table, dropped: {count}.",
)
MERGED_FILLED = declare(
    "read.merged_filled",
    id="Sel gabungan pada kolom keterangan diisi ke bawah: {count} sel.",
    en="Cells of merged labels filled downwards: {count}.",
)
COLUMNS_COALESCED = declare(
    "read.columns_coalesced",
    id="{count} kolom di bawah satu judul yang isinya saling mengisi disatukan.",
    en="{count} columns under one title, never filled together, were made one.",
)
SEVERAL_TABLES = declare(
    "read.several_tables",
    id="Lembar ini memuat {count} tabel; masing-masing dibaca tersendiri.",
    en="This sheet holds {count} tables; each was read by itself.",
)
SHEET_HIDDEN = declare(
    "read.sheet_hidden",
    id="Lembar tersembunyi tidak dibaca. Periksa apakah berkas asli boleh diterbitkan bersamanya.",
    en="A hidden sheet was not read. Check whether the original may be published with it.",
)
ROWS_HIDDEN = declare(
    "read.rows_hidden",
    id="{count} baris tersembunyi ikut dibaca. Periksa apakah boleh diterbitkan.",
    en="Hidden rows read with the others: {count}. Check whether they may be published.",
)
COLUMNS_HIDDEN = declare(
    "read.columns_hidden",
    id="{count} kolom tersembunyi ikut dibaca. Periksa apakah boleh diterbitkan.",
    en="Hidden columns read with the others: {count}. Check whether they may be published.",
)
COMMENTS_FOUND = declare(
    "read.comments_found",
    id="Buku kerja ini memuat komentar sel yang tidak dibaca; komentar tetap ada di berkas asli.",
    en="This workbook holds cell comments, which were not read; they stay in the original.",
)
LINKS_FOUND = declare(
    "read.links_found",
    id="Buku kerja ini terhubung ke buku kerja lain; nilai yang terakhir tersimpan yang dibaca.",
    en="This workbook is linked to others; the values last saved in it were read.",
)
MACROS_FOUND = declare(
    "read.macros_found",
    id="Buku kerja ini memuat makro; makro tidak dijalankan.",
    en="This workbook holds macros; they were not run.",
)
CELL_ERRORS = declare(
    "read.cell_errors",
    id="{count} sel berisi galat rumus (seperti #N/A, #REF!) dan dikosongkan.",
    en="Cells with formula errors (such as #N/A, #REF!), left empty: {count}.",
)
FORMULAS_UNCOMPUTED = declare(
    "read.formulas_uncomputed",
    id="{count} rumus tidak menyimpan hasilnya dan dibaca kosong. Buka dan simpan berkas di aplikasi lembar kerja.",
    en="Formulas without a saved result, read as empty: {count}. Open and save the file in a spreadsheet program.",
)
SHEET_EMPTY = declare(
    "read.sheet_empty",
    id="Lembar tanpa data dilewati.",
    en="A sheet without data was skipped.",
)
SHEET_STREWN = declare(
    "read.sheet_strewn",
    id="Lembar ini berisi tulisan, bukan tabel (seperti halaman sampul); dilewati.",
    en="This sheet holds words, no table (like a cover page); it was skipped.",
)
SHEET_ABSENT = declare(
    "read.sheet_absent",
    id="Lembar “{sheet}” yang diminta tidak ada; lembar yang ada: {sheets}.",
    en="The sheet asked for, “{sheet}”, does not exist; there are: {sheets}.",
)
