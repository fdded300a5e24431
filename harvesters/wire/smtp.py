"""Hands letters to the mail server (RFC 5321) over TLS; trouble of the server is not trouble of the letter."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from ipaddress import ip_address
from typing import Any
from urllib.parse import unquote, urlsplit

from datasets.mails import Letter
from metadata.errors import LumbungError
from metadata.notices import Notice, declare
from metadata.terms import Bilingual

SECONDS = 20
"""How long one answer of the mail server is waited for."""

REFUSED = declare(
    "mail.refused",
    id="Peladen surel menolak surat ini (kode {code}).",
    en="The mail server refused this letter (code {code}).",
)


class ServerAway(LumbungError):
    """The mail server takes nothing now; the letters wait."""

    code = "mail.server_away"
    status = 503
    text = Bilingual(
        id="Peladen surel tidak menerima surat sekarang ({reason}). Surat menunggu; periksa LUMBUNG_SMTP_URL.",
        en="The mail server takes no letters now ({reason}). They wait; check LUMBUNG_SMTP_URL.",
    )


class Refused(Exception):
    """This one letter was refused; `for_good` when the server says that trying again is of no use."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.notice = Notice(REFUSED, params={"code": code})
        self.for_good = 500 <= code < 600


class _Unfolded(UnstructuredHeader, BaseHeader):
    """A header on one line: an address of the web must neither be broken nor encoded, as the library would do."""

    def fold(self, *, policy: Any) -> str:
        """The header as it is."""
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _Unfolded)
_POLICY = SMTP.clone(header_factory=_HEADERS)


@contextmanager
def deliverer(url: str, sender: str) -> Iterator[Callable[[Letter], None]]:
    """A connection over which letters are sent one by one. Raises `ServerAway`; sending also raises `Refused`."""
    try:
        server = _connect(url, parseaddr(sender)[1].rpartition("@")[2])
    except (OSError, smtplib.SMTPException) as error:
        raise ServerAway(reason=_reason(error)) from error

    def send(letter: Letter) -> None:
        try:
            server.send_message(message(letter, sender))
        except smtplib.SMTPRecipientsRefused as error:
            raise Refused(next(iter(error.recipients.values()))[0]) from error
        except smtplib.SMTPDataError as error:
            raise Refused(error.smtp_code) from error
        except (OSError, smtplib.SMTPException) as error:
            raise ServerAway(reason=_reason(error)) from error

    try:
        yield send
    finally:
        try:
            server.quit()
        except (OSError, smtplib.SMTPException):
            server.close()


def message(letter: Letter, sender: str) -> EmailMessage:
    """The letter as a message; no part of it can add a header or a recipient."""
    name, address = parseaddr(sender)
    told = EmailMessage(policy=_POLICY)
    told["From"] = Address(display_name=name, addr_spec=address)
    told["To"] = Address(addr_spec=letter.address)
    told["Subject"] = letter.subject
    told["Date"] = format_datetime(letter.created_at)
    told["Message-ID"] = f"<{letter.message_id}@{address.rpartition('@')[2]}>"
    told["Auto-Submitted"] = "auto-generated"
    told["Content-Language"] = letter.language
    for name, value in letter.headers.items():
        told[name] = value
    told.set_content(letter.text, cte="quoted-printable")
    return told


def _connect(url: str, name: str) -> smtplib.SMTP:
    parts = urlsplit(url)
    host, context = parts.hostname or "", ssl.create_default_context()
    server: smtplib.SMTP
    if parts.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, parts.port or 465, name, timeout=SECONDS, context=context)
    else:
        server = smtplib.SMTP(host, parts.port or 25, name, timeout=SECONDS)
    try:
        server.ehlo()
        if parts.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=context)
            server.ehlo()
        elif parts.scheme == "smtp" and parts.password and not _here(host):
            raise smtplib.SMTPException("no STARTTLS")  # a password is never sent where others can read it
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
    except BaseException:
        server.close()
        raise
    return server


def _here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _reason(error: Exception) -> str:
    """What went wrong without the server's own words, which may name people."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{type(error).__name__} {error.smtp_code}"
    return type(error).__name__
