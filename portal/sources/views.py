"""Pages of sources: `/sumber` and `/sumber/<name>`."""

from __future__ import annotations

from flask import Blueprint, render_template

from datasets import source_health
from datasets.clock import now
from portal.context import session
from portal.headers import public_page
from portal.sources.present import source_page, sources_page

bp = Blueprint("sources", __name__)
bp.after_request(public_page)


@bp.get("/sumber")
def sources() -> str:
    """All sources, and the freshness of each agency."""
    health = source_health.every_source(session())
    fresh = source_health.freshness(session(), at=now())
    return render_template("sources/sources.html", page=sources_page(health, fresh))


@bp.get("/sumber/<name>")
def source(name: str) -> str:
    """One source: its runs, what changed, and what needs somebody."""
    health = source_health.one_source(session(), name)
    troubled = source_health.troubled(session(), health.source.id)
    changed = source_health.changed(session(), health.source.id)
    return render_template("sources/source.html", page=source_page(health, troubled, changed))
