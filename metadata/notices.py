"""What the pipeline has to say about a file: a code, a place, and words in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from metadata.terms import Bilingual

Param = str | int | float | tuple[str, ...] | tuple[int, ...] | Bilingual

_TEXTS: dict[str, Bilingual] = {}


def declare(code: str, *, id: str, en: str) -> str:  # noqa: A002 - the language's own name
    """Register the words of `code`, with `{params}` in them, and give the code back."""
    text = Bilingual(id=id, en=en)
    if _TEXTS.get(code, text) != text:
        raise ValueError(f"notice {code!r} is declared twice with different words")
    _TEXTS[code] = text
    return code


def declared() -> Mapping[str, Bilingual]:
    """Every declared code with its words; the documentation test reads it."""
    return dict(_TEXTS)


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file: rows and columns count from 1 as a spreadsheet shows them; None is "not known"."""

    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None

    def say(self, language: str) -> str:
        """The place in words, e.g. `pdrb.xlsx, lembar 2024, baris 3, kolom Nilai`; empty when nothing is known."""
        sheet, row, column = ("sheet", "row", "column") if language == "en" else ("lembar", "baris", "kolom")
        parts = [
            self.file,
            f"{sheet} {self.sheet}" if self.sheet else None,
            f"{row} {self.row}" if self.row else None,
            f"{column} {self.column}" if self.column else None,
        ]
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing found or done: a repair, a doubt, a fault. `params` fill the declared words."""

    code: str
    place: Place = field(default_factory=Place)
    params: Mapping[str, Param] = field(default_factory=dict)

    def say(self, language: str) -> str:
        """The notice in words, the place first. An undeclared code says itself rather than raising."""
        text = _TEXTS.get(self.code)
        shown = {key: _shown(value, language) for key, value in self.params.items()}
        words = text.say(language).format_map(_Lenient(shown)) if text else self.code
        where = self.place.say(language)
        return f"{where}: {words}" if where else words

    def as_dict(self) -> dict[str, Any]:
        """A JSON-ready form: code, place (known parts only), params and both texts."""
        place = {key: value for key in ("file", "sheet", "row", "column") if (value := getattr(self.place, key))}
        params = {key: _plain(value) for key, value in self.params.items()}
        return {"code": self.code, "place": place, "params": params, "id": self.say("id"), "en": self.say("en")}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Notice:
        """The inverse of `as_dict`; the texts are made anew from the declared words."""
        params = {key: _param(value) for key, value in dict(data.get("params", {})).items()}
        return cls(code=data["code"], place=Place(**data.get("place", {})), params=params)


class _Lenient(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"


def _plain(value: Param) -> Any:
    if isinstance(value, Bilingual):
        return {"id": value.id, "en": value.en}
    return list(value) if isinstance(value, tuple) else value


def _param(value: Any) -> Param:
    if isinstance(value, dict):
        return Bilingual(str(value.get("id", "")), str(value.get("en", "")))
    return tuple(value) if isinstance(value, list) else value


def _shown(value: Param, language: str) -> str:
    if isinstance(value, Bilingual):
        return value.say(language)
    if not isinstance(value, tuple):
        return str(value)
    head = ", ".join(str(item) for item in value[:8])
    return f"{head}, … ({len(value)})" if len(value) > 8 else head
