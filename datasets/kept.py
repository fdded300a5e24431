"""What administrators say of the installation: kept in the database, in force in every process within seconds.

What the server's environment says goes before what a page says; `SETTABLE` are the settings that a page may say.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from datasets.installation import Installation
from datasets.models.kept import Kept
from datasets.settings import Settings
from metadata import vocabularies

SETTINGS, OFFICE = "settings", "office"
SETTABLE = (
    "site_title",
    "max_file_megabytes",
    "asked_per_minute",
    "query_seconds",
    "query_rows",
    "sql_enabled",
    "sql_seconds",
    "factor_for_all",
)
"""Settings that may change while everything runs; where things are kept and who may sign in is the server's."""

STALE = 5.0
"""Seconds after which a process looks whether something was said anew."""

_DEFAULTS = Settings()


def value(session: Session, name: str) -> Any:
    """What is kept under `name`; None when nothing is."""
    return session.scalar(select(Kept.value).where(Kept.name == name))


def keep(session: Session, name: str, value: Any, *, at: datetime) -> None:
    """Keep `value` (anything that JSON can say) under `name`."""
    row = session.get(Kept, name)
    if row is None:
        session.add(Kept(name=name, value=value, changed_at=at))
    else:
        row.value, row.changed_at = value, at
    session.flush()


def is_given(settings: Settings, name: str) -> bool:
    """Whether the server's own environment says this setting, so that no page can."""
    return bool(getattr(settings, name) != getattr(_DEFAULTS, name))


def in_force(configured: Settings, said: Mapping[str, Any]) -> Settings:
    """The settings of the server with what was said in the administration where the server says nothing.

    What does not fit (an older release may have said it) is passed over.
    """
    kinds = {field.name: type(getattr(_DEFAULTS, field.name)) for field in fields(Settings)}
    sound = {
        name: said[name]
        for name in SETTABLE
        if name in said and type(said[name]) is kinds[name] and not is_given(configured, name)
    }
    return replace(configured, **sound)


class Following:
    """One process's view of what is kept: call `look` as often as you like."""

    def __init__(self, here: Installation) -> None:
        self._here, self._configured = here, here.settings
        self._looked = float("-inf")

    @property
    def configured(self) -> Settings:
        """The settings as the server gives them."""
        return self._configured

    def look(self, *, now: bool = False) -> None:
        """Put in force what was said meanwhile. A database that does not answer changes nothing."""
        if not now and time.monotonic() - self._looked < STALE:
            return
        self._looked = time.monotonic()
        try:
            with self._here.database.read() as session:
                told = {row.name: row.value for row in session.scalars(select(Kept))}
        except SQLAlchemyError:
            return
        self._here.settings = in_force(self._configured, told.get(SETTINGS) or {})
        for name in vocabularies.EXTENDED:
            vocabularies.extend(name, told.get(name) or [])
