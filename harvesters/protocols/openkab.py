"""Counts of inhabitants from the web interface of OpenSID's gatherer for a regency (OpenKab): never a person.

`GET /api/v1/statistik-web/penduduk?filter[id]=agama` answers in JSON:API with one item for each category: `nama`,
`jumlah`, `laki_laki`, `perempuan`. Rows of totals stand among the categories and are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from harvesters.adapter import SourceUnavailable
from harvesters.databases.opensid_counts import Counts
from harvesters.databases.opensid_questions import UNSAID
from harvesters.protocols.foreign import at_pointer
from harvesters.wire.addresses import clean_url
from harvesters.wire.answers import ask
from harvesters.wire.fetcher import Fetcher
from metadata.terms import Bilingual

STATISTICS = {
    "kelompok_umur": "rentang-umur",
    "pendidikan": "pendidikan-dalam-kk",
    "pekerjaan": "pekerjaan",
    "agama": "agama",
    "status_perkawinan": "status-perkawinan",
}
"""By trait, the name under which the interface has its counts."""

_PATH = "/api/v1/statistik-web/penduduk"
_TOTALS = ("JUMLAH", "TOTAL")
_SIZE = 500
_MOST_PAGES = 100
_FEW, _SHARE = 20, 0.02
"""How many persons of an area and sex one statistic may lack, in numbers and as a share."""
_SEXES = {"laki_laki": "LAKI-LAKI", "perempuan": "PEREMPUAN"}
_LEVELS = {2: "kode_kecamatan", 3: "kode_desa"}
"""By the dots in a code of Kemendagri, the filter that takes it."""


class NoCounts(SourceUnavailable):
    """What came are no counts of persons."""

    code = "opensid.no_counts"
    text = Bilingual(
        id="{location} tidak memberi hitungan penduduk yang dapat dipakai ({reason}). Periksa alamat OpenKab dan "
        "wilayahnya.",
        en="{location} gives no counts of inhabitants that can be used ({reason}). Check the OpenKab's address and "
        "the areas.",
    )


class OpenKab:
    """Asks one installation. `dotted` says that it takes codes as 35.22.01 rather than as 352201."""

    def __init__(self, location: str, fetcher: Fetcher, *, headers: Mapping[str, str], dotted: bool) -> None:
        self._base, self._fetcher = location.strip().rstrip("/").removesuffix("/api/v1"), fetcher
        self._headers, self._dotted = dict(headers), dotted

    def counts(self, traits: Sequence[str], areas: Sequence[str]) -> list[Counts]:
        """For each trait how many there are by area, category and sex; one area named `""` when none is asked for.

        All of them count the same persons: the few whom one statistic has and another lacks, because they came while
        it was asked or because the trait is not recorded, are those "of whom it is not recorded". Raises `NoCounts`
        when they are more than that, and what the fetcher does.
        """
        found = [self._of_trait(trait, areas) for trait in traits]
        margins = [_margins(counts) for counts in found]
        for counts, own in zip(found, margins, strict=True):
            for area, sex in sorted(set().union(*margins)):
                most = max(one.get((area, sex), 0) for one in margins)
                lacking = most - own.get((area, sex), 0)
                if lacking > max(_FEW, most * _SHARE):
                    reason = f"{area or '-'}, {sex}: {most} ≠ {own.get((area, sex), 0)}"
                    raise NoCounts(location=clean_url(self._base), reason=reason)
                if lacking:
                    counts[area, UNSAID, sex] = counts.get((area, UNSAID, sex), 0) + lacking
        return list(found)

    def _of_trait(self, trait: str, areas: Sequence[str]) -> dict[tuple[str, str, str], int]:
        found: dict[tuple[str, str, str], int] = {}
        for area in areas or [""]:
            for category, sex, count in self._of_area(trait, area):
                found[area, category, sex] = found.get((area, category, sex), 0) + count
        return found

    def _of_area(self, trait: str, area: str) -> Iterator[tuple[str, str, int]]:
        asked = {"filter[id]": STATISTICS[trait], "page[size]": str(_SIZE)}
        if area:
            asked[f"filter[{_LEVELS[area.count('.')]}]"] = area if self._dotted else area.replace(".", "")
        for page in range(1, _MOST_PAGES + 1):
            url = f"{self._base}{_PATH}?{urlencode(asked | {'page[number]': str(page)})}"
            answer = ask(self._fetcher, url, headers=self._headers).json()
            items = answer.get("data") if isinstance(answer, dict) else None
            if not isinstance(items, list) or answer.get("success") is False:
                raise NoCounts(location=clean_url(url), reason="tanpa / without “data”")
            for item in items:
                yield from _split(item, clean_url(url))
            pages = at_pointer(answer, "/meta/pagination/total_pages")
            if not items or not isinstance(pages, int) or page >= pages:
                return


def _margins(counts: Counts) -> dict[tuple[str, str], int]:
    """How many there are by area and sex."""
    sums: dict[tuple[str, str], int] = {}
    for (area, _, sex), count in counts.items():
        sums[area, sex] = sums.get((area, sex), 0) + count
    return sums


def _split(item: Any, location: str) -> Iterator[tuple[str, str, int]]:
    """A category's counts by sex; whoever is of neither is one of whom it is not recorded."""
    said = item.get("attributes", item) if isinstance(item, dict) else {}
    category = " ".join(str(said.get("nama") or "").split()).upper()
    if category in _TOTALS:
        return
    counts = [said.get(member) for member in ("jumlah", *_SEXES)]
    numbers = [one for one in counts if isinstance(one, int) and not isinstance(one, bool) and one >= 0]
    if not category or len(numbers) != len(counts) or numbers[0] < numbers[1] + numbers[2]:
        raise NoCounts(location=location, reason=f"“{category[:60]}”: {counts}"[:200])
    rest = numbers[0] - numbers[1] - numbers[2]
    for sex, count in zip((*_SEXES.values(), UNSAID), (*numbers[1:], rest), strict=True):
        if count or sex != UNSAID:
            yield category, sex, count
