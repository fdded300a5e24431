"""The bell that wakes workers when work was asked for. It only says "look now": the truth is the table of jobs."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from redis import Redis

CHANNEL = "lumbung:work"
"""Installations that share a Redis wake one another, which harms nothing."""
PATIENCE = 1.0
"""Seconds that Redis may take to answer: whoever asks for work must not wait for a bell."""
QUIET = 15.0
"""Seconds for which a Redis that did not answer is not rung."""

_log = logging.getLogger(__name__)


class Bell(Protocol):
    """Rung after each commit that asked for work."""

    def ring(self) -> None:
        """Wake whoever listens; never fails and never waits long."""

    def listen(self, heard: Callable[[], None], stop: threading.Event) -> None:
        """Call `heard` at each ring until `stop` is set."""


class RedisBell:
    """A bell for many machines over Redis' publish and subscribe. A ring while Redis is away is lost: workers poll."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._client: Redis | None = None
        self._silent_until = 0.0

    def ring(self) -> None:
        """Publish, unless Redis has just been found away."""
        if time.monotonic() < self._silent_until:
            return
        try:
            if self._client is None:
                self._client = self._open()
            self._client.publish(CHANNEL, b"1")
        except Exception as error:  # whatever it is, the work is in the table
            self._silent_until = time.monotonic() + QUIET
            _log.warning("the bell could not be rung (%s); workers look by themselves", type(error).__name__)

    def listen(self, heard: Callable[[], None], stop: threading.Event) -> None:
        """Hear rings; subscribes again whenever Redis comes back, and calls once then for what was missed."""
        away = False
        while not stop.is_set():
            try:
                with self._open() as client, client.pubsub(ignore_subscribe_messages=False) as ear:
                    ear.subscribe(CHANNEL)
                    while not stop.is_set():
                        if ear.get_message(timeout=PATIENCE) is not None:
                            away = False
                            heard()
            except Exception as error:
                if not away:
                    _log.warning("the bell is away (%s); this worker looks by itself", type(error).__name__)
                away = True
                stop.wait(PATIENCE)

    def _open(self) -> Redis:
        from redis import Redis  # late: the extra `redis`, 0.1 s
        from redis.backoff import NoBackoff
        from redis.retry import Retry

        once = Retry(NoBackoff(), 0)
        return Redis.from_url(self._url, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE * 3, retry=once)


def hang(url: str) -> Bell | None:
    """The bell of an installation; None without a Redis."""
    return RedisBell(url) if url else None
