"""Answering: what is decided, what is given with its citation and checksum, and on which tests a refusal rests."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from datasets import drafts
from datasets.blobs import BlobRef
from datasets.clock import now
from metadata.errors import BadInput, LumbungError
from portal import context
from portal.accounts import guard
from portal.kip import spoken
from portal.kip.calendar import desk_date
from portal.kip.codes import DECISIONS
from portal.kip.models import KipAttachment, KipCase, KipExemption, KipRoute
from portal.kip.store import acting, exempting, papers
from portal.kip.store.exempting import as_record, in_force
from portal.kip.store.refusal import ActionRefused
from portal.kip.store.rules import load_settings
from portal.kip.work import acts, checking, material
from portal.kip.work.wing import LARGEST_ANSWER, bp, case_here, desk, kip_actor, right_of
from portal.policy import of_agency, require
from portal.web.forms import Form
from portal.web.i18n import current_language
from portal.web.i18n import gettext as _

TEXTS = ("decision", "answer", "reason", "holder", "format", "fee", "ready_on", "reached_on", "links", "payment")
LONGEST_FEE = 12
"""Digits."""
PARTS = 6
"""Redactions that the form has room for."""


@bp.get("/permohonan/<int:number>/jawab")
def answering(number: int) -> str:
    """The form of the answer, filled with what the agencies propose."""
    row = _case(number)
    session = context.session()
    proposed = session.scalars(select(KipRoute.proposal).where(KipRoute.case_id == number, KipRoute.proposal != ""))
    return _page(row, Form({"answer": "\n\n".join(proposed), "decision": "granted", "format": "soft"}))[0]


@bp.post("/permohonan/<int:number>/jawab")
def answer(number: int) -> Response | tuple[str, int]:
    """Answer; the letter is written and the applicant told in the same step."""
    row, at = _case(number), now()
    values = {name: request.form.get(name, "").replace("\r\n", "\n").strip()[:20_000] for name in TEXTS}
    try:
        data = _data(row.id, values)
        _looked_at(row.id, data)
        with context.installation().database.write() as session:
            for paper_id in (int(each["file"]) for each in data.get("material", []) if each.get("file")):
                papers.get(session, row.id, paper_id).sent = True
            acting.act(session, desk(), row.id, "answer", actor=kip_actor(), by=guard.current().label, at=at, data=data)
    except LumbungError as error:
        return _page(row, Form(values | _ticked(), {"decision": error.say(current_language())}))
    return redirect(url_for("kip_work.case", number=number), 303)


@bp.post("/permohonan/<int:number>/berkas")
def put_file(number: int) -> Response | tuple[str, int]:
    """Put a file to the case that an answer may give; the agency that looks for it may do so too."""
    row, here, at = case_here(number, "request.propose"), context.installation(), now()
    file = request.files.get("file")
    content = file.stream.read(LARGEST_ANSWER + 1) if file is not None else b""
    if file is None or not content or len(content) > LARGEST_ANSWER:
        raise BadInput(reason=_("choose a file of at most 50 MB"))
    ref = here.blobs.put_bytes(content)
    name = (file.filename or "berkas").replace("\\", "/").rpartition("/")[2][:200]
    with here.database.write() as session:
        papers.keep(
            session, row.id, "answer", ref, media=file.mimetype or "application/octet-stream",
            by=guard.current().label, at=at, name=name, sha256=ref.sha256,
        )  # fmt: skip
    return redirect(url_for("kip_work.case", number=number, _anchor="berkas"), 303)


@bp.post("/permohonan/<int:number>/berkas/<int:paper>/draf")
def to_draft(number: int, paper: int) -> Response:
    """Make a draft dataset of a file of the answer, for the steward of the agency to complete; linked both ways."""
    row, here, at = case_here(number, "request.propose"), context.installation(), now()
    found = papers.get(context.session(), row.id, paper)
    agency = context.session().scalar(
        select(KipRoute.organization_id).where(KipRoute.case_id == number).order_by(KipRoute.id).limit(1)
    )
    if agency is None or found.kind != "answer" or found.blob is None:
        raise BadInput(reason=_("pass the request to an agency first"))
    require(guard.current(), "request.propose", of_agency(agency))
    if found.draft_id is not None:  # it was asked for twice
        return redirect(url_for("workbench.draft", number=found.draft_id), 303)
    with here.database.write() as session:
        draft = drafts.open_draft(
            session, organization_id=agency, author=guard.current().label, at=at, title=row.subject[:200]
        )
        draft.change = _("From the answer to request %(number)s", number=row.number)
        drafts.attach(
            session, draft.id, BlobRef(found.blob, found.size), found.name,
            revision=draft.revision, actor=guard.current().label, at=at,
        )  # fmt: skip
        session.get_one(KipAttachment, paper).draft_id = draft.id
    return redirect(url_for("kip_work.case", number=number, _anchor="berkas"), 303)


def _case(number: int) -> KipCase:
    """The case, for who may answer it: the PPID, and its agencies where the setting lets them."""
    return case_here(number, right_of("answer", load_settings(context.session())))


def _data(case_id: int, values: dict[str, str]) -> dict[str, Any]:
    """The event's members. Raises `BadInput` and what resolving an address raises."""
    session = context.session()
    data: dict[str, Any] = {"decision": values["decision"], "format": values["format"] or "soft"}
    data |= {name: values[name] for name in ("answer", "reason", "payment") if values[name]}
    data |= {name: acts.day(values[name]).isoformat() for name in ("ready_on", "reached_on") if values[name]}
    fee = values["fee"].replace(".", "").replace(",", "")
    if fee:
        if not fee.isascii() or not fee.isdigit() or len(fee) > LONGEST_FEE:
            raise BadInput(reason=_("the fee is an amount in rupiah"))
        data["fee"] = int(fee)
    given = material.of_lines(values["links"])
    for number in acts.ticked(request.form, "file"):
        paper = papers.get(session, case_id, number)
        given.append({"title": paper.name, "file": paper.id, "sha256": paper.sha256 or ""})
    if given:
        data["material"] = given
    match values["decision"]:
        case "refused":
            tests = _tests(session, acts.ticked(request.form, "test"))
            if not tests:
                raise ActionRefused("exemption_required")
            data |= {"grounds": sorted({test["ground"] for test in tests}), "exemptions": tests}
        case "partially_granted":
            data["redactions"] = _redactions(session)
        case "not_held":
            documented = request.form.get("not_documented") == "1"
            data |= {"not_documented": True} if documented else {"holder": values["holder"] or "unknown"}
        case "already_public":
            data["links"] = [each["url"] for each in given if each.get("url")]
            data["print"] = request.form.get("print") == "1"
    if request.form.get("delivered") == "1" and not data.get("fee"):
        data["delivered"] = True
    return data


def _looked_at(case_id: int, data: dict[str, Any]) -> None:
    """Raises `GivesAway` for a chosen file in which something was found, unless the officer says that it may leave."""
    chosen = [
        papers.get(context.session(), case_id, int(one["file"])) for one in data.get("material", []) if one.get("file")
    ]
    checking.must_not_give_away(context.installation(), chosen, acts.ticked(request.form, "allowed"))


def _tests(session: Session, ids: list[int]) -> list[dict[str, Any]]:
    """Those of them that the head has approved and nobody has ended; whether their time is over, the law asks."""
    rows = session.scalars(select(KipExemption).where(KipExemption.id.in_(ids), KipExemption.approved_on.is_not(None)))
    today = desk_date(now())
    return [as_record(row) for row in rows if exempting.state(row, today) != "withdrawn"]


def _redactions(session: Session) -> list[dict[str, Any]]:
    found = []
    for place in range(PARTS):
        what = request.form.get(f"what{place}", "").strip()[:500]
        test = acts.number(request.form.get(f"part{place}", ""))
        if what and test:
            records = _tests(session, [test])
            ground = records[0]["ground"] if records else ""
            found.append({"what": what, "ground": ground, "exemption": records[0] if records else None})
    return found


def _ticked() -> dict[str, str]:
    """What was ticked and chosen, to be shown again."""
    kept = {f"what{place}": request.form.get(f"what{place}", "") for place in range(PARTS)}
    kept |= {f"part{place}": request.form.get(f"part{place}", "") for place in range(PARTS)}
    for name in ("file", "test", "allowed"):
        kept |= {f"{name}:{one}": "1" for one in request.form.getlist(name)}
    return kept | {name: request.form.get(name, "") for name in ("not_documented", "print", "delivered")}


def _page(row: KipCase, form: Form) -> tuple[str, int]:
    context.renew()
    session = context.session()
    tests = in_force(session, desk_date(now()))
    files = [paper for paper in papers.of_case(session, row.id) if paper.kind == "answer"]
    return (
        render_template(
            "kip_work/answer.html",
            row=row,
            form=form,
            decisions=[(name, spoken.decision(name).capitalize(), "") for name in DECISIONS],
            tests=[
                (one.id, f"{one.number}: {one.information[:100]} ({spoken.exemption(one.ground)})") for one in tests
            ],
            files=files,
            parts=range(PARTS),
        ),
        form.status,
    )
