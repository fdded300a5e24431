"""Pages of agencies (`organization`) and themes (`group`), under the addresses that CKAN's clients know."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from datasets import catalog
from portal.catalog.present_browse import organization_page, organizations_page, theme_page, themes_page
from portal.catalog.search_query import page_number
from portal.context import session
from portal.headers import public_page

bp = Blueprint("browse", __name__)
bp.after_request(public_page)


@bp.get("/organization")
def organizations() -> str:
    """All agencies."""
    return render_template("browse/organizations.html", page=organizations_page(session()))


@bp.get("/organization/<slug>")
def organization(slug: str) -> str:
    """One agency and what it has published."""
    found = catalog.organization(session(), slug)
    page = organization_page(session(), found, page_number(request.args.get("page", "")))
    return render_template("browse/profile.html", page=page)


@bp.get("/group")
def groups() -> str:
    """All themes."""
    return render_template("browse/groups.html", page=themes_page(session()))


@bp.get("/group/<slug>")
def group(slug: str) -> str:
    """One theme and its datasets."""
    found = catalog.theme(session(), slug)
    page = theme_page(session(), found, page_number(request.args.get("page", "")))
    return render_template("browse/profile.html", page=page)
