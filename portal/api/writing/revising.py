"""`package_revise` as CKAN has it: what must match, what is filtered away, what is merged in, by paths with `__`."""

from __future__ import annotations

import copy
import json
import re
from dataclasses import dataclass, field
from typing import Any

from portal.api.faults import Invalid, InvalidParameter
from portal.api.parameters import Parameters

_SHORTEST_PREFIX = 5
_UPLOAD = re.compile(r"update__resources__(-?\d+|[0-9a-f-]{5,36})__upload\Z")
_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Revision:
    """What a call asks for."""

    match: dict[str, Any]
    match_paths: dict[str, Any]
    filters: tuple[str, ...]
    update: dict[str, Any]
    update_paths: dict[str, Any]
    include: tuple[str, ...]
    uploads: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The dataset, by its id or name among what must match."""
        flat = {path: str(value) for path, value in self.match_paths.items()}
        return str(self.match.get("id") or self.match.get("name") or flat.get("id") or flat.get("name") or "")

    @classmethod
    def read(cls, parameters: Parameters) -> Revision:
        """Of the parameters of a call. Raises `Invalid`."""
        paths: dict[str, dict[str, Any]] = {"match": {}, "update": {}}
        for name in parameters.names():
            verb, _, path = name.partition("__")
            if path and verb in paths:
                paths[verb][path] = parameters.given(name)
        found = cls(
            match=_object(parameters, "match"),
            match_paths=paths["match"],
            filters=_patterns(parameters, "filter"),
            update=_object(parameters, "update"),
            update_paths=paths["update"],
            include=_patterns(parameters, "include"),
            uploads={name: file for name, file in parameters.files.items() if _UPLOAD.match(name)},
        )
        if not found.name:
            raise Invalid({"match": ["Missing value"]})
        return found

    def applied(self, package: dict[str, Any]) -> tuple[dict[str, Any], dict[int, Any]]:
        """The package as it should become, and the uploads by the place of their resource. Raises `Invalid`."""
        wrong = _unmatched(package, self.match, ())
        wrong += [path for path, value in self.match_paths.items() if not _holds(package, path.split("__"), value)]
        if wrong:
            raise Invalid({"message": [{"match": wrong}]})
        values = copy.deepcopy(package)
        if self.filters:
            values = _filtered(values, self.filters, ()) | {"id": package["id"], "owner_org": package["owner_org"]}
            values.setdefault("resources", [])
        _merge(values, self.update)
        for path, value in sorted(self.update_paths.items()):
            _set(values, path.split("__"), value, path)
        uploads = {}
        for name, file in self.uploads.items():
            found = _UPLOAD.match(name)
            place = _place(values.get("resources", []), found[1] if found else "")
            if place is None:
                raise Invalid({"message": [{"update": [f"Unable to find {name}"]}]})
            uploads[place] = file
        return values, uploads

    def included(self, package: dict[str, Any]) -> dict[str, Any]:
        """The part of the answer that is wanted."""
        return _filtered(package, self.include, ()) if self.include else package


def _object(parameters: Parameters, name: str) -> dict[str, Any]:
    value = parameters.given(name)
    if value in (None, ""):
        return {}
    if not isinstance(value, dict):
        raise InvalidParameter(name, "Must be a JSON object")
    return value


def _patterns(parameters: Parameters, name: str) -> tuple[str, ...]:
    value = parameters.given(name)
    texts = value if isinstance(value, list) else str(value or "").split(",")
    found = tuple(str(text).strip() for text in texts if str(text).strip())
    if any(text[0] not in "+-" for text in found):
        raise InvalidParameter(name, "Each pattern begins with + or -")
    return found


def _unmatched(found: Any, wanted: Any, path: tuple[str, ...]) -> list[str]:
    if isinstance(wanted, dict) and isinstance(found, dict):
        return [wrong for key, value in wanted.items() for wrong in _unmatched(found.get(key), value, (*path, key))]
    if isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        pairs = enumerate(zip(found, wanted, strict=True))
        return [wrong for at, (one, other) in pairs for wrong in _unmatched(one, other, (*path, str(at)))]
    return [] if found == wanted else ["__".join(path)]


def _holds(package: Any, path: list[str], wanted: Any) -> bool:
    found = package
    for step in path:
        if isinstance(found, list):
            place = _place(found, step)
            found = found[place] if place is not None else None
        else:
            found = found.get(step) if isinstance(found, dict) else None
    return bool(
        found == wanted or (isinstance(wanted, str) and not isinstance(found, (dict, list)) and str(found) == wanted)
    )


def _place(items: Any, step: str) -> int | None:
    """The place in a list, by number (also from the end) or by the beginning of an id."""
    if not isinstance(items, list):
        return None
    if re.fullmatch(r"-?\d{1,4}", step):
        number = int(step)
        return number % len(items) if -len(items) <= number < len(items) else None
    hits = [at for at, one in enumerate(items) if isinstance(one, dict) and str(one.get("id", "")).startswith(step)]
    return hits[0] if len(step) >= _SHORTEST_PREFIX and len(hits) == 1 else None


def _merge(values: dict[str, Any], given: dict[str, Any]) -> None:
    for key, value in given.items():
        name, _, extend = key.partition("__")
        if extend:
            _set(values, key.split("__"), value, key)
        elif isinstance(value, dict) and isinstance(values.get(name), dict):
            _merge(values[name], value)
        else:
            values[name] = value


def _set(values: Any, path: list[str], value: Any, whole: str) -> None:
    """Set what stands at a path; `extend` at its end adds to a list. Raises `Invalid`."""
    target = values
    if len(path) > _DEEPEST:
        raise Invalid({"message": [{"update": [f"Too deep: {whole[:100]}"]}]})
    for step in path[:-1]:
        place = _place(target, step) if isinstance(target, list) else None
        if isinstance(target, dict):
            target = target.setdefault(step, [] if path[-1] == "extend" else {})
        elif place is not None:
            target = target[place]
        else:
            raise Invalid({"message": [{"update": [f"Unable to find {whole[:100]}"]}]})
    last = path[-1]
    if isinstance(target, list):
        place = _place(target, last)
        if last == "extend" and isinstance(value, list):
            target.extend(value)
        elif place is not None and isinstance(value, dict) and isinstance(target[place], dict):
            target[place].update(value)
        elif place is not None:
            target[place] = value
        else:
            raise Invalid({"message": [{"update": [f"Unable to find {whole[:100]}"]}]})
    elif isinstance(target, dict):
        target[last] = json.loads(json.dumps(value))
    else:
        raise Invalid({"message": [{"update": [f"Unable to find {whole[:100]}"]}]})


def _filtered(value: Any, patterns: tuple[str, ...], path: tuple[str, ...]) -> Any:
    """Without what the first fitting pattern takes away; what no pattern fits stays."""
    if isinstance(value, dict):
        kept = {key: one for key, one in value.items() if _stays((*path, key), patterns)}
        return {key: _filtered(one, patterns, (*path, key)) for key, one in kept.items()}
    if isinstance(value, list):
        steps = [(one, (*path, _step(one, at))) for at, one in enumerate(value)]
        return [_filtered(one, patterns, step) for one, step in steps if _stays(step, patterns)]
    return value


def _step(one: Any, at: int) -> str:
    return str(one["id"]) if isinstance(one, dict) and "id" in one else str(at)


def _stays(path: tuple[str, ...], patterns: tuple[str, ...]) -> bool:
    for pattern in patterns:
        steps = pattern[1:].split("__")
        if pattern[0] == "-" and len(steps) == len(path) and all(map(_fits, steps, path)):
            return False
        if pattern[0] == "+" and all(map(_fits, steps, path)):
            return True  # what is wanted, what leads there, and what lies below it
    return True


def _fits(step: str, at: str) -> bool:
    return step in ("*", at) or (len(step) >= _SHORTEST_PREFIX and at.startswith(step))
