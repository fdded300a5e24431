"""The lists of public (DIP) and of exempted information (DIK), made of the catalogue, the tests and manual rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from datasets.models import Dataset, Organization, Version, published
from metadata import frequencies, licenses
from portal.kip.calendar import desk_date
from portal.kip.exemptions import Exemption
from portal.kip.letters import words
from portal.kip.models import KipExemption, KipInformation
from portal.kip.registers import requests
from portal.kip.registers.sheet import Cell, Column, Sheet

CLASSES: Final = ("berkala", "serta_merta", "setiap_saat")
TITLES: Final = {
    "berkala": "Informasi yang wajib disediakan dan diumumkan secara berkala",
    "serta_merta": "Informasi yang wajib diumumkan secara serta-merta",
    "setiap_saat": "Informasi yang wajib tersedia setiap saat",
}
"""UU 14/2008 Pasal 9, 10 and 11."""
MEDIUMS: Final = {"soft": "softcopy", "hard": "hardcopy", "both": "softcopy dan hardcopy"}
OFFICE: Final = "Pejabat Pengelola Informasi dan Dokumentasi"

DIP: Final = (
    *(Column("No.", 1), Column("Ringkasan isi informasi", 6), Column("Klasifikasi", 2)),
    *(Column("Unit yang menguasai", 3), Column("Penanggung jawab pembuatan atau penerbitan", 3)),
    *(
        Column("Waktu dan tempat pembuatan", 3),
        Column("Bentuk yang tersedia", 2),
        Column("Jangka waktu penyimpanan", 2),
    ),
    *(Column("Alamat", 4), Column("Lisensi", 2), Column("Terakhir terbit", 2), Column("Terbit berikutnya", 2)),
)
DIK: Final = (
    *(Column("No.", 1), Column("Informasi yang dikecualikan", 5), Column("Dokumen atau dataset", 3)),
    *(Column("Dasar hukum", 5), Column("Konsekuensi bila dibuka", 4), Column("Manfaat bila ditutup", 4)),
    *(Column("Jangka waktu", 3), Column("Unit", 3), Column("Nomor dan tanggal uji konsekuensi", 3)),
)


@dataclass(frozen=True, slots=True)
class Information:
    """A row of the DIP. `url` is an address, `dataset` the name of one of the catalogue, `version` its present one;
    `number` is that of a manual row. `since` tells from when it is exempted no longer."""

    information_class: str
    summary: str
    unit: str
    responsible: str
    made: str
    medium: str
    retention: str
    license: str = ""
    url: str = ""
    dataset: str = ""
    version: int | None = None
    published_on: date | None = None
    next_due: date | None = None
    number: int | None = None
    since: date | None = None

    def is_late(self, today: date) -> bool:
        """Whether its next publication is overdue."""
        return self.next_due is not None and self.next_due < today


def public_information(session: Session, *, today: date) -> list[Information]:
    """The DIP as it is: published datasets, manual rows, and what is no longer exempted; by class, then by words."""
    written = {row.dataset_id: row for row in session.scalars(select(KipInformation)) if row.dataset_id is not None}
    found = [
        _of_dataset(dataset, unit, version, written.get(dataset.id))
        for dataset, unit, version in session.execute(_datasets())
    ]
    found += _manual(session)
    found += _no_longer_exempted(session, today)
    return sorted(found, key=lambda row: (CLASSES.index(row.information_class), row.summary.casefold()))


def exempted(session: Session, *, today: date) -> list[tuple[KipExemption, str]]:
    """The DIK: the consequence tests that are in force, with the agency's title. What it protects is not in it."""
    rows = session.execute(
        select(KipExemption, Organization.title)
        .outerjoin(Organization, Organization.id == KipExemption.organization_id)
        .order_by(KipExemption.decided_on, KipExemption.number)
    ).all()
    return [(row, title or OFFICE) for row, title in rows if _state(row, today) == "in_force"]


def dip_sheet(rows: list[Information], *, today: date, site: str = "") -> Sheet:
    """The DIP as a list; `site` goes before the addresses of datasets."""
    made: list[tuple[Cell, ...]] = [
        (
            number,
            row.summary,
            requests.CLASSES.get(row.information_class, row.information_class),
            row.unit,
            row.responsible,
            row.made,
            MEDIUMS.get(row.medium, row.medium),
            row.retention,
            row.url or (f"{site}/dataset/{row.dataset}" if row.dataset else ""),
            row.license,
            row.published_on,
            row.next_due,
        )
        for number, row in enumerate(rows, 1)
    ]
    note = "Daftar ini dibuat dari katalog data dan dari isian PPID, dan berlaku pada tanggal tersebut."
    return Sheet("daftar-informasi-publik", "Daftar Informasi Publik", words.on(today), DIP, tuple(made), today, note)


def dik_sheet(rows: list[tuple[KipExemption, str]], *, today: date) -> Sheet:
    """The DIK as a list."""
    made: list[tuple[Cell, ...]] = [
        (
            number,
            row.information,
            "; ".join(part for part in (row.document, ", ".join(row.of_columns)) if part),
            "; ".join(part for part in (words.why_closed(row.ground), row.article) if part),
            row.consequence_if_open,
            row.consequence_if_closed,
            words.ends(_members(row)),
            unit,
            f"{row.number}, {words.on(row.decided_on)}",
        )
        for number, (row, unit) in enumerate(rows, 1)
    ]
    title = "Daftar Informasi yang Dikecualikan"
    return Sheet("daftar-informasi-dikecualikan", title, words.on(today), DIK, tuple(made), today)


def _datasets() -> Select[Dataset, str, int]:
    return (
        published()
        .join(Organization, Organization.id == Dataset.organization_id)
        .outerjoin(Version, Version.id == Dataset.current_version_id)
        .with_only_columns(Dataset, Organization.title, Version.number)
    )


def _of_dataset(dataset: Dataset, unit: str, version: int | None, said: KipInformation | None) -> Information:
    """A dataset makes its own row; one that comes again in a rhythm is *berkala*, others are ready *setiap saat*."""
    rhythm = frequencies.match(dataset.frequency)
    days = rhythm.days if rhythm is not None else None
    renewed = desk_date(dataset.modified_at)
    license_ = licenses.get(dataset.license_id)
    return Information(
        information_class=said.information_class if said else "berkala" if days else "setiap_saat",
        summary=(said.summary if said else "") or dataset.title,
        unit=unit,
        responsible=(said.responsible if said else "") or unit,
        made=(said.made if said else "") or _years(dataset),
        medium=said.medium if said else "soft",
        retention=said.retention if said else "",
        license=license_.title.id if license_.url else "",
        dataset=dataset.slug,
        version=version,
        published_on=renewed,
        next_due=(said.next_due if said else None) or (renewed + timedelta(days=days) if days else None),
        number=said.id if said else None,
    )


def _manual(session: Session) -> Iterator[Information]:
    wanted = (
        select(KipInformation, Organization.title)
        .outerjoin(Organization, Organization.id == KipInformation.organization_id)
        .where(KipInformation.dataset_id.is_(None))
    )
    for row, unit in session.execute(wanted):
        yield Information(
            information_class=row.information_class,
            summary=row.summary,
            unit=unit or OFFICE,
            responsible=row.responsible or unit or OFFICE,
            made=row.made,
            medium=row.medium,
            retention=row.retention,
            url=row.url,
            published_on=row.published_on,
            next_due=row.next_due,
            number=row.id,
        )


def _no_longer_exempted(session: Session, today: date) -> Iterator[Information]:
    """What was exempted moves here by itself when its period ends (PP 61/2010), or when it was opened (Pasal 11(2))."""
    wanted = select(KipExemption, Organization.title).outerjoin(
        Organization, Organization.id == KipExemption.organization_id
    )
    for row, unit in session.execute(wanted):
        if _state(row, today) in ("public_by_expiry", "opened"):
            yield Information(
                information_class="setiap_saat",
                summary=row.information,
                unit=unit or OFFICE,
                responsible=unit or OFFICE,
                made="",
                medium="hard",
                retention="",
                since=row.withdrawn_on or row.expires_on,
            )


def _state(row: KipExemption, today: date) -> str:
    """`in_force`, `public_by_expiry`, `opened` before that, or nothing while it is not approved."""
    if row.approved_on is None:
        return ""
    if row.withdrawn_on is not None and row.withdrawn_on <= today:
        return "opened"
    return Exemption.of(_members(row)).state(today)


def _members(row: KipExemption) -> dict[str, Any]:
    return {
        "ground": row.ground,
        "number": row.number,
        "date": row.decided_on.isoformat(),
        "expires_on": row.expires_on.isoformat() if row.expires_on else None,
        "expires_when": row.expires_when,
        "article": row.article,
    }


def _years(dataset: Dataset) -> str:
    if dataset.year_from is None:
        return ""
    same = dataset.year_to in (None, dataset.year_from)
    return str(dataset.year_from) if same else f"{dataset.year_from}–{dataset.year_to}"
