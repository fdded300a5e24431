"""The registers without names as datasets of the catalogue: written as files, taken in by the harvest as any source."""

from __future__ import annotations

import csv
import io
import threading
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from datasets import jobs
from datasets.clock import now
from datasets.installation import Installation
from datasets.models import Source
from harvesters.declared import SourceEntry
from harvesters.runs import schedule
from harvesters.runs.duty import Duty, Settle
from harvesters.sources import add_source
from metadata.about import About
from portal.kip.calendar import desk_date
from portal.kip.models import KipCase
from portal.kip.registers import figures, objections, requests
from portal.kip.registers.requests import UNCHECKED
from portal.kip.registers.sheet import Cell, Sheet
from portal.kip.store.rules import load_calendar

KIND: Final = "kip.register"
SUBJECT: Final = "register"
WHEN: Final = "40 0 * * *"
"""Each night, when the day's dates have been computed anew."""
SOURCE: Final = "register-ppid"
FOLDER: Final = "ppid"
"""Below LUMBUNG_HOME."""

_ABOUT: Final = {
    "register-permohonan": (
        "Register Permohonan Informasi Publik",
        "Semua permohonan informasi publik yang didaftar PPID, tanpa nama, alamat, dan kontak pemohon. Uraian"
        " permohonan dimuat setelah diperiksa petugas; selebihnya kosong.",
    ),
    "register-keberatan": (
        "Register Keberatan atas Permohonan Informasi Publik",
        "Semua keberatan atas pelayanan informasi publik, tanpa nama, alamat, dan kontak pemohon, dengan alasannya"
        " menurut Pasal 35 UU 14/2008 dan keputusannya.",
    ),
}


def export(here: Installation, *, at: datetime) -> list[Path]:
    """Write the registers of all years below the home; the files. A file that would be the same is left alone."""
    today = desk_date(at)
    with here.database.read() as session:
        if session.scalar(select(KipCase.id).where(KipCase.year.is_not(None)).limit(1)) is None:
            return []
        years = sorted(figures.years(session, today))
        calendar = load_calendar(session, today)
        asked = [requests.public_register(session, year, calendar, today=today) for year in years]
        filed = [objections.public_register(session, year, today=today) for year in years]
    folder = here.settings.home / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    written = [_write(folder, "register-permohonan", asked, skipped=1)]
    if any(sheet.rows for sheet in filed):
        written.append(_write(folder, "register-keberatan", filed, skipped=0))
    return written


def ask_harvest(session: Session, here: Installation, *, at: datetime) -> None:
    """See that the folder is a source, and that it is harvested soon. One that somebody has switched off stays off."""
    source = session.scalar(select(Source).where(Source.name == SOURCE))
    if source is None:
        region = here.settings.region_name
        entry = SourceEntry(
            name=SOURCE,
            kind="files",
            location=str(here.settings.home / FOLDER),
            organization=f"PPID {region}",
            title="Register PPID",
            about=About(license="CC-BY-4.0", themes=("pemerintahan",), keywords=("ppid", "keterbukaan informasi")),
        )
        source = add_source(session, entry, at=at)
    if source.enabled:
        jobs.ask(session, schedule.HARVEST, SOURCE)


def _plan(session: Session) -> None:
    if session.scalar(select(KipCase.id).where(KipCase.year.is_not(None)).limit(1)) is not None:
        schedule.plan_own(session, KIND, SUBJECT, WHEN)


def _do(here: Installation, _taken: jobs.Taken, _stop: threading.Event) -> Settle:
    at = now()
    written = export(here, at=at)

    def settle(session: Session, one: jobs.Taken) -> None:
        if written:
            ask_harvest(session, here, at=at)
        jobs.finish(session, one)

    return settle


DUTY: Final = Duty(KIND, 1, _plan, _do)


def _write(folder: Path, name: str, sheets: Sequence[Sheet], *, skipped: int) -> Path:
    """The rows of all years in one table, without the first `skipped` columns, and beside it what it is."""
    held = io.StringIO()
    writer = csv.writer(held, lineterminator="\n")
    writer.writerow([column.title for column in sheets[0].columns[skipped:]])
    for sheet in sheets:
        for row in sheet.rows:
            writer.writerow([_plain(cell) for cell in row[skipped:]])
    title, description = _ABOUT[name]
    _put(folder / f"{name}.toml", f'title = "{title}"\ndescription = "{description}"\nfrequency = "harian"\n')
    return _put(folder / f"{name}.csv", held.getvalue())


def _plain(cell: Cell) -> str:
    if cell is None or cell == UNCHECKED:
        return ""
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _put(path: Path, text: str) -> Path:
    """Whole or not at all, and only when it says something new: the harvest knows an unchanged file by its time."""
    content = text.encode("utf-8")
    if not path.is_file() or path.read_bytes() != content:
        new = path.with_name(f".{path.name}.tmp")
        new.write_bytes(content)
        new.replace(path)
    return path
