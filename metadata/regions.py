"""The regions of an installation by code, and the one that a name in some office's spelling means."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Literal

from rapidfuzz import fuzz, process

from metadata import vocabularies

Kind = Literal["provinsi", "kabupaten", "kota", "kecamatan", "desa", "kelurahan"]
System = Literal["kemendagri", "bps"]

LEVELS: dict[str, int] = {"provinsi": 0, "kabupaten": 1, "kota": 1, "kecamatan": 2, "desa": 3, "kelurahan": 3}

SURE = 88.0
"""The likeness (0-100) from which a misspelt name counts; `AHEAD` is how much farther off the second best must be."""
AHEAD = 4.0
SHORTEST = 5
"""Names with fewer letters must be right to the letter: Malo is not Balen, and Sekar is next to Sekaran."""

_TYPE_WORDS: tuple[tuple[str, frozenset[str]], ...] = (
    (r"(?:kabupaten|kab)\.?\s*[/ ]\s*kota", frozenset({"kabupaten", "kota"})),
    (r"(?:desa|ds)\.?\s*[/ ]\s*(?:kelurahan|kel)", frozenset({"desa", "kelurahan"})),
    (r"provinsi|propinsi|prov|prop", frozenset({"provinsi"})),
    (r"kabupaten|kab", frozenset({"kabupaten"})),
    (r"kotamadya|kodya|kota", frozenset({"kota"})),
    (r"kecamatan|kec", frozenset({"kecamatan"})),
    (r"kelurahan|kel", frozenset({"kelurahan"})),
    (r"desa|ds", frozenset({"desa"})),
)


@dataclass(frozen=True, slots=True)
class Region:
    """A region. `code` is Kemendagri's with dots, `parent` the code above it, `bps_code` what BPS calls it.

    `aliases` are other spellings, BPS' among them.
    """

    code: str
    name: str
    kind: str
    parent: str | None
    bps_code: str | None = None
    aliases: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The name with the word for its kind: Kabupaten Bojonegoro, Desa Luwihaji."""
        return f"{self.kind.capitalize()} {self.name}"


class Regions:
    """A list of regions, found by code and by name. Make it with `load`."""

    def __init__(self, regions: Iterable[Region]) -> None:
        self._by_code = {region.code: region for region in regions}

    def __iter__(self) -> Iterator[Region]:
        return iter(self._by_code.values())

    def __len__(self) -> int:
        return len(self._by_code)

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def get(self, code: str) -> Region | None:
        """The region of that Kemendagri code, written with dots."""
        return self._by_code.get(code)

    def children(self, code: str) -> tuple[Region, ...]:
        """The regions right below `code`, in order of their codes."""
        return tuple(region for region in self if region.parent == code)

    def path(self, code: str) -> tuple[Region, ...]:
        """The region and those above it, the highest first; empty when the code is not known."""
        above: list[Region] = []
        region = self._by_code.get(code)
        while region is not None and region not in above:
            above.append(region)
            region = self._by_code.get(region.parent) if region.parent else None
        return tuple(reversed(above))

    def by_code(self, text: str, system: System | None = None) -> Region | None:
        """The region that a code as written means: with or without dots, `3522.0` of a spreadsheet included.

        Kemendagri and BPS agree down to the regency and differ below it (35.22.22 is 3522010). Without a `system` a
        code that means one region here and another there means none.
        """
        digits = re.sub(r"\.0$", "", text.strip()) if re.fullmatch(r"\s*\d{2,4}\.0\s*", text) else text
        digits = re.sub(r"[.\s]", "", digits)
        if not digits.isascii() or not digits.isdigit():
            return None
        found = {
            name: table[digits]
            for name, table in (("kemendagri", self._kemendagri), ("bps", self._bps))
            if digits in table and system in (None, name)
        }
        return next(iter(found.values())) if len({region.code for region in found.values()}) == 1 else None

    def match(self, name: str, kind: str | Collection[str] | None = None, within: str | None = None) -> Region | None:
        """The one region that `name` means; None when it is unknown or could be several.

        Case, punctuation, blanks and words such as "Kab." or "Kecamatan" do not matter, small misspellings neither.
        `kind` (one or several) and `within` (a code) narrow the choice. A type word in the name counts as a kind:
        "Malang" alone is a regency and a city, and refused; "Kab. Malang" is one.
        """
        said, bare = _without_type_word(name)
        wanted = frozenset([kind] if isinstance(kind, str) else kind) if kind else None
        kinds = wanted & said if wanted and said and wanted & said else said or wanted
        choice = self._choice(kinds, within)
        squeezed = _squeeze(bare)
        for spellings in (choice.names, choice.aliases):
            found = {region.code: region for region in spellings.get(squeezed, ())}
            if found:
                return next(iter(found.values())) if len(found) == 1 else None
        return _nearest(squeezed, choice.names)

    @cached_property
    def _kemendagri(self) -> dict[str, Region]:
        return {region.code.replace(".", ""): region for region in self}

    @cached_property
    def _bps(self) -> dict[str, Region]:
        return {region.bps_code: region for region in self if region.bps_code}

    @cached_property
    def _choices(self) -> dict[tuple[frozenset[str] | None, str | None], _Choice]:
        return {}

    def _choice(self, kinds: frozenset[str] | None, within: str | None) -> _Choice:
        wanted = (kinds, within)
        if wanted not in self._choices:
            self._choices[wanted] = _Choice(
                region
                for region in self
                if (kinds is None or region.kind in kinds)
                and (within is None or region.code == within or region.code.startswith(f"{within}."))
            )
        return self._choices[wanted]


class _Choice:
    """The regions that come into question, by squeezed name and by squeezed alias."""

    def __init__(self, regions: Iterable[Region]) -> None:
        self.names: dict[str, list[Region]] = {}
        self.aliases: dict[str, list[Region]] = {}
        for region in regions:
            self.names.setdefault(_squeeze(region.name), []).append(region)
            for alias in region.aliases:
                self.aliases.setdefault(_squeeze(alias), []).append(region)


def load(path: Path | None = None) -> Regions:
    """The region list that comes with the house, or an installation's own CSV file with the same columns."""
    return _load(path)


def match(
    name: str,
    kind: str | Collection[str] | None = None,
    within: str | None = None,
    *,
    regions: Regions | None = None,
) -> Region | None:
    """See `Regions.match`; on the list that comes with the house unless another is given."""
    return (regions or load()).match(name, kind, within)


def kinds_in(text: str) -> frozenset[str]:
    """The kinds that a column's header speaks of: "Kabupaten/Kota" is two, "nama_kecamatan" one, "Jumlah" none."""
    normal = re.sub(r"[_\s]+", " ", text.casefold())
    for pattern, kinds in _TYPE_WORDS:
        if re.search(rf"\b(?:{pattern})\b", normal):
            return kinds | {"kelurahan"} if kinds == {"desa"} else kinds
    return frozenset()


@cache
def _load(path: Path | None) -> Regions:
    return Regions(
        Region(
            code=row["code"],
            name=row["name"],
            kind=row["kind"],
            parent=row["parent"] or None,
            bps_code=row.get("bps_code") or None,
            aliases=vocabularies.words(row.get("aliases", "")),
        )
        for row in vocabularies.rows("regions", path)
    )


def _without_type_word(name: str) -> tuple[frozenset[str] | None, str]:
    """The kinds that a leading (or bracketed) type word names, and the name without it and without list numbers."""
    text = re.sub(r"^\s*(?:\d{1,3}\s*[.)]\s*|[.\-–•*]+\s*)", "", name.casefold()).strip()
    for pattern, kinds in _TYPE_WORDS:
        if found := re.match(rf"(?:{pattern})\b[.\s:]*(?=\S)", text):
            return kinds, text[found.end() :]
        if found := re.search(rf"[,(]\s*(?:{pattern})\.?\s*\)?$", text):
            return kinds, text[: found.start()]
    return None, text


def _squeeze(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in decomposed if sign.isalnum())


def _nearest(squeezed: str, names: dict[str, list[Region]]) -> Region | None:
    if len(squeezed) < SHORTEST or not squeezed.isalpha():
        return None
    best = process.extract(squeezed, names.keys(), scorer=fuzz.ratio, limit=2, score_cutoff=SURE - AHEAD)
    if not best or best[0][1] < SURE or (len(best) > 1 and best[0][1] - best[1][1] < AHEAD):
        return None
    regions = names[best[0][0]]
    return regions[0] if len(regions) == 1 else None
