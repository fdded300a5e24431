"""Letters about decisions, put into the outbox in the transaction of the decision; who has no address gets none."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from sqlalchemy.orm import Session

from datasets import mails
from datasets.drafts import Comment
from datasets.models import DeskDraft
from portal.config import TIMEZONE

_GREETING = "Yth. pengelola data,\n\n"


def returned(
    session: Session, draft: DeskDraft, comments: Sequence[Comment], *, to: str, link: str, at: datetime
) -> None:
    """The reviewer gave a draft back, with what is to be mended."""
    lines = "\n".join(f"- {_of(one.field)}{one.text.strip()}" for one in comments if one.text.strip())
    text = (
        f"Walidata mengembalikan “{draft.title}” untuk diperbaiki:\n\n{lines}\n\n"
        f"Catatan ini juga tampil di isiannya:\n{link}\n"
    )
    _post(session, to, f"Perlu diperbaiki: {draft.title}", text, at)


def scheduled(session: Session, draft: DeskDraft, *, to: str, due: datetime, link: str, at: datetime) -> None:
    """A draft was approved for a later hour."""
    text = (
        f"“{draft.title}” disetujui dan akan terbit pada {_moment(due)}. Sampai saat itu hanya judul dan waktunya yang "
        f"tampil di jadwal rilis. Anda masih dapat menariknya kembali:\n{link}\n"
    )
    _post(session, to, f"Terjadwal: {draft.title}", text, at)


def unscheduled(session: Session, draft: DeskDraft, *, to: str, link: str, at: datetime) -> None:
    """The hour of an approved draft was taken back."""
    text = f"Jadwal terbit “{draft.title}” dibatalkan; draf itu kembali ke peninjau:\n{link}\n"
    _post(session, to, f"Jadwal dibatalkan: {draft.title}", text, at)


def published(session: Session, title: str, *, to: str, link: str, at: datetime) -> None:
    """A draft has become a version."""
    _post(session, to, f"Terbit: {title}", f"“{title}” sudah terbit:\n{link}\n", at)


def withdrawn(session: Session, title: str, reason: str, *, to: str, link: str, at: datetime) -> None:
    """A dataset of the agency was taken out of sight."""
    text = f"“{title}” ditarik dari publikasi. Alasan yang tampil di alamatnya:\n\n{reason}\n\n{link}\n"
    _post(session, to, f"Ditarik: {title}", text, at)


def turned_down(session: Session, title: str, reason: str, *, to: str, at: datetime) -> None:
    """A held state was turned down; its source has to be mended."""
    text = (
        f"Perubahan pada “{title}” yang dipanen dari sumber Anda tidak diterima:\n\n{reason}\n\n"
        "Versi terakhir tetap terbit. Perbaiki datanya di sumber; panen berikutnya mengambilnya.\n"
    )
    _post(session, to, f"Tidak diterima: {title}", text, at)


def _moment(at: datetime) -> str:
    return format_datetime(at.astimezone(ZoneInfo(TIMEZONE)), format="d MMMM y HH.mm 'WIB'", locale="id")


def _of(field: str) -> str:
    return f"{field.removeprefix('column.')}: " if field else ""


def _post(session: Session, to: str, subject: str, text: str, at: datetime) -> None:
    address = to.partition(" ")[0]  # a program's label has its token behind the address
    with suppress(mails.AddressWrong):
        mails.post(session, to=address, subject=subject, text=f"{_GREETING}{text}", at=at)
