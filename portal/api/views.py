"""One door for every action: `/api/3/action/NAME` and `/api/action/NAME`, asked by GET or POST."""

from __future__ import annotations

from flask import Blueprint, Response, request
from sqlalchemy.exc import DBAPIError

from metadata.errors import LumbungError
from portal.api import envelope
from portal.api.actions import activity, datastore, finding, groups, organizations, packages, search, site, tags
from portal.api.faults import BadRequest, Fault, Unavailable, fault_of
from portal.api.parameters import parameters
from portal.api.registry import find
from portal.errors import log_error

bp = Blueprint("api", __name__)
bp.after_request(envelope.open_to_all)

ROOMS = (packages, search, finding, organizations, groups, tags, activity, datastore, site)
"""Where the actions are; to import a room makes its actions known."""


@bp.route("/api/<int:version>/action/<name>", methods=["GET", "POST"])
@bp.route("/api/action/<name>", methods=["GET", "POST"])
def call(name: str, version: int = 3) -> Response:
    """Run an action and wrap what it gives, or what is wrong, in the envelope."""
    function = find(name) if version == 3 else None
    if function is None:
        return envelope.bad_request(f"Bad request: Action name not known: {name}")
    try:
        return envelope.success(name, function(parameters(request)))
    except BadRequest as error:
        return envelope.bad_request(str(error))
    except Fault as fault:
        return envelope.failure(name, fault)
    except LumbungError as error:
        return envelope.failure(name, fault_of(error))
    except DBAPIError as error:
        log_error(error)
        return envelope.failure(name, Unavailable("The catalogue cannot be read right now"))


@bp.get("/api/<int:version>")
def version(version: int) -> Response:
    """The version of the API; CKAN's clients look here to see whether there is one."""
    response = Response(f'{{"version":{version}}}', content_type=envelope.CONTENT_TYPE)
    if version != 3:
        response.status_code = 404
    return response
