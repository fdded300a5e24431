"""The demo, harvested from the samples and served by gunicorn, and a real browser to look at it."""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from services import program

REPOSITORY = Path(__file__).parents[2]
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The home of a demo, harvested once for all workers by the command that `make demo` calls."""
    base = tmp_path_factory.getbasetemp()
    home = (base if worker_id == "master" else base.parent) / "demo"
    with home.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "harvested").exists():
            command = [sys.executable, "-m", "portal.cli", "demo", "--no-serve", "--port", str(_free_port())]
            told = subprocess.run(
                command, check=False, env=_environment(home), cwd=REPOSITORY, capture_output=True, text=True
            )
            assert told.returncode == 0, told.stderr
            (home / "harvested").write_text(told.stderr)
    return home


@pytest.fixture(scope="session")
def portal(demo_home: Path) -> Iterator[str]:
    """The address of the demo's portal."""
    port = _free_port()
    command = [sys.executable, "-m", "portal.cli", "serve", "--port", str(port)]
    process = subprocess.Popen(
        command, env=_environment(demo_home), cwd=REPOSITORY, stderr=subprocess.DEVNULL, start_new_session=True
    )
    address = f"http://127.0.0.1:{port}"
    _wait_for(address, process)
    yield address
    os.killpg(process.pid, signal.SIGTERM)
    process.wait(timeout=60)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    found = program("chromium", "chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: Browser, portal: str) -> Iterator[BrowserContext]:
    """A desktop browser that has never been here."""
    opened = chromium.new_context(base_url=portal, viewport={"width": 1280, "height": 900}, locale="id-ID")
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page in that browser."""
    return context.new_page()


def _environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LUMBUNG_")}
    return kept | {"LUMBUNG_HOME": str(home)}


def _free_port() -> int:
    """A port of which the next one is free too, for the demo's second portal."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            try:
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert process.poll() is None, "the portal ended before it served"
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the portal does not answer")
