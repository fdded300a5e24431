"""A real SMTP server (aiosmtpd) that keeps what it takes, refuses whom it is told to, and can be cut off."""

from __future__ import annotations

from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller


class MailServer:
    """Listens on 127.0.0.1 while its block lasts; `refuse` maps an address to the answer it gets."""

    def __init__(self, port: int = 0) -> None:
        self.got: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.refuse: dict[str, str] = {}
        self.taken: Callable[[], None] = lambda: None
        name = "surel.contoh.go.id"
        self._controller = _Quick(self, hostname="127.0.0.1", port=port, ready_timeout=10, server_hostname=name)

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        """Take or refuse a recipient."""
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """Keep a letter."""
        told = message_from_bytes(envelope.content, policy=default)
        assert isinstance(told, EmailMessage)
        self.got.append(told)
        self.recipients.append(list(envelope.rcpt_tos))
        self.taken()
        return "250 OK"

    def __enter__(self) -> MailServer:
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()

    @property
    def url(self) -> str:
        """The setting that names it."""
        return f"smtp://127.0.0.1:{self._controller.port}"


class _Quick(Controller):
    """One that finds its own port."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]
