"""The portal with tables that came through the pipeline, listening."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from shown_tables import Shown, shown
from werkzeug.serving import make_server

__all__ = ["listening", "shown"]


@pytest.fixture(scope="module")
def listening(shown: Shown) -> Iterator[str]:
    """The address of the portal."""
    server = make_server("127.0.0.1", 0, shown.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
