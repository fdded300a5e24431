"""One door for every action: `/api/3/action/NAME` and `/api/action/NAME`, asked by GET or POST."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy.exc import DBAPIError, IntegrityError
from werkzeug.exceptions import RequestEntityTooLarge

from datasets.publish import Overtaken
from metadata.errors import LumbungError
from portal.api import envelope
from portal.api.actions import (
    activity,
    datastore,
    datastore_writing,
    finding,
    groups,
    keys,
    members,
    organizations,
    owners_writing,
    packages,
    packages_writing,
    resources_writing,
    search,
    site,
    tags,
)
from portal.api.caller import caller
from portal.api.faults import BadRequest, Fault, Forbidden, Invalid, Unavailable, fault_of
from portal.api.parameters import parameters
from portal.api.registry import Action, find, writes
from portal.context import installation, renew
from portal.errors import log_error
from portal.policy import Scope

bp = Blueprint("api", __name__)
bp.after_request(envelope.varying)

ROOMS = (
    *(packages, search, finding, organizations, groups, tags, activity, datastore, site),
    *(packages_writing, resources_writing, datastore_writing, owners_writing, members, keys),
)
"""Where the actions are; to import a room makes its actions known."""

MOST_JSON = 32 * 1024 * 1024
"""Bytes of a body that is held in memory: rows for the datastore come so. Files are streamed to the disk."""
_TRIES = 3
_OF_TOKENS = ("api_token_create", "api_token_revoke")
"""What a token that only reads may do, too: it makes others of its kind and ends itself."""


@bp.route("/api/<int:version>/action/<name>", methods=["GET", "POST"])
@bp.route("/api/action/<name>", methods=["GET", "POST"])
def call(name: str, version: int = 3) -> Response:
    """Run an action and wrap what it gives, or what is wrong, in the envelope."""
    function = find(name) if version == 3 else None
    if function is None:
        return envelope.bad_request(f"Bad request: Action name not known: {name}")
    if writes(name) and request.method != "POST":
        return envelope.bad_request(f"Bad request: {name} changes something and is asked by POST")
    try:
        if writes(name):
            _open_for_writing(name)
        return envelope.success(name, _run(function))
    except BadRequest as error:
        return envelope.bad_request(str(error))
    except (Fault, LumbungError, DBAPIError, RequestEntityTooLarge) as error:
        if isinstance(error, RequestEntityTooLarge) and not writes(name):
            raise  # a question takes no body of that size, whatever stands in it
        return envelope.failure(name, _fault(error))


def _fault(error: Exception) -> Fault:
    """What went wrong, in CKAN's classes; what is no caller's fault is logged."""
    if isinstance(error, Fault):
        return error
    if isinstance(error, RequestEntityTooLarge):
        return Invalid({"upload": ["File upload too large"]})
    if isinstance(error, LumbungError):
        if error.status >= 500:
            log_error(error)
        return fault_of(error)
    log_error(error)
    if isinstance(error, IntegrityError):
        return Invalid({"message": ["Somebody else wrote the same at this moment; try again"]})
    return Unavailable("The catalogue cannot be read right now")


@bp.get("/api/<int:version>")
def version(version: int) -> Response:
    """The version of the API; CKAN's clients look here to see whether there is one."""
    response = Response(f'{{"version":{version}}}', content_type=envelope.CONTENT_TYPE)
    if version != 3:
        response.status_code = 404
    return response


def _open_for_writing(name: str) -> None:
    """Nothing of a body is read before it is known who sends it; then it may be as large as a file may."""
    actor = caller()
    if not actor.is_known:
        raise Forbidden("Access denied: this action needs a good API token")
    if name not in _OF_TOKENS and actor.scopes == frozenset({Scope.READ}):
        raise Forbidden("Access denied: this API token may only read")
    most = installation().settings.max_file_megabytes * 1024**2
    request.max_content_length = most if request.mimetype == "multipart/form-data" else min(most, MOST_JSON)


def _run(function: Action) -> Any:
    """The result of an action. One that was overtaken by another write of the same dataset is run anew upon it."""
    given = parameters(request)
    for _attempt in range(_TRIES - 1):
        try:
            return function(given)
        except Overtaken:
            renew()
            for file in given.files.values():
                file.stream.seek(0)
    return function(given)
