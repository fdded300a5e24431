"""All that is asked of whoosh: keep rows and weighted tokens in segments, commit, read a segment's rows and postings.

Nothing of its query language, analysis, scoring or `refresh()` is used: those are slow, unsafe between threads, or show
deleted documents (docs/search.md has the measurements). What is used here is the same in each of its distributions.
"""

from __future__ import annotations

import threading
from array import array
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from whoosh.codec.whoosh3 import W3Codec
from whoosh.fields import ID, STORED, FieldType, Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.formats import Existence
from whoosh.index import FileIndex

from datasets.search.bitmaps import bitmap
from datasets.search.errors import IndexNotWritten
from datasets.search.state import Raw, Row, Segment
from metadata.errors import LumbungError

ENGINE = "whoosh-1"
"""Edition of the schema below; raise it when the schema or the stored rows change."""

_MEGABYTES = 128
_BLOCK = 512  # postings that are read at a time


class IndexDamaged(Exception):
    """What whoosh has on the disk cannot be read; `passing` when the machine, not the index, is at fault."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(f"{type(cause).__name__}: {cause}")
        self.passing = isinstance(cause, MemoryError) or (
            isinstance(cause, OSError) and not isinstance(cause, FileNotFoundError)
        )


class Files(FileStorage):  # type: ignore[misc]
    """The files of an edition, which are closed with it: whoosh leaves them to the garbage collector."""

    supports_mmap = False

    def __init__(self, edition: Path) -> None:
        super().__init__(str(edition), supports_mmap=False)
        self._opened: list[Any] = []

    def open_file(self, name: str, **options: object) -> Any:
        """Whoosh opens a file for reading."""
        opened = super().open_file(name, **options)
        self._opened.append(opened)
        return opened

    def close(self) -> None:
        """Whoosh calls this for each segment it is done with; the others may still be read, so nothing happens."""

    def close_all(self) -> None:
        """Close whatever is still open."""
        for opened in self._opened:
            if not opened.is_closed:
                opened.close()
        self._opened.clear()


class WeightedTokens(FieldType):  # type: ignore[misc]
    """A field that takes tokens with their weights as they are, without positions: one posting list per token."""

    def __init__(self) -> None:
        super().__init__(Existence(), None)

    def index(self, value: dict[str, float], **_: object) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Whoosh asks: (token, frequency, weight, nothing) for each token."""
        return ((token.encode(), 1, weight, b"") for token, weight in value.items())


def _schema() -> Any:
    return Schema(id=ID(), text=WeightedTokens(), row=STORED())


def _codec() -> W3Codec:
    codec = W3Codec(blocklimit=_BLOCK)
    codec.length_stats = False  # we keep lengths ourselves; whoosh would ask the file system once per posting
    return codec


def create(edition: Path) -> None:
    """Make an empty index in a folder that is there."""
    FileIndex.create(FileStorage(str(edition)), _schema())


def write(edition: Path, upserts: Iterable[tuple[Row, dict[str, float]]], deletes: Iterable[int]) -> None:
    """Commit rows and deletions at once. Whatever is raised, nothing has changed.

    Raises IndexNotWritten when the disk refuses, IndexDamaged when whoosh can't read what it would merge, and passes on
    what `upserts` raises. The caller holds the folder's lock, so whoosh's own is free, and is freed here in any case:
    whoosh itself keeps it after a full disk until the process ends.
    """
    files, writer = Files(edition), None
    try:
        with refusals():
            writer = FileIndex(files, schema=_schema()).writer(timeout=30, limitmb=_MEGABYTES, codec=_codec())
            for number in deletes:
                writer.delete_by_term("id", str(number))
        for one, tokens in upserts:
            with refusals():
                writer.add_document(id=str(one.id), text=tokens, row=_pack(one))
        with refusals():
            writer.commit()
    except BaseException:
        _abandon(writer)
        raise
    finally:
        files.close_all()


@contextmanager
def refusals() -> Iterator[None]:
    """Tell apart a disk that refuses (IndexNotWritten) from an index that makes no sense (IndexDamaged)."""
    try:
        yield
    except (LumbungError, IndexDamaged, MemoryError):
        raise
    except OSError as error:
        raise IndexNotWritten(reason=error.strerror or str(error)) from error
    except Exception as error:
        raise IndexDamaged(error) from error


def _abandon(writer: Any) -> None:
    if writer is not None:
        with suppress(Exception):
            writer.cancel()
        with suppress(Exception):
            writer.writelock.release()


def _pack(one: Row) -> tuple[object, ...]:
    return one.id, one.modified, one.title, one.facets, " ".join(one.words), one.length


def _unpack(stored: tuple[Any, ...]) -> Row:
    number, modified, title, facets, plain, length = stored
    return Row(number, modified, title, facets, tuple(plain.split()), length)


class Reader:
    """One commit of an edition, opened. Whoosh's readers may not be shared by threads, so this one takes turns."""

    def __init__(self, edition: Path) -> None:
        """Raises IndexDamaged where there is nothing that can be read."""
        try:
            self._lock = threading.Lock()
            self._files = Files(edition)
            self._index = FileIndex(self._files, schema=_schema())
            listed = int(self._index.latest_generation())
            self._reader = self._index.reader()
            self.generation = int(self._reader.generation() or listed)
            self._leaves = [(leaf, base) for leaf, base in self._reader.leaf_readers() if leaf.doc_count_all()]
        except Exception as error:
            self._files.close_all()
            raise IndexDamaged(error) from error

    def outdated(self) -> bool:
        """Whether there is a later commit; tells by the names of the files in some 20 microseconds."""
        return int(self._index.latest_generation()) != self.generation

    def segments(self, known: Mapping[str, Segment]) -> dict[str, tuple[Segment, int]]:
        """Every segment by name with the bitmap of its living rows; those in `known` are not read again."""
        try:
            return {leaf.segment().segment_id(): self._segment(leaf, known) for leaf, _ in self._leaves}
        except Exception as error:
            raise IndexDamaged(error) from error

    def _segment(self, leaf: Any, known: Mapping[str, Segment]) -> tuple[Segment, int]:
        size = int(leaf.doc_count_all())
        found = known.get(leaf.segment().segment_id())
        if found is None:
            found = Segment(size, ((number, _unpack(stored["row"])) for number, stored in leaf.iter_docs()))
        return found, found.loaded & ~bitmap(leaf.segment().deleted_docs(), size)

    def postings(self, token: str) -> Raw:
        """The living documents of a token and its weights in them."""
        numbers, weights = array("I"), array("f")
        try:
            with self._lock:
                for leaf, base in self._leaves:
                    if ("text", token) in leaf:
                        matcher = leaf.postings("text", token)
                        while matcher.is_active():
                            numbers.append(base + matcher.id())
                            weights.append(matcher.weight())
                            matcher.next()
        except Exception as error:
            raise IndexDamaged(error) from error
        return numbers, weights

    def close(self) -> None:
        """Give back the files."""
        with suppress(Exception):
            self._reader.close()
        self._files.close_all()
