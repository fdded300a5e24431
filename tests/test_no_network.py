"""That the guard of the tests guards."""

from __future__ import annotations

import socket

import pytest
from no_network import NetworkUsed


@pytest.mark.parametrize("host", ["example.org", "192.0.2.1", "2001:db8::1", "10.0.0.1"])
def test_nothing_outside_this_machine_is_reached(host: str) -> None:
    with pytest.raises(NetworkUsed):
        socket.create_connection((host, 80), timeout=0.1)


def test_this_machine_is() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(("localhost", server.getsockname()[1]), timeout=5).close()
