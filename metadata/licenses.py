"""The licences that a dataset may carry, by their Open Definition ids, and how portals write them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from metadata import vocabularies
from metadata.terms import Bilingual

NOT_STATED = "notspecified"
OWN_DEFAULT = "CC-BY-4.0"


@dataclass(frozen=True, slots=True)
class License:
    """A licence. `is_open` is the judgement of the Open Definition; `url` is None for the unnamed ones."""

    id: str
    title: Bilingual
    url: str | None
    is_open: bool


def every() -> tuple[License, ...]:
    """All licences in the order in which a form shows them."""
    return tuple(_by_id().values())


def get(license_id: str) -> License:
    """The licence of that id; an unknown id is "licence not stated", never an invented one."""
    return _by_id().get(license_id) or _by_id()[NOT_STATED]


def match(text: str | None) -> License | None:
    """The licence meant by an id, a title or an address as some portal writes it; None when it is not known."""
    if not text or not text.strip():
        return None
    address = re.sub(r"^https?://(www\.)?|/(deed\.\w+|legalcode)?$|/$", "", text.strip().casefold())
    found = _addresses().get(address.rstrip("/")) or _spellings().get(vocabularies.key(text))
    if found is None and "opendefinition.org/licenses/" in address:
        return match(address.rsplit("/", 1)[-1])
    return _by_id()[found] if found else None


@vocabularies.table
def _by_id() -> dict[str, License]:
    return {
        row["id"]: License(
            row["id"], Bilingual(row["title_id"], row["title_en"]), row["url"] or None, row["open"] == "yes"
        )
        for row in vocabularies.rows("licenses")
    }


@vocabularies.table
def _spellings() -> dict[str, str]:
    return vocabularies.index(
        (
            ((row["id"], row["title_id"], row["title_en"], *vocabularies.words(row["aliases"])), row["id"])
            for row in vocabularies.rows("licenses")
        ),
        yielding=vocabularies.added("licenses", "id"),
    )


@vocabularies.table
def _addresses() -> dict[str, str]:
    return {
        re.sub(r"^https?://(www\.)?", "", row["url"].casefold()).rstrip("/"): row["id"]
        for row in vocabularies.rows("licenses")
        if row["url"]
    }
