"""A PostgreSQL server for one test run, from Debian's binaries: own folder, own port, gone with the run."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_SETTINGS = (
    *("listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=200", "shared_buffers=32MB"),
    *("fsync=off", "full_page_writes=off", "synchronous_commit=off"),
)


class NoServer(Exception):
    """PostgreSQL cannot be started here; the text says why."""


@dataclass(frozen=True)
class Server:
    """A running server: where it keeps its things, its process, its port and the password of `lumbung`."""

    folder: Path
    pid: int
    port: int
    password: str

    def url(self, database: str) -> str:
        """The address of one of its databases."""
        return f"postgresql+psycopg://lumbung:{self.password}@127.0.0.1:{self.port}/{database}"


def binaries() -> Path | None:
    """The folder of the newest installed server, Debian's layout; None where there is none."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")]
    return max(found, key=lambda path: float(path.parent.name), default=None)


def start() -> Server:
    """Make a cluster and start it on a free loopback port. Raises `NoServer` with the reason."""
    programs = binaries()
    if programs is None:
        raise NoServer("PostgreSQL's server is not installed (Debian: apt-get install postgresql)")
    identity = _identity()
    folder = Path(tempfile.mkdtemp(prefix="lumbung-postgres-"))
    password = secrets.token_hex(12)
    (folder / "password").write_text(password)
    if identity:
        for path in (folder, folder / "password"):
            os.chown(path, identity["user"], identity["group"])
    made = subprocess.run(
        [
            *(programs / "initdb", "-D", folder / "data", "-U", "lumbung", "--pwfile", folder / "password"),
            *("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync"),
        ],
        check=False,
        capture_output=True,
        cwd=folder,
        **identity,
    )
    if made.returncode:
        shutil.rmtree(folder, ignore_errors=True)
        raise NoServer(f"initdb failed: {made.stderr.decode(errors='replace').strip()}")
    port = _free_port()
    options = [part for setting in _SETTINGS for part in ("-c", setting)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [programs / "postgres", "-D", folder / "data", "-p", str(port), *options],
            stdout=log,
            stderr=log,
            cwd=folder,
            start_new_session=True,
            **identity,
        )
    for _ in range(300):
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            process.returncode = 0  # it outlives this object: `stop` ends it, by its number
            return Server(folder=folder, pid=process.pid, port=port, password=password)
    process.kill()
    process.wait()
    words = (folder / "log").read_text(errors="replace")[-500:]
    shutil.rmtree(folder, ignore_errors=True)
    raise NoServer(f"the server did not start: {words}")


def stop(server: Server) -> None:
    """End the server at once and remove its folder."""
    with suppress(ProcessLookupError):
        os.kill(server.pid, signal.SIGQUIT)
    for _ in range(100):
        with suppress(ChildProcessError):  # it may be another worker's child
            os.waitpid(server.pid, os.WNOHANG)
        try:
            os.kill(server.pid, 0)
        except ProcessLookupError:
            break
        time.sleep(0.05)
    shutil.rmtree(server.folder, ignore_errors=True)


def _identity() -> dict[str, int]:
    """PostgreSQL refuses to run as root: as whom it runs then."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": user.pw_uid, "group": user.pw_gid}
    raise NoServer("no user `postgres` or `nobody` to run PostgreSQL as")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
