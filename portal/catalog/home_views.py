"""The home page, the page about the portal, and the answer to whoever watches whether it lives."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, render_template
from sqlalchemy import select

from datasets.search.index import IndexState
from portal.catalog.present_about import about_page
from portal.catalog.present_home import home_page
from portal.context import installation, session
from portal.headers import public_page

bp = Blueprint("home", __name__)
bp.after_request(public_page)


@bp.get("/")
def home() -> str:
    """What is here and where to begin."""
    return render_template("home/home.html", page=home_page(session()))


@bp.get("/tentang")
def about() -> str:
    """What the portal is, how to cite it, how programs use it."""
    return render_template("home/about.html", page=about_page(session()))


@bp.get("/healthz")
def health() -> Response:
    """200 while pages can be served: the database answers. The state of the search index is told, it fails nobody."""
    session().execute(select(1))
    state: IndexState = installation().search.state()
    response = jsonify(status="ok", search={"healthy": state.healthy, "documents": state.documents})
    response.headers["Cache-Control"] = "no-store"
    return response
