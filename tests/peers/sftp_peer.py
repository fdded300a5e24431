"""A real SSH server on the loopback that shows one folder by SFTP, to one account, from a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import asyncssh

USER, PASSWORD = "pemanen", "sandi-sftp-0417"


class SftpPeer:
    """`with SftpPeer(folder) as peer:` serves `folder` as `/`; `while_reading` is called at each piece that is read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._host_key = asyncssh.generate_private_key("ssh-ed25519")
        self.client_key = asyncssh.generate_private_key("ssh-ed25519")
        self.fingerprint = self._host_key.get_fingerprint()
        self.host_line = self._host_key.export_public_key().decode().strip()
        self.while_reading: Callable[[], None] = lambda: None
        self.port = 0
        self.logins = 0
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    @property
    def location(self) -> str:
        return f"sftp://127.0.0.1:{self.port}"

    @property
    def private_key(self) -> str:
        return self.client_key.export_private_key().decode()

    async def _serve(self) -> None:
        peer, self._loop, self._over = self, asyncio.get_running_loop(), asyncio.Event()

        class Server(asyncssh.SSHServer):
            def begin_auth(self, username: str) -> bool:
                peer.logins += 1
                return True

            def password_auth_supported(self) -> bool:
                return True

            def validate_password(self, username: str, password: str) -> bool:
                return (username, password) == (USER, PASSWORD)

            def public_key_auth_supported(self) -> bool:
                return True

            def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
                return username == USER and key.get_fingerprint() == peer.client_key.get_fingerprint()

        class Files(asyncssh.SFTPServer):
            def __init__(self, channel: Any) -> None:
                super().__init__(channel, chroot=str(peer.folder).encode())

            def read(self, file_obj: Any, offset: int, size: int) -> Any:
                peer.while_reading()
                return super().read(file_obj, offset, size)

        listener = await asyncssh.create_server(
            Server, "127.0.0.1", 0, server_host_keys=[self._host_key], sftp_factory=Files
        )
        self.port = listener.get_port()
        self._ready.set()
        await self._over.wait()
        listener.close()

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(timeout=5)
