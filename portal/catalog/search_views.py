"""To be filled in a moment: search."""

from __future__ import annotations

from flask import Blueprint, render_template

bp = Blueprint("search", __name__)


@bp.get("/dataset")
def search() -> str:
    """Soon."""
    return render_template("base.html")


@bp.get("/dataset/saran")
def suggest() -> str:
    """Soon."""
    return render_template("base.html")
