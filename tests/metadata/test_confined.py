"""Confinement: what strangers send can take nothing, leave nothing behind, and outlive nobody."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from metadata import confined
from metadata.confined import Bounds, Died, ask

WORK = "tests.metadata.work_of_strangers"
ROOT = Path(__file__).parents[2]


def said(deed: str, *, bounds: Bounds = Bounds(20, 1_000, 50), **order: str) -> Any:  # noqa: B008 - frozen
    return ask(WORK, {"deed": deed, **order}, bounds)["said"]


@pytest.fixture
def fresh() -> Iterator[None]:
    """A forker of this test's own."""
    confined.close()
    yield
    confined.close()


def test_no_network_no_program_no_signal_to_others() -> None:
    assert said("try all") == []


def test_nothing_of_one_order_is_there_at_the_next() -> None:
    assert (said("remember"), said("remember")) == ([], [])
    assert "SEEN" not in said("look")["environment"]


@pytest.mark.usefixtures("fresh")
def test_the_process_knows_no_secret_and_holds_no_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LUMBUNG_SECRET_KEY", "rahasia")
    seen = said("look")
    assert set(seen["environment"]) <= {"PATH", "PYTHONPATH", "PYTHONUTF8", "HOME", "TMPDIR", "LANG", "LC_CTYPE"}
    assert seen["files"] == [0, 1, 2]
    assert seen["environment"]["HOME"] == seen["folder"]
    assert not Path(seen["folder"]).exists()


@pytest.mark.parametrize(
    ("deed", "bounds", "why"),
    [
        ("write", Bounds(20, 1_000, 5), "unpacks to more than 5 MB"),
        ("fill", Bounds(20, 400), "more than 400 MB of memory"),
        ("die", Bounds(20, 1_000), "SIGSEGV"),
        ("recurse", Bounds(20, 400), "."),
        ("unknown", Bounds(), "KeyError"),
    ],
)
def test_a_death_is_told_and_harms_no_other(deed: str, bounds: Bounds, why: str) -> None:
    with pytest.raises(Died, match=why):
        said(deed, bounds=bounds)
    assert said("remember") == []


def test_what_takes_too_long_is_gone_when_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confined, "GRACE", 1.5)
    with pytest.raises(Died, match="more than 0 seconds"):
        said("sleep", bounds=Bounds(0, 1_000), pid=str(tmp_path / "pid"))
    assert gone(int((tmp_path / "pid").read_text()))


def test_several_are_at_work_at_one_time() -> None:
    with ThreadPoolExecutor(4) as hands:
        found = list(hands.map(lambda _: said("pid"), range(12)))
    assert len({pid for pid, _ in found}) == 12
    assert len({parent for _, parent in found}) == 1


@pytest.mark.usefixtures("fresh")
def test_a_killed_forker_is_replaced_and_leaves_nothing_running(tmp_path: Path) -> None:
    _, forker = said("pid")
    with ThreadPoolExecutor(1) as hand:
        sleeper = hand.submit(said, "sleep", pid=str(tmp_path / "pid"))
        pid = eventually(lambda: int((tmp_path / "pid").read_text() or 0) if (tmp_path / "pid").exists() else 0)
        os.kill(forker, signal.SIGKILL)
        with pytest.raises(Died):
            sleeper.result()
    assert eventually(lambda: gone(pid))
    assert said("pid")[1] != forker


def test_nothing_outlives_a_killed_process(tmp_path: Path) -> None:
    script = (
        "from metadata.confined import ask, Bounds; "
        f"ask({WORK!r}, {{'deed': 'sleep', 'pid': {str(tmp_path / 'pid')!r}}}, Bounds())"
    )
    asking = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT)
    pid = eventually(lambda: int((tmp_path / "pid").read_text() or 0) if (tmp_path / "pid").exists() else 0)
    asking.kill()
    asking.wait()
    assert eventually(lambda: gone(pid))


def test_a_fork_of_the_asking_process_gets_a_forker_of_its_own() -> None:
    _, forker = said("pid")
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(write, str(said("pid")[1]).encode())
        confined.close()
        os._exit(0)
    os.waitpid(child, 0)
    os.close(write)
    with os.fdopen(read) as told:
        assert int(told.read()) != forker
    assert said("pid")[1] == forker


def gone(pid: int) -> bool:
    """Whether the process has ended; one that nobody has reaped yet has."""
    try:
        return "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True


def eventually(look: Callable[[], Any]) -> Any:
    end = time.monotonic() + 20
    while not (found := look()):
        assert time.monotonic() < end
        time.sleep(0.01)
    return found
