"""What can be wrong with a call, in CKAN's classes: the status, the `__type` and the message that its clients know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from datasets.query.errors import BadQuery, TooLarge, TooSlow
from datasets.sql.errors import SqlRefused, SqlStopped
from metadata.errors import LumbungError


class Fault(Exception):
    """A call that cannot be answered; `fields` are messages by parameter, as validation errors have them."""

    status: ClassVar[int] = 500
    kind: ClassVar[str] = "Internal Server Error"

    def __init__(self, message: str | None = None, fields: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.fields = dict(fields or {})

    def as_error(self) -> dict[str, Any]:
        """The `error` member of the envelope."""
        error: dict[str, Any] = {"__type": self.kind, **self.fields}
        if self.message is not None:
            error["message"] = self.message
        return error


class NotFoundFault(Fault):
    """There is no such thing, or it is not public."""

    status = 404
    kind = "Not Found Error"


class InvalidParameter(Fault):
    """A parameter is missing or has an impossible value."""

    status = 409
    kind = "Validation Error"

    def __init__(self, name: str, message: str) -> None:
        super().__init__(None, {name: [message]})


class Invalid(Fault):
    """All that is wrong with what was given, by field."""

    status = 409
    kind = "Validation Error"

    def __init__(self, fields: Mapping[str, Any], message: str | None = None) -> None:
        super().__init__(message, fields)


class Forbidden(Fault):
    """The caller may not do this; without a token, that nobody may who is not known."""

    status = 403
    kind = "Authorization Error"


class BadSearch(Fault):
    """An unknown search parameter, an order that does not exist, or syntax that is refused."""

    status = 400
    kind = "Search Query Error"


class Unavailable(Fault):
    """The catalogue cannot be read at the moment."""

    status = 503
    kind = "Service Unavailable"


class BadRequest(Exception):
    """Not a call at all; CKAN answers with a bare JSON string."""


def fault_of(error: LumbungError) -> Fault:
    """What an error of the house is in CKAN's classes."""
    said = error.say("en")
    if isinstance(error, BadQuery | SqlRefused | SqlStopped | TooSlow | TooLarge):
        return InvalidParameter("query", said)
    if error.status == 403:
        return Forbidden(f"Access denied: {said}")
    if error.code.startswith("manuscript."):
        return Invalid({"upload": [said]})
    if error.status in (404, 410):
        return NotFoundFault("Not found")
    if error.status < 500:
        return InvalidParameter("message", said)
    return Unavailable(said)
