"""A promise to some client: what an action gives for these parameters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jsonschema
from ckanapi import RemoteCKAN

Document = dict[str, Any]


@dataclass(frozen=True)
class Promise:
    """`holds` is true of the result of `action` for `asked`."""

    words: str
    action: str
    asked: dict[str, Any]
    holds: Callable[[Any], bool]

    def kept_by(self, client: RemoteCKAN, document: Document) -> None:
        """The client gets what is promised, and what it gets is what the OpenAPI document describes."""
        result = client.call_action(self.action, self.asked)
        assert self.holds(result), result
        answer = document["paths"][f"/api/3/action/{self.action}"]["get"]["responses"]["200"]
        schema = answer["content"]["application/json"]["schema"]["properties"]["result"]
        described = {"allOf": [schema], "components": document["components"]}
        jsonschema.Draft202012Validator(described).validate(result)


def gives(words: str, action: str, holds: Callable[[Any], bool], **asked: Any) -> Promise:
    """A promise in one line."""
    return Promise(words, action, asked, holds)


def names(found: Any) -> list[str]:
    """The names of what was found or listed."""
    listed = found["results"] if isinstance(found, dict) else found
    return [one["name"] for one in listed]
