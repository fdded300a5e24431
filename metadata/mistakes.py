"""What libraries object to, in our words and both languages: members of a wrong kind, texts that do not parse."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from metadata.terms import Bilingual

if TYPE_CHECKING:
    from pydantic import ValidationError

_KINDS = {
    "string": Bilingual("harus teks dalam tanda kutip", "has to be a text in quotation marks"),
    "int": Bilingual("harus bilangan bulat", "has to be a whole number"),
    "float": Bilingual("harus bilangan", "has to be a number"),
    "bool": Bilingual("harus true atau false", "has to be true or false"),
    "list": Bilingual("harus daftar dalam kurung siku", "has to be a list in square brackets"),
    "tuple": Bilingual("harus daftar dalam kurung siku", "has to be a list in square brackets"),
    "dict": Bilingual("harus tabel nama dan nilai", "has to be a table of names and values"),
    "model": Bilingual("harus tabel nama dan nilai", "has to be a table of names and values"),
    "date": Bilingual("harus tanggal, misalnya 2024-12-31", "has to be a date, such as 2024-12-31"),
}
_WORDS = {
    "missing": Bilingual("wajib diisi", "is required"),
    "extra_forbidden": Bilingual("tidak dikenal", "is not known"),
    "string_too_short": Bilingual("terlalu pendek", "is too short"),
    "string_too_long": Bilingual("terlalu panjang, paling banyak {max_length} huruf", "is longer than {max_length}"),
    "string_pattern_mismatch": Bilingual("bentuknya harus {pattern}", "has to look like {pattern}"),
    "literal_error": Bilingual("harus salah satu dari {expected}", "has to be one of {expected}"),
    "enum": Bilingual("harus salah satu dari {expected}", "has to be one of {expected}"),
    "greater_than": Bilingual("harus lebih dari {gt}", "has to be more than {gt}"),
    "greater_than_equal": Bilingual("paling sedikit {ge}", "has to be at least {ge}"),
    "less_than": Bilingual("harus kurang dari {lt}", "has to be less than {lt}"),
    "less_than_equal": Bilingual("paling banyak {le}", "has to be at most {le}"),
    "too_short": Bilingual("paling sedikit {min_length} isian", "has to have at least {min_length} entries"),
    "too_long": Bilingual("paling banyak {max_length} isian", "may have at most {max_length} entries"),
}
_FAMILY = re.compile(r"(string|int|float|bool|list|tuple|dict|model|date)_\w+")
_AT = re.compile(r"\(?at line (\d+), column (\d+)\)?|line (\d+) column (\d+)|line (\d+), column (\d+)")


def first_mistake(error: ValidationError) -> tuple[tuple[int | str, ...], Bilingual]:
    """Where the first thing is that pydantic objects to, and what would be right there."""
    first = error.errors(include_url=False, include_input=False)[0]
    return first["loc"], _words(first["type"], dict(first.get("ctx", {})), first["msg"])


def syntax_mistake(error: Exception, kind: str) -> Bilingual:
    """Where a text that is to be `kind` (TOML, JSON, XML) does not parse."""
    found = _AT.search(str(error))
    if isinstance(error, UnicodeDecodeError):
        return Bilingual("bukan teks UTF-8", "not a text in UTF-8")
    if found is None:
        return Bilingual(f"bukan {kind} yang lengkap", f"no complete {kind}")
    line, column = (part for part in found.groups() if part is not None)
    return Bilingual(
        f"penulisan {kind} keliru pada baris {line}, kolom {column}",
        f"the {kind} is wrong at line {line}, column {column}",
    )


def _words(kind: str, context: dict[str, Any], said: str) -> Bilingual:
    words, family = _WORDS.get(kind), _FAMILY.fullmatch(kind)
    if words is not None:
        shown = {name: str(value).replace(" or ", ", ") for name, value in context.items()}
        return Bilingual(words.id.format_map(shown), words.en.format_map(shown))
    if family is not None:
        return _KINDS[family.group(1)]
    own = said.removeprefix("Value error, ")  # raised by a check of ours, in words of its own
    return Bilingual(own, own)
