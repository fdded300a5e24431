"""The inside of a confined process: it gives up what the work does not need, does it, and leaves the answer."""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import json
import os
import resource
import signal
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Any

MOST_FILES = 128
_GRACE = 5
_MEGABYTE = 1024 * 1024
_DIE_WITH_PARENT = 1
"""PR_SET_PDEATHSIG of prctl(2)."""
_REFUSED = (
    *("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn"),
    *("os.kill", "signal.pthread_kill"),
)


def serve(scratch: str, parent: int) -> int:
    """Do the work that is ordered in the folder `scratch` and leave its answer there. The exit code: 0 when it did.

    The process dies with its `parent`.
    """
    os.setsid()
    _die_with(parent)
    os.chdir(scratch)
    os.environ.update(HOME=scratch, TMPDIR=scratch)
    tempfile.tempdir = None
    words = os.open("words", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(words, 2)
    os.close(words)
    try:
        whole = json.loads(Path("order.json").read_text(encoding="utf-8"))
        module = importlib.import_module(whole["module"])  # before the limits: libraries take address space
        give_up(*whole["bounds"])
        said = json.dumps(module.work(whole["order"]), ensure_ascii=False, default=str)
        Path(scratch, "answer.json").write_text(said, encoding="utf-8")
    except MemoryError:
        os.write(2, b"MemoryError\n")
        return 1
    except BaseException:
        with contextlib.suppress(BaseException):
            traceback.print_exc()
        return 1
    return 0


def give_up(seconds: int, megabytes: int, written: int) -> None:
    """Seconds of processor, megabytes of memory and of one file, no network, no program. There is no way back."""
    memory, largest = megabytes * _MEGABYTE, written * _MEGABYTE
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + _GRACE))
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
    resource.setrlimit(resource.RLIMIT_NOFILE, (MOST_FILES, MOST_FILES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.addaudithook(_refuse)


def _refuse(event: str, _: tuple[Any, ...]) -> None:
    """No socket, no other program, no signal to another process."""
    if event.startswith(_REFUSED):
        raise PermissionError(f"{event} is not allowed here")


def _die_with(parent: int) -> None:
    """When the parent is killed nobody would stop this process any more. Without that call it runs on to its limits."""
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
