"""The page of a case: its timeline, its dates, and a form for each act that the law allows now."""

from __future__ import annotations

from typing import Any

from flask import Response as Answer
from flask import redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from datasets.clock import now
from datasets.models import Organization
from metadata.errors import LumbungError, NotFound
from portal import context
from portal.accounts import guard
from portal.kip import spoken
from portal.kip.ask import present
from portal.kip.ask.follow_views import answer_file, download, letter_answer
from portal.kip.calendar import desk_date
from portal.kip.models import KipAttachment, KipCase, KipExemption, KipIdentity, KipLetter, KipPublication, KipRoute
from portal.kip.settings import KipSettings
from portal.kip.store import acting, cases, identity, papers
from portal.kip.store import letters as letter_store
from portal.kip.store.rules import load_settings
from portal.kip.work import acts, routing
from portal.kip.work.wing import bp, case_here, desk, kip_actor, right_of, ring
from portal.kip.workflow import Case
from portal.policy import reach
from portal.web.figures import day, size
from portal.web.forms import Form
from portal.web.i18n import current_language
from portal.web.i18n import gettext as _

ARRIVING = ("surat_tidak_lengkap", "pemberitahuan_tertulis", "surat_penolakan", "keputusan_keberatan")


@bp.get("/permohonan/<int:number>")
def case(number: int) -> str:
    """A case with what may be done."""
    return _page(case_here(number), Form(), "")[0]


@bp.post(f"/permohonan/<int:number>/<any({', '.join(acts.PLAIN)}):act>")
def act(number: int, act: str) -> Response | tuple[str, int]:
    """Do one of the acts that the page has a form for; refused in words when the law does not allow it."""
    row, at = case_here(number, right_of(act, load_settings(context.session()))), now()
    actor = guard.current()
    try:
        said = acts.said(act, request.form)
        with context.installation().database.write() as session:
            if act == "return_from_opd":
                said.data["opd"] = routing.own(session, actor, row.id, said.data["opd"])
                routing.propose(session, row.id, said.data["opd"], request.form.get("proposal", ""))
            acting.act(
                session,
                desk(),
                row.id,
                act,
                actor=kip_actor(),
                by=actor.label,
                at=at,
                data=said.data,
                private=said.private,
                revision=_revision(),
            )
            if act == "route":
                routing.tell_agencies(session, desk(), row.id, said.data["opd"], at=at)
    except LumbungError as error:
        return _page(row, Form(request.form.to_dict(), {act: error.say(current_language())}), act)
    return redirect(url_for("kip_work.case", number=number), 303)


@bp.post("/permohonan/<int:number>/pengaduan")
def to_complaints(number: int) -> Response:
    """Hand over to the channel for complaints what is none of ours; the applicant is told, and decides."""
    row, who = case_here(number, "request.register"), guard.current()
    channel = request.form.get("channel", "").strip() or "SP4N-LAPOR!"
    with context.installation().database.write() as session:
        acting.hand_to_complaints(
            session,
            desk(),
            row.id,
            actor=kip_actor(),
            by=who.label,
            at=now(),
            channel=channel,
            reference=request.form.get("reference", "").strip(),
        )
    return redirect(url_for("kip_work.case", number=number), 303)


@bp.post("/permohonan/<int:number>/identitas")
def look(number: int) -> tuple[str, int]:
    """Who asked, in full; each look is an event of the case that its applicant can read."""
    row = case_here(number)
    with context.installation().database.write() as session:
        _looked(session, row.id, "identitas")
    return _page(row, Form(), "", identity_shown=True)


@bp.post("/permohonan/<int:number>/bukti/<int:paper>")
def proof(number: int, paper: int) -> Answer:
    """A file of the applicant's; a look too."""
    row = case_here(number)
    found = papers.get(context.session(), row.id, paper)
    if found.kind not in papers.PROOFS:
        raise NotFound(what="berkas")
    content = papers.open_proof(context.session(), ring(), context.installation().blobs, found)
    with context.installation().database.write() as session:
        _looked(session, row.id, f"berkas {found.id}")
    return download(content, found.media_type, papers.name_of(context.session(), ring(), found))


@bp.get("/permohonan/<int:number>/surat/<int:paper>")
def letter(number: int, paper: int) -> Answer:
    """A letter of the case; it says who asked, so that opening it is a look too."""
    row = case_here(number)
    found = context.session().get(KipLetter, paper)
    if found is None or found.case_id != row.id:
        raise NotFound(what="surat")
    answer = letter_answer(found)
    with context.installation().database.write() as session:
        _looked(session, row.id, f"surat {found.id}")
    return answer


@bp.get("/permohonan/<int:number>/berkas/<int:paper>")
def file(number: int, paper: int) -> Answer:
    """A file of the answer, sent or not."""
    row = case_here(number)
    found = papers.get(context.session(), row.id, paper)
    if found.kind != "answer":
        raise NotFound(what="berkas")
    return answer_file(found)


def _looked(session: Session, case_id: int, what: str) -> None:
    who = guard.current()
    cases.append(session, case_id, "look", actor=kip_actor(), by=who.label, at=now(), data={"what": what})


def _revision() -> int | None:
    text = request.form.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None


def _page(row: KipCase, form: Form, opened: str, *, identity_shown: bool = False) -> tuple[str, int]:
    context.renew()
    session, at = context.session(), now()
    row = session.get_one(KipCase, row.id)
    events = cases.timeline(session, row.id)
    known = cases.rules(session, at)
    stands = cases.standing(session, row.id, at=at, known=known)
    may = _may(stands, known.settings)
    who = identity.unseal(session, ring(), row.id)
    lines = present.timeline(events, for_applicant=False)
    noted = [identity.open_text(session, ring(), row.id, event.sealed, _what(event.action)) for event in events]
    return (
        render_template(
            "kip_work/case.html",
            row=row,
            form=form,
            opened=opened,
            state=spoken.state(stands.state),
            kind=spoken.state_kind(stands.state, late=stands.late),
            late=stands.late,
            step=spoken.step(row.next_step),
            provisional=stands.provisional,
            flags=sorted(stands.flags),
            dates=present.dates(stands),
            facts=_facts(row),
            lines=list(zip(lines, noted, strict=True)),
            allowed=may,
            acts=acts.PLAIN,
            grounds=[(one, spoken.ground(one)) for one in stands.objectable],
            objections=_objections(stands),
            documents=[(name, spoken.letter(name)) for name in ARRIVING],
            routes=_routes(session, row.id),
            agencies=session.execute(select(Organization.slug, Organization.title).order_by(Organization.title)).all(),
            letters=[(letter_store_line(one), one.id) for one in letter_store.of_case(session, row.id)],
            files=_files(session, row.id),
            proofs=[(one.id, label) for one, label in _proofs(session, row.id)],
            who=who if identity_shown else None,
            masked=who.masked(),
            erased=session.get_one(KipIdentity, row.id).identity_erased_at is not None,
            others=len(identity.same_person(session, row.id)),
            tests=session.scalars(select(KipExemption).where(KipExemption.case_id == row.id)).all(),
            publication=session.scalars(select(KipPublication).where(KipPublication.case_id == row.id)).one_or_none(),
            may_answer="answer" in may,
            desk_here=reach(guard.current(), "request.register").everywhere,
            today=str(desk_date(at)),
        ),
        form.status,
    )


def letter_store_line(one: KipLetter) -> tuple[str, str, str]:
    """A letter in the list: what, number, day."""
    return spoken.letter(one.kind), one.number, day(one.dated)


def _what(action: str) -> str:
    return "objection" if action == "object" else "note"


def _may(stands: Case, settings: KipSettings) -> set[str]:
    """The acts that the law and the role allow now. Only the applicant withdraws."""
    me, actor = kip_actor(), guard.current()
    allowed = {
        name for name, actors in stands.allowed.items() if me in actors and reach(actor, right_of(name, settings))
    }
    if reach(actor, "request.propose") and stands.state != "draft":
        allowed.add("note")
    return allowed - {"register", "save_draft", "withdraw", "close"}


def _facts(row: KipCase) -> list[tuple[str, str]]:
    facts = [
        (_("Asked as"), spoken.applicant_kind(row.applicant_kind)),
        (_("Came by"), spoken.channel(row.channel)),
        (_("How to have it"), spoken.manner(row.manner)),
        (_("How to send it"), spoken.delivery(row.delivery)),
        (_("Out of the complaint"), row.complaint),
        (_("Decision"), spoken.decision(row.decision)),
        (_("Name in public"), _("yes, as wished") if row.named else ""),
    ]
    return [pair for pair in facts if pair[1]]


def _objections(stands: Case) -> list[dict[str, Any]]:
    disputes = {one.objection: spoken.dispute(one.stage) for one in stands.disputes}
    return [
        {
            "key": one.key,
            "grounds": [spoken.ground(ground) for ground in one.grounds],
            "state": spoken.objection_state(one.state),
            "on": day(one.on),
            "late": one.late,
            "dispute": disputes.get(one.key, ""),
            "open": one.state == "filed",
        }
        for one in stands.objections
    ]


def _routes(session: Session, case_id: int) -> list[dict[str, Any]]:
    rows = session.execute(
        select(KipRoute, Organization)
        .join(Organization, Organization.id == KipRoute.organization_id)
        .where(KipRoute.case_id == case_id)
        .order_by(KipRoute.id)
    ).all()
    mine = reach(guard.current(), "request.propose")
    return [
        {
            "slug": agency.slug,
            "title": agency.title,
            "due": day(route.due) if route.due else "",
            "returned": day(route.returned_on) if route.returned_on else "",
            "proposal": route.proposal,
            "mine": mine.covers(agency.id),
        }
        for route, agency in rows
    ]


def _files(session: Session, case_id: int) -> list[dict[str, Any]]:
    return [
        {
            "id": paper.id,
            "name": paper.name,
            "size": size(paper.size),
            "sent": paper.sent,
            "sha256": paper.sha256,
            "draft": paper.draft_id,
            "cleaned": paper.cleaned_from is not None,
        }
        for paper in papers.of_case(session, case_id)
        if paper.kind == "answer"
    ]


def _proofs(session: Session, case_id: int) -> list[tuple[KipAttachment, str]]:
    kinds = {"proof": _("Proof of identity"), "power_of_attorney": _("Power of attorney")}
    found = [paper for paper in papers.of_case(session, case_id) if paper.kind in papers.PROOFS and paper.blob]
    return [(paper, kinds.get(paper.kind, _("Attachment"))) for paper in found]
