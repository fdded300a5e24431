"""What commands share: the installation they work on, and how they print."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from datasets.installation import Installation
from datasets.kept import Following
from datasets.settings import load
from metadata.errors import LumbungError
from metadata.terms import Bilingual


class NotInstalled(LumbungError):
    """The home has no up-to-date database yet."""

    code = "installation.missing"
    status = 503
    text = Bilingual(
        id="Basis data di {home} belum disiapkan atau belum diperbarui. Jalankan: lumbung init",
        en="The database at {home} is not set up or not up to date. Run: lumbung init",
    )


@contextmanager
def installation() -> Iterator[Installation]:
    """The installation of the environment with what its administration said, closed at the end.

    Raises `NotInstalled`.
    """
    from portal import migrations  # late: alembic, 0.2 s

    here = Installation(load())
    try:
        if not migrations.is_current(here.database):
            raise NotInstalled(home=str(here.settings.home))
        Following(here).look(now=True)
        yield here
    finally:
        here.close()


def print_json(value: Any) -> None:
    """One JSON document to standard output and nothing else."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))
