"""The records of a REST API, page after page, until it has no more; what it says is checked against what it gives."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin

from harvesters.adapter import FetchFailed
from harvesters.faults import Refused
from harvesters.protocols import apiplan
from harvesters.protocols.apiplan import JsonOptions, Success
from harvesters.protocols.foreign import at_pointer
from harvesters.protocols.links import may_follow
from harvesters.secrets import fill
from harvesters.wire.addresses import clean_url
from harvesters.wire.answers import Answer, AnswerUnreadable, ask
from harvesters.wire.fetcher import Fetcher
from metadata.terms import Bilingual

MOST_PAGES = 10_000
_LINK = re.compile(r"<([^>]*)>\s*;[^,<]*\brel=\"?next\b", re.IGNORECASE)
_NO = ("error", "err", "fail", "failed", "failure", "gagal", "ng", "false")
_MESSAGES = ("message", "pesan", "msg", "error", "keterangan")


class ApiSaysNo(FetchFailed):
    """The API answers, with success as HTTP has it, that it has failed."""

    code = "json.says_no"
    text = Bilingual(
        id="{location} menjawab bahwa permintaan gagal: {message}.",
        en="{location} answers that the request failed: {message}.",
    )


class FewerThanTold(FetchFailed):
    """The pages ended before the announced number of records was reached, or did not end at all."""

    code = "json.fewer_than_told"
    text = Bilingual(
        id="{location} menyatakan ada {told} baris, tetapi hanya memberi {given}. Periksa cara paging sumber ini.",
        en="{location} says that there are {told} records but gave {given}. Check how this source pages.",
    )


class RecordsMoved(FetchFailed):
    """Another number of records was announced on the way: what was gathered is no state that the API ever had."""

    code = "json.records_moved"
    text = Bilingual(
        id="Data di {location} berubah ketika dibaca (dari {before} menjadi {after} baris). Panen berikutnya akan "
        "mengambilnya.",
        en="The data of {location} changed while they were read (from {before} to {after} records). The next harvest "
        "will take them.",
    )


class Records:
    """The records of one dataset of an API; `asked` becomes the first address that was asked, without secrets."""

    def __init__(self, location: str, options: JsonOptions, fetcher: Fetcher) -> None:
        self._location, self._options, self._fetcher = location, options, fetcher
        self._pointer = options.records
        self.asked = ""

    def read(self, template: str, values: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        """Every record at the addresses of `template`. Raises `AnswerUnreadable`, `ApiSaysNo`, `FewerThanTold`, …"""
        paging = self._options.paging
        given, longest, position, last = 0, 0, paging.first, ""
        told: int | None = None
        address: str | None = self._address(template, values, position)
        for _ in range(MOST_PAGES):
            if address is None:
                self._complete(told, given)
                return
            self.asked = self.asked or clean_url(address)
            try:
                answer = ask(self._fetcher, address, headers=self._headers())
            except Refused as fault:
                if given and paging.style in ("page", "offset") and fault.notice.params.get("status") == 404:
                    self._complete(told, given)
                    return  # for some there is no page after the last
                raise
            value = answer.json()
            self._judge(answer, value)
            rows = self._rows(answer, value)
            mark = hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()
            repeated = mark == last and bool(rows)  # who knows no paging gives the same again and again
            if not repeated:
                yield from rows
                given += len(rows)
            longest, last = max(longest, len(rows)), mark
            before, told = told, self._total(value)
            if before is not None and told != before:
                raise RecordsMoved(location=self.asked, before=before, after="?" if told is None else told)
            over = repeated or not rows or paging.style == "none" or (told is not None and given >= told)
            if over or (told is None and paging.style in ("page", "offset") and len(rows) < longest):
                self._complete(told, given)
                return
            position += len(rows) if paging.style == "offset" else 1
            address = self._next(answer, value, template, values, position)
        raise FewerThanTold(location=self.asked, told=f"> {MOST_PAGES} halaman / pages", given=given)

    def _complete(self, told: int | None, given: int) -> None:
        if told is not None and given < told:
            raise FewerThanTold(location=self.asked, told=told, given=given)

    def _next(self, answer: Answer, value: Any, template: str, values: Mapping[str, str], position: int) -> str | None:
        paging = self._options.paging
        if paging.style in ("page", "offset"):
            return self._address(template, values, position)
        said = at_pointer(value, paging.next) if paging.next else None
        if paging.style == "link" and not paging.next:
            found = _LINK.search(str(answer.headers.get("Link", "")))
            said = found[1] if found else None
        if said in (None, "", False):
            return None
        if paging.style == "cursor":
            return self._address(template, values, position, cursor=str(said))
        address = urljoin(self._address(template, values, position), str(said))
        if not may_follow(address, self._location, ()):
            raise AnswerUnreadable(location=answer.location, wanted="JSON", reason=f"next = {clean_url(address)}")
        return address

    def _address(self, template: str, values: Mapping[str, str], position: int, cursor: str | None = None) -> str:
        paging = self._options.paging
        query: dict[str, Any] = dict(self._options.query)
        if paging.size_parameter and paging.size:
            query[paging.size_parameter] = paging.size
        if paging.style in ("page", "offset") and "{halaman}" not in template:
            query[paging.parameter] = position
        if cursor is not None:
            query[paging.parameter] = cursor
        return apiplan.address(self._location, template, {**values, "halaman": str(position)}, query)

    def _headers(self) -> dict[str, str]:
        filled = {name: fill(value) for name, value in self._options.headers.items()}
        return {"Accept": "application/json", **filled}

    def _judge(self, answer: Answer, value: Any) -> None:
        if not says_yes(value, self._options.success):
            said = [at_pointer(value, self._options.success.message)] if self._options.success.message else []
            said += [value.get(name) for name in _MESSAGES] if isinstance(value, dict) else []
            message = next((one for one in said if isinstance(one, str) and one.strip()), "-")
            raise ApiSaysNo(location=answer.location, message=" ".join(message.split())[:300])

    def _rows(self, answer: Answer, value: Any) -> list[dict[str, Any]]:
        from metadata.reading.json_records import find_records  # late: only this kind asks it

        if self._pointer is None and len(found := find_records(value)) == 1:
            self._pointer = found[0].pointer  # where the first page has its records, the others have theirs
        pointer = self._pointer
        listed = at_pointer(value, pointer or "")
        if listed in (None, "", {}, []):  # BPS has "" and others null where there is nothing
            return []
        if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
            reason = f"“{pointer or '/'}” bukan daftar objek / not a list of objects"
            raise AnswerUnreadable(location=answer.location, wanted="JSON", reason=reason)
        return [self._named(one) for one in listed]

    def _named(self, record: dict[str, Any]) -> dict[str, Any]:
        """The record under the declared names; a pointer such as `/instansi/nama` takes what stands deeper in it."""
        chosen, keep = self._options.rename, self._options.keep
        deep = dict.fromkeys(name for name in (*keep, *chosen) if name.startswith("/"))
        taken_apart = {name.split("/")[1] for name in deep}
        wanted = {name for name in record if name in keep} if keep else record.keys() - taken_apart
        made = {chosen.get(name, name): one for name, one in record.items() if name in wanted}
        return made | {chosen.get(name, name.rpartition("/")[2]): at_pointer(record, name) for name in deep}

    def _total(self, value: Any) -> int | None:
        said = at_pointer(value, self._options.total) if self._options.total else None
        return int(said) if isinstance(said, int | str) and re.fullmatch(r"\d{1,9}", str(said)) else None


def says_yes(value: Any, wanted: Success) -> bool:
    """Whether an answer means success: by the declared member, else unless it says in a usual one that it failed."""
    if wanted.pointer:
        accepted = {_plain(one) for one in wanted.values}
        return _plain(at_pointer(value, wanted.pointer)) in accepted
    if not isinstance(value, dict):
        return True
    said = [_plain(value.get(name)) for name in ("status", "success", "sukses", "ok")]
    return not any(one in _NO or re.fullmatch(r"[45]\d\d", one) for one in said)


def _plain(value: Any) -> str:
    return str(value).strip().casefold()
