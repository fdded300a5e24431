"""Several processes at one index: no wrong answer, no deleted dataset shown, and no kill that leaves it unreadable."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from searching import other_process
from searching.documents import a_document

from datasets.search.errors import IndexBusy
from datasets.search.index import SearchQuery
from datasets.search.whoosh_folder import IndexFolder
from datasets.search.whoosh_index import WhooshIndex

REPOSITORY = Path(__file__).parents[3]


class Other:
    """Another process with the index of `folder`, spoken to in lines."""

    def __init__(self, role: str, folder: Path) -> None:
        script = str(REPOSITORY / "tests" / "searching" / "other_process.py")
        paths = os.pathsep.join([str(REPOSITORY), str(REPOSITORY / "tests")])
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", script, role, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": paths},
        )

    def hear(self) -> dict[str, Any]:
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line, f"the other process ended with {self.process.wait()}"
        return dict(json.loads(line))

    def ask(self, said: object) -> dict[str, Any]:
        assert self.process.stdin
        self.process.stdin.write(json.dumps(said) + "\n")
        self.process.stdin.flush()
        return self.hear()

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()


Start = Callable[[str, Path], Other]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts other processes and sees to it that none outlives the test."""
    started: list[Other] = []

    def begin(role: str, folder: Path) -> Other:
        started.append(Other(role, folder))
        return started[-1]

    yield begin
    for other in started:
        other.end()


def folder_of(index: WhooshIndex) -> Path:
    return index._folder.root


@contextmanager
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setattr("datasets.search.whoosh_index._PATIENCE", 0.1)
        yield


def test_what_one_process_deletes_no_other_shows(whoosh: WhooshIndex, start: Start) -> None:
    whoosh.apply([a_document(1), a_document(2)], [], seq=1)
    other = start("answering", folder_of(whoosh))
    assert other.ask("penduduk") == {"ids": [2, 1], "available": True}
    whoosh.apply([a_document(3)], [1], seq=2)
    time.sleep(0.55)
    assert other.ask("penduduk")["ids"] == [3, 2]
    whoosh.rebuild(iter([a_document(9)]), seq=3)
    time.sleep(0.55)
    assert other.ask("penduduk")["ids"] == [9]


def test_the_process_that_wrote_sees_it_at_once(whoosh: WhooshIndex) -> None:
    for seq in range(1, 6):
        whoosh.apply([a_document(seq)], [seq - 1], seq=seq)
        assert whoosh.search(SearchQuery("penduduk")).ids == (seq,)


def test_threads_of_several_processes_get_right_answers_while_it_is_written(whoosh: WhooshIndex, start: Start) -> None:
    folder = folder_of(whoosh)
    everything = [*other_process.stable(), *other_process.changing(2000), *other_process.doomed()]
    whoosh.rebuild(iter(everything), seq=1)
    first = other_process.STABLE + other_process.CHANGING + 1
    deadline = folder.with_name("deleted")
    deadline.write_text(json.dumps([0, time.time()]))
    readers = [start("reading", folder) for _ in range(3)]
    assert all(reader.hear() == {"ready": True} for reader in readers)
    for step in range(24):
        edition, gone = 2001 + step, first + step
        if step % 15 == 7:
            left = [one for one in other_process.doomed() if one.id > gone]
            whoosh.rebuild(iter([*other_process.stable(), *other_process.changing(edition), *left]), seq=step + 2)
        else:
            whoosh.apply(other_process.changing(edition), [gone], seq=step + 2)
        replaced = deadline.with_suffix(".new")
        replaced.write_text(json.dumps([gone, time.time()]))
        replaced.replace(deadline)
    time.sleep(1)
    told = [reader.ask("stop") for reader in readers]
    assert [one["wrong"] for one in told] == [[], [], []]
    assert all(one["asked"] > 50 for one in told)


def test_threads_share_one_index_without_wrong_answers(whoosh: WhooshIndex) -> None:
    whoosh.rebuild(iter([*other_process.stable(), *other_process.changing(2000)]), seq=1)
    wrong: list[object] = []
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)

    def work(seed: int) -> None:
        dice = random.Random(seed)
        for _ in range(60):
            number = dice.randint(1, other_process.STABLE)
            found = whoosh.search(SearchQuery(f"tetap nomor {number}", sort=dice.choice(["relevance", "title"])))
            if found.ids != (number,):
                wrong.append((number, found))

    try:
        threads = [threading.Thread(target=work, args=(seed,)) for seed in range(8)]
        for thread in threads:
            thread.start()
        for seq in range(2, 8):
            whoosh.apply(other_process.changing(2000 + seq), [], seq=seq)
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert wrong == []


def test_a_kill_in_the_middle_of_writing_loses_nothing_that_was_said_to_be_durable(
    whoosh: WhooshIndex, start: Start
) -> None:
    folder, dice = folder_of(whoosh), random.Random(7)
    said = 0
    for _ in range(8):
        writer = start("writing", folder)
        for _ in range(dice.randint(1, 4)):
            said = writer.hear()["seq"]
        time.sleep(dice.random() * 0.08)
        writer.end()
        index = WhooshIndex(folder)
        state = index.state()
        assert state.healthy
        assert state.seq >= said
        assert index.search(SearchQuery(f"nomor urut {said}")).total >= 1
    whoosh.apply([a_document(1, "Sesudah semua itu")], [], seq=10_000)
    assert whoosh.search(SearchQuery("sesudah")).ids == (1,)
    assert len([path for path in folder.iterdir() if path.name.startswith("damaged")]) == 0


def test_the_leavings_of_killed_writers_are_cleared_away(whoosh: WhooshIndex, start: Start) -> None:
    folder = folder_of(whoosh)
    for _ in range(3):
        writer = start("writing", folder)
        writer.hear()
        time.sleep(0.01)
        writer.end()
    whoosh.apply([a_document(1)], [], seq=20_000)
    edition = IndexFolder(folder, "").current()
    assert edition
    assert len(list(edition.iterdir())) < 12


def test_a_full_disk_changes_nothing_and_the_same_process_writes_on_later(whoosh: WhooshIndex, start: Start) -> None:
    whoosh.rebuild(iter(other_process.stable()), seq=1)
    told = start("crowded", folder_of(whoosh)).hear()
    refused = ["search.not_written", other_process.STABLE]
    assert told["outcomes"] == refused * 4 + ["written", other_process.STABLE, "written", 0]
    assert (told["seq"], told["healthy"]) == (50, True)


def test_a_second_writer_waits_and_then_says_who_is_in_the_way(
    whoosh: WhooshIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = IndexFolder(folder_of(whoosh), "").writing(seconds=0)
    with held, no_waiting(monkeypatch), pytest.raises(IndexBusy):
        whoosh.apply([a_document(1)], [], seq=1)
    whoosh.apply([a_document(1)], [], seq=1)
    assert whoosh.search(SearchQuery("penduduk")).total == 1


def test_two_writers_at_once_both_get_through(whoosh: WhooshIndex) -> None:
    def write(first: int) -> None:
        for number in range(first, first + 5):
            WhooshIndex(folder_of(whoosh)).apply([a_document(number)], [], seq=number)

    threads = [threading.Thread(target=write, args=(first,)) for first in (10, 20, 30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (whoosh.search(SearchQuery("penduduk")).total, whoosh.state().seq) == (15, 34)


def test_an_index_opened_before_a_fork_serves_both_sides(whoosh: WhooshIndex) -> None:
    whoosh.apply([a_document(1), a_document(2, "Luas Sawah")], [], seq=1)
    assert whoosh.search(SearchQuery("penduduk")).ids == (1,)
    child = os.fork()
    if child == 0:  # no assertion in here: only the exit code gets out
        found = [whoosh.search(SearchQuery("sawah")).ids for _ in range(20)]
        os._exit(0 if found == [(2,)] * 20 else 1)
    assert [whoosh.search(SearchQuery(text)).ids for text in ("sawah", "luas", "penduduk")] == [(2,), (2,), (1,)]
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
