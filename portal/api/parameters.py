"""The parameters of a call, from a query, a form or a JSON body, read as CKAN reads them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Request
from werkzeug.datastructures import FileStorage

from portal.api.faults import BadRequest, InvalidParameter

_TRUE = ("true", "yes", "t", "y", "on", "1")
_LARGEST = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Parameters:
    """What was given: text from queries and forms (a list where a name stands twice), any JSON value from bodies."""

    values: Mapping[str, Any]
    files: Mapping[str, FileStorage] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        """A parameter as text; numbers are taken as written, lists and objects are refused."""
        value = self.values.get(name)
        if value is None:
            return default
        if isinstance(value, (list, dict)):
            raise InvalidParameter(name, "Must be a single text value")
        # A NUL is refused by PostgreSQL and means nothing in any of our texts.
        return str(value).replace("\x00", "")

    def required(self, *names: str) -> str:
        """The first of `names` that is given; CKAN calls most things by `id`, some also otherwise."""
        for name in names:
            if value := self.text(name):
                return value
        raise InvalidParameter(names[0], "Missing value")

    def integer(self, name: str, default: int, *, least: int = 0) -> int:
        """A whole number, not below `least`."""
        value = self.values.get(name)
        if value is None or value == "":
            return default
        try:
            number = int(str(value))
        except ValueError as error:
            raise InvalidParameter(name, "Invalid integer") from error
        if not least <= number <= _LARGEST:
            raise InvalidParameter(name, f"Must be a whole number from {least} to {_LARGEST}")
        return number

    def flag(self, name: str, default: bool = False) -> bool:
        """A yes or no as CKAN spells it."""
        value = self.values.get(name)
        if value is None or value == "":
            return default
        return value is True or str(value).strip().lower() in _TRUE

    def texts(self, name: str) -> list[str]:
        """A list: a JSON array, JSON text of one, a repeated parameter, or a single value."""
        value = self.values.get(name)
        if value is None or value == "":
            return []
        if isinstance(value, str) and value.lstrip().startswith("["):
            try:
                value = json.loads(value)
            except (ValueError, RecursionError) as error:
                raise InvalidParameter(name, "Not valid JSON") from error
        items = value if isinstance(value, list) else [value]
        if any(isinstance(item, (list, dict)) or item is None for item in items):
            raise InvalidParameter(name, "Must be a list of texts")
        return [str(item) for item in items]

    def given(self, name: str) -> Any:
        """A parameter as JSON has it; text that is an object or a list in JSON is read, as forms have to send it."""
        value = self.values.get(name)
        if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
            try:
                return json.loads(value)
            except (ValueError, RecursionError) as error:
                raise InvalidParameter(name, "Not valid JSON") from error
        return value

    def names(self) -> list[str]:
        """Every name given."""
        return list(self.values)


def parameters(request: Request) -> Parameters:
    """The parameters of a request. Raises `BadRequest` for a body that is not a JSON object."""
    if request.method != "POST":
        return Parameters(_flattened(request.args.lists()))
    if request.mimetype == "multipart/form-data":  # parsed as it comes in: files go to the disk, not into memory
        files = {name: one for name, one in request.files.items() if one.filename}
        return Parameters({**_flattened(request.args.lists()), **_flattened(request.form.lists())}, files)
    body = request.get_data(cache=True, parse_form_data=False)
    if request.is_json or body.lstrip()[:1] in (b"{", b"["):
        return Parameters({**_flattened(request.args.lists()), **_json_object(body)})
    return Parameters({**_flattened(request.args.lists()), **_flattened(request.form.lists())})


def _flattened(lists: Any) -> dict[str, Any]:
    return {name: values[0] if len(values) == 1 else values for name, values in lists}


def _json_object(body: bytes) -> dict[str, Any]:
    if not body.strip():
        return {}
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadRequest("Bad request: JSON Error: Error decoding JSON data.") from error
    if not isinstance(value, dict):
        raise BadRequest("Bad request: JSON Error: Inputs must be a dictionary of parameters")
    return value
