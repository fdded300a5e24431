"""The settings of an installation, read once from `LUMBUNG_*`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from metadata.errors import BadInput

PREFIX = "LUMBUNG_"


@dataclass(frozen=True, slots=True)
class Settings:
    """One installation. Each field is the environment variable of its upper-case name behind `LUMBUNG_`.

    `home` holds everything; `database_url` is empty for SQLite inside it. `region_code` (Kemendagri) and the names say
    whose portal it is. `workers_reading` bounds the child processes that read files at once. `read_seconds`,
    `read_megabytes` bound one of them; `max_file_megabytes` is the largest file taken in.
    """

    home: Path = Path("var")
    database_url: str = ""
    region_code: str = "35.22"
    region_name: str = "Kabupaten Bojonegoro"
    site_title: str = "Lumbung"
    site_url: str = ""
    secret_key: str = ""
    language: str = "id"
    accel_prefix: str = ""
    workers_reading: int = 1
    read_seconds: int = 300
    read_megabytes: int = 2000
    max_file_megabytes: int = 1024

    @property
    def url(self) -> str:
        """The database address in use."""
        return self.database_url or f"sqlite:///{self.home / 'catalog.sqlite'}"


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from the environment. An unknown `LUMBUNG_*` name or a value of the wrong kind raises `BadInput`."""
    environ = os.environ if environ is None else environ
    known = {field.name: field.type for field in fields(Settings)}
    values: dict[str, Any] = {}
    for variable, text in environ.items():
        if not variable.startswith(PREFIX):
            continue
        name = variable.removeprefix(PREFIX).lower()
        if name not in known:
            valid = ", ".join(PREFIX + key.upper() for key in known)
            raise BadInput(reason=f"{variable} is not a setting; the settings are {valid}")
        values[name] = _parsed(variable, text, str(known[name]))
    values["home"] = values.get("home", Settings.__dataclass_fields__["home"].default).absolute()
    return Settings(**values)


def _parsed(variable: str, text: str, kind: str) -> Any:
    if kind == "Path":
        return Path(text)
    if kind != "int":
        return text
    try:
        return int(text)
    except ValueError as error:
        raise BadInput(reason=f"{variable}={text!r} is not a whole number") from error
