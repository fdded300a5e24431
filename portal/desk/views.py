"""The first page of the workbench: what each role finds here."""

from __future__ import annotations

from flask import Blueprint, render_template

from portal import context
from portal.accounts import guard, present
from portal.desk import doors
from portal.policy import PORTAL, require

bp = guard.private(Blueprint("desk", __name__, url_prefix="/kerja"))
bp.add_app_template_global(doors.wings, "wings")


@bp.get("")
def home() -> str:
    """Where everybody who works here begins."""
    actor = guard.current()
    if not actor.grants:
        return render_template("desk/waiting.html")
    require(actor, "desk.enter", PORTAL)
    return render_template("desk/home.html", roles=present.titles_of(context.session(), actor.grants))
