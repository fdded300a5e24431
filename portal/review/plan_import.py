"""The data list from a spreadsheet: its rows as lines, each with what is wrong with it, before anything is written."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from datasets.installation import Installation
from datasets.models import Organization
from datasets.plans import Wanted
from harvesters.desk import workshop
from metadata import frequencies
from metadata.dates import MONTHS, parse_date
from metadata.errors import LumbungError
from metadata.names import column_name, slug
from metadata.reading.child import read_safely
from metadata.terms import Bilingual
from portal.web.i18n import gettext as _

if TYPE_CHECKING:
    from pydantic import TypeAdapter

MOST = 2_000
_TITLES = {
    "title": (
        "judul",
        "nama_data",
        "nama_dataset",
        "judul_data",
        "judul_dataset",
        "data",
        "dataset",
        "uraian",
        "title",
    ),
    "agency": (
        *("perangkat_daerah", "opd", "produsen_data", "produsen", "instansi", "dinas", "skpd", "organisasi", "agency"),
        *("kode_perangkat_daerah", "nama_opd", "nama_perangkat_daerah", "penanggung_jawab", "organization"),
    ),
    "frequency": (
        *("frekuensi", "jadwal_pemutakhiran", "periode", "periode_pemutakhiran", "pemutakhiran", "frequency"),
        *("frekuensi_pemutakhiran", "jadwal_pembaruan"),
    ),
    "due": (
        *("tanggal_rencana", "tanggal", "jadwal_rilis", "rencana_terbit", "jadwal", "tanggal_rilis", "due", "target"),
        *("tanggal_terbit", "waktu_rilis", "bulan"),
    ),
    "note": ("keterangan", "catatan", "note", "ket"),
}


class NotAPlan(LumbungError):
    """What was handed in has no column of titles."""

    code = "plan.no_titles"
    status = 422
    text = Bilingual(
        id="Tidak ditemukan kolom judul. Beri baris pertama nama kolom: judul, perangkat daerah, frekuensi, tanggal, "
        "keterangan.",
        en="No column of titles was found. Name the columns in the first row: judul, perangkat daerah, frekuensi, "
        "tanggal, keterangan.",
    )


@dataclass(frozen=True, slots=True)
class Read:
    """A row: what it says, the agency it was understood to mean, and what is wrong with it (then it is left out)."""

    row: int
    title: str
    organization_id: int | None
    agency: str
    frequency: str
    due: str
    note: str
    wrong: str = ""

    def wanted(self) -> Wanted:
        """The line it will be."""
        due = date.fromisoformat(self.due) if self.due else None
        return Wanted(self.organization_id or 0, self.title, self.frequency or None, due, self.note)


def read_file(
    here: Installation, path: Path, filename: str, owners: Mapping[int, Organization], *, year: int, lone: int | None
) -> list[Read]:
    """The rows of a file. `lone` is the agency of rows that name none. Raises what reading raises, and `NotAPlan`."""
    with workshop(here) as work:
        reading = read_safely(path, filename=filename, into=work / "read", seconds=60, megabytes=1000)
        for table in reading.tables:
            found = _columns([(one.name, one.title) for one in table.columns])
            if "title" in found:
                with table.path.open(encoding="utf-8", newline="") as stream:
                    rows = list(islice(csv.reader(stream), 1, MOST + 1))
                first = table.header_row + 1
                return [
                    _row(number, cells, found, owners, year, lone)
                    for number, cells in enumerate(rows, first)
                    if any(cells)
                ]
    raise NotAPlan


def packed(rows: Sequence[Read]) -> str:
    """The good rows as a hidden field of the form that confirms them."""
    return json.dumps([asdict(one) for one in rows if not one.wrong], ensure_ascii=False)


def unpacked(text: str) -> list[Read]:
    """The inverse of `packed`; nothing for what is none: a browser may send anything."""
    try:
        rows = _adapter().validate_json(text)[:MOST]
        for one in rows:
            one.wanted()
    except ValueError:
        return []
    return rows


@cache
def _adapter() -> TypeAdapter[list[Read]]:
    from pydantic import TypeAdapter  # late: only an import needs it

    return TypeAdapter(list[Read])


def _columns(titles: Sequence[tuple[str, str]]) -> dict[str, int]:
    names = [(column_name(title or name), column_name(name)) for name, title in titles]
    found: dict[str, int] = {}
    for member, known in _TITLES.items():
        for word in known:
            place = next((at for at, both in enumerate(names) if word in both and at not in found.values()), None)
            if place is not None:
                found[member] = place
                break
    return found


def _row(
    row: int,
    cells: Sequence[str],
    found: Mapping[str, int],
    owners: Mapping[int, Organization],
    year: int,
    lone: int | None,
) -> Read:
    said = {member: cells[at].strip() if at < len(cells) else "" for member, at in found.items()}
    title = " ".join(said.get("title", "").split())[:400]
    owner = _owner(said.get("agency", ""), owners) if said.get("agency") else owners.get(lone or 0)
    rhythm = frequencies.match(said.get("frequency"))
    due = _due(said.get("due", ""), year)
    wrong = ""
    if not title:
        wrong = _("It has no title.")
    elif owner is None:
        wrong = _("The agency “%(name)s” is not known.", name=said.get("agency", "") or "–")
    elif said.get("frequency") and rhythm is None:
        wrong = _("The rhythm “%(name)s” is not known.", name=said["frequency"])
    elif said.get("due") and due is None:
        wrong = _("“%(day)s” is no day of %(year)s.", day=said["due"], year=year)
    return Read(
        row=row,
        title=title,
        organization_id=owner.id if owner else None,
        agency=owner.title if owner else said.get("agency", ""),
        frequency=rhythm.slug if rhythm else "",
        due=due.isoformat() if due else "",
        note=said.get("note", "")[:1000],
        wrong=wrong,
    )


def _owner(text: str, owners: Mapping[int, Organization]) -> Organization | None:
    """The agency of that title, abbreviation or address, however it is written."""
    key = slug(text, 200)
    for one in owners.values():
        if key in (one.slug, slug(one.title, 200), slug(one.abbreviation or "", 200) if one.abbreviation else ""):
            return one
    return None


def _due(text: str, year: int) -> date | None:
    """A day; a month alone (`Maret`, `Maret 2026`) is its first day."""
    if not text:
        return None
    day = parse_date(text)
    words = text.replace(str(year), "").strip().lower()
    if day is None and words in MONTHS:
        day = date(year, MONTHS[words], 1)
    return day if day is not None and day.year == year else None
