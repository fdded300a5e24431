"""What others renew is seen soon, by every thread, without each of them opening it."""

from __future__ import annotations

import threading
import time

import pytest

from datasets.search.latest import Latest


class Source:
    """Something with an edition, that counts how often it was opened."""

    def __init__(self) -> None:
        self.edition = 1
        self.opened = 0
        self.slowly = 0.0

    def look(self, before: list[int] | None) -> list[int]:
        if before == [self.edition]:
            return before
        self.opened += 1
        time.sleep(self.slowly)
        return [self.edition]


def test_it_is_opened_once_and_looked_for_only_after_a_while() -> None:
    source = Source()
    latest = Latest(source.look, look_again=60)
    assert latest.get() is latest.get()
    source.edition = 2
    assert latest.get() == [1]
    latest.look_at_once()
    assert (latest.get(), source.opened) == ([2], 2)


def test_many_threads_open_it_once() -> None:
    source = Source()
    source.slowly = 0.05
    latest, got = Latest(source.look, look_again=60), []
    threads = [threading.Thread(target=lambda: got.append(latest.get())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (got, source.opened) == ([[1]] * 8, 1)


def test_while_one_opens_the_others_go_on() -> None:
    source = Source()
    latest = Latest(source.look, look_again=0.2)
    latest.get()
    source.edition, source.slowly = 2, 0.3
    time.sleep(0.21)
    opening = threading.Thread(target=latest.get)
    opening.start()
    time.sleep(0.02)
    assert latest.get() == [1]
    opening.join()
    assert latest.get() == [2]


def test_what_fails_to_open_leaves_nothing_behind() -> None:
    def fail(before: object) -> object:
        raise OSError("no file")

    latest = Latest(fail, look_again=60)
    for _ in range(2):
        with pytest.raises(OSError, match="no file"):
            latest.get()


def test_anew_looks_without_what_there_was() -> None:
    source = Source()
    latest = Latest(source.look, look_again=60)
    latest.get()
    assert (latest.get(anew=True), source.opened) == ([1], 2)
