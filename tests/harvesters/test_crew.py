"""Several at one pile of work: all of it is done, at most so many at a time, and an end is an end."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from harvesters.runs import crew
from harvesters.runs.crew import Crew


def test_everything_is_done_once_by_at_most_so_many_at_a_time() -> None:
    at_work, most, lock = 0, 0, threading.Lock()
    meeting = threading.Barrier(3)

    def action(number: int) -> int:
        nonlocal at_work, most
        with lock:
            at_work += 1
            most = max(most, at_work)
        if number <= 3:
            meeting.wait(30)  # three are at work at once, or this breaks
        with lock:
            at_work -= 1
        return number

    done = list(Crew(action, hands=3, name="test").results(iter(range(1, 41)), lambda: False))
    assert sorted(done) == list(range(1, 41))
    assert most == 3


def test_an_error_ends_the_work_after_what_is_in_hand() -> None:
    begun = []

    def action(number: int) -> int:
        begun.append(number)
        if number == 3:
            raise ValueError("broken")
        return number

    results = Crew(action, hands=1, name="test").results(iter(range(1, 1000)), lambda: False)
    done = []
    with pytest.raises(ValueError, match="broken"):
        for one in results:
            done.append(one)
    assert done[:2] == [1, 2]
    assert len(begun) < 10


def test_a_listing_that_breaks_off_loses_nothing_of_what_it_gave() -> None:
    def pile() -> Iterator[int]:
        yield 1
        yield 2
        raise OSError("cut off")

    done = []
    with pytest.raises(OSError, match="cut off"):
        for one in Crew(lambda number: number, hands=2, name="test").results(pile(), lambda: False):
            done.append(one)
    assert sorted(done) == [1, 2]


def test_told_to_stop_it_waits_for_what_is_in_hand_but_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew, "GRACE", 0.5)
    monkeypatch.setattr(crew, "TICK", 0.05)
    for_ever, stopped = threading.Event(), threading.Event()

    def action(number: int) -> int:
        if number == 2:
            stopped.set()
            for_ever.wait(60)
        return number

    done = list(Crew(action, hands=2, name="test").results(iter(range(1, 100)), stopped.is_set))
    assert 2 not in done
    assert len(done) < 99
    for_ever.set()
