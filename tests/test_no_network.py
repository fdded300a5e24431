"""That the guard of the tests guards."""

from __future__ import annotations

import socket

import pytest
from no_network import NetworkUsed


@pytest.mark.parametrize(
    ("family", "address"),
    [
        (socket.AF_INET, ("192.0.2.1", 80)),
        (socket.AF_INET, ("10.0.0.1", 80)),
        (socket.AF_INET6, ("2001:db8::1", 80)),
    ],
)
def test_nothing_outside_this_machine_is_reached(family: int, address: tuple[str, int]) -> None:
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(family, kind) as one, pytest.raises(NetworkUsed):
            one.connect(address)
    with socket.socket(family, socket.SOCK_DGRAM) as one, pytest.raises(NetworkUsed):
        one.sendto(b"x", address)


def test_no_name_is_asked_for() -> None:
    with pytest.raises(NetworkUsed):
        socket.getaddrinfo("example.org", 80)


def test_this_machine_is_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(("localhost", server.getsockname()[1]), timeout=5).close()
