"""`/permohonan/lacak`: a request followed without an account, by its number and PIN or by its secret link."""

from __future__ import annotations

from dataclasses import asdict

from flask import Response as Answer
from flask import jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from datasets.clock import now
from metadata.errors import LumbungError, NotFound
from portal import context
from portal.accounts import guard
from portal.kip import spoken
from portal.kip.ask import present
from portal.kip.ask.wing import desk, follow, ring, sent_proofs, who_asks
from portal.kip.calendar import desk_date
from portal.kip.models import KipAttachment, KipCase, KipLetter
from portal.kip.public import answers
from portal.kip.store import acting, cases, identity, papers, pins
from portal.kip.store import letters as letter_store
from portal.response import traps
from portal.web.figures import day
from portal.web.forms import Form
from portal.web.i18n import current_language
from portal.web.i18n import gettext as _

ACTS = {
    "lengkapi": "complete",
    "keberatan": "object",
    "tarik": "withdraw",
    "tutup": "close",
    "sengketa": "refer_dispute",
}
"""What an applicant may do, by the last word of the address."""
NO_NAME = "Nama tidak lagi disebut di muka umum"
"""What an officer reads in the timeline."""
JOINED_A_DAY = 50
"""Questions that one network may join in a day: nobody leaves the addresses of a crowd of strangers."""


@follow.get("/lacak")
def door() -> str:
    """Number and PIN."""
    return render_template("kip/door.html", form=Form())


@follow.post("/lacak")
def enter() -> Response | tuple[str, int]:
    """Open the case of a number with its PIN; a wrong one and an unknown number have the same answer."""
    values = {"number": request.form.get("number", "").strip()[:100]}
    error = _("Number and PIN do not belong together. Look at the receipt, or use the link from the e-mail.")
    try:
        with context.installation().database.write() as session:
            row = pins.opens(session, guard.key(), values["number"], request.form.get("pin", ""), who_asks(), at=now())
            secret = identity.unseal(session, ring(), row.id).secret if row is not None else ""
    except LumbungError as refused:
        secret, error = "", refused.say(current_language())
    if not secret:
        form = Form(values, {"number": error})
        return render_template("kip/door.html", form=form), form.status
    return redirect(url_for("kip_follow.case", secret=secret), 303)


@follow.get("/lacak/<secret>")
def case(secret: str) -> str:
    """The case as its applicant sees it."""
    return _page(_row(secret), secret, Form())[0]


@follow.post("/lacak/<secret>/<any(lengkapi, keberatan, tarik, tutup, sengketa, nama):act>")
def do(secret: str, act: str) -> Response | tuple[str, int]:
    """Complete, object, withdraw, close, note a dispute, or no longer be named."""
    row, at = _row(secret), now()
    here = context.installation()
    said = request.form.get("said", "").strip()[:5000]
    try:
        if act == "nama":
            with here.database.write() as session:
                identity.withdraw_name(session, row.id)
                cases.append(
                    session, row.id, "note", actor="applicant", by=cases.APPLICANT, at=at, data={"what": NO_NAME}
                )
            return redirect(url_for("kip_follow.case", secret=secret), 303)
        proofs = sent_proofs(papers.key_for(context.session(), ring(), row.id)) if act == "lengkapi" else []
        data: dict[str, object] = {}
        if act == "keberatan":
            data["grounds"] = [one for one in request.form.getlist("grounds") if len(one) == 1]
            if "b" in data["grounds"]:  # type: ignore[operator]  # a list, as it was just made
                data["found_on"] = desk_date(at).isoformat()
        with here.database.write() as session:
            for proof in proofs:
                papers.note(session, row.id, proof, by=cases.APPLICANT, at=at)
            acting.act(
                session,
                desk(),
                row.id,
                ACTS[act],
                actor="applicant",
                by=cases.APPLICANT,
                at=at,
                data=data,
                private=said,
            )
    except LumbungError as error:
        name = {"lengkapi": "proof", "keberatan": "grounds"}.get(act, "")
        return _page(row, secret, Form({"said": said}, {name: error.say(current_language())}))
    return redirect(url_for("kip_follow.case", secret=secret), 303)


@follow.get("/lacak/<secret>/surat/<int:number>")
def letter(secret: str, number: int) -> Answer:
    """A letter of the case as PDF, or with `?html=1` as a page."""
    row = _row(secret)
    found = context.session().get(KipLetter, number)
    if found is None or found.case_id != row.id:
        raise NotFound(what="surat")
    return letter_answer(found)


@follow.get("/lacak/<secret>/berkas/<int:number>")
def file(secret: str, number: int) -> Answer:
    """A file of the answer."""
    row = _row(secret)
    paper = papers.get(context.session(), row.id, number)
    if paper.kind != "answer" or not paper.sent:
        raise NotFound(what="berkas")
    return answer_file(paper)


@follow.get("/lacak/<secret>/data.json")
def own_data(secret: str) -> Answer:
    """Everything that is kept of the applicant and the case, for the applicant (UU 27/2022 Pasal 6 and 13)."""
    row, session = _row(secret), context.session()
    who = asdict(identity.unseal(session, ring(), row.id))
    events = [
        {"at": event.at.isoformat(), "action": event.action, "actor": event.actor, "data": event.data}
        for event in cases.timeline(session, row.id)
        if event.action not in present.HIDDEN
    ]
    looks = [event.at.isoformat() for event in cases.timeline(session, row.id) if event.action == "look"]
    told = {
        "number": row.number,
        "identity": {name: value for name, value in who.items() if name not in ("secret", "pin")},
        "applicant_kind": row.applicant_kind,
        "question": row.question,
        "purpose": row.purpose,
        "manner": row.manner,
        "delivery": row.delivery,
        "files": [name for _kind, name in present.own_papers(session, ring(), row)],
        "events": events,
        "looked_at_by_officers": looks,
    }
    answer = jsonify(told)
    answer.headers["Content-Disposition"] = 'attachment; filename="data-saya.json"'
    return answer


@follow.get("/<slug>/ikut")
def joining(slug: str) -> str:
    """The page on which somebody joins a published question."""
    return render_template("kip/join.html", found=answers.by_slug(context.session(), slug), form=Form(), done=False)


@follow.post("/<slug>/ikut")
def join(slug: str) -> tuple[str, int]:
    """Join it: counted once, with or without an address to be told at."""
    from datasets.mails import checked_address  # late: only who leaves an address

    found = answers.by_slug(context.session(), slug)
    email = request.form.get("email", "").strip()
    try:
        address = checked_address(email).lower() if email else None
        with context.installation().database.write() as session:
            traps.count(session, "kip join", JOINED_A_DAY, at=now())
            answers.join(session, ring(), found.row.id, who=who_asks(), address=address, at=now())
    except LumbungError as error:
        form = Form({"email": email}, {"email": error.say(current_language())})
        return render_template("kip/join.html", found=found, form=form, done=False), form.status
    return render_template("kip/join.html", found=found, form=Form(), done=True), 200


def letter_answer(found: KipLetter) -> Answer:
    """A letter made again from what it was made from. Raises `NotFound` once the applicant is forgotten."""
    from portal.kip.letters.html import STYLE_SOURCE, letter_html  # late: only letters
    from portal.kip.letters.pdf import letter_pdf

    facts, head = letter_store.read(context.session(), ring(), found)
    if request.args.get("html"):
        page = Answer(letter_html(found.kind, facts, head), mimetype="text/html")
        page.headers["Content-Security-Policy"] = f"default-src 'none'; img-src data:; style-src {STYLE_SOURCE}"
        return page
    content = letter_pdf(found.kind, facts, head, found.layout)
    answer = Answer(content, mimetype="application/pdf")
    name = f"{found.kind}-{found.number}.pdf".replace("/", "-")
    answer.headers.set("Content-Disposition", "inline", filename=name)
    return answer


def answer_file(paper: KipAttachment) -> Answer:
    """A file of an answer. Raises `NotFound` when its bytes are not kept."""
    if paper.blob is None:
        raise NotFound(what="berkas")
    return download(context.installation().blobs.path(paper.blob).read_bytes(), paper.media_type, paper.name)


def download(content: bytes, media: str, name: str) -> Answer:
    """A file to save, never to be shown as a page of ours."""
    answer = Answer(content, mimetype=media or "application/octet-stream")
    answer.headers.set("Content-Disposition", "attachment", filename=name or "berkas")
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _row(secret: str) -> KipCase:
    found = cases.by_secret(context.session(), secret)
    if found is None:
        raise NotFound(what="permohonan")
    return found


def _page(row: KipCase, secret: str, form: Form) -> tuple[str, int]:
    context.renew()
    session = context.session()
    row = session.get_one(KipCase, row.id)
    events = cases.timeline(session, row.id)
    stands = cases.standing(session, row.id, at=now())
    who = identity.unseal(session, ring(), row.id)
    return (
        render_template(
            "kip/case.html",
            row=row,
            secret=secret,
            form=form,
            fresh=request.args.get("baru") == "1",
            pin=who.pin,
            state=spoken.state(stands.state),
            kind=spoken.state_kind(stands.state, late=stands.late),
            dates=present.dates(stands),
            provisional=stands.provisional,
            late=stands.late,
            missing=stands.dossier.missing,
            allowed=present.may(stands),
            grounds=[(ground, spoken.ground(ground)) for ground in stands.objectable],
            lines=present.timeline(events),
            answer=present.answer(session, row, secret, events),
            letters=present.letter_lines(session, row, secret),
            papers=present.own_papers(session, ring(), row),
            masked=who.masked(),
            name=who.name,
            received=day(row.received_on) if row.received_on else "",
        ),
        form.status,
    )
