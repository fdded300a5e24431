"""What administrators say of the installation: kept in the database, in force in every process within seconds.

What the server's environment says goes before what a page says; `SETTABLE` are the settings that a page may say.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from datasets.db import add_missing
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

BOUNDS = {
    "site_title": (1, 80),
    "max_file_megabytes": (1, 16_384),
    "asked_per_minute": (60, 100_000),
    "query_seconds": (1, 60),
    "query_rows": (100, 100_000),
    "sql_seconds": (1, 60),
}
"""The least and the most (of a text: letters) that a page may say, so that no slip shuts the portal to its readers."""

STALE = 5.0
"""Seconds after which a process looks whether something was said anew."""

_DEFAULTS = Settings()


def value(session: Session, name: str) -> Any:
    """What is kept under `name`; None, or an empty mapping, when nothing is."""
    return session.scalar(select(Kept.value).where(Kept.name == name))


def value_to_change(session: Session, name: str, *, at: datetime) -> Any:
    """The same, which nobody else changes until this transaction ends: ask for it before adding to it."""
    return _own(session, name, at).value


def keep(session: Session, name: str, value: Any, *, at: datetime) -> None:
    """Keep `value` (anything that JSON can say) under `name`."""
    row = _own(session, name, at)
    row.value, row.changed_at = value, at
    session.flush()


def _own(session: Session, name: str, at: datetime) -> Kept:
    add_missing(session, Kept, [{"name": name, "value": {}, "changed_at": at}])
    return session.get_one(Kept, name, with_for_update=True, populate_existing=True)


def is_given(settings: Settings, name: str) -> bool:
    """Whether the server's own environment says this setting, so that no page can."""
    return bool(getattr(settings, name) != getattr(_DEFAULTS, name))


def in_force(configured: Settings, said: Mapping[str, Any]) -> Settings:
    """The settings of the server with what was said in the administration where the server says nothing.

    What does not fit (an older release may have said it) is passed over.
    """
    sound = {
        name: said[name]
        for name in SETTABLE
        if name in said and _fits(name, said[name]) and not is_given(configured, name)
    }
    return replace(configured, **sound)


def _fits(name: str, said: Any) -> bool:
    if type(said) is not type(getattr(_DEFAULTS, name)):
        return False
    if name not in BOUNDS:
        return True
    least, most = BOUNDS[name]
    return bool(least <= (len(said) if isinstance(said, str) else said) <= most)


class Following:
    """One process's view of what is kept: call `look` as often as you like.

    `configured` is what the server says, where the settings of `here` are no longer that alone.
    """

    def __init__(self, here: Installation, configured: Settings | None = None) -> None:
        self._here, self._configured = here, configured or here.settings
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
