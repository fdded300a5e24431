"""Answers of strangers as values: JSON and XML taken apart within bounds, or a plain word on what came instead."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from harvesters import faults
from harvesters.adapter import SourceUnavailable
from harvesters.protocols.foreign import tidy
from harvesters.wire.addresses import clean_url
from metadata.mistakes import syntax_mistake
from metadata.terms import Bilingual

if TYPE_CHECKING:
    from lxml.etree import _Element

    from harvesters.wire.fetcher import Fetcher

_PAGE = re.compile(rb"^(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
_DECLARATION = re.compile(rb"<!\s*(?:doctype|entity)", re.I)
_DECLARES = Bilingual(
    "di dalamnya ada deklarasi DOCTYPE atau ENTITY, yang tidak dibuka demi keamanan",
    "it declares a DOCTYPE or an ENTITY, which is not opened, for safety",
)


class AnswerUnreadable(SourceUnavailable):
    """What came is not of the form that this kind of source speaks."""

    code = "source.answer_unreadable"
    text = Bilingual(
        id="Jawaban {location} tidak dapat dibaca sebagai {wanted}: {reason}. Periksa alamatnya; jika sudah benar, "
        "sistemnya sedang bermasalah.",
        en="The answer of {location} cannot be read as {wanted}: {reason}. Check its address; if it is right, the "
        "system is in trouble.",
    )


def ask(
    fetcher: Fetcher,
    url: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    data: bytes | None = None,
) -> Answer:
    """The whole answer of `url`. Raises a `FetchFailed` for any status but success (2xx)."""
    response = fetcher.session.request(method, url, headers=dict(headers or {}), data=data)
    if not 200 <= response.status_code < 300:
        raise faults.Refused(location=clean_url(url), status=response.status_code)
    return Answer(clean_url(url), response.content, response.headers)


class Answer:
    """The body of an answer with its headers; `location` is its address without secrets."""

    __slots__ = ("content", "headers", "location")

    def __init__(self, location: str, content: bytes, headers: Mapping[str, str]) -> None:
        self.location, self.content, self.headers = location, content, headers

    @property
    def is_page(self) -> bool:
        """Whether it is a web page."""
        return _PAGE.match(self.content[:100_000]) is not None

    def json(self, *, exact: bool = False) -> Any:
        """The value, every text in it harmless; `exact` keeps fractions as decimals. Raises `AnswerUnreadable`."""
        return parse_json(self.content, self.location, exact=exact)

    def xml(self) -> _Element:
        """The root element. Raises `AnswerUnreadable`."""
        return parse_xml(self.content, self.location)


def parse_json(content: bytes, location: str, *, exact: bool = False) -> Any:
    """The value of JSON in any Unicode, every text in it harmless, no number infinite. Raises `AnswerUnreadable`.

    `exact` gives fractions as `Decimal`, with every digit that was sent.
    """
    try:
        text = content.decode(json.detect_encoding(content))
        fraction = Decimal if exact else float
        return tidy(json.loads(text, parse_constant=lambda _name: None, parse_float=fraction))
    except (ValueError, RecursionError) as error:
        raise AnswerUnreadable(location=location, wanted="JSON", reason=_reason(content, error, "JSON")) from error


def parse_xml(content: bytes, location: str) -> _Element:
    """The root of an XML document without any declaration of types or entities. Raises `AnswerUnreadable`."""
    from lxml import etree  # late: only sources that speak XML need it

    refuse_declarations(content, location)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise AnswerUnreadable(location=location, wanted="XML", reason=_reason(content, error, "XML")) from error


def refuse_declarations(content: bytes, location: str) -> None:
    """Raises `AnswerUnreadable` for XML with a DOCTYPE or entities, in whatever Unicode they are written."""
    if _DECLARATION.search(content.replace(b"\0", b"")):
        raise AnswerUnreadable(location=location, wanted="XML", reason=_DECLARES)


def _reason(content: bytes, error: Exception, wanted: str) -> Bilingual:
    if _PAGE.match(content[:100_000]):
        return Bilingual("yang datang adalah halaman web", "a web page came instead")
    if not content.strip():
        return Bilingual("isinya kosong", "it is empty")
    return syntax_mistake(error, wanted)
