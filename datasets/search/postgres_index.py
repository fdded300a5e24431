"""The search index in PostgreSQL, for installations on several machines that share no folder.

PostgreSQL keeps rows and tokens; words, plan, bitmaps and ranking are those of every index, so that the answers are the
same. A row is never changed: a dataset's new state is a new row, its old one is marked with the generation in which it
died and swept away later. So what a process has in memory and the postings it fetches meanwhile are of one generation.
"""

from __future__ import annotations

import hashlib
import json
import logging
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from datasets.db import Database
from datasets.errors import Busy, DiskFull
from datasets.search.analysis import ANALYSIS, analyse
from datasets.search.answer import answer
from datasets.search.bitmaps import bitmap, members
from datasets.search.errors import IndexBusy, IndexNotWritten
from datasets.search.index import IndexState, SearchDocument, SearchPage, SearchQuery, Suggestion
from datasets.search.latest import LOOK_AGAIN, Latest
from datasets.search.lexicon import Lexicon
from datasets.search.state import CatalogState, Raw, Row, Segment, row
from datasets.search.suggest import suggestions

ENGINE = "postgres-1"
"""Edition of the tables below; raise it when they change."""

_TABLES = """
CREATE SCHEMA IF NOT EXISTS search;
CREATE TABLE IF NOT EXISTS search.edition (
    single boolean PRIMARY KEY DEFAULT true CHECK (single), digest text NOT NULL, generation bigint NOT NULL,
    seq bigint NOT NULL, whole boolean NOT NULL, swept bigint NOT NULL);
CREATE TABLE IF NOT EXISTS search.dataset (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, id bigint NOT NULL, born bigint NOT NULL, dead bigint,
    died timestamptz, kept jsonb NOT NULL, tokens text[] NOT NULL, weights real[] NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS dataset_living ON search.dataset (id) WHERE dead IS NULL;
CREATE INDEX IF NOT EXISTS dataset_born ON search.dataset (born);
CREATE INDEX IF NOT EXISTS dataset_dead ON search.dataset (dead);
CREATE INDEX IF NOT EXISTS dataset_tokens ON search.dataset USING gin (tokens);
"""
_LOCK = 0x53454152  # "SEAR": who makes the tables does so alone
_SWEPT_AFTER = "10 minutes"
_BATCH = 200
_MOST_SEGMENTS = 8
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Edition:
    digest: str
    generation: int
    seq: int
    whole: bool
    swept: int


@dataclass(frozen=True, slots=True)
class _Part:
    """Rows that were read together, the number of each in the database, and which of them live."""

    segment: Segment
    numbers: Sequence[int]
    alive: int


@dataclass(frozen=True, slots=True)
class _Loaded:
    generation: int
    parts: tuple[_Part, ...]
    state: CatalogState


class PostgresIndex:
    """The catalogue's index in the schema `search` of a PostgreSQL database; see `SearchIndex` for what it does."""

    def __init__(self, database: Database, *, lexicon: Lexicon | None = None, look_again: float = LOOK_AGAIN) -> None:
        self._database = database
        self._lexicon = lexicon or Lexicon.load()
        edition = f"{ENGINE}/{ANALYSIS}/{self._lexicon.digest}"
        self._digest = hashlib.sha256(edition.encode()).hexdigest()[:16]
        self._latest = Latest(self._look, look_again)

    def search(self, query: SearchQuery) -> SearchPage:
        """Find; never raises for any text. Without an index, or a database, the page is not `available`."""
        try:
            loaded = self._latest.get()
            if loaded is not None:
                return answer(loaded.state, query, self._lexicon)
        except SQLAlchemyError as error:
            log.warning("search index cannot be read: %s", error)
        return SearchPage(ids=(), total=0, available=False)

    def suggest(self, prefix: str, limit: int = 8) -> list[Suggestion]:
        """Complete what is being typed: words first, then titles."""
        try:
            loaded = self._latest.get()
            return suggestions(loaded.state, prefix, self._lexicon, limit) if loaded is not None else []
        except SQLAlchemyError as error:
            log.warning("search index cannot be read: %s", error)
            return []

    def apply(self, upserts: Iterable[SearchDocument], deletes: Iterable[int], seq: int) -> None:
        """Take over the present state of some datasets in one transaction; see `SearchIndex.apply`."""
        latest = {document.id: document for document in upserts}
        with self._writing() as (session, edition):
            generation = edition.generation + 1
            gone = "UPDATE search.dataset SET dead = :dead, died = now() WHERE dead IS NULL AND id = ANY(:ids)"
            session.execute(text(gone), {"dead": generation, "ids": [*{*latest, *deletes}]})
            self._insert(session, latest.values(), generation)
            self._advance(session, generation, digest=edition.digest, seq=max(seq, edition.seq), whole=edition.whole)
        self._latest.look_at_once()

    def rebuild(
        self, documents: Iterator[SearchDocument], seq: int, progress: Callable[[int], None] | None = None
    ) -> None:
        """Make the index anew in one transaction; until it ends the old one answers. See `SearchIndex.rebuild`."""
        with self._writing() as (session, edition):
            generation, done = edition.generation + 1, 0
            gone = "UPDATE search.dataset SET dead = :dead, died = now() WHERE dead IS NULL"
            session.execute(text(gone), {"dead": generation})
            while batch := list(islice(documents, _BATCH)):
                self._insert(session, batch, generation)
                done += len(batch)
                if progress:
                    progress(done)
            self._advance(session, generation, digest=self._digest, seq=seq, whole=True)
        self._latest.look_at_once()

    def state(self) -> IndexState:
        """How far it is."""
        try:
            loaded = self._latest.get()
            with self._database.read() as session:
                edition = _edition(session)
        except SQLAlchemyError as error:
            log.warning("search index cannot be read: %s", error)
            loaded = edition = None
        if loaded is None or edition is None:
            return IndexState(seq=0, documents=0, schema=self._digest, healthy=False)
        healthy = edition.whole and edition.digest == self._digest
        return IndexState(seq=edition.seq, documents=loaded.state.count, schema=edition.digest, healthy=healthy)

    @contextmanager
    def _writing(self) -> Iterator[tuple[Session, _Edition]]:
        """A transaction of the only writer. What the body raises of its own passes through and undoes everything."""
        try:
            with self._database.write() as session:
                session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
                edition = _edition(session)
                if edition is None:
                    edition = _Edition(self._digest, generation=0, seq=0, whole=False, swept=0)
                    session.execute(text(_TABLES))
                    session.execute(
                        text("INSERT INTO search.edition VALUES (true, :digest, 0, 0, false, 0)"),
                        {"digest": self._digest},
                    )
                yield session, edition
        except Busy as error:
            raise IndexBusy from error
        except (SQLAlchemyError, DiskFull) as error:
            raise IndexNotWritten(reason=str(getattr(error, "orig", error)).partition("\n")[0]) from error

    def _insert(self, session: Session, documents: Iterable[SearchDocument], generation: int) -> None:
        rows = []
        for document in documents:
            analysed = analyse(document, self._lexicon)
            one = row(document, analysed)
            kept = [one.modified, _plain(one.title), [[*map(_plain, values)] for values in one.facets]]
            rows.append(
                {
                    "id": one.id,
                    "born": generation,
                    "kept": json.dumps([*kept, " ".join(one.words), one.length]),
                    "tokens": list(analysed.tokens),
                    "weights": list(analysed.tokens.values()),
                }
            )
        if rows:
            insert = "INSERT INTO search.dataset (id, born, kept, tokens, weights) "
            values = "VALUES (:id, :born, CAST(:kept AS jsonb), :tokens, CAST(:weights AS real[]))"
            session.execute(text(insert + values), rows)

    def _advance(self, session: Session, generation: int, *, digest: str, seq: int, whole: bool) -> None:
        """Sweep away what died long ago, and say last how far the index is."""
        old = f"DELETE FROM search.dataset WHERE died < now() - interval '{_SWEPT_AFTER}' RETURNING dead"  # noqa: S608
        swept = f"WITH old AS ({old}) SELECT coalesce(max(dead), 0) FROM old"  # noqa: S608  # no text of anybody's in it
        session.execute(
            text(
                "UPDATE search.edition SET digest = :digest, generation = :generation, seq = :seq, whole = :whole, "
                "swept = greatest(swept, :swept)"
            ),
            {
                "digest": digest,
                "generation": generation,
                "seq": seq,
                "whole": whole,
                "swept": session.scalar(text(swept)),
            },
        )

    def _look(self, before: _Loaded | None) -> _Loaded | None:
        with self._database.read() as session:  # one snapshot for all that is read here
            edition = _edition(session)
            if edition is None:
                return None
            if before is not None and before.generation == edition.generation:
                return before
            parts: tuple[_Part, ...] = ()
            since = 0
            if before is not None and edition.swept <= before.generation < edition.generation:
                since = before.generation
                gone = text("SELECT number FROM search.dataset WHERE dead > :since AND born <= :since")
                dead = set(session.scalars(gone, {"since": since}))
                parts = tuple(_bury(part, dead) for part in before.parts)
            born = text(
                "SELECT number, id, kept FROM search.dataset WHERE born > :since AND dead IS NULL ORDER BY number"
            )
            parts = (
                *parts,
                _part((number, _row(id_, kept)) for number, id_, kept in session.execute(born, {"since": since})),
            )
        parts = tuple(part for part in parts if part.alive)
        if len(parts) > _MOST_SEGMENTS:
            parts = (
                _part(
                    (part.numbers[place], part.segment.rows[place]) for part in parts for place in members(part.alive)
                ),
            )
        places: dict[int, int] = {}
        offset = 0
        for part in parts:
            places.update((part.numbers[place], offset + place) for place in members(part.alive))
            offset += part.segment.size
        state = CatalogState(
            [(part.segment, part.alive) for part in parts], lambda token: self._postings(token, places)
        )
        return _Loaded(edition.generation, parts, state)

    def _postings(self, token: str, places: dict[int, int]) -> Raw:
        """The postings of a token among the rows that were read; what was born since is left to a later state."""
        wanted = (
            "SELECT number, weights[array_position(tokens, :token)] FROM search.dataset WHERE tokens @> ARRAY[:token]"
        )
        with self._database.read() as session:
            found = session.execute(text(wanted), {"token": token}).all()
        here = sorted((places[number], weight) for number, weight in found if number in places)
        return array("I", [place for place, _ in here]), array("f", [weight for _, weight in here])


def _edition(session: Session) -> _Edition | None:
    if session.scalar(text("SELECT to_regclass('search.edition')")) is None:
        return None
    found = session.execute(text("SELECT digest, generation, seq, whole, swept FROM search.edition")).one_or_none()
    return _Edition(*found) if found is not None else None


def _part(rows: Iterable[tuple[int, Row]]) -> _Part:
    numbered = list(rows)
    segment = Segment(len(numbered), ((place, one) for place, (_, one) in enumerate(numbered)))
    return _Part(segment, [number for number, _ in numbered], segment.loaded)


def _bury(part: _Part, dead: set[int]) -> _Part:
    places = (place for place, number in enumerate(part.numbers) if number in dead)
    return _Part(part.segment, part.numbers, part.alive & ~bitmap(places, part.segment.size))


def _row(id_: int, kept: Any) -> Row:
    modified, title, facets, plain, length = kept
    return Row(id_, modified, title, tuple(tuple(values) for values in facets), tuple(plain.split()), length)


def _plain(value: str) -> str:
    """Text that PostgreSQL takes: without NUL and halves of characters."""
    return value.replace("\x00", "").encode("utf-8", "replace").decode()
