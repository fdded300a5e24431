"""Folders behind SSH: one judged address, a host whose key is pinned, nothing of this machine's own SSH settings."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import time
from collections.abc import Callable, Coroutine, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, TypeVar, cast
from urllib.parse import unquote, urlsplit

from requests import PreparedRequest

from harvesters import faults
from harvesters.adapter import FetchFailed, SourceUnavailable
from harvesters.wire.addresses import clean_url, is_public, origin
from harvesters.wire.fetcher import Fetcher
from harvesters.wire.own_loop import OwnLoop
from harvesters.wire.session import Limits
from metadata.terms import Bilingual

if TYPE_CHECKING:
    import asyncssh

T = TypeVar("T")
CHUNK = 256 * 1024
_ENCODING, _ERRORS = "utf-8", "surrogateescape"


class HostKeyDiffers(SourceUnavailable):
    """The host shows another key than the pinned one: another machine, or somebody in between."""

    code = "sftp.host_key_differs"
    text = Bilingual(
        id="Server {location} menunjukkan kunci {found}, bukan {expected}. Tanyakan kepada pengelolanya apakah "
        "kuncinya memang diganti; hanya jika benar, perbarui opsi host_key.",
        en="Server {location} shows the key {found}, not {expected}. Ask whoever runs it whether the key was changed; "
        "only if so, renew the option host_key.",
    )


class LoginRefused(SourceUnavailable):
    """The user, the password or the key are not accepted."""

    code = "sftp.login_refused"
    text = Bilingual(
        id="Server {location} menolak pengguna “{user}”. Periksa sandi atau kuncinya di lingkungan (environment).",
        en="Server {location} refuses user “{user}”. Check the password or the key in the environment.",
    )


@dataclass(frozen=True, slots=True)
class Login:
    """Who we are there, and who they must be. `key` is a private key as text; one of `password` and `key` is given."""

    user: str
    host_key: str
    password: str | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class SftpEntry:
    """A file or folder below the root; `path` is relative, bytes that are no UTF-8 kept by surrogates."""

    path: str
    folder: bool
    size: int | None
    modified: int | None

    @property
    def state(self) -> str:
        """Size and time of change as a mark."""
        return f"{self.size} {self.modified}"


class SftpFolder:
    """An open connection, seen from the folder that the location names. Used by one thread."""

    def __init__(self, runner: OwnLoop, client: asyncssh.SFTPClient, root: str, where: str, limits: Limits) -> None:
        self._runner, self._client, self._root, self._where, self._limits = runner, client, root, where, limits
        self._end = time.monotonic() + limits.total

    def entries(self, path: str) -> list[SftpEntry]:
        """What a folder holds, by name; links are passed over, since they may lead anywhere."""
        return self._ask(self._entries(path))

    def state(self, path: str) -> SftpEntry:
        """A file as it is now."""
        return self._ask(self._state(path))

    def chunks(self, path: str, size: int) -> Generator[bytes, None, None]:
        """The bytes of a file of which `size` were announced, and at most a piece more than that."""
        opened: asyncssh.SFTPClientFile = self._ask(self._open(path))
        try:
            at = 0
            while at <= size and (data := cast(bytes, self._ask(opened.read(CHUNK, at)))):
                yield data
                at += len(data)
        finally:
            self._ask(opened.close())

    async def _open(self, path: str) -> asyncssh.SFTPClientFile:
        return await self._client.open(self._full(path), "rb", encoding=None)

    async def _entries(self, path: str) -> list[SftpEntry]:
        import asyncssh  # late: only this kind of source needs it

        found = []
        async for one in self._client.scandir(self._full(path)):
            name, attrs = str(one.filename), one.attrs
            folder = attrs.type == asyncssh.FILEXFER_TYPE_DIRECTORY
            if name not in (".", "..") and (folder or attrs.type == asyncssh.FILEXFER_TYPE_REGULAR):
                found.append(SftpEntry(f"{path}/{name}".lstrip("/"), folder, attrs.size, attrs.mtime))
        return sorted(found, key=lambda one: one.path)

    async def _state(self, path: str) -> SftpEntry:
        attrs = await self._client.lstat(self._full(path))
        return SftpEntry(path, folder=False, size=attrs.size, modified=attrs.mtime)

    def _full(self, path: str) -> str:
        return str(PurePosixPath(self._root) / path) if path else self._root

    def _ask(self, question: Coroutine[Any, Any, T]) -> T:
        if time.monotonic() > self._end:
            question.close()
            raise faults.TookTooLong(location=self._where, seconds=round(self._limits.total))
        with _in_plain_words(self._where, self._limits.idle):
            return self._runner.run(asyncio.wait_for(question, self._limits.idle))


@contextmanager
def opened_folder(fetcher: Fetcher, location: str, login: Login) -> Iterator[SftpFolder]:
    """Connects to `sftp://host[:port]/folder`; a path that begins with `~` is below the user's home there.

    Raises `AddressForbidden`, `HostKeyDiffers`, `LoginRefused`, and the faults of a connection.
    """
    import asyncssh  # late: only this kind of source needs it

    where, limits = clean_url(location), fetcher.limits
    address, port = _judged(fetcher, location)
    path = unquote(urlsplit(location).path, errors=_ERRORS) or "/"
    if path.startswith("/~"):
        path = path.removeprefix("/~").lstrip("/") or "."
    expected = fingerprint(login.host_key)
    shown: list[str] = []

    class Client(asyncssh.SSHClient):
        def validate_host_public_key(self, host: str, addr: str, port: int, key: asyncssh.SSHKey) -> bool:  # noqa: ARG002
            shown.append(key.get_fingerprint())
            return shown[-1] == expected

    async def connect() -> tuple[asyncssh.SSHClientConnection, asyncssh.SFTPClient]:
        connection = await asyncssh.connect(
            address,
            port,
            client_factory=Client,
            known_hosts=([], [], []),
            username=login.user,
            password=login.password,
            client_keys=[asyncssh.import_private_key(login.key)] if login.key else None,
            preferred_auth="publickey" if login.key else "password,keyboard-interactive",
            agent_path=None,
            config=None,
            gss_host=None,
            connect_timeout=limits.connect,
            login_timeout=limits.idle,
        )
        return connection, await connection.start_sftp_client(path_encoding=_ENCODING, path_errors=_ERRORS)

    with OwnLoop() as runner:
        try:
            with _in_plain_words(where, limits.idle):
                connection, client = runner.run(connect())
        except asyncssh.HostKeyNotVerifiable as error:
            found = shown[-1] if shown else "-"
            raise HostKeyDiffers(location=where, found=found, expected=expected) from error
        except (asyncssh.PermissionDenied, asyncssh.KeyImportError) as error:
            raise LoginRefused(location=where, user=login.user) from error
        try:
            yield SftpFolder(runner, client, path, where, limits)
        finally:
            connection.abort()
            runner.run(connection.wait_closed())


def patiently(fetcher: Fetcher, location: str, attempt: Callable[[], T]) -> T:
    """What comes of `attempt`, tried again while that may help and the host is not left alone."""
    asked = PreparedRequest()
    asked.url = location
    return fetcher.session.patiently(asked, attempt, attempts=fetcher.limits.attempts)


def fingerprint(host_key: str) -> str:
    """The SHA-256 fingerprint of a pinned key, given as such or as a line of a known_hosts file.

    Raises `ValueError` for anything else.
    """
    import asyncssh  # late: only this kind of source needs it

    text = host_key.strip()
    if text.startswith("SHA256:"):
        return text.rstrip("=")
    words = text.split()
    kind = next((at for at, word in enumerate(words) if word.startswith(("ssh-", "ecdsa-"))), None)
    if kind is None or kind + 1 >= len(words):
        raise ValueError("host_key: SHA256:… atau baris / or a line “ssh-ed25519 AAAA…”")
    try:
        return asyncssh.import_public_key(" ".join(words[kind : kind + 2])).get_fingerprint()
    except asyncssh.KeyImportError as error:
        raise ValueError("host_key tidak terbaca / cannot be read") from error


def _judged(fetcher: Fetcher, location: str) -> tuple[str, int]:
    """The address to connect to: resolved once, judged, and no name is asked about again."""
    own = origin(location)
    parts = urlsplit(location)
    host, port = parts.hostname or "", parts.port or 22
    fetcher.session.take_turn(own)
    try:
        found = [str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except OSError as error:
        raise faults.CannotConnect(location=clean_url(location)) from error
    inside = fetcher.session.is_internal(own)
    for address in found:
        if inside or is_public(ipaddress.ip_address(address.partition("%")[0])):
            return address, port
    raise faults.AddressForbidden(location=clean_url(location))


@contextmanager
def _in_plain_words(where: str, idle: float) -> Iterator[None]:
    import asyncssh  # late: only this kind of source needs it

    try:
        yield
    except (asyncssh.HostKeyNotVerifiable, asyncssh.PermissionDenied, asyncssh.KeyImportError):
        raise
    except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath) as error:
        raise faults.FolderMissing(location=where) from error
    except asyncssh.SFTPError as error:
        raise FetchFailed(location=where, reason=str(error)[:200]) from error
    except TimeoutError as error:
        raise faults.TooSlow(location=where, seconds=round(idle)) from error
    except (OSError, asyncssh.Error) as error:
        raise faults.CannotConnect(location=where) from error
