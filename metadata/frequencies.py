"""How often a dataset is renewed: the words of the offices, the codes of DCAT, and days to tell when one is late."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from metadata import vocabularies
from metadata.terms import Bilingual

EU = "http://publications.europa.eu/resource/authority/frequency/"
"""The authority table to which `Frequency.eu_code` belongs; DCAT-AP wants its terms in `dct:accrualPeriodicity`."""


@dataclass(frozen=True, slots=True)
class Frequency:
    """A rhythm. `days` is its length, None where there is none; `iso8601` a repeating interval such as R/P1Y."""

    slug: str
    title: Bilingual
    eu_code: str
    iso8601: str | None
    days: int | None


def every() -> tuple[Frequency, ...]:
    """All rhythms, the quickest first."""
    return tuple(_by_slug().values())


def match(text: str | None) -> Frequency | None:
    """The rhythm meant by a word, a DCAT address or an ISO 8601 interval; None when it is not known."""
    if not text or not text.strip():
        return None
    found = _spellings().get(vocabularies.key(text.strip().rsplit("/frequency/", 1)[-1]))
    return _by_slug()[found] if found else None


@cache
def _by_slug() -> dict[str, Frequency]:
    return {
        row["slug"]: Frequency(
            slug=row["slug"],
            title=Bilingual(row["title_id"], row["title_en"]),
            eu_code=row["eu_code"],
            iso8601=row["iso8601"] or None,
            days=int(row["days"]) if row["days"] else None,
        )
        for row in vocabularies.rows("frequencies")
    }


@cache
def _spellings() -> dict[str, str]:
    return vocabularies.index(
        (
            (
                row["slug"],
                row["title_id"],
                row["title_en"],
                row["eu_code"],
                *([row["iso8601"], row["iso8601"][2:]] if row["iso8601"] else []),
                *vocabularies.words(row["aliases"]),
            ),
            row["slug"],
        )
        for row in vocabularies.rows("frequencies")
    )
