"""Tests reach this machine alone: anything else raises, from an audit hook that no library can go around."""

from __future__ import annotations

import ipaddress
import sys
from typing import Any


class NetworkUsed(BaseException):
    """A test tried to leave the machine. Not an `Exception`, so that no retry swallows it."""


def forbid() -> None:
    """From now on, in this process, for good."""
    sys.addaudithook(_judge)


def _judge(event: str, arguments: tuple[Any, ...]) -> None:
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
        if isinstance(host, str | bytes) and _literal(host) is not None:
            return  # a number needs no asking around
    else:
        return
    if isinstance(host, bytes):
        host = host.decode("idna")
    if host in (None, "", "localhost") or str(host).endswith(".localhost"):
        return
    literal = _literal(host)
    if literal is None or not (literal.is_loopback or literal.is_unspecified):
        raise NetworkUsed(f"{event} to {host!r}")


def _literal(host: str | bytes) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host.decode() if isinstance(host, bytes) else str(host).partition("%")[0])
    except ValueError:
        return None
