"""Sends what webhooks tell: one POST to a public address, no redirect followed, nothing kept but the status."""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from requests import Request

from datasets.webhooks.deliveries import Outcome
from harvesters import faults
from harvesters.adapter import FetchFailed
from harvesters.wire.addresses import clean_url, is_public, origin
from harvesters.wire.pace import Pace
from harvesters.wire.session import GuardedSession, Limits
from metadata.errors import LumbungError
from metadata.notices import Notice, declare
from metadata.terms import Bilingual

LIMITS = Limits(connect=5.0, idle=10.0, total=15.0)
AGENT = "Lumbung/0.1 (webhook)"
LONGEST_URL = 2_000
LOOK_UP_SECONDS = 4.0
GONE = 410

REFUSED = declare(
    "webhook.refused",
    id="Penerima menjawab dengan status {status}; yang diterima hanya 2xx, pengalihan tidak diikuti.",
    en="The receiver answered with status {status}; only 2xx is taken, redirects are not followed.",
)


class TargetRefused(LumbungError):
    """An address that webhooks must not be sent to."""

    code = "webhook.target_refused"
    status = 422
    text = Bilingual(id="Alamat ini tidak dapat dipakai: {reason}.", en="This address cannot be used: {reason}.")


_SCHEME = Bilingual("harus diawali https://", "it must begin with https://")
_SPELLING = Bilingual("penulisannya salah", "it is misspelt")
_LONG = Bilingual("terlalu panjang", "it is too long")
_USER = Bilingual("tidak boleh memuat nama pengguna, sandi atau #", "it must not hold a user name, a password or a #")
_PORT = Bilingual("port yang boleh hanya 443 dan 1024 ke atas", "only port 443 and those from 1024 on may be used")
_UNKNOWN = Bilingual("nama hostnya tidak ditemukan", "the name of its host cannot be found")
_INNER = Bilingual(
    "menuju jaringan internal; administrator dapat mengizinkannya lewat LUMBUNG_WEBHOOKS_INTERNAL",
    "it leads into an inner network; an administrator can allow it by LUMBUNG_WEBHOOKS_INTERNAL",
)


def check_target(url: str, *, internal: Iterable[str] = ()) -> str:
    """`url` as it may be registered. Raises `TargetRefused` unless it is a https address of the public internet.

    The addresses (any url) whose origin stands in `internal` may be of http and of an inner network. Whatever a name
    leads to today, it is judged again at each sending.
    """
    text = url.strip()
    if len(text) > LONGEST_URL:
        raise TargetRefused(reason=_LONG)
    try:
        parts = urlsplit(text)
        own, port = origin(text), parts.port
    except (ValueError, faults.AddressForbidden) as error:
        raise TargetRefused(reason=_SPELLING if "://" in text else _SCHEME) from error
    if not text.isascii() or not text.isprintable() or " " in text:
        raise TargetRefused(reason=_SPELLING)
    if "@" in parts.netloc or parts.fragment:
        raise TargetRefused(reason=_USER)
    if parts.scheme in ("http", "https") and own in {origin(one) for one in internal}:
        return text
    if parts.scheme != "https":
        raise TargetRefused(reason=_SCHEME)
    if port is not None and port != 443 and port < 1024:
        raise TargetRefused(reason=_PORT)
    found = _addresses(parts.hostname or "")
    if not found:
        raise TargetRefused(reason=_UNKNOWN)
    if not all(is_public(address) for address in found):
        raise TargetRefused(reason=_INNER)
    return text


class Sender:
    """Sends to any number of addresses over one guarded session: `with Sender(internal=…) as sender`."""

    def __init__(self, *, internal: Iterable[str] = (), limits: Limits = LIMITS) -> None:
        allowed = frozenset(origin(url) for url in internal)
        self._session = GuardedSession(internal=allowed, limits=limits, pace=Pace(per_second=20.0), agent=AGENT)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.close()

    def send(self, url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
        """One attempt, and what came of it. Never raises: whatever is wrong is the delivery's to tell."""
        if urlsplit(url).scheme == "http" and not self._session.is_internal(_origin(url)):
            return _failed(faults.AddressForbidden(location=clean_url(url)))
        try:
            request = self._session.prepare_request(
                Request("POST", url, data=body, headers={"Content-Type": "application/json", **headers})
            )
            with self._session.opened(request) as response:
                status = response.status_code
        except FetchFailed as fault:
            return _failed(fault)
        except (ValueError, OSError):  # an address that was good once and cannot be read as one any more
            return _failed(faults.AddressForbidden(location=clean_url(url)))
        if 200 <= status < 300:
            return Outcome(status)
        return Outcome(status, Notice(REFUSED, params={"status": status}), gone=status == GONE)


def _failed(fault: FetchFailed) -> Outcome:
    status = fault.notice.params.get("status")
    if isinstance(fault, faults.ServerTrouble) and isinstance(status, int):
        notice = Notice(REFUSED, params={"status": status})
        return Outcome(status, notice, wait=fault.wait, away=True)
    return Outcome(None, fault.notice, away=True)


def _origin(url: str) -> str:
    try:
        return origin(url)
    except faults.AddressForbidden:
        return ""


def _addresses(host: str) -> list[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    """What a name leads to; nothing when it leads nowhere within a few seconds."""
    found: list[ipaddress.IPv4Address | ipaddress.IPv6Address] = []

    def look_up() -> None:
        try:
            rows = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return
        found.extend(ipaddress.ip_address(str(row[4][0]).partition("%")[0]) for row in rows)

    asking = threading.Thread(target=look_up, name="look-up", daemon=True)
    asking.start()
    asking.join(LOOK_UP_SECONDS)
    return [] if asking.is_alive() else found
