"""Addresses as names: what file an address stands for, by what key it is known, and whether it may be followed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from harvesters.faults import AddressForbidden
from harvesters.folders import matches, title_of_name
from harvesters.wire.addresses import clean_url, origin

_ENDING = re.compile(r"\.[A-Za-z0-9]{1,8}$")
_LONGEST_KEY = 500  # the column's
_SAYS_NOTHING = """
unduh unduhan download downloads lihat klik di sini disini here link tautan file berkas open buka view data dan and csv
xls xlsx ods json xml zip pdf kml geojson format mb kb gb ukuran size selengkapnya detail
"""
_WORDLESS = frozenset(_SAYS_NOTHING.split())
"""Words of a link that say nothing of what it leads to."""


def filename_of(url: str, name: str = "", declared: str = "") -> str:
    """The name in the address if it has an ending, else the file's own, else one made of the declared format."""
    last = unquote(urlsplit(url).path.rpartition("/")[2])
    for candidate in (last, name):
        if _ENDING.search(candidate):
            return candidate
    return f"{name or last or 'berkas'}.{declared}" if re.fullmatch(r"[a-z0-9]{1,8}", declared) else name or last


def key_of(url: str, base: str) -> str:
    """By what a file at `url` is known in a source at `base`: path and query, the whole address on another origin."""
    parts = urlsplit(clean_url(url))
    path = unquote(parts.path).lstrip("/") + (f"?{parts.query}" if parts.query else "")
    key = path if origin(url) == origin(base) and path else clean_url(url)
    return shortened(key)


def shortened(key: str) -> str:
    """`key` within the length of its column; a longer one ends in a hash of the whole."""
    digest = hashlib.sha256(key.encode()).hexdigest()
    return key if len(key) <= _LONGEST_KEY else f"{key[: _LONGEST_KEY - 65]}~{digest}"


def title_of_link(text: str, filename: str) -> str:
    """The words of a link when they say something, else those of its file's name."""
    words = " ".join(text.split())
    said = set(re.findall(r"[^\W\d_]+", words.lower()))
    if said <= _WORDLESS or words.endswith("..>") or _ENDING.search(words) or len(words) < 4:
        return title_of_name(filename)
    return words[:300]


def may_follow(url: str, base: str, hosts: Iterable[str]) -> bool:
    """Whether a link is on the origin of `base` or on one of `hosts` (shell patterns). Guards come on top of this."""
    try:
        if origin(url) == origin(base):
            return True
    except AddressForbidden:
        return False
    return matches(urlsplit(url).hostname or "", tuple(hosts))
