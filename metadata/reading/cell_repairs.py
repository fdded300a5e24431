"""The words of what reading has to say about cells: numbers, dates, codes, missing marks, records and maps."""

from __future__ import annotations

from metadata.notices import declare

NUMBERS_INDONESIAN = declare(
    "read.numbers_indonesian",
    id="Angka ditulis dengan koma desimal (1.234,5) dan dibaca demikian.",
    en="Figures are written with a decimal comma (1.234,5) and were read so.",
)
NUMBERS_GROUPED = declare(
    "read.numbers_grouped",
    id="Angka ditulis dengan koma ribuan (1,234.5) dan dibaca demikian.",
    en="Figures are written with thousands commas (1,234.5) and were read so.",
)
NUMBERS_BY_CUSTOM = declare(
    "read.numbers_by_custom",
    id="Angka seperti {example} dapat berarti dua hal; dibaca sebagai {value} menurut kebiasaan Indonesia. Periksa.",
    en="A figure like {example} can mean two things; it was read as {value} after Indonesian custom. Check it.",
)
NUMBERS_BY_FILE = declare(
    "read.numbers_by_file",
    id="Angka seperti {example} dapat berarti dua hal; dibaca sebagai {value} seperti kolom lain di berkas ini.",
    en="A figure like {example} can mean two things; it was read as {value}, like other columns of this file.",
)
NUMBERS_BY_HEADER = declare(
    "read.numbers_by_header",
    id="Angka seperti {example} dapat berarti dua hal; dibaca sebagai {value} karena judul kolomnya.",
    en="A figure like {example} can mean two things; it was read as {value} because of the column's title.",
)
NUMBERS_UNGROUPED = declare(
    "read.numbers_ungrouped",
    id="Angka seperti {example} dapat berarti dua hal; dibaca sebagai {value} karena angka ribuan ditulis tanpa tanda.",
    en="A figure like {example} can mean two things; it was read as {value}, since thousands stand without a mark.",
)
NUMBERS_UNDECIDABLE = declare(
    "read.numbers_undecidable",
    id="Angka seperti {example} dapat berarti {first} atau {second}; kolom dibiarkan sebagai teks. Nyatakan jenisnya.",
    en="A figure like {example} can mean {first} or {second}; the column was left as text. Declare its type.",
)
NUMBERS_MIXED = declare(
    "read.numbers_mixed",
    id="Koma dan titik desimal bercampur dalam kolom ini; tiap angka dibaca menurut tulisannya.",
    en="Decimal commas and points are mixed in this column; each figure was read as it is written.",
)
MISSING_MARKS = declare(
    "read.missing_marks",
    id="{count} sel bertanda {marks} dibaca sebagai kosong.",
    en="Cells marked {marks}, read as missing: {count}.",
)
CURRENCY_REMOVED = declare(
    "read.currency_removed",
    id="Tanda mata uang dilepas dari {count} angka.",
    en="Currency signs taken off figures: {count}.",
)
PERCENT_REMOVED = declare(
    "read.percent_removed",
    id="Tanda persen dilepas dari {count} angka; satuannya persen.",
    en="Per cent signs taken off figures: {count}. Their unit is per cent.",
)
FOOTNOTES_REMOVED = declare(
    "read.footnotes_removed",
    id="Tanda catatan kaki dilepas dari {count} angka.",
    en="Footnote marks taken off figures: {count}.",
)
NEGATIVES_READ = declare(
    "read.negatives_read",
    id="Angka dalam kurung atau dengan minus di belakang dibaca sebagai negatif.",
    en="Figures in brackets or with a minus behind were read as negative.",
)
DATES_READ = declare(
    "read.dates_read",
    id="Tanggal dibaca menurut urutan {order} dan ditulis sebagai tahun-bulan-hari.",
    en="Dates were read in the order {order} and written as year-month-day.",
)
DATES_GUESSED = declare(
    "read.dates_guessed",
    id="Urutan hari dan bulan tidak dapat dipastikan; dibaca hari dahulu. Periksa.",
    en="The order of day and month is not certain; the day was read first. Check it.",
)
TRUTHS_READ = declare(
    "read.truths_read",
    id="Kata {words} dibaca sebagai benar atau salah.",
    en="The words {words} were read as true or false.",
)
CODES_KEPT = declare(
    "read.codes_kept",
    id="Angka dalam kolom ini adalah kode dan dibiarkan sebagai teks.",
    en="The figures in this column are codes and were kept as text.",
)
CODES_POINT_ZERO = declare(
    "read.codes_point_zero",
    id="Akhiran .0 dari lembar kerja dilepas dari kode.",
    en="The ending .0, left by a spreadsheet, was taken off the codes.",
)
FIGURES_AND_WORDS = declare(
    "read.figures_and_words",
    id="Kolom ini hampir seluruhnya angka, tetapi {count} sel bukan angka ({examples}); dibiarkan sebagai teks.",
    en="This column is nearly all figures, but some cells are not ({count}: {examples}); it was left as text.",
)
TYPE_REFUSED = declare(
    "read.type_refused",
    id="Kolom dinyatakan berjenis {type}, tetapi {count} sel tidak demikian; dibiarkan sebagai teks.",
    en="The column is declared as {type}, but some cells are not ({count}); it was left as text.",
)
BLANKS_TRIMMED = declare(
    "read.blanks_trimmed",
    id="Spasi di tepi dan tanda tak terlihat dibuang.",
    en="Blanks at the edges and invisible signs were removed.",
)
FLOAT_NOISE = declare(
    "read.float_noise",
    id="Angka pada {count} kolom ditulis sampai 15 angka penting, seperti yang ditunjukkan lembar kerja.",
    en="Figures are written with 15 significant digits, as the spreadsheet shows them (columns: {count}).",
)
NESTED_KEPT = declare(
    "read.nested_kept",
    id="Isi bertingkat dibiarkan sebagai teks JSON.",
    en="Nested content was kept as JSON text.",
)
RECORDS_UNDER = declare(
    "read.records_under",
    id="Data diambil dari {pointer}.",
    en="The records were taken from {pointer}.",
)
PAGE_OF_MORE = declare(
    "read.page_of_more",
    id="Sumber menyebut {total} baris, berkas ini memuat {count}: mungkin hanya satu halaman.",
    en="Rows according to the source: {total}, in this file: {count}. It may be one page only.",
)
COORDINATES_SWAPPED = declare(
    "read.coordinates_swapped",
    id="Koordinat ditulis lintang lebih dahulu; urutannya dibalik.",
    en="Coordinates were written latitude first; their order was turned round.",
)
MAP_REFUSED = declare(
    "read.map_refused",
    id="Geometri tidak dapat dipakai: {reason}.",
    en="The geometry cannot be used: {reason}.",
)
ATTRIBUTES_DROPPED = declare(
    "read.attributes_dropped",
    id="Atribut gaya atau ulangan tidak dijadikan kolom: {columns}.",
    en="Attributes of style or repetition were not made columns: {columns}.",
)
EMPTY_WITH_HEADER = declare(
    "read.empty_with_header",
    id="Tabel berkepala tetapi tanpa baris data; dilewati.",
    en="A table with a header but no rows was skipped.",
)
NESTED_TOO_LONG = declare(
    "read.nested_too_long",
    id="Kolom dengan isi bertingkat yang lebih panjang dari {limit} huruf tidak dijadikan kolom.",
    en="A column with nested content longer than {limit} characters was not made a column.",
)
