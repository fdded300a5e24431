"""What is published never changes: the ORM refuses it with words here, triggers in the database do for good."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Mapper, object_session

from datasets.db import Record
from datasets.models.blob import Blob, Evidence
from datasets.models.journal import JournalEntry, JournalNode
from datasets.models.version import Resource, Version


class Immutable(TypeError):
    """Code tried to change or delete what is published: a fault of ours, never of a person."""


def _refuse_update(_mapper: Mapper[Any], _connection: Any, record: Record) -> None:
    session = object_session(record)
    if session is not None and session.is_modified(record, include_collections=False):
        raise Immutable(f"{record.__tablename__} never changes")


def _refuse_delete(_mapper: Mapper[Any], _connection: Any, record: Record) -> None:
    raise Immutable(f"{record.__tablename__} is never deleted")


for _kind in (Version, Resource, Evidence, Blob, JournalEntry, JournalNode):
    event.listen(_kind, "before_update", _refuse_update)
    if _kind is not Blob:
        event.listen(_kind, "before_delete", _refuse_delete)
