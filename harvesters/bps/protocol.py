"""The BPS WebAPI as it really answers: every trouble comes under status 200, and lists come ten items a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from harvesters import faults
from harvesters.adapter import FetchFailed, SourceUnavailable
from harvesters.secrets import fill
from harvesters.wire.answers import ask
from harvesters.wire.fetcher import Fetcher
from metadata.errors import LumbungError
from metadata.terms import Bilingual

MOST_PAGES = 2_000
_BAD_KEY = re.compile(r"not allowed|re-?check your key|invalid.*key", re.IGNORECASE)
_TOO_MANY_YEARS = re.compile(r"maximum allowed number of years.*?\bis (\d+)", re.IGNORECASE)
_NOTHING = ("list-not-available", "not-available", "unavailable")


class KeyRefused(SourceUnavailable):
    """The key is not (or no longer) valid: no use in asking anything else."""

    code = "bps.key_refused"
    text = Bilingual(
        id="BPS menolak kunci WebAPI sumber ini. Periksa kuncinya di webapi.bps.go.id, perbarui di lingkungan "
        "(environment), lalu jalankan ulang layanannya.",
        en="BPS refuses the WebAPI key of this source. Check it at webapi.bps.go.id, renew it in the environment, and "
        "restart the service.",
    )


class AccessBlocked(SourceUnavailable):
    """The firewall before the API refuses us (status 403), whatever the key: asking on would only prolong it."""

    code = "bps.blocked"
    text = Bilingual(
        id="Sistem keamanan BPS memblokir akses ke {location} (bukan soal kunci). Panen sumber ini dihentikan; coba "
        "lagi nanti, dan jika berulang hubungi BPS dengan menyebut alamat server ini.",
        en="The security system of BPS blocks access to {location} (not a matter of the key). The harvest of this "
        "source is stopped; try again later, and if it persists, tell BPS the address of this server.",
    )


class SaysError(FetchFailed):
    """An error of which nothing more is known than its words."""

    code = "bps.says_error"
    text = Bilingual(
        id="BPS menjawab {location} dengan kesalahan: “{message}”.",
        en="BPS answers {location} with an error: “{message}”.",
    )


class WindowTooLarge(FetchFailed):
    """More years or cells at once than the API gives; `allowed` years are, when it says so."""

    code = "bps.window_too_large"
    text = Bilingual(
        id="BPS tidak memberikan {location}: datanya terlalu besar, bahkan bila diminta sebagian-sebagian.",
        en="BPS does not give {location}: the data are too large, even when asked for piece by piece.",
    )
    allowed: int | None = None


class NotTheProtocol(FetchFailed):
    """JSON, but not of the documented form."""

    code = "bps.not_the_protocol"
    text = Bilingual(
        id="Jawaban {location} tidak berbentuk seperti yang didokumentasikan BPS. Periksa alamatnya, atau laporkan.",
        en="The answer of {location} does not have the form that BPS documents. Check its address, or report it.",
    )


class BpsApi:
    """Asks one BPS address for one domain. After a refusal that concerns everything, nothing more is sent."""

    def __init__(self, base: str, *, key: str, domain: str, language: str, fetcher: Fetcher) -> None:
        self._base, self._key, self._domain, self._language = base.strip().rstrip("/"), key, domain, language
        self._fetcher = fetcher
        self._refused: LumbungError | None = None

    def location(self, call: str, **asked: object) -> str:
        """The address of a call without the key, in the query form (WebAPI documentation)."""
        model = {"model": asked.pop("model")} if "model" in asked else {}
        query = model | {"lang": self._language, "domain": self._domain} | asked
        return f"{self._base}/{call}?{urlencode(query, safe=';:')}"

    def ask(self, call: str, **asked: object) -> dict[str, Any] | None:
        """The body of an answer, None for "nothing there".

        Raises `KeyRefused`, `AccessBlocked`, `WindowTooLarge`, `SaysError`, `NotTheProtocol` and what the fetcher does.
        """
        if self._refused is not None:
            raise self._refused
        location = self.location(call, **asked)
        try:
            answer = ask(self._fetcher, f"{location}&{urlencode({'key': fill(self._key)})}").json()
            return _judged(answer, location)
        except faults.Refused as fault:
            if fault.notice.params.get("status") != 403:
                raise
            self._refused = AccessBlocked(location=location)
            raise self._refused from fault
        except KeyRefused as fault:
            self._refused = fault
            raise

    def items(self, model: str, **asked: object) -> Iterator[dict[str, Any]]:
        """Every item of a list, page after page, until the last page, an empty one, or one seen before."""
        firsts: list[dict[str, Any]] = []
        for page in range(1, MOST_PAGES + 1):
            answer = self.ask("list", model=model, **asked, page=page)
            if answer is None:
                return
            told, items = _page(answer, self.location("list", model=model, **asked, page=page))
            if not items or items[0] in firsts:
                return
            firsts.append(items[0])
            yield from items
            if page >= told:
                return
        raise NotTheProtocol(location=self.location("list", model=model, **asked))


def _judged(answer: Any, location: str) -> dict[str, Any] | None:
    if answer is None:  # a bare `null`: what was asked for is too large
        raise WindowTooLarge(location=location)
    if not isinstance(answer, dict):
        raise NotTheProtocol(location=location)
    if str(answer.get("status")).lower() != "ok":
        message = " ".join(str(answer.get("message") or answer.get("status") or "?").split())[:300]
        if found := _TOO_MANY_YEARS.search(message):
            fault = WindowTooLarge(location=location)
            fault.allowed = max(1, int(found[1][:4]))
            raise fault
        raise (
            KeyRefused(location=location) if _BAD_KEY.search(message) else SaysError(location=location, message=message)
        )
    return None if answer.get("data-availability") in _NOTHING else answer


def _page(answer: dict[str, Any], location: str) -> tuple[int, list[dict[str, Any]]]:
    """The number of pages told, and the items of this one: `[{pages, …}, [items]]`."""
    match answer.get("data"):
        case [dict() as about, list() as items]:
            told = about.get("pages")
            pages = int(told) if isinstance(told, int) or (isinstance(told, str) and told.isdigit()) else 1
            return pages, [one for one in items if isinstance(one, dict)]
    raise NotTheProtocol(location=location)
