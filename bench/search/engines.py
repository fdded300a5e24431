"""The index against SQLite's FTS5 in one run: `python bench/search/engines.py [DATASETS] [QUERIES] [POSTGRESQL URL]`.

Both get the same tokens and the same plan of each query, and give 20 ids, the exact total and six facets with a facet's
own filter left out. The ratio is what counts: the machine is never alone. With the address of an empty PostgreSQL
database the index is kept there as well.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from synthetic import catalogue, queries

from datasets.db import Database
from datasets.search.analysis import analyse
from datasets.search.index import FACETS, SearchDocument, SearchQuery
from datasets.search.lexicon import Lexicon
from datasets.search.plan import Plan, Term, make_plan
from datasets.search.postgres_index import PostgresIndex
from datasets.search.state import row
from datasets.search.whoosh_index import WhooshIndex

LEXICON = Lexicon.load()


class Fts5:
    """What one would write on SQLite: tokens in an FTS5 table, facet values in a plain one, counts by GROUP BY."""

    def __init__(self, path: Path) -> None:
        self.database = sqlite3.connect(path)
        self.database.executescript(
            """
            PRAGMA journal_mode = wal; PRAGMA cache_size = -64000;
            CREATE TABLE dataset (id INTEGER PRIMARY KEY, modified INTEGER);
            CREATE INDEX dataset_modified ON dataset (modified DESC);
            CREATE VIRTUAL TABLE words USING fts5(heavy, light, tokenize="unicode61 tokenchars '_'", detail=column);
            CREATE TABLE facet (field TEXT, value TEXT, id INTEGER, PRIMARY KEY (field, value, id)) WITHOUT ROWID;
            CREATE INDEX facet_id ON facet (id, field, value);
            CREATE TEMP TABLE met (id INTEGER PRIMARY KEY, rank REAL);
            """
        )

    def fill(self, documents: list[SearchDocument]) -> None:
        for document in documents:
            self.put(document)
        self.database.commit()

    def put(self, document: SearchDocument) -> None:
        analysed = analyse(document, LEXICON)
        one, place = row(document, analysed), document.id
        heavy = " ".join(_safe(token) for token, weight in analysed.tokens.items() if weight >= 4)
        light = " ".join(_safe(token) for token, weight in analysed.tokens.items() if weight < 4)
        run = self.database.execute
        run("DELETE FROM words WHERE rowid = ?", (place,))
        run("DELETE FROM facet WHERE id = ?", (place,))
        run("INSERT OR REPLACE INTO dataset VALUES (?, ?)", (place, one.modified))
        run("INSERT INTO words (rowid, heavy, light) VALUES (?, ?, ?)", (place, heavy, light))
        self.database.executemany(
            "INSERT INTO facet VALUES (?, ?, ?)",
            [(name, value, place) for name, values in zip(FACETS, one.facets, strict=True) for value in values],
        )

    def search(self, query: SearchQuery, plan: Plan) -> tuple[list[int], int, dict[str, list[tuple[str, int]]]]:
        run = self.database.execute
        run("DELETE FROM met")
        for joined in (" AND ", " OR "):
            wanted = joined.join(f"({_expression(term)})" for term in plan.required)
            run(
                "INSERT INTO met SELECT rowid, bm25(words, 6.0, 1.0) FROM words WHERE words MATCH ?", (wanted,)
            ) if wanted else run("INSERT INTO met SELECT id, 0 FROM dataset")
            if run("SELECT EXISTS (SELECT 1 FROM met)").fetchone()[0]:
                break
        where, values = _filters(query, leave_out=None)
        total = run(f"SELECT count(*) FROM met WHERE 1 {where}", values).fetchone()[0]
        order = "d.modified DESC" if query.sort == "modified" else "met.rank, d.modified DESC"
        ids = run(
            f"SELECT met.id FROM met JOIN dataset d ON d.id = met.id WHERE 1 {where} ORDER BY {order} LIMIT ? OFFSET ?",
            (*values, query.rows, (query.page - 1) * query.rows),
        ).fetchall()
        facets = {}
        for name in query.facets:
            where, values = _filters(query, leave_out=name)
            facets[name] = run(
                f"SELECT f.value, count(*) AS n FROM met JOIN facet f ON f.id = met.id AND f.field = ? WHERE 1 {where} "
                "GROUP BY f.value ORDER BY n DESC, f.value",
                (name, *values),
            ).fetchall()
        return [number for (number,) in ids], total, facets


def _safe(token: str) -> str:
    return token.replace(":", "_")


def _expression(term: Term) -> str:
    ways = (*term.alternatives, term.loose) if term.loose else term.alternatives
    return " OR ".join("(" + " AND ".join(f'"{_safe(token)}"' for token in way) + ")" for way in ways)


def _filters(query: SearchQuery, leave_out: str | None) -> tuple[str, list[str]]:
    where, values = "", []
    for name, wanted in query.filters.items():
        if name != leave_out:
            marks = ",".join("?" * len(wanted))
            where += f" AND met.id IN (SELECT id FROM facet WHERE field = ? AND value IN ({marks}))"
            values += [name, *wanted]
    return where, values


def timed(work: Callable[[SearchQuery], object], asked: list[SearchQuery]) -> list[float]:
    """Milliseconds of each query, sorted."""
    taken = []
    for query in asked:
        start = time.perf_counter()
        work(query)
        taken.append((time.perf_counter() - start) * 1e3)
    return sorted(taken)


def line(name: str, taken: list[float]) -> str:
    p50, p95, p99 = (taken[int(len(taken) * share)] for share in (0.5, 0.95, 0.99))
    return f"| {name} | {p50:.2f} | {p95:.1f} | {p99:.1f} |"


def main(size: int, count: int, postgres: str | None = None) -> None:
    """Build both, ask both, print a table in Markdown."""
    documents = list(catalogue(size))
    asked = queries(count, documents)
    with tempfile.TemporaryDirectory() as folder:
        index, fts5 = WhooshIndex(Path(folder) / "search"), Fts5(Path(folder) / "fts5.sqlite")
        start = time.perf_counter()
        index.rebuild(iter(documents), seq=1)
        built = time.perf_counter()
        fts5.fill(documents)
        filled = time.perf_counter()
        print(f"{size} datasets; build, docs/s: index {size / (built - start):.0f}, FTS5 {size / (filled - built):.0f}")
        index = WhooshIndex(Path(folder) / "search")
        start = time.perf_counter()
        index.search(SearchQuery())
        print(f"first answer after opening: {(time.perf_counter() - start) * 1e3:.0f} ms")
        state = (
            index._latest.get().state
        )  # the plans are made once, by the index's own vocabulary, and not timed for FTS5
        plans = {id(query): make_plan(query.text, LEXICON, state) for query in asked}
        index = WhooshIndex(Path(folder) / "search")
        index.search(SearchQuery())
        cold = timed(index.search, asked)
        index._latest.get().state.pages.clear()
        warm = timed(index.search, asked)
        again = timed(index.search, asked)
        other = timed(lambda query: fts5.search(query, plans[id(query)]), asked)
        print("| 20 ids, total, six facets; ms | p50 | p95 | p99 |\n| --- | --- | --- | --- |")
        for name, taken in (
            ("index, words met for the first time", cold),
            ("index, words met before", warm),
            ("index, same query again", again),
            ("FTS5 with SQL facets", other),
        ):
            print(line(name, taken))
        if postgres:
            in_postgres(postgres, documents, asked)
        print(f"ratio to FTS5, first time: p50 {cold[count // 2] / other[count // 2]:.2f}, ", end="")
        print(f"p95 {cold[int(count * 0.95)] / other[int(count * 0.95)]:.2f}")
        agree = sum(index.search(query).total == fts5.search(query, plans[id(query)])[1] for query in asked)
        print(f"same total in both: {agree} of {count} (they differ where not all words are met)")
        typed = [SearchQuery(document.title[: 2 + document.id % 20]) for document in documents[:300]]
        index.suggest("a")
        print("| suggestions while typing; ms | p50 | p95 | p99 |\n| --- | --- | --- | --- |")
        print(line("index", timed(lambda query: index.suggest(query.text), typed)))
        print("| one dataset changed until it is found; ms | p50 | p95 | p99 |\n| --- | --- | --- | --- |")
        print(line("index", sorted(changed(index, document) for document in documents[:20])))


def in_postgres(url: str, documents: list[SearchDocument], asked: list[SearchQuery]) -> None:
    """The lines of the index in PostgreSQL, opened by another object than the one that built it."""
    database = Database(url)
    start = time.perf_counter()
    PostgresIndex(database).rebuild(iter(documents), seq=1)
    built = len(documents) / (time.perf_counter() - start)
    index = PostgresIndex(database)
    start = time.perf_counter()
    index.search(SearchQuery())
    opened = (time.perf_counter() - start) * 1e3
    print(line("in PostgreSQL, first time", timed(index.search, asked)))
    index._latest.get().state.pages.clear()
    print(line("in PostgreSQL, met before", timed(index.search, asked)))
    print(f"| (in PostgreSQL: build {built:.0f} docs/s, opened in {opened:.0f} ms) | | | |")
    database.close()


def changed(index: WhooshIndex, document: SearchDocument) -> float:
    start = time.perf_counter()
    index.apply([replace(document, title=f"Perubahan ke-{document.id}")], [], seq=document.id)
    assert document.id in index.search(SearchQuery(f"perubahan {document.id}")).ids
    return (time.perf_counter() - start) * 1e3


if __name__ == "__main__":
    size, count, *url = [*sys.argv[1:], *("10000", "500")[len(sys.argv) - 1 :]]
    main(int(size), int(count), *url)
