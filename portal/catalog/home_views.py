"""To be filled in a moment: home."""

from __future__ import annotations

from flask import Blueprint, render_template

bp = Blueprint("home", __name__)


@bp.get("/")
def home() -> str:
    """Soon."""
    return render_template("base.html")


@bp.get("/tentang")
def about() -> str:
    """Soon."""
    return render_template("base.html")
