"""The outbox of e-mail: posted in the transaction of its cause, sent at least once, given up only with a reason."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from datasets import jobs, leases
from datasets.db import add_missing
from datasets.models import Job, Mail
from metadata.errors import LumbungError
from metadata.notices import Notice
from metadata.terms import Bilingual

MAIL = "mail"
"""The kind of the job that empties the outbox; there is one, whose subject is `OUTBOX`."""
OUTBOX = "outbox"
URGENT = 100
"""The job's priority: somebody may be waiting for a link."""
ATTEMPTS = 12
"""Times that the mail server may put one letter off before it is given up: some three days."""
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
KEPT = timedelta(days=30)
"""How long it is remembered that a letter went out; its text is forgotten at once."""
AT_ONCE = 50
LIST_HEADERS = frozenset({"List-Unsubscribe", "List-Unsubscribe-Post", "List-Id"})
"""What a letter of a list may carry beside the usual."""

_LINE = re.compile(r"[ -~]{1,900}", re.ASCII)
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", re.ASCII)


class AddressWrong(LumbungError):
    """What should be an e-mail address is none; it is not repeated, since it may be personal."""

    code = "mail.address_wrong"
    status = 422
    text = Bilingual(
        id="Alamat surel tidak dapat dipakai. Yang diperlukan: satu alamat seperti nama@dinas.go.id.",
        en="The e-mail address cannot be used. What is needed: one address such as name@office.go.id.",
    )


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as it is sent."""

    id: int
    address: str
    subject: str
    text: str
    language: str
    message_id: str
    created_at: datetime
    headers: Mapping[str, str] = field(default_factory=dict)


def checked_address(text: str) -> str:
    """One plain address without a name. Raises `AddressWrong`: nothing that could be a header or a second recipient."""
    address = text.strip()
    if len(address) > 254 or not _ADDRESS.fullmatch(address):
        raise AddressWrong
    return address


def post(
    session: Session,
    *,
    to: str,
    subject: str,
    text: str,
    at: datetime,
    key: str | None = None,
    language: str = "id",
    headers: Mapping[str, str] | None = None,
) -> None:
    """Put a letter into the outbox; it goes out if and when this transaction is committed.

    Posted again with the same `key` it stays one letter, the first. `subject` becomes one line. `headers` are some of
    `LIST_HEADERS`, each one line of ASCII. Raises `AddressWrong`, and ValueError for other headers.
    """
    if not all(name in LIST_HEADERS and _LINE.fullmatch(value) for name, value in (headers or {}).items()):
        raise ValueError("a letter takes headers of a list alone, one line each")
    address = checked_address(to)
    line = " ".join("".join(character if character.isprintable() else " " for character in subject).split())
    row = {"key": key, "address": address, "subject": line, "text": text, "language": language, "attempts": 0}
    more = {"message_id": uuid4().hex, "created_at": at, "due": at, "headers": dict(headers) if headers else None}
    add_missing(session, Mail, [row | more])
    jobs.ask(session, MAIL, OUTBOX, priority=URGENT)


def waiting(session: Session, *, at: datetime) -> Sequence[Letter]:
    """Letters that are due, the oldest first, at most `AT_ONCE`."""
    wanted = select(Mail).where(Mail.sent_at.is_(None), Mail.dead_at.is_(None), Mail.due <= at)
    found = session.scalars(wanted.order_by(Mail.due, Mail.id).limit(AT_ONCE))
    return [
        Letter(
            one.id,
            one.address,
            one.subject,
            one.text,
            one.language,
            one.message_id,
            one.created_at,
            one.headers or {},
        )
        for one in found
    ]


def sent(session: Session, letter: Letter, *, at: datetime) -> None:
    """It has been handed over: its text is forgotten. What went out more than `KEPT` ago is forgotten whole."""
    mail = session.get_one(Mail, letter.id)
    mail.sent_at, mail.text, mail.error, mail.attempts = at, "", None, mail.attempts + 1
    mail.headers = None
    session.execute(delete(Mail).where(Mail.sent_at < at - KEPT))


def put_off(session: Session, letter: Letter, reason: Notice, *, at: datetime, for_good: bool = False) -> None:
    """The server would not take it: tried later and later; given up when refused `for_good` or too often."""
    mail = session.get_one(Mail, letter.id)
    mail.attempts, mail.error = mail.attempts + 1, reason.as_dict()
    mail.due = at + min(FIRST_WAIT * 2 ** (mail.attempts - 1), LONGEST_WAIT)
    mail.dead_at = at if for_good or mail.attempts >= ATTEMPTS else None


def next_due(session: Session) -> datetime | None:
    """When the next letter is to go out; None when none waits."""
    return session.scalar(select(func.min(Mail.due)).where(Mail.sent_at.is_(None), Mail.dead_at.is_(None)))


def plan(session: Session) -> None:
    """See that the outbox has its job while a letter waits, such as after the server was first named."""
    due = next_due(session)
    there = select(Job.id).where(Job.kind == MAIL, Job.subject == OUTBOX, Job.dead_at.is_(None))
    if due is not None and session.scalar(there) is None:
        jobs.ask(session, MAIL, OUTBOX, due=max(due, leases.database_time(session)), priority=URGENT)


def every(session: Session, *, gone: bool = False) -> Sequence[Mail]:
    """All that waits or was given up, the oldest first; with `gone` also what went out."""
    wanted = select(Mail).order_by(Mail.id)
    return session.scalars(wanted if gone else wanted.where(Mail.sent_at.is_(None))).all()


def retry(session: Session, mail_id: int, *, at: datetime) -> bool:
    """Try a letter again from now on, also one that was given up; whether there is such a letter that has not gone."""
    mail = session.get(Mail, mail_id)
    if mail is None or mail.sent_at is not None:
        return False
    mail.dead_at, mail.attempts, mail.due = None, 0, at
    jobs.ask(session, MAIL, OUTBOX, priority=URGENT)
    return True


def forget(session: Session, address: str, key: str) -> None:
    """Nothing is left of the letters to an address whose keys begin so, gone or not: its owner wants no more."""
    session.execute(delete(Mail).where(Mail.address == address, Mail.key.startswith(key, autoescape=True)))


def drop(session: Session, mail_id: int) -> bool:
    """Take a letter out of the outbox; whether there was one that had not gone."""
    gone = delete(Mail).where(Mail.id == mail_id, Mail.sent_at.is_(None)).returning(Mail.id)
    return session.scalar(gone) is not None
