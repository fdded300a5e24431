"""A search index that is a dictionary: the least that keeps the contract, for tests of what feeds an index."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from datasets.search.index import IndexState, SearchDocument, SearchPage, SearchQuery, Suggestion


class ListIndex:
    """Finds what has all words of the query somewhere. `applied` notes the upserts and deletes of each call."""

    def __init__(self) -> None:
        self.documents: dict[int, SearchDocument] = {}
        self.seq = 0
        self.healthy = True
        self.applied: list[tuple[list[int], list[int]]] = []

    def search(self, query: SearchQuery) -> SearchPage:
        words = query.text.lower().split()
        ids = [
            number
            for number, document in self.documents.items()
            if all(word in f"{document.title} {document.description}".lower() for word in words)
        ]
        start = (query.page - 1) * query.rows
        return SearchPage(ids=tuple(ids[start : start + query.rows]), total=len(ids))

    def suggest(self, prefix: str, limit: int = 8) -> list[Suggestion]:
        return []

    def apply(self, upserts: Iterable[SearchDocument], deletes: Iterable[int], seq: int) -> None:
        upserts, deletes = list(upserts), list(deletes)
        self.applied.append(([document.id for document in upserts], deletes))
        self.documents.update({document.id: document for document in upserts})
        for number in deletes:
            self.documents.pop(number, None)
        self.seq = seq

    def rebuild(
        self, documents: Iterator[SearchDocument], seq: int, progress: Callable[[int], None] | None = None
    ) -> None:
        self.documents = {}
        for number, document in enumerate(documents, 1):
            self.documents[document.id] = document
            if progress:
                progress(number)
        self.seq, self.healthy = seq, True

    def state(self) -> IndexState:
        return IndexState(seq=self.seq, documents=len(self.documents), schema="list", healthy=self.healthy)
