"""The public wing of what is to come."""

from __future__ import annotations

from flask import Blueprint

from portal.headers import public_page

bp = Blueprint("releases", __name__)
bp.after_request(public_page)
