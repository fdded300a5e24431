"""Letters to people about their accounts, put into the outbox in the transaction of their cause."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal.accounts.links import HOURS
from portal.accounts.models import User

_TEXTS = {
    "undangan": (
        "Undangan ke {site}",
        "Yth. {name},\n\nAnda didaftarkan di {site}. Buat kata sandi Anda lewat tautan ini, yang berlaku {hours} jam "
        "dan hanya satu kali:\n\n{link}\n\nBila Anda tidak mengenal undangan ini, abaikan surat ini.\n",
    ),
    "sandi": (
        "Kata sandi baru untuk {site}",
        "Yth. {name},\n\nSeseorang, semoga Anda, meminta kata sandi baru untuk {site}. Tautan ini berlaku {hours} jam "
        "dan hanya satu kali:\n\n{link}\n\nBila bukan Anda, abaikan surat ini: kata sandi Anda tidak berubah.\n",
    ),
}


def send_link(session: Session, user: User, purpose: str, *, link: str, site: str, at: datetime) -> None:
    """A letter with a link to a (new) password; `purpose` is one of `links.HOURS`."""
    from datasets import mails  # late: the outbox

    subject, text = _TEXTS[purpose]
    said = {"site": site, "name": user.name, "link": link, "hours": HOURS[purpose]}
    mails.post(session, to=user.email, subject=subject.format(**said), text=text.format(**said), at=at)


def tell_of_change(session: Session, user: User, what: str, *, site: str, at: datetime) -> None:
    """A letter that something about the account has changed, so that a stranger's doing does not stay unseen."""
    from datasets import mails  # late: the outbox

    text = (
        f"Yth. {user.name},\n\n{what}\n\nBila bukan Anda yang melakukannya, segera hubungi administrator {site} "
        "dan minta kata sandi baru.\n"
    )
    mails.post(session, to=user.email, subject=f"Perubahan pada akun Anda di {site}", text=text, at=at)
