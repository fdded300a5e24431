"""Why microdata cannot be made into tables; none of these tells what stands in a row."""

from __future__ import annotations

from metadata.errors import LumbungError
from metadata.terms import Bilingual


class MicrodataUnusable(LumbungError):
    """The declared tables cannot be made of this file."""

    code = "microdata.unusable"
    status = 422
    text = Bilingual(
        id="Data dasar ini tidak dapat dibuat menjadi tabel yang dinyatakan.",
        en="The declared tables cannot be made of this base data.",
    )


class MicrodataBare(MicrodataUnusable):
    """Rows of microdata were about to be kept; this is the last door, and it is shut."""

    code = "microdata.bare"
    status = 500
    text = Bilingual(
        id="Berkas ini dinyatakan data dasar; barisnya tidak boleh disimpan atau diterbitkan. Beri tahu administrator.",
        en="This file is declared as base data; its rows must not be kept or published. Tell the administrator.",
    )


class ColumnMissing(MicrodataUnusable):
    """A declared column is not in the file."""

    code = "microdata.column_missing"
    text = Bilingual(
        id="Kolom “{column}” disebut di [microdata], tetapi tidak ada di berkasnya. Samakan namanya.",
        en="Column “{column}” is named under [microdata] but is not in the file. Make the names agree.",
    )


class NotOneSurvey(MicrodataUnusable):
    """The files of one survey have different columns."""

    code = "microdata.not_one_survey"
    text = Bilingual(
        id="Berkas-berkas data dasar ini berbeda kolomnya. Samakan susunannya, atau jadikan dataset terpisah.",
        en="The files of this base data have different columns. Make them alike, or make them datasets of their own.",
    )


class NamesPersons(MicrodataUnusable):
    """A column that names persons would make groups, whose names are shown even where their counts are not."""

    code = "microdata.names_persons"
    text = Bilingual(
        id="Kolom “{column}” memuat data penunjuk orang, jadi tidak boleh menjadi wilayah, periode, atau kategori.",
        en="Column “{column}” holds what points at persons, so it cannot be a region, a period or a category.",
    )


class NotYesNo(MicrodataUnusable):
    """An indicator has other answers than yes and no."""

    code = "microdata.not_yes_no"
    text = Bilingual(
        id="Kolom “{column}” dinyatakan indikator ya/tidak, tetapi berisi jawaban lain. "
        "Pakai sebagai kategori (by) atau jumlah (sums).",
        en="Column “{column}” is declared as a yes/no indicator but has other answers. "
        "Use it as a category (by) or an amount (sums).",
    )


class NotAnAmount(MicrodataUnusable):
    """A column to be summed has something that is no amount, or a negative one."""

    code = "microdata.not_an_amount"
    text = Bilingual(
        id="Kolom “{column}” akan dijumlahkan, tetapi berisi sesuatu yang bukan angka, atau angka negatif.",
        en="Column “{column}” is to be summed but has something that is no number, or a negative one.",
    )


class TooSpecific(MicrodataUnusable):
    """Specific data are asked for below the kecamatan."""

    code = "microdata.too_specific"
    text = Bilingual(
        id="Kolom “{column}” adalah data pribadi spesifik (UU 27/2022 Pasal 4): "
        "tabel “{table}” tidak boleh menyajikannya di bawah kecamatan.",
        en="Column “{column}” holds specific personal data (UU 27/2022 article 4): "
        "table “{table}” must not tell it below the kecamatan.",
    )


class TooFewRows(MicrodataUnusable):
    """The survey, or one of its periods, is smaller than a publishable group."""

    code = "microdata.too_few_rows"
    text = Bilingual(
        id="Berkas ini memuat kurang dari {k} baris untuk salah satu periodenya; tidak ada tabel yang aman darinya.",
        en="This file has fewer than {k} rows for one of its periods; no table of it is safe.",
    )


class TooManyCells(MicrodataUnusable):
    """The declared categories make more cells than can be protected."""

    code = "microdata.too_many_cells"
    text = Bilingual(
        id="Tabel “{table}” akan memuat lebih dari {most} sel. Kurangi kategori atau tingkat wilayahnya.",
        en="Table “{table}” would have more than {most} cells. Use fewer categories or wider regions.",
    )


class NotProtected(MicrodataUnusable):
    """The attack before publication succeeded; nothing is published."""

    code = "microdata.not_protected"
    status = 500
    text = Bilingual(
        id="Pemeriksaan terakhir menemukan sel tersembunyi yang dapat dihitung kembali; tidak ada yang diterbitkan. "
        "Beri tahu administrator.",
        en="The last check found a hidden cell that can be computed; nothing is published. Tell the administrator.",
    )
