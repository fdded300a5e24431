"""What a file of an answer would give away, and its cleaned copy."""

from __future__ import annotations

from dataclasses import replace

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from datasets.clock import now
from metadata.errors import LumbungError, NotFound
from portal import context
from portal.accounts import guard
from portal.kip.models import KipAttachment
from portal.kip.store import papers
from portal.kip.work import checking
from portal.kip.work.wing import bp, case_here
from portal.web.i18n import current_language


@bp.get("/permohonan/<int:number>/berkas/<int:paper>/periksa")
def check_file(number: int, paper: int) -> str:
    """What the file gives away: where, never what."""
    row = case_here(number)
    return _page(row.number or "", _file(row.id, paper))


@bp.post("/permohonan/<int:number>/berkas/<int:paper>/bersihkan")
def clean_file(number: int, paper: int) -> Response | tuple[str, int]:
    """Make a cleaned copy and put it to the case, beside the file."""
    row, here = case_here(number, "request.propose"), context.installation()
    found = _file(row.id, paper)
    try:
        ref, name = checking.cleaned(here, found)
    except LumbungError as error:
        return _page(row.number or "", found, wrong=error.say(current_language())), 422
    with here.database.write() as session:
        made = checking.keep_cleaned(session, found, ref, name, by=guard.current().label, at=now()).id
    return redirect(url_for("kip_work.check_file", number=number, paper=made), 303)


def _file(case_id: int, paper: int) -> KipAttachment:
    found = papers.get(context.session(), case_id, paper)
    if found.kind != "answer" or found.blob is None:
        raise NotFound(what="berkas")
    return found


def _page(case_number: str, paper: KipAttachment, wrong: str = "") -> str:
    looked = checking.look(context.installation(), paper)
    language = current_language()
    return render_template(
        "kip_work/check.html",
        case_number=case_number,
        paper=paper,
        findings=[replace(notice, place=replace(notice.place, file=None)).say(language) for notice in looked.findings],
        unreadable=looked.wrong.say(language) if looked.wrong else "",
        safe=looked.safe,
        cleanable=looked.cleanable and not looked.safe,
        wrong=wrong,
    )
