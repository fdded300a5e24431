"""What a descriptor from a stranger may say: it is rebuilt from known keys, and whatever reaches outside is refused."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from metadata import vocabularies

MOST_BYTES = 1 << 20
"""Of a descriptor, or of a schema or dialect kept in a file of its own."""
DEEPEST = 32
MOST_RESOURCES = 1_000
MOST_FIELDS = 5_000
LONGEST_PATTERN = 1_000

_KNOWN = {
    name: frozenset(entries)
    for name, entries in tomllib.loads((vocabularies.FOLDER / "descriptor.toml").read_text(encoding="utf-8")).items()
}
STANDARD = "https://datapackage.org/profiles/"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a descriptor is not used: the type of frictionless' error and its note."""

    type: str
    note: str


class Refused(Exception):
    """A descriptor is not used."""

    def __init__(self, type_: str, note: str) -> None:
        self.refusal = Refusal(type_, note)
        super().__init__(note)


def read_descriptor(path: Path) -> dict[str, Any]:
    """The JSON object at `path`, within the limits. Raises `Refused` in frictionless' own words."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Refused("package-error", f'descriptor "{path.name}" is larger than {MOST_BYTES} bytes')
        descriptor = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as reason:
        raise Refused("package-error", f'cannot retrieve metadata "{path}" because "{reason}"') from reason
    if not isinstance(descriptor, dict):
        raise Refused("package-error", f'cannot retrieve metadata "{path}" because "it is not an object"')
    if _depth(descriptor) > DEEPEST:
        raise Refused("package-error", f"descriptor is nested deeper than {DEEPEST} levels")
    return descriptor


def safe_package(descriptor: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """The package rebuilt from the keys that we know. Raises `Refused` for what reaches outside `folder`.

    What is merely wrong (a number for a title, a field without a name) stays as it is: frictionless says it better.
    """
    package = {key: value for key, value in descriptor.items() if key in _KNOWN["package"]}
    _check_profile(package, "package-error")
    resources = package.get("resources")
    if isinstance(resources, list):
        if len(resources) > MOST_RESOURCES:
            raise Refused("package-error", f"package has more than {MOST_RESOURCES} resources")
        package["resources"] = [safe_resource(resource, folder) for resource in resources]
    return package


def safe_resource(descriptor: object, folder: Path) -> Any:
    """One resource rebuilt; see `safe_package`."""
    if isinstance(descriptor, str):
        raise Refused("resource-error", f'resource "{descriptor}" is described elsewhere, which is not followed')
    if not isinstance(descriptor, Mapping):
        return descriptor
    resource = {key: value for key, value in descriptor.items() if key in _KNOWN["resource"]}
    _check_profile(resource, "resource-error")
    for path in _strings(resource.get("path")):
        check_path(path, folder)
    if resource.get("scheme") not in (None, "", "file"):
        raise Refused("scheme-error", f'scheme "{resource["scheme"]}" is not allowed')
    declared = resource.get("format")
    if isinstance(declared, str) and declared.lower() not in _KNOWN["formats"]:
        raise Refused("format-error", f'format "{declared}" is not allowed')
    for key in ("schema", "dialect"):
        value = resource.get(key)
        if isinstance(value, str):
            value = read_descriptor(check_path(value, folder))
        if isinstance(value, Mapping):
            resource[key] = safe_dialect(value) if key == "dialect" else safe_schema(value)
    return resource


def safe_schema(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A Table Schema within the limits. Raises `Refused` for too many fields or too long a pattern."""
    fields = schema.get("fields")
    if isinstance(fields, list):
        if len(fields) > MOST_FIELDS:
            raise Refused("schema-error", f"schema has more than {MOST_FIELDS} fields")
        for field in fields:
            if isinstance(field, str):
                raise Refused("schema-error", f'field "{field}" is described elsewhere, which is not followed')
    for pattern in patterns(schema):
        if len(pattern) > LONGEST_PATTERN:
            raise Refused("field-error", f"a pattern is longer than {LONGEST_PATTERN} characters")
    return dict(schema)


def patterns(schema: Mapping[str, Any]) -> Iterator[str]:
    """The regular expressions of a schema's constraints."""
    fields = schema.get("fields")
    for field in fields if isinstance(fields, list) else []:
        constraints = field.get("constraints") if isinstance(field, Mapping) else None
        if isinstance(constraints, Mapping) and isinstance(constraints.get("pattern"), str):
            yield constraints["pattern"]


def check_path(path: str, folder: Path) -> Path:
    """The file meant by a relative path below `folder`. Raises `Refused` for anything else, symbolic links included."""
    parts = re.split(r"[/\\]", path)
    outside = (
        re.match(r"[a-zA-Z][a-zA-Z0-9+.\-]*:", path)
        or path.startswith(("/", "\\", "~"))
        or ".." in parts
        or "$" in path
        or "%" in path
        or "\0" in path
    )
    if outside or not (folder / path).resolve().is_relative_to(folder.resolve()):
        raise Refused("resource-error", f'path "{path}" is not safe')
    return folder / path


def _check_profile(descriptor: Mapping[str, Any], error: str) -> None:
    profile = descriptor.get("profile")
    if isinstance(profile, str) and profile not in _KNOWN["profiles"]:
        raise Refused(error, f'profile "{profile}" is not fetched; name a standard one')
    schema = descriptor.get("$schema")
    if isinstance(schema, str) and not schema.startswith(STANDARD):
        raise Refused(error, f'profile "{schema}" is not fetched; name a standard one')


def safe_dialect(dialect: Mapping[str, Any]) -> dict[str, Any]:
    """A dialect rebuilt from the keys that describe the form of a file, without those that reach elsewhere."""
    return {key: value for key, value in dialect.items() if key in _KNOWN["dialect"]}


def _strings(value: object) -> list[str]:
    found = value if isinstance(value, list) else [value]
    return [item for item in found if isinstance(item, str)]


def _depth(value: object) -> int:
    deepest, level = 0, [value]
    while level:
        deepest += 1
        level = [
            inner
            for item in level
            if isinstance(item, dict | list)
            for inner in (item.values() if isinstance(item, dict) else item)
        ]
    return deepest
