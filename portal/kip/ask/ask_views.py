"""`/permohonan/baru`: the question first, what answers it already, then the form; all of it without script too."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from datasets.clock import now
from metadata.errors import LumbungError
from portal import context
from portal.accounts import guard
from portal.kip.ask import drafts, form, matches, spam
from portal.kip.ask.wing import ask, desk, ring, sent_proofs, who_asks
from portal.kip.models import KipMet
from portal.kip.public.views import card
from portal.kip.sealing import new_key
from portal.kip.store import acting, papers, pins
from portal.response import traps
from portal.web.forms import Form
from portal.web.i18n import current_language

MET = ("dataset", "rows", "answer")
_LONGEST_TARGET = 500
A_DAY = 200
"""Drafts that one network may save in a day, and offers whose taking is counted."""


@ask.get("/baru")
def question() -> str:
    """Where one begins: what do you want to know?"""
    return render_template("kip/question.html", form=Form(), found=None)


@ask.post("/baru")
def look() -> tuple[str, int]:
    """What answers the question already. It travels in the body: addresses stand in logs, questions do not."""
    text = request.form.get("question", "").strip()[: form.LONGEST]
    if len(text) < 3:
        wrong = {"question": form.mistakes({})["question"]}
        return render_template("kip/question.html", form=Form({}, wrong), found=None), 422
    return render_template("kip/question.html", form=Form({"question": text}), found=_found(text)), 200


@ask.post("/baru/cocok")
def fragment() -> str:
    """The same as a part of the page, while the question is typed."""
    text = request.form.get("question", "").strip()[: form.LONGEST]
    return render_template("kip/matches.html", found=_found(text), question=text)


@ask.post("/terpenuhi")
def met() -> Response:
    """Take what was found: the request is met without being filed, and counted so; nothing says by whom."""
    kind, target = request.form.get("kind", ""), request.form.get("target", "")[:_LONGEST_TARGET]
    if kind not in MET or not target.startswith("/") or target.startswith(("//", "/\\")) or not target.isprintable():
        return redirect(url_for("kip_ask.question"), 303)
    at = now()
    try:
        with context.installation().database.write() as session:
            traps.count(session, "kip met", A_DAY, at=at)
            session.add(KipMet(at=at, kind=kind, target=target))
    except traps.TooManyToday:
        pass  # shown it is all the same, and counted no more
    return redirect(target, 303)


@ask.get("/baru/formulir")
def blank() -> str:
    """The form, with what was typed before in this browser."""
    held = drafts.find(context.session(), ring(), guard.cookie(drafts.COOKIE))
    return _page(Form({"applicant_kind": "perorangan", "manner": "soft", "delivery": "email", **held}))[0]


@ask.post("/baru/formulir")
def send() -> Response | tuple[str, int]:
    """Go to the form with a question, save it for later, or file the request."""
    values = form.typed(request.form)
    go = request.form.get("go", "send")
    if go == "form":
        held = drafts.find(context.session(), ring(), guard.cookie(drafts.COOKIE))
        start = {"applicant_kind": "perorangan", "manner": "soft", "delivery": "email"}
        return _page(Form({**start, **held, "question": values["question"]}))
    if go == "save":
        return _saved(values)
    errors = form.mistakes(values)
    if errors:
        return _page(Form(values, errors))
    try:
        return _filed(values)
    except LumbungError as error:
        name = "proof" if isinstance(error, papers.ProofRefused) else ""
        return _page(Form(values, {name: error.say(current_language())}))


def _filed(values: dict[str, str]) -> Response:
    """File it: its files are looked at, sealed and put away before anything is written."""
    here, at = context.installation(), now()
    traps.refuse_programs(request.form, at=at)
    key = new_key()
    proofs = sent_proofs(key)
    secret = guard.cookie(drafts.COOKIE)
    with here.database.write() as session:
        spam.count(session, guard.key(), who_asks(), at=at)
    with here.database.write() as session:
        opened = acting.register(
            session,
            desk(),
            form.asked(values, current_language()),
            form.identity(values),
            channel="web",
            actor="applicant",
            by="pemohon",
            at=at,
            pin_hash=pins.hashed,
            proof_key=key,
            proofs=proofs,
        )
        drafts.drop(session, secret)
    answer = redirect(url_for("kip_follow.case", secret=opened.secret, baru=1), 303)
    if secret:
        guard.drop_cookie(answer, drafts.COOKIE)
    return answer


def _saved(values: dict[str, str]) -> tuple[str, int] | Response:
    at = now()
    try:
        with context.installation().database.write() as session:
            traps.count(session, "kip draft", A_DAY, at=at)
            secret = drafts.save(session, ring(), guard.cookie(drafts.COOKIE), values, at=at)
    except LumbungError as error:
        return _page(Form(values, {"": error.say(current_language())}))
    answer = redirect(url_for("kip_ask.blank", disimpan=1), 303)
    guard.set_cookie(answer, drafts.COOKIE, secret, seconds=drafts.SECONDS)
    return answer


def _found(text: str) -> dict[str, object]:
    found = matches.matches(text)
    return {
        "any": bool(found),
        "answers": [card(one) | {"url": url_for("kip_public.answer", slug=one.row.slug)} for one in found.answers],
        "rows": found.rows,
        "datasets": found.datasets,
    }


def _page(filled: Form) -> tuple[str, int]:
    return (
        render_template(
            "kip/form.html",
            form=filled,
            choices=form.choices(),
            begun=traps.begun(now()),
            trap=traps,
            saved=request.args.get("disimpan") == "1",
            limit=papers.LARGEST_PROOF // papers.MEGABYTE,
        ),
        filled.status,
    )
