"""What another process does with an index: `python other_process.py ROLE FOLDER`, told and telling in lines of JSON."""

from __future__ import annotations

import json
import resource
import signal
import sys
import threading
import time
from itertools import count
from pathlib import Path

from searching.documents import a_document

from datasets.search.index import SearchDocument, SearchQuery
from datasets.search.latest import LOOK_AGAIN
from datasets.search.whoosh_index import WhooshIndex
from metadata.errors import LumbungError

STABLE, CHANGING, DOOMED = 40, 20, 60
"""Datasets that never change, that are rewritten all the time, and that are deleted one after the other."""


def stable() -> list[SearchDocument]:
    return [a_document(n, f"Tetap nomor {n}", columns=("kolom",)) for n in range(1, STABLE + 1)]


def changing(edition: int) -> list[SearchDocument]:
    first = STABLE + 1
    return [
        a_document(n, f"Berubah edisi {edition} nomor {n}", years=(edition,)) for n in range(first, first + CHANGING)
    ]


def doomed() -> list[SearchDocument]:
    first = STABLE + CHANGING + 1
    return [a_document(n, f"Terhapus nomor {n}") for n in range(first, first + DOOMED)]


def tell(**said: object) -> None:
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


def answering(folder: Path) -> None:
    """Answers each line, a query, with what is found."""
    index = WhooshIndex(folder)
    for line in sys.stdin:
        page = index.search(SearchQuery(json.loads(line)))
        tell(ids=page.ids, available=page.available)


def reading(folder: Path) -> None:
    """Four threads search and suggest until a line comes in; tells every wrong answer and how many there were in all.

    Wrong is: a stable dataset missing, a changing one missing or twice or of two editions at once, a deleted one shown
    later than promised, counts that do not add up, an error.
    """
    index = WhooshIndex(folder)
    deadline = folder.with_name("deleted")  # names the last deleted dataset and since when nobody may show it
    stop = threading.Event()
    wrong: list[str] = []
    asked = [0] * 4

    def work(number: int) -> None:
        while not stop.is_set():
            try:
                wrong.extend(look(index, deadline))
            except Exception as error:  # whatever it is, it is what the test looks for
                wrong.append(repr(error))
            asked[number] += 1

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    sys.setswitchinterval(1e-4)
    for thread in threads:
        thread.start()
    tell(ready=True)
    sys.stdin.readline()
    stop.set()
    for thread in threads:
        thread.join()
    tell(asked=sum(asked), wrong=wrong[:20])


def look(index: WhooshIndex, deadline: Path) -> list[str]:
    deleted, since = json.loads(deadline.read_text())
    overdue = time.time() - since > 2 * LOOK_AGAIN + 0.1
    wrong = []
    page = index.search(SearchQuery("tetap", rows=100))
    if sorted(page.ids) != list(range(1, STABLE + 1)) or not page.available:
        wrong.append(f"tetap: {page}")
    page = index.search(SearchQuery("berubah", rows=100, facets=("year",)))
    if sorted(page.ids) != list(range(STABLE + 1, STABLE + CHANGING + 1)) or len(page.facets["year"]) != 1:
        wrong.append(f"berubah: {page}")
    page = index.search(SearchQuery("terhapus", rows=1000))
    if overdue and any(number <= deleted for number in page.ids):
        wrong.append(f"terhapus, {deleted} since {since}: {min(page.ids)}")
    if page.total != len(page.ids) or page.facets["organization"] != (("dinkes", page.total),)[: page.total]:
        wrong.append(f"counts: {page.total} {page.facets}")
    if [one.dataset_id for one in index.suggest("tetap nomor 7")] != [7]:
        wrong.append(f"suggest: {index.suggest('tetap nomor 7')}")
    return wrong


def writing(folder: Path) -> None:
    """Applies one batch after the other, for ever, and tells each outbox number once it is durable."""
    index = WhooshIndex(folder)
    for seq in count(index.state().seq + 1):
        index.apply([a_document(seq % 50 + 100, f"Nomor urut {seq}")], [], seq)
        tell(seq=seq)


def crowded(folder: Path) -> None:
    """Meets a full disk, here a limit to the size of files, while it writes, and goes on when there is room."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    index = WhooshIndex(folder)
    many = [a_document(n, f"Penuh {n}", description=" ".join(f"k{n}x{i}" for i in range(40))) for n in range(900, 1100)]
    outcomes: list[object] = []
    for limit in (4_096, 60_000, resource.RLIM_INFINITY):
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
        for write in (lambda: index.apply(many, [], 50), lambda: index.rebuild(iter(many), 50)):
            try:
                write()
                outcomes.append("written")
            except LumbungError as error:
                outcomes.append(error.code)
            outcomes.append(index.search(SearchQuery("tetap")).total)
    tell(outcomes=outcomes, seq=index.state().seq, healthy=index.state().healthy)


if __name__ == "__main__":
    roles = {"answering": answering, "reading": reading, "writing": writing, "crowded": crowded}
    roles[sys.argv[1]](Path(sys.argv[2]))
