"""A real WebDAV server over a folder, with or without a password, as WsgiDAV has it."""

from __future__ import annotations

import threading
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from cheroot import wsgi
from wsgidav.wsgidav_app import WsgiDAVApp


class WebdavPeer:
    """`with WebdavPeer(folder, user="opd", password="x") as cloud: cloud.url`; `mount` is the folder's path there."""

    def __init__(self, folder: Path, *, user: str = "", password: str = "", mount: str = "/dav") -> None:
        users: Any = {user: {"password": password}} if user else True
        self.seen: list[tuple[str, str]] = []
        app = WsgiDAVApp(
            {
                "provider_mapping": {mount: {"root": str(folder), "readonly": True}},
                "simple_dc": {"user_mapping": {"*": users}},
                "http_authenticator": {"accept_basic": True, "accept_digest": False, "default_to_digest": False},
                "lock_storage": None,
                "property_manager": None,
                "hotfixes": {},
                "verbose": 0,
                "logging": {"enable": False},
            }
        )

        def counted(environ: dict[str, Any], start: Any) -> Any:
            self.seen.append((environ["REQUEST_METHOD"], environ["PATH_INFO"]))
            return app(environ, start)

        self._server = wsgi.Server(("127.0.0.1", 0), counted)
        self._server.prepare()
        self._thread = threading.Thread(target=self._server.serve, daemon=True)
        self._mount = mount

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._server.bind_addr[1]}"

    @property
    def url(self) -> str:
        return f"{self.origin}{self._mount}/"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.stop()
        self._thread.join(timeout=5)
