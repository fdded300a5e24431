"""The pages of the journal: `/jurnal` and one entry."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from datasets.journal import log
from datasets.journal.signing import signed
from portal.context import installation
from portal.feeds.answers import page_asked
from portal.headers import public_page
from portal.journal.present import entry_page, journal_page
from portal.journal.reading import KINDS, Asked, entries

bp = Blueprint("journal", __name__)
bp.after_request(public_page)

_LARGEST = 2**31 - 1


@bp.get("/jurnal")
def journal() -> str:
    """All entries, the newest first; `q` are words of a dataset's title, `jenis` a kind of entry."""
    kind = request.args.get("jenis", "")
    asked = Asked(
        request.args.get("q", "").strip()[:200], kind if kind in KINDS else "", min(page_asked(), _LARGEST // 100)
    )
    here = installation()
    with signed(here.database, here.settings) as (session, head):
        found, total = entries(session, asked)
        return render_template("journal/journal.html", page=journal_page(session, asked, found, total, head))


@bp.get("/jurnal/<int:index>")
def entry(index: int) -> str:
    """One entry: what it says, word for word, and its way to the signed head."""
    here = installation()
    with signed(here.database, here.settings) as (session, head):
        found = log.entry(session, min(index, _LARGEST))
        return render_template("journal/entry.html", page=entry_page(session, found, head))
