"""Which addresses may be opened: public ones, and the origins that an administrator has marked as internal."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from requests import PreparedRequest
from requests.adapters import HTTPAdapter
from requests_hardened.ip_filter import EXTRA_BLOCKED_NET_RANGES
from requests_hardened.ip_filter_adapter import IPFilterAdapter

from harvesters.faults import AddressForbidden
from harvesters.wire.deadline import pool_classes

SCHEMES = ("http", "https", "sftp")
"""What an origin may be of. Requests go to the first two only: nothing else is mounted in the session."""

_SECRET = re.compile(r"key|token|secret|passw|pwd|sign|sig$|auth|credential|session|^sid$", re.IGNORECASE)
_HIDDEN = "***"
_PORTS = {"http": 80, "https": 443, "sftp": 22}

# Beside what the library lists: the deprecated site-local range, and IPv4 in the low bits of IPv6 (RFC 4291, 2.5.5.1).
_INNER = (*EXTRA_BLOCKED_NET_RANGES, ipaddress.ip_network("fec0::/10"), ipaddress.ip_network("::/96"))

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


def is_public(address: IPAddress) -> bool:
    """Whether `address` is one of the open internet, IPv4 inside IPv6 unwrapped first."""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if address.is_multicast or not address.is_global:
        return False
    return not any(address in net for net in _INNER if net.version == address.version)


def origin(url: str) -> str:
    """Scheme, host and port of `url` as `https://host:443`. Raises `AddressForbidden` for other schemes."""
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError as error:
        raise AddressForbidden(location=clean_url(url)) from error
    if parts.scheme not in SCHEMES or not parts.hostname:
        raise AddressForbidden(location=clean_url(url))
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname.lower()
    return f"{parts.scheme}://{host}:{port}"


def clean_url(url: str) -> str:
    """`url` without user name, password, fragment and the values of parameters that look like secrets."""
    try:
        parts = urlsplit(url)
        query = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return "(alamat rusak)"
    netloc = parts.netloc.rpartition("@")[2]
    if any(_SECRET.search(name) for name, _ in query):
        shown = [(name, _HIDDEN if _SECRET.search(name) else value) for name, value in query]
        return urlunsplit((parts.scheme, netloc, parts.path, urlencode(shown, safe="*"), ""))
    return urlunsplit((parts.scheme, netloc, parts.path, parts.query, ""))


def without_query(url: str) -> str:
    """`url` for people to recognise it by: who receives webhooks often proves himself by what stands in the query."""
    plain, question, _ = clean_url(url).partition("?")
    return plain + ("?…" if question else "")


class InternalAdapter(HTTPAdapter):
    """Opens an origin that an administrator has named, wherever it is, under the deadline's watch."""

    def init_poolmanager(self, *args: object, **kwargs: object) -> None:
        """As the parent's, with connections that a deadline can end."""
        super().init_poolmanager(*args, **kwargs)  # type: ignore[arg-type]
        self.poolmanager.pool_classes_by_scheme = pool_classes()


class PublicAdapter(IPFilterAdapter):  # type: ignore[misc] # the library is untyped
    """Opens public addresses only: the name is resolved once, judged, and that very address is connected to.

    The library resolves, refuses what it knows to be private and keeps the name for TLS; its verdict is made stricter
    here on the address it settled on, without a second look-up that could answer differently.
    """

    def init_poolmanager(self, *args: object, **kwargs: object) -> None:
        """As the parent's, with connections that a deadline can end."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = pool_classes()

    def build_connection_pool_key_attributes(
        self, request: PreparedRequest, verify: bool | str, cert: str | tuple[str, str] | None = None
    ) -> tuple[dict[str, object], dict[str, object]]:
        """The host to connect to, already an address. Raises `AddressForbidden`."""
        host, pool = super().build_connection_pool_key_attributes(request, verify, cert)
        if not is_public(ipaddress.ip_address(str(host["host"]).strip("[]"))):
            raise AddressForbidden(location=clean_url(request.url or ""))
        return host, pool
