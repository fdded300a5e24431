"""Servers for the benches of tables: started, asked, measured, stopped."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def started(command: list[str], port: int, *, cwd: Path | None = None) -> Iterator[int]:
    """A server in a process group of its own; gives the pid of its largest process when it answers, stops it after."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, start_new_session=True, cwd=cwd, **quiet)
    try:
        for _ in range(600):
            if process.poll() is not None:
                raise SystemExit(f"{command[0]} ended with {process.returncode}")
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield process.pid
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def timed(connection: http.client.HTTPConnection, path: str) -> float:
    """Milliseconds from asking to the last byte."""
    try:
        begin = time.perf_counter()
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
    except (http.client.RemoteDisconnected, ConnectionError):  # it was kept for too long while the others answered
        connection.close()
        return timed(connection, path)
    if answer.status != 200:
        raise SystemExit(f"{path}: {answer.status} {body[:300]!r}")
    return (time.perf_counter() - begin) * 1000


def peak(pid: int, *, module: str = "") -> float:
    """Megabytes of the largest process of a group; with `module` of those alone that run it as `python -m`."""
    sizes = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if os.getpgid(int(entry.name)) == pid:
                    words = (entry / "cmdline").read_text().split("\0")
                    lines = (entry / "status").read_text().splitlines()
                    if not module or module in words:
                        sizes += [int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")]
            except OSError:
                continue
    return max(sizes, default=0.0)
