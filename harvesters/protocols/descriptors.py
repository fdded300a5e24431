"""Data Package descriptors of strangers, rebuilt from the members we know: what they say, and where their files are."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, cast
from urllib.parse import quote, unquote

from harvesters.protocols.foreign import at_pointer
from metadata import licenses
from metadata.about import About, ColumnAbout
from metadata.names import slug
from metadata.reading.table import FieldType, ReadHints

LONGEST = 20_000
"""Characters of a text that are taken over."""
_TYPES = ("string", "integer", "number", "boolean", "date", "datetime", "time", "year")
_SDI = {
    "konsep": "concept",
    "definisi": "definition",
    "klasifikasi": "classification",
    "ukuran": "measure",
    "satuan": "unit",
    "frekuensi": "frequency",
    "metode": "method",
    "kodeReferensi": "reference_code",
}
_PLAN = "plan:"


@dataclass(frozen=True, slots=True)
class Part:
    """Where the bytes of a resource are, and what they are said to be: the `location` of a remote file, packed.

    `where` is an address or a local path, `member` a path in that archive, `inline` the data themselves.
    """

    where: str
    member: str | None = None
    inline: str | None = None
    hash: str | None = None
    size: int | None = None

    def packed(self) -> str:
        """As one text."""
        return _PLAN + quote(json.dumps(asdict(self)))

    @classmethod
    def unpacked(cls, location: str) -> Part:
        """The inverse of `packed`."""
        return cls(**json.loads(unquote(location.removeprefix(_PLAN))))


@dataclass(frozen=True, slots=True)
class Listed:
    """One resource of a package. `path` is a relative path or an address, None when the data stand in `inline`."""

    name: str
    path: str | None
    inline: Any
    title: str | None
    description: str | None
    format: str
    hash: str | None
    size: int | None
    hints: ReadHints


def about_of(package: Mapping[str, Any]) -> About:
    """What a descriptor says of the whole. People among the contributors are left out."""
    licence = next(iter(_objects(package.get("licenses"))), {})
    origin = next(iter(_objects(package.get("sources"))), {})
    known = next(filter(None, (licenses.match(_text(licence.get(key))) for key in ("name", "path", "title"))), None)
    said = {member: _text(at_pointer(package, f"/lumbung:sdi/{key}")) for key, member in _SDI.items()}
    stated = known.id if known else _text(licence.get("title")) or _text(licence.get("name"))
    extras = package.get("lumbung:extras")
    return About(
        title=_text(package.get("title")),
        description=_text(package.get("description")),
        keywords=_texts(package.get("keywords")),
        themes=_texts(package.get("lumbung:themes")),
        license=None if stated == licenses.NOT_STATED else stated,
        homepage=_address(package.get("homepage")),
        version=_text(package.get("version")),
        regions=_texts(package.get("lumbung:regions")),
        source_title=_text(origin.get("title")),
        source_path=_address(origin.get("path")),
        columns=_columns(package),
        extras={str(key): text for key, one in extras.items() if (text := _text(one))}
        if isinstance(extras, dict)
        else {},
        **cast(Any, {member: text for member, text in said.items() if text}),
    )


def publisher_of(package: Mapping[str, Any]) -> str | None:
    """The office that publishes it, by its title."""
    for one in _objects(package.get("contributors")):
        roles = one.get("roles") if isinstance(one.get("roles"), list) else [one.get("role")]
        if "publisher" in (roles or ()) and (title := _text(one.get("title"))):
            return title[:300]
    return None


def resources_of(package: Mapping[str, Any]) -> Iterator[Listed]:
    """Its resources in their order, each under a name of its own. One in several parts has no `path`."""
    taken: set[str] = set()
    for number, one in enumerate(_objects(package.get("resources")), 1):
        name = slug(_text(one.get("name")) or f"data-{number}")
        while name in taken:
            name = f"{name}-{number}"
        taken.add(name)
        path, size = one.get("path"), one.get("bytes")
        yield Listed(
            name=name,
            path=_only(path),
            inline=one.get("data"),
            title=_text(one.get("title")),
            description=_text(one.get("description")),
            format=re.sub(r"[^a-z0-9]", "", str(one.get("format") or "").lower())[:8],
            hash=_text(one.get("hash")),
            size=size if isinstance(size, int) and not isinstance(size, bool) and size >= 0 else None,
            hints=_hints(one),
        )


def _only(path: Any) -> str | None:
    """A path, or the one path of a list."""
    one = path[0] if isinstance(path, list) and len(path) == 1 else path
    return one if isinstance(one, str) else None


def _hints(resource: Mapping[str, Any]) -> ReadHints:
    encoding = _text(resource.get("encoding"))
    delimiter = at_pointer(resource, "/dialect/delimiter") or at_pointer(resource, "/dialect/csv/delimiter")
    types = {
        str(field["name"]): cast(FieldType, field["type"])
        for field in _objects(at_pointer(resource, "/schema/fields"))
        if isinstance(field.get("name"), str) and field.get("type") in _TYPES
    }
    marks = {str(field.get("decimalChar") or ".") for field in _objects(at_pointer(resource, "/schema/fields"))}
    return ReadHints(
        decimal="," if marks == {","} else "." if marks else None,  # Table Schema: a point where nothing else is said
        encoding=encoding if encoding and _is_encoding(encoding) else None,
        delimiter=delimiter if isinstance(delimiter, str) and len(delimiter) == 1 else None,
        types=types,
    )


def _columns(package: Mapping[str, Any]) -> dict[str, ColumnAbout]:
    found: dict[str, ColumnAbout] = {}
    for resource in _objects(package.get("resources")):
        for field in _objects(at_pointer(resource, "/schema/fields")):
            title, description, unit = (_text(field.get(key)) for key in ("title", "description", "unit"))
            if isinstance(field.get("name"), str) and (title or description or unit):
                found.setdefault(field["name"], ColumnAbout(title=title, description=description, unit=unit))
    return found


def _is_encoding(name: str) -> bool:
    try:
        codecs.lookup(name)
    except (LookupError, ValueError):
        return False
    return True


def _objects(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _text(value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return str(value).strip()[:LONGEST] or None


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for one in value if (text := _text(one)))) if isinstance(value, list) else ()


def _address(value: Any) -> str | None:
    text = _text(value)
    return text if text and re.match(r"https?://\S+$", text) else None
