"""The lists of agencies and themes: names or dictionaries, sorted, chosen and cut as CKAN does."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from portal.api.faults import InvalidParameter
from portal.api.parameters import Parameters

MOST_NAMES = 1000
MOST_DICTIONARIES = 25
_SORT = re.compile(r"(name|title|package_count|packages)(?:\s+(asc|desc))?\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entry:
    """One agency or theme."""

    name: str
    title: str
    count: int
    dictionary: dict[str, Any]


def listed(entries: list[Entry], parameters: Parameters, *, chosen: str) -> list[Any]:
    """The entries that the parameters ask for; `chosen` is the parameter that lists the wanted names."""
    wanted = set(parameters.texts(chosen))
    if wanted:
        entries = [entry for entry in entries if entry.name in wanted]
    field, descending = _sorting(parameters.text("sort") or parameters.text("order_by"))
    entries = sorted(entries, key=lambda entry: entry.name)
    entries.sort(key=lambda entry: _key(entry, field), reverse=descending)
    whole = parameters.flag("all_fields")
    most = MOST_DICTIONARIES if whole else MOST_NAMES
    offset = parameters.integer("offset", 0)
    entries = entries[offset : offset + min(parameters.integer("limit", most), MOST_NAMES)]
    return [entry.dictionary for entry in entries] if whole else [entry.name for entry in entries]


def _sorting(text: str) -> tuple[str, bool]:
    if not text.strip():
        return "title", False
    found = _SORT.match(text.strip())
    if found is None:
        raise InvalidParameter("sort", "Cannot sort by this; use name, title or package_count with asc or desc")
    field = "package_count" if found[1].lower() == "packages" else found[1].lower()
    # CKAN sorts by counts from the largest unless told otherwise.
    return field, (found[2] or ("desc" if field == "package_count" else "asc")).lower() == "desc"


def _key(entry: Entry, field: str) -> tuple[int, str]:
    if field == "package_count":
        return entry.count, ""
    return 0, entry.name if field == "name" else entry.title.casefold()
