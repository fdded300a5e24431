"""A MariaDB server for one test run, from Debian's binaries: own folder, own port, gone with the run."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pymysql

_SETTINGS = (
    *("--bind-address=127.0.0.1", "--skip-name-resolve", "--skip-log-bin", "--character-set-server=utf8mb4"),
    *("--innodb-buffer-pool-size=32M", "--innodb-flush-log-at-trx-commit=0", "--innodb-doublewrite=0"),
)


class NoServer(Exception):
    """MariaDB cannot be started here; the text says why."""


@dataclass(frozen=True)
class Server:
    """A running server: its port, and the password of `lumbung`, who may do everything."""

    port: int
    password: str

    def url(self, database: str, user: str = "lumbung", password: str | None = None) -> str:
        """The address of one of its databases."""
        return f"mysql+pymysql://{user}:{password or self.password}@127.0.0.1:{self.port}/{database}"

    def connect(self, database: str | None = None) -> pymysql.Connection[pymysql.cursors.Cursor]:
        """A connection that commits by itself and takes several statements at once."""
        return pymysql.connect(
            host="127.0.0.1",
            port=self.port,
            user="lumbung",
            password=self.password,
            database=database,
            autocommit=True,
            client_flag=pymysql.constants.CLIENT.MULTI_STATEMENTS,
        )

    def run(self, script: str, database: str | None = None) -> None:
        """Run the statements of `script`."""
        connection = self.connect(database)
        with connection, connection.cursor() as cursor:
            cursor.execute(script)
            while cursor.nextset():
                pass

    def new_database(self) -> str:
        """A fresh database; its name."""
        name = f"uji_{uuid4().hex}"
        self.run(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
        return name


@contextmanager
def running() -> Iterator[Server]:
    """A server while the block lasts. Raises `NoServer` with the reason."""
    programs = [shutil.which(name, path="/usr/sbin:/usr/bin:/usr/local/bin") for name in _PROGRAMS]
    daemon, install = programs
    if daemon is None or install is None:
        raise NoServer("MariaDB's server is not installed (Debian: apt-get install mariadb-server-core)")
    folder = Path(tempfile.mkdtemp(prefix="lumbung-mariadb-"))
    process = None
    try:
        user = _user(folder)
        data = folder / "data"
        arguments = ["--no-defaults", f"--datadir={data}", *([f"--user={user}"] if user else [])]
        made = subprocess.run(
            [install, *arguments, "--auth-root-authentication-method=normal", "--skip-test-db"],
            check=False,
            capture_output=True,
            cwd=folder,
        )
        if made.returncode:
            raise NoServer(f"mariadb-install-db failed: {made.stderr.decode(errors='replace').strip()[-500:]}")
        server = Server(_free_port(), secrets.token_hex(12))
        first = folder / "first.sql"
        first.write_text(
            f"ALTER USER root@localhost IDENTIFIED BY '{server.password}';\n"
            f"CREATE USER lumbung@'127.0.0.1' IDENTIFIED BY '{server.password}';\n"
            "GRANT ALL ON *.* TO lumbung@'127.0.0.1' WITH GRANT OPTION;\n"
        )
        first.chmod(0o644)
        places = [f"--port={server.port}", f"--socket={folder}/s", f"--pid-file={data}/pid", f"--init-file={first}"]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen([daemon, *arguments, *_SETTINGS, *places], stdout=log, stderr=log, cwd=folder)
        _wait(process, server.port, folder / "log")
        yield server
    finally:
        if process is not None:
            process.kill()
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)


_PROGRAMS = ("mariadbd", "mariadb-install-db")


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(300):
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise NoServer(f"the server did not start: {log.read_text(errors='replace')[-500:]}")


def _user(folder: Path) -> str | None:
    """MariaDB refuses to run as root unless told as whom: whose folder it is then."""
    if os.geteuid() != 0:
        return None
    for name in ("mysql", "nobody"):
        try:
            identity = pwd.getpwnam(name)
        except KeyError:
            continue
        os.chown(folder, identity.pw_uid, identity.pw_gid)
        return name
    raise NoServer("no user `mysql` or `nobody` to run MariaDB as")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
