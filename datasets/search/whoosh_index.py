"""The search index on whoosh: one folder, one writer at a time, any number of reading processes and threads."""

from __future__ import annotations

import hashlib
import logging
import time
import weakref
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from datasets.search.analysis import ANALYSIS, analyse
from datasets.search.answer import answer
from datasets.search.errors import IndexNotWritten
from datasets.search.index import IndexState, SearchDocument, SearchPage, SearchQuery, Suggestion
from datasets.search.latest import LOOK_AGAIN, Latest
from datasets.search.lexicon import Lexicon
from datasets.search.state import CatalogState, Row, Segment, row
from datasets.search.suggest import suggestions
from datasets.search.whoosh_engine import ENGINE, IndexDamaged, Reader, create, refusals, write
from datasets.search.whoosh_folder import IndexFolder, Progress, sync_folder
from metadata.errors import LumbungError

_TRIES = 3
_PATIENCE = 30.0
log = logging.getLogger(__name__)
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class _Opened:
    edition: Path
    reader: Reader
    state: CatalogState
    segments: dict[str, Segment]


class WhooshIndex:
    """The catalogue's index below `folder`; see `SearchIndex` for what it does.

    Reading: an opened generation is shared by the threads of a process; its rows and bitmaps are in memory, and whoosh
    is only touched to fetch a word's postings for the first time, one thread at a time (its readers give wrong answers
    when shared). Every half second a process looks whether there is a later generation. What can't be read is moved
    aside and `state().healthy` asks for a rebuild. After a fork everything is opened anew.
    """

    def __init__(self, folder: Path, *, lexicon: Lexicon | None = None, look_again: float = LOOK_AGAIN) -> None:
        self._lexicon = lexicon or Lexicon.load()
        edition = f"{ENGINE}/{ANALYSIS}/{self._lexicon.digest}"
        self._folder = IndexFolder(folder, hashlib.sha256(edition.encode()).hexdigest()[:16])
        self._latest = Latest(self._look, look_again)

    def search(self, query: SearchQuery) -> SearchPage:
        """Find; never raises for any text. Without a readable index the page says that it is not `available`."""
        page = self._read(lambda state: answer(state, query, self._lexicon))
        return page or SearchPage(ids=(), total=0, available=False)

    def suggest(self, prefix: str, limit: int = 8) -> list[Suggestion]:
        """Complete what is being typed: words first, then titles."""
        return self._read(lambda state: suggestions(state, prefix, self._lexicon, limit)) or []

    def apply(self, upserts: Iterable[SearchDocument], deletes: Iterable[int], seq: int) -> None:
        """Take over the present state of some datasets in one commit; see `SearchIndex.apply`."""
        latest = {document.id: document for document in upserts}
        entries = [self._entry(document) for document in latest.values()]
        with refusals(), self._folder.writing(seconds=_PATIENCE):
            edition = self._readable()
            if edition is None:
                edition = self._folder.begin()
                create(edition)
                self._folder.set_progress(edition, Progress(seq=0, whole=False))
                self._folder.switch(edition)
            before = self._folder.progress(edition)
            try:
                write(edition, entries, {*latest, *deletes})
            except IndexDamaged as error:  # it may still answer well, so it stays until the rebuild that it asks for
                self._folder.set_progress(edition, replace(before, whole=False))
                raise IndexNotWritten(reason=str(error)) from error
            sync_folder(edition)
            self._folder.set_progress(edition, replace(before, seq=max(seq, before.seq)))
        self._latest.look_at_once()

    def rebuild(
        self, documents: Iterator[SearchDocument], seq: int, progress: Callable[[int], None] | None = None
    ) -> None:
        """Make the index anew beside the old one, then switch; see `SearchIndex.rebuild`."""
        with self._folder.writing(seconds=_PATIENCE):
            with refusals():
                edition = self._folder.begin()
                create(edition)
            try:
                write(edition, self._reported(documents, progress), ())
                with refusals():
                    self._folder.set_progress(edition, Progress(seq=seq, whole=True))
                    self._folder.switch(edition)
            except BaseException:
                self._folder.discard(edition)
                raise
        self._latest.look_at_once()

    def state(self) -> IndexState:
        """How far it is; opens it, so that damage shows here."""
        count = self._read(lambda state: state.count)
        edition = self._folder.current()
        if count is None or edition is None:
            return IndexState(seq=0, documents=0, schema=self._folder.digest, healthy=False)
        progress, digest = self._folder.progress(edition), self._folder.digest_of(edition)
        healthy = progress.whole and digest == self._folder.digest
        return IndexState(seq=progress.seq, documents=count, schema=digest, healthy=healthy)

    def _entry(self, document: SearchDocument) -> tuple[Row, dict[str, float]]:
        analysed = analyse(document, self._lexicon)
        return row(document, analysed), analysed.tokens

    def _reported(
        self, documents: Iterator[SearchDocument], progress: Callable[[int], None] | None
    ) -> Iterator[tuple[Row, dict[str, float]]]:
        done = 0
        for document in documents:
            yield self._entry(document)
            done += 1
            if progress and done % 100 == 0:
                progress(done)
        if progress:
            progress(done)

    def _read(self, read: Callable[[CatalogState], Found]) -> Found | None:
        """Read the latest generation, again when it was cleared away meanwhile; None when there is none to read."""
        for attempt in range(_TRIES):
            try:
                opened = self._latest.get(anew=attempt > 0)
                return None if opened is None else read(opened.state)
            except IndexDamaged as error:
                log.info("search index, attempt %d: %s", attempt + 1, error)
                time.sleep(0.05 * attempt)
        return self._recover(read)

    def _look(self, before: _Opened | None) -> _Opened | None:
        edition = self._folder.current()
        if edition is None:
            return None
        if before is not None and before.edition == edition and not before.reader.outdated():
            return before
        return _open(edition, before)

    def _recover(self, read: Callable[[CatalogState], Found]) -> Found | None:
        """With no writer about, try once more; what still can't be read is moved aside, so that it is made anew."""
        try:
            with self._folder.writing(seconds=0):
                edition = self._folder.current()
                if edition is None:
                    return None
                try:
                    return read(_open(edition, None).state)
                except IndexDamaged as error:
                    self._set_aside(edition, error)
        except (LumbungError, OSError) as error:
            log.warning("search index cannot be read: %s", error)
        return None

    def _readable(self) -> Path | None:
        """The edition to write to, while writing; a damaged one is moved aside."""
        edition = self._folder.current()
        if edition is not None:
            try:
                Reader(edition).close()
            except IndexDamaged as error:
                self._set_aside(edition, error)
                return None
        return edition

    def _set_aside(self, edition: Path, error: IndexDamaged) -> None:
        if error.passing:
            raise IndexNotWritten(reason=str(error)) from error
        log.error("search index %s is damaged (%s) and moved aside; it will be made anew", edition.name, error)
        self._folder.set_aside(edition)
        self._latest.look_at_once()


def _open(edition: Path, before: _Opened | None) -> _Opened:
    reader = Reader(edition)
    try:
        known = before.segments if before is not None and before.edition == edition else {}
        segments = reader.segments(known)
    except IndexDamaged:
        reader.close()
        raise
    state = CatalogState(list(segments.values()), reader.postings)
    weakref.finalize(state, reader.close)  # once the last search that uses it has ended
    return _Opened(edition, reader, state, {name: segment for name, (segment, _) in segments.items()})
