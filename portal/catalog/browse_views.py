"""To be filled in a moment: browse."""

from __future__ import annotations

from flask import Blueprint, render_template

bp = Blueprint("browse", __name__)


@bp.get("/organization")
def organizations() -> str:
    """Soon."""
    return render_template("base.html")


@bp.get("/organization/<slug>")
def organization(slug: str) -> str:
    """Soon."""
    return render_template("base.html")


@bp.get("/group")
def groups() -> str:
    """Soon."""
    return render_template("base.html")


@bp.get("/group/<slug>")
def group(slug: str) -> str:
    """Soon."""
    return render_template("base.html")
