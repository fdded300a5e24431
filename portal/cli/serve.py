"""The command that serves the portal, by gunicorn with the settings of gunicorn.conf.py."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NoReturn

import click

from portal.cli.context import installation

_NO_ADDRESS = (
    "LUMBUNG_SITE_URL belum diisi: tautan tetap akan memakai nama host dari permintaan.\n"
    "LUMBUNG_SITE_URL is not set: permanent links will take the host name of each request."
)
ROOT = Path(__file__).resolve().parents[2]


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def serve(host: str, port: int) -> NoReturn:
    """Serve the portal until it is interrupted. In production, put nginx in front and set LUMBUNG_SITE_URL."""
    with installation() as here:  # says what is missing in words, rather than gunicorn in a worker's traceback
        if not here.settings.site_url and host not in ("127.0.0.1", "localhost", "::1"):
            click.echo(_NO_ADDRESS, err=True)
    click.echo(f"Lumbung: http://{host}:{port}/", err=True)
    os.chdir(ROOT)
    command = gunicorn_command(host, port)
    os.execv(command[0], command)  # noqa: S606 - our own arguments; becoming gunicorn, signals reach it


def gunicorn_command(host: str, port: int) -> list[str]:
    """The command line that serves `wsgi:app` at an address."""
    return [
        sys.executable,
        "-m",
        "gunicorn",
        "--config",
        str(ROOT / "gunicorn.conf.py"),
        "--bind",
        f"{host}:{port}",
        "wsgi:app",
    ]
