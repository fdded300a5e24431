"""The demo: two portals over the sample sources, the second harvested by the first through the CKAN API."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import click

from datasets.installation import Installation
from datasets.settings import Settings, load
from portal.cli.admin import prepare
from portal.cli.serve import ROOT, gunicorn_command

SAMPLES = ROOT / "samples"
_PROVINCE = {
    "LUMBUNG_REGION_CODE": "35",
    "LUMBUNG_REGION_NAME": "Provinsi Jawa Timur",
    "LUMBUNG_SITE_TITLE": "Lumbung Jatim",
}


@click.command("demo")
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(1, 65534),
    help="The second portal takes the next one.",
)
@click.option("--no-serve", is_flag=True, help="Harvest and stop.")
def demo(port: int, no_serve: bool) -> int:
    """Harvest the sample sources through the real pipeline and serve the result.

    Everything lies in LUMBUNG_HOME (default var/demo); run again, it harvests only what has changed.
    """
    started = time.monotonic()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that the portals end with this
    for taken in (port, port + 1):
        _refuse_if_taken(taken)
    settings = _demo_settings()
    province = replace(
        settings,
        home=settings.home / "provinsi",
        database_url="",
        region_code="35",
        region_name=_PROVINCE["LUMBUNG_REGION_NAME"],
    )
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    _fill(province, SAMPLES / "provinsi" / "sources.toml")
    with _served(province, port + 1, **_PROVINCE):
        code = _fill(settings, SAMPLES / "sources.toml", ckan=f"http://127.0.0.1:{port + 1}")
        click.echo(f"Panen selesai dalam {time.monotonic() - started:.0f} detik. / Harvested.", err=True)
        if no_serve:
            return code
        with _served(settings, port) as portal:
            click.echo(f"\n  Lumbung: http://127.0.0.1:{port}/   (Ctrl+C)\n", err=True)
            with suppress(KeyboardInterrupt):  # the usual way to end it
                return portal.wait()
            return 0


def _refuse_if_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            click.echo(
                f"Port {port} sedang dipakai. / Port {port} is taken. Pilih / choose: make demo PORT=8800",
                err=True,
            )
            sys.exit(2)


def _demo_settings() -> Settings:
    os.environ.setdefault("LUMBUNG_HOME", str(Path("var/demo").absolute()))
    return load()


def _fill(settings: Settings, sources: Path, ckan: str | None = None) -> int:
    """Prepare an installation and harvest the sources declared in a file. The exit code of the harvest."""
    from harvesters.runs.runner import harvest  # late: the whole pipeline
    from harvesters.sources import load_sources
    from portal.cli.progress import HarvestProgress

    here = Installation(settings)
    try:
        prepare(here)
        load_sources(here.database, sources, locations={"provinsi-jatim": ckan} if ckan else {})
        reports = harvest(here, None, progress=HarvestProgress())
    finally:
        here.close()
    return 1 if any(report.failed for report in reports) else 0


@contextmanager
def _served(settings: Settings, port: int, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """A portal on a port of its own for as long as the block lasts."""
    with (settings.home / "portal.log").open("ab") as log:
        command, environment = gunicorn_command("127.0.0.1", port), _environment(settings) | more
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)  # noqa: S603 - our own
    try:
        _wait_until_up(port, process)
        yield process
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_until_up(port: int, process: subprocess.Popen[bytes]) -> None:
    """Until it takes connections: gunicorn has then loaded the portal and keeps what comes for its workers."""
    for _ in range(300):
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), timeout=2).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    click.echo(f"Portal tidak dapat dijalankan di port {port}. / The portal did not start there.", err=True)
    sys.exit(1)


def _environment(settings: Settings) -> dict[str, str]:
    return os.environ | {"LUMBUNG_HOME": str(settings.home), "LUMBUNG_DATABASE_URL": settings.database_url}
