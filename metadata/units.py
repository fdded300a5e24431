"""Units of measurement as offices write them, and the one spelling in which they are published."""

from __future__ import annotations

import re
from dataclasses import dataclass

from metadata import vocabularies

_MEASURES = ("money", "area", "length", "mass", "volume", "yield", "density")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit. `kind` says what it measures; `base` and `factor` turn it into a common one (1 juta rupiah = 10⁶ rupiah).

    `name` is the Indonesian one used in the package; `symbol` is the short form for a chart's axis.
    """

    name: str
    title_en: str
    symbol: str | None
    kind: str
    base: str | None
    factor: float | None

    def say(self, language: str) -> str:
        """The unit in words, in `language`."""
        return self.title_en if language == "en" else self.name


def every() -> tuple[Unit, ...]:
    """All known units."""
    return tuple(_by_name().values())


def match(text: str | None) -> Unit | None:
    """The unit meant by `text`, brackets and case aside; None when it is not known."""
    if not text:
        return None
    found = _spellings().get(_key(text))
    return _by_name()[found] if found else None


def canonical(text: str | None) -> str | None:
    """The published spelling of a unit; an unknown one stays as written, tidied; None for nothing, `-` or `*`."""
    known = match(text)
    if known is not None:
        return known.name
    tidy = " ".join((text or "").split()).strip("()[] ")
    return tidy.lower() if tidy.isupper() and len(tidy) > 3 else tidy if re.search(r"\w", tidy) else None


def in_header(text: str) -> str | None:
    """The unit that ends a header: `luas_panen_ha`, `PDRB (Miliar Rupiah)`; None for "jumlah desa" and "per km2".

    Only measures and persons count without brackets, because "jumlah sekolah" counts schools in no unit of its own.
    """
    if re.search(r"kepadatan.*km(?:2|²|\s*persegi)", text, re.IGNORECASE):
        return "jiwa per km²"
    for bracketed in reversed(re.findall(r"[(\[]([^()\[\]]+)[)\]]", text)):
        if known := match(bracketed):
            return known.name
    parts = re.split(r"[_\s]+", text.strip())
    if re.fullmatch(r"persentase|prosentase", parts[0], re.IGNORECASE):
        return "persen"
    for length in range(min(3, len(parts) - 1), 0, -1):
        known = match(" ".join(parts[-length:]))
        if known and (known.kind in _MEASURES or known.name in ("persen", "jiwa", "orang", "ribu jiwa")):
            return None if parts[-length - 1].casefold() in ("per", "tiap") else known.name
    return None


def say(text: str, language: str) -> str:
    """A published unit in words of `language`; an unknown one says itself."""
    known = match(text)
    return known.say(language) if known else text


def _key(text: str) -> str:
    tidy = " ".join(text.casefold().replace("²", "2").replace("³", "3").split()).strip(" .")
    bare = re.sub(r"\s*/\s*", "/", tidy)
    return bare[1:-1].strip() if re.fullmatch(r"[(\[][^()\[\]]*[)\]]", bare) else bare


@vocabularies.table
def _by_name() -> dict[str, Unit]:
    return {
        row["name"]: Unit(
            name=row["name"],
            title_en=row["title_en"],
            symbol=row["symbol"] or None,
            kind=row["kind"],
            base=row["base"] or None,
            factor=float(row["factor"]) if row["factor"] else None,
        )
        for row in vocabularies.rows("units")
    }


@vocabularies.table
def _spellings() -> dict[str, str]:
    return vocabularies.index(
        (
            (
                filter(None, (row["name"], row["title_en"], row["symbol"], *vocabularies.words(row["aliases"]))),
                row["name"],
            )
            for row in vocabularies.rows("units")
        ),
        key=_key,
        yielding=vocabularies.added("units", "name"),
    )
