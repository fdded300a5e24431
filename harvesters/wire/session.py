"""A requests session fit for any client library: it judges addresses, follows redirects itself, and has limits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic, sleep
from typing import Any, TypeVar
from urllib.parse import urljoin

import requests
import urllib3.exceptions
from requests import PreparedRequest, Response
from requests_hardened import Config, HTTPSession
from requests_hardened.ip_filter import InvalidIPAddress

from harvesters import faults
from harvesters.adapter import FetchFailed
from harvesters.wire.addresses import InternalAdapter, PublicAdapter, clean_url, origin
from harvesters.wire.circuit import Circuit
from harvesters.wire.deadline import Deadline
from harvesters.wire.discretion import be_discreet
from harvesters.wire.pace import LONGEST_WAIT, Pace, Wait, patiently, retry_after

T = TypeVar("T")

REDIRECTS = 5
_REDIRECT = (301, 302, 303, 307, 308)
_ANYBODYS = ("accept", "accept-encoding", "connection", "depth", "if-modified-since", "if-none-match", "user-agent")
"""Headers that another origin may see too; whatever else was meant for the first may be a credential."""
_RETRIED = ("GET", "HEAD", "PROPFIND")
_NOT_IMPLEMENTED = (501, 505)
_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one exchange: seconds to connect, without a byte, in all; bytes of the unpacked body; attempts.

    Fewer than `slowest` bytes a second within `stretch` seconds are too few.
    """

    connect: float = 5.0
    idle: float = 20.0
    total: float = 900.0
    body: int = 1024 * 1024 * 1024
    answer: int = 64 * 1024 * 1024
    slowest: int = 1024
    stretch: float = 60.0
    attempts: int = 5
    first_wait: float = 1.0


class GuardedSession(HTTPSession):  # type: ignore[misc] # the library is untyped
    """Public addresses only, but for the `internal` origins. Every failure is a `FetchFailed` with a plain reason.

    Answers to `get` and `post` are read whole, up to `limits.answer` bytes; GET is retried, follows redirects anew
    through the same judgement and drops credentials when the origin changes. Nothing of the environment (proxies,
    netrc) is heeded.
    """

    def __init__(
        self,
        *,
        internal: frozenset[str],
        limits: Limits,
        pace: Pace,
        agent: str,
        wait: Wait = sleep,
        circuit: Circuit | None = None,
    ) -> None:
        super().__init__(
            Config(
                ip_filter_enable=False,  # the two adapters mounted below are ours, over the library's
                ip_filter_allow_loopback_ips=False,
                never_redirect=True,
                default_timeout=(limits.connect, limits.idle),
                user_agent_override=agent,
            )
        )
        self.trust_env = False
        be_discreet()
        self.limits, self._pace, self._wait = limits, pace, wait
        self._circuit = circuit or Circuit()
        self.mount("http://", PublicAdapter(is_https_proto=False))
        self.mount("https://", PublicAdapter(is_https_proto=True))
        self._internal, self._internal_adapter = internal, InternalAdapter()

    def get_adapter(self, url: str) -> Any:
        """The adapter by the url's origin, compared as a whole rather than as a prefix of its text."""
        if origin(url) in self._internal:
            return self._internal_adapter
        return super().get_adapter(url)

    def is_internal(self, own: str) -> bool:
        """Whether an administrator has allowed this origin although it may not be public."""
        return own in self._internal

    def take_turn(self, own: str) -> None:
        """Wait until it is polite to ask this origin, whatever the protocol."""
        self._pace.keep(own)

    def close(self) -> None:
        """Close every connection that was kept open."""
        super().close()
        self._internal_adapter.close()

    def get_redirect_target(self, resp: Response) -> None:
        """None: redirects are followed here, not by the library, which would read their bodies without a limit."""

    def send(self, request: PreparedRequest, **kwargs: Any) -> Response:  # noqa: ARG002 - the signature is requests'
        """Send and read the whole answer. Called by `get`, `post` and through them by client libraries."""
        attempts = self.limits.attempts if request.method in _RETRIED else 1

        def exchange() -> Response:
            with self.opened(request) as response:
                chunks = self.body(response, self.limits.answer)
                response._content = b"".join(chunks)
                response._content_consumed = True  # type: ignore[attr-defined]
                return response

        return self.patiently(request, exchange, attempts=attempts)

    def patiently(self, request: PreparedRequest, exchange: Callable[[], T], *, attempts: int) -> T:
        """What comes of the exchange, tried again while that may help, and not at all while its host is left alone."""
        host = origin(request.url or "")
        self._circuit.check(host)
        try:
            result = patiently(exchange, attempts=attempts, first_wait=self.limits.first_wait, wait=self._wait)
        except faults.Transient as fault:
            self._circuit.failed(host, fault, patience=LONGEST_WAIT)
            raise
        except FetchFailed:
            self._circuit.answered(host)
            raise
        self._circuit.answered(host)
        return result

    @contextmanager
    def opened(self, request: PreparedRequest) -> Iterator[Response]:
        """One attempt: the answer with its body unread, under the total limit while the block lasts.

        Raises a `Transient` for 429 and 5xx. Other statuses are the caller's to judge.
        """
        where = clean_url(request.url or "")
        with Deadline(self.limits.total), _in_plain_words(where, self.limits):
            response = self._follow(request)
            try:
                if _is_trouble(response.status_code):
                    fault = faults.ServerTrouble(location=where, status=response.status_code)
                    fault.wait = retry_after(response.headers.get("Retry-After"))
                    raise fault
                yield response
            finally:
                response.close()

    def body(self, response: Response, limit: int) -> Iterator[bytes]:
        """The unpacked body in chunks; `TooLargeToFetch` as soon as it exceeds `limit`, announced or counted."""
        where = clean_url(response.url)
        announced = response.headers.get("Content-Length", "")
        size = int(announced) if announced.isdigit() else 0
        if size > limit:
            raise faults.TooLargeToFetch(location=where, megabytes=limit // 1024**2)
        size, begun, before = 0, monotonic(), 0
        while chunk := response.raw.read1(_CHUNK, decode_content=True):
            size += len(chunk)
            if max(size, received := response.raw.tell()) > limit:
                raise faults.TooLargeToFetch(location=where, megabytes=limit // 1024**2)
            if (passed := monotonic() - begun) > self.limits.stretch:
                if received - before < self.limits.slowest * passed:
                    seconds = round(self.limits.stretch)
                    raise faults.Dripping(location=where, speed=self.limits.slowest, seconds=seconds)
                begun, before = monotonic(), received
            yield chunk
        if Deadline.is_over():
            raise faults.TookTooLong(location=where, seconds=round(self.limits.total))

    def _follow(self, request: PreparedRequest) -> Response:
        for _ in range(REDIRECTS + 1):
            self._pace.keep(origin(request.url or ""))
            response: Response = super().send(
                request, stream=True, allow_redirects=False, timeout=(self.limits.connect, self.limits.idle), proxies={}
            )
            target = requests.Session.get_redirect_target(self, response)
            if response.status_code not in _REDIRECT or target is None or request.method not in _RETRIED:
                return response
            response.close()
            request = _redirected(request, target)
        raise faults.RedirectedTooOften(location=clean_url(request.url or ""))


def _redirected(request: PreparedRequest, target: str) -> PreparedRequest:
    before = origin(request.url or "")
    following = request.copy()
    try:
        following.prepare_url(urljoin(request.url or "", target), None)
    except ValueError as error:  # an address that is none, such as half an IPv6 one
        raise faults.AddressForbidden(location=clean_url(target)) from error
    after = origin(following.url or "")
    if before.startswith("https:") and not after.startswith("https:"):
        raise faults.RedirectedTooOften(location=clean_url(request.url or ""))
    if before != after:
        for name in [name for name in following.headers if name.lower() not in _ANYBODYS]:
            following.headers.pop(name)
    following.headers.pop("Host", None)
    return following


def _is_trouble(status: int) -> bool:
    """Whether it may be gone in a moment: what a server never learnt to do is an answer, not trouble."""
    return status == 429 or (status >= 500 and status not in _NOT_IMPLEMENTED)


@contextmanager
def _in_plain_words(where: str, limits: Limits) -> Iterator[None]:
    """Turns what requests raises into a fault of ours; a deadline that ran out explains whatever broke."""
    try:
        yield
    except (requests.RequestException, urllib3.exceptions.HTTPError, UnicodeError) as error:
        if Deadline.is_over():
            raise faults.TookTooLong(location=where, seconds=round(limits.total)) from error
        raise _fault(error, where, limits) from error


def _fault(error: Exception, where: str, limits: Limits) -> FetchFailed:
    forbidden = (
        InvalidIPAddress,
        requests.exceptions.InvalidURL,
        requests.exceptions.InvalidSchema,
        requests.exceptions.MissingSchema,
        UnicodeError,
    )
    if isinstance(error, forbidden):
        return faults.AddressForbidden(location=where)
    if isinstance(error, requests.exceptions.SSLError):
        return faults.Untrusted(location=where)
    if isinstance(error, requests.exceptions.Timeout) or "Read timed out" in str(error):
        return faults.TooSlow(location=where, seconds=round(limits.idle))
    if isinstance(error, urllib3.exceptions.HTTPError):  # raised bare by a body only
        return faults.Incomplete(location=where)
    return faults.CannotConnect(location=where)
