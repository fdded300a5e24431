"""Letters about what readers say: to an agency's stewards, to who reported, to who wants to follow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from datasets import mails
from datasets.models import DataReport, Dataset, Organization
from metadata.terms import Bilingual
from portal.accounts.models import RoleGrant, User
from portal.policy import Role

_REPORTED = Bilingual(id="Laporan masalah data: {title}", en="A problem with data was reported: {title}")
_REPORT = Bilingual(
    id="Seorang pembaca melaporkan masalah pada “{title}” (versi {version}).\n\n{where}{text}\n\n"
    "Jawab di meja kerja; jawabannya tampil di halaman dataset:\n{link}\n",
    en="A reader reports a problem with “{title}” (version {version}).\n\n{where}{text}\n\n"
    "Answer at the workbench; the answer is shown on the dataset's page:\n{link}\n",
)
_PLACE = Bilingual(
    id="Tabel: {table}\nKolom: {column}\nBaris: {row}\n\n", en="Table: {table}\nColumn: {column}\nRow: {row}\n\n"
)
_ANSWERED = Bilingual(id="Jawaban atas laporan Anda: {title}", en="The answer to your report: {title}")
_ANSWER = Bilingual(
    id="Laporan Anda tentang “{title}” telah dijawab:\n\n{answer}\n\nJawaban ini juga tampil di {link}\n"
    "Alamat Anda telah dihapus dari laporan.\n",
    en="Your report about “{title}” has been answered:\n\n{answer}\n\nThe answer is also shown at {link}\n"
    "Your address has been deleted from the report.\n",
)
_CONFIRM_SUBJECT = Bilingual(id="Konfirmasi: ikuti {name}", en="Please confirm: follow {name}")
_CONFIRM = Bilingual(
    id="Seseorang, semoga Anda, ingin surat bila ada versi baru: {name}, di {site}.\n\nBuka tautan ini dan tekan "
    "tombolnya, dalam dua hari:\n{link}\n\nBila bukan Anda, abaikan surat ini; alamat Anda akan terhapus sendiri.\n",
    en="Somebody, hopefully you, wants a letter when there are new versions: {name}, at {site}.\n\nOpen this link "
    "and press the button, within two days:\n{link}\n\nIf it was not you, ignore this letter: your address goes.\n",
)


def tell_stewards(session: Session, report: DataReport, dataset: Dataset, *, link: str, at: datetime) -> int:
    """Write to the agency's stewards; without any to its office, else to the walidata. How many letters."""
    place = ""
    if report.table or report.column or report.row:
        place = _PLACE.id.format(table=report.table or "–", column=report.column or "–", row=report.row or "–")
    subject = _REPORTED.id.format(title=dataset.title)
    said = {"title": dataset.title, "version": report.version, "where": place, "text": report.text, "link": link}
    addresses = _stewards(session, dataset.organization_id)
    for address in addresses:
        key = f"report:{report.id}:{address}"
        mails.post(session, to=address, subject=subject, text=_REPORT.id.format(**said), at=at, key=key)
    return len(addresses)


def tell_reporter(
    session: Session, report: DataReport, dataset: Dataset, address: str, *, link: str, at: datetime
) -> None:
    """Send the answer to who reported."""
    language = report.language
    said = {"title": dataset.title, "answer": report.answer, "link": link}
    mails.post(
        session,
        to=address,
        subject=_ANSWERED.say(language).format(title=dataset.title),
        text=_ANSWER.say(language).format(**said),
        at=at,
        key=f"report-answer:{report.id}",
        language=language,
    )


def ask_to_confirm(
    session: Session, address: str, name: str, *, link: str, key: str, language: str, at: datetime
) -> None:
    """Send the link by which the owner of an address says that it may be written to."""
    site = f"{current_app.jinja_env.globals['site_title']} {current_app.jinja_env.globals['region_name']}"
    said = {"name": f"“{name}”", "site": site, "link": link}
    subject = _CONFIRM_SUBJECT.say(language).format(**said)
    text = _CONFIRM.say(language).format(**said)
    mails.post(session, to=address, subject=subject, text=text, at=at, key=key, language=language)


def _stewards(session: Session, organization_id: int) -> Sequence[str]:
    """Who hears of a report, each once."""
    held = select(User.email).join(RoleGrant, RoleGrant.user_id == User.id).where(User.active)
    own = held.where(RoleGrant.role == Role.STEWARD, RoleGrant.organization_id == organization_id)
    found = list(session.scalars(own.distinct().order_by(User.email)))
    office = session.scalar(select(Organization.email).where(Organization.id == organization_id))
    if not found and office:
        try:
            return [mails.checked_address(office)]
        except mails.AddressWrong:
            pass  # as the office wrote it down, it cannot be used
    everywhere = held.where(RoleGrant.role == Role.CUSTODIAN).distinct().order_by(User.email)
    return found or list(session.scalars(everywhere))
