"""The code lists as the administration shows them, and rows that the office adds to its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from metadata import licenses, units, vocabularies
from metadata.errors import LumbungError
from metadata.terms import Bilingual
from portal.web.i18n import gettext as _


class EntryTaken(LumbungError):
    """A spelling stands for something else already."""

    code = "code_list.taken"
    status = 409
    text = Bilingual(
        id="“{spelling}” sudah ada dalam daftar, untuk “{term}”.",
        en="“{spelling}” is in the list already, for “{term}”.",
    )


class EntryLacking(LumbungError):
    """A member that the list needs is empty, or is not of the kind that it needs."""

    code = "code_list.lacking"
    status = 422
    text = Bilingual(
        id="Isi kolom “{member}”; yang diperlukan: {wanted_id}.",
        en="Fill in the column “{member}”; what is needed: {wanted_en}.",
    )


@dataclass(frozen=True, slots=True)
class CodeList:
    """A list: the file it is shipped in, whose standard it is, and its columns; `key` names a row."""

    name: str
    title: Bilingual
    source: Bilingual
    key: str

    @property
    def extended(self) -> bool:
        """Whether the office may add rows."""
        return self.name in vocabularies.EXTENDED


OURS = Bilingual("Daftar portal ini; kantor dapat menambah baris.", "This portal's list; the office may add rows.")
LISTS = (
    CodeList("licenses", Bilingual("Lisensi", "Licences"), OURS, "id"),
    CodeList("units", Bilingual("Satuan", "Units"), OURS, "name"),
    CodeList(
        "frequencies",
        Bilingual("Frekuensi pembaruan", "Frequencies of renewal"),
        Bilingual(
            "Tabel otoritas frekuensi Uni Eropa (DCAT-AP).", "The EU's authority table of frequencies (DCAT-AP)."
        ),
        "slug",
    ),
    CodeList(
        "regions",
        Bilingual("Kode wilayah", "Region codes"),
        Bilingual("Kode dan Data Wilayah Kemendagri, dengan kode BPS.", "Codes of Kemendagri, with those of BPS."),
        "code",
    ),
    CodeList(
        "sdi",
        Bilingual("Metadata Satu Data Indonesia", "Metadata of Satu Data Indonesia"),
        Bilingual("Perpres 39/2019 dan aturan metadata SDI.", "Perpres 39/2019 and SDI's rules on metadata."),
        "key",
    ),
)


def named(name: str) -> CodeList | None:
    """The list of that name."""
    return next((one for one in LISTS if one.name == name), None)


def column_words(column: str) -> str:
    """What a column is called on the page; the CSV file has the names themselves."""
    return {
        "aliases": _("Other spellings"),
        "base": _("Unit it is a multiple of"),
        "bps_code": _("Code of BPS"),
        "code": _("Code"),
        "days": _("Days"),
        "eu_code": _("Code of the EU"),
        "factor": _("How many of it"),
        "id": _("Code"),
        "key": _("Code"),
        "kind": _("Kind"),
        "meaning_en": _("Meaning in English"),
        "meaning_id": _("Meaning in Indonesian"),
        "name": _("Name"),
        "open": _("Open licence"),
        "parent": _("Belongs to"),
        "part": _("Part"),
        "slug": _("Code"),
        "symbol": _("Symbol"),
        "title_en": _("Name in English"),
        "title_id": _("Name in Indonesian"),
        "url": _("Address"),
    }.get(column, column)


def columns(name: str) -> tuple[str, ...]:
    """The columns of a list in their order."""
    return tuple(vocabularies.rows(name)[0])


def sound(name: str, row: Mapping[str, str]) -> dict[str, str]:
    """A row for the list `name`, checked against all that are there. Raises `EntryLacking`, `EntryTaken`."""
    made = {column: " ".join(row.get(column, "").split())[:500] for column in columns(name)}
    if name == "licenses":
        _license(made)
    else:
        _unit(made)
    return made


def _license(row: Mapping[str, str]) -> None:
    _lacks(
        not row["id"] or not row["id"].isascii() or " " in row["id"], "id", "kode tanpa spasi", "a code without blanks"
    )
    _lacks(not row["title_id"], "title_id", "nama Indonesia", "the Indonesian name")
    _lacks(not row["title_en"], "title_en", "nama Inggris", "the English name")
    _lacks(row["open"] not in ("yes", "no"), "open", "yes atau no", "yes or no")
    _lacks(bool(row["url"]) and not row["url"].startswith("http"), "url", "alamat https://", "an https:// address")
    for spelling in (row["id"], row["title_id"], row["title_en"], row["url"], *vocabularies.words(row["aliases"])):
        if (known := licenses.match(spelling)) is not None:
            raise EntryTaken(spelling=spelling, term=known.id)


def _unit(row: Mapping[str, str]) -> None:
    _lacks(not row["name"], "name", "nama satuan", "the unit's name")
    _lacks(not row["title_en"], "title_en", "nama Inggris", "the English name")
    kinds = sorted({one.kind for one in units.every()})
    _lacks(row["kind"] not in kinds, "kind", ", ".join(kinds), ", ".join(kinds))
    _lacks(bool(row["base"]) and units.match(row["base"]) is None, "base", "satuan yang ada", "a unit of the list")
    _lacks(bool(row["base"]) != bool(row["factor"]), "factor", "faktor bersama satuan dasar", "a factor with its base")
    _lacks(
        bool(row["factor"]) and not _positive(row["factor"]), "factor", "angka seperti 1000", "a figure such as 1000"
    )
    for spelling in (row["name"], row["title_en"], row["symbol"], *vocabularies.words(row["aliases"])):
        if (known := units.match(spelling)) is not None:
            raise EntryTaken(spelling=spelling, term=known.name)


def _positive(text: str) -> bool:
    try:
        return 0 < float(text) < float("inf")
    except ValueError:
        return False


def _lacks(lacking: bool, member: str, wanted_id: str, wanted_en: str) -> None:
    if lacking:
        raise EntryLacking(member=member, wanted_id=wanted_id, wanted_en=wanted_en)


def as_rows(name: str, added: Sequence[Mapping[str, str]]) -> list[tuple[tuple[str, ...], bool, str]]:
    """Every row as its cells, whether the office added it, and its key."""
    of, own = columns(name), {row.get(_key(name)) for row in added}
    return [
        (tuple(row.get(column, "") for column in of), row[_key(name)] in own, row[_key(name)])
        for row in vocabularies.rows(name)
    ]


def _key(name: str) -> str:
    found = named(name)
    assert found is not None  # noqa: S101 - only names of LISTS come here
    return found.key
