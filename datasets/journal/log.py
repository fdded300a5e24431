"""The journal's rows: appended in the transaction of what they tell, read as entries, heads and proofs.

Every append and every proof reads a number of nodes that grows with the logarithm of the journal's length.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import func, insert, select, tuple_
from sqlalchemy.orm import Session

from datasets.alone import alone
from datasets.journal.canonical import canonical
from datasets.journal.tree import (
    Node,
    Span,
    consistency_spans,
    hash_of,
    inclusion_spans,
    joined_by,
    leaf_hash,
    new_nodes,
    whole_nodes,
)
from datasets.models import JournalEntry, JournalNode
from metadata.errors import LumbungError
from metadata.terms import Bilingual

Kind = Literal["publication", "withdrawal", "restoration", "answer"]
"""What an entry tells: a version was published, a dataset withdrawn or given back, a request answered in public."""


class NoSuchState(LumbungError):
    """The journal has never had that many entries, or not that one."""

    code = "journal.no_such_state"
    status = 404
    text = Bilingual(
        id="Jurnal belum memiliki keadaan itu: isinya {size} catatan.",
        en="The journal has no such state: it has {size} entries.",
    )


@dataclass(frozen=True, slots=True)
class Head:
    """The journal at one length: the root over its first `size` entries."""

    size: int
    root: bytes


def append(
    session: Session,
    kind: Kind,
    subject: str,
    facts: Mapping[str, Any],
    *,
    at: datetime,
    version_id: int | None = None,
) -> int:
    """Write one entry at the end and give its number, from 0; it is there if and when this transaction is committed.

    `subject` says what it is about (`dataset:SLUG`, `request:NUMBER`), `facts` what anybody may know of it for ever:
    texts, whole numbers, lists and objects; hashes of files; never anything personal, for no entry is ever taken out.
    Nobody else can append until the transaction ends. ValueError for facts that are no such values.
    """
    alone(session)
    session.flush()
    position = head_size(session)
    body = canonical({"at": _moment(at), "facts": dict(facts), "kind": kind, "subject": subject})
    row = {"position": position, "kind": kind, "subject": subject, "at": at, "body": body, "version_id": version_id}
    session.execute(insert(JournalEntry), [row])
    known = _hashes(session, joined_by(position))
    nodes = new_nodes(position, leaf_hash(body.encode()), known)
    session.execute(
        insert(JournalNode),
        [{"level": node.level, "position": node.position, "sha256": value.hex()} for node, value in nodes],
    )
    return position


def head_size(session: Session) -> int:
    """How many entries there are."""
    last = session.scalar(select(func.max(JournalEntry.position)))
    return 0 if last is None else last + 1


def head(session: Session, size: int | None = None) -> Head:
    """The journal as it is, or as it was with `size` entries. Raises `NoSuchState`."""
    there = head_size(session)
    size = there if size is None else size
    if not 0 <= size <= there:
        raise NoSuchState(size=there)
    span = Span(0, size)
    return Head(size, hash_of(span, _hashes(session, whole_nodes(span))))


def inclusion(session: Session, position: int, size: int) -> list[bytes]:
    """The path from entry `position` to the root of the first `size`. Raises `NoSuchState`."""
    there = head_size(session)
    if not 0 <= position < size <= there:
        raise NoSuchState(size=there)
    return _path(session, inclusion_spans(position, size))


def consistency(session: Session, old: int, new: int) -> list[bytes]:
    """What shows that the first `old` entries are still the first of `new`. Raises `NoSuchState`."""
    there = head_size(session)
    if not 0 <= old <= new <= there:
        raise NoSuchState(size=there)
    return _path(session, consistency_spans(old, new))


def entry(session: Session, position: int) -> JournalEntry:
    """The entry of that number. Raises `NoSuchState`."""
    found = session.get(JournalEntry, position)
    if found is None:
        raise NoSuchState(size=head_size(session))
    return found


def entry_of_version(session: Session, version_id: int) -> JournalEntry | None:
    """The entry that tells of a version's publication."""
    return session.scalar(select(JournalEntry).where(JournalEntry.version_id == version_id))


def _path(session: Session, spans: Sequence[Span]) -> list[bytes]:
    hashes = _hashes(session, [node for span in spans for node in whole_nodes(span)])
    return [hash_of(span, hashes) for span in spans]


def _hashes(session: Session, nodes: Iterable[Node]) -> dict[Node, bytes]:
    wanted = sorted(set(nodes))
    if not wanted:
        return {}
    key = tuple_(JournalNode.level, JournalNode.position)
    rows = session.execute(select(JournalNode.level, JournalNode.position, JournalNode.sha256).where(key.in_(wanted)))
    return {Node(level, position): bytes.fromhex(sha256) for level, position, sha256 in rows}


def _moment(at: datetime) -> str:
    """UTC to the microsecond, which both databases keep."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
