"""Who asks, as far as counting needs to know: an address that is forgotten within two minutes."""

from __future__ import annotations

import hashlib
import hmac
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from flask import Request


def visitor(request: Request) -> str | None:
    """The address of who asks; None for programs on this machine, which nobody asked through.

    Only a front server on this machine is believed when it names another: the last address in `X-Forwarded-For` is the
    one that it saw itself. Of IPv6 the network of 64 bits counts, which is what one household has.
    """
    seen = _address(request.remote_addr or "")
    if seen is None:
        return None
    if seen.is_loopback:
        forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        seen = _address(forwarded)
        if seen is None:
            return None
    if isinstance(seen, IPv6Address):
        return str(IPv6Network((int(seen) >> 64 << 64, 64)).network_address)
    return str(seen)


def key_of(who: str, secret: str) -> bytes:
    """What stands for a visitor in the counters: nobody who reads them learns an address."""
    return hmac.digest(secret.encode(), who.encode(), hashlib.sha256)[:16]


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found
