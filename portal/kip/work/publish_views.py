"""Publishing a case: each word checked by the officer, and refused while it tells who asked."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from datasets import mails
from datasets.clock import now
from datasets.models import Organization
from metadata.errors import LumbungError
from portal import context
from portal.accounts import guard
from portal.kip import spoken
from portal.kip.codes import CLASSES
from portal.kip.models import KipCase, KipEvent, KipPublication, KipRoute
from portal.kip.public import answers
from portal.kip.public.answers import Publication
from portal.kip.store import cases, identity
from portal.kip.store.rules import load_settings
from portal.kip.work import acts
from portal.kip.work.wing import bp, case_here, desk, kip_actor, ring
from portal.web.forms import Form
from portal.web.i18n import current_language

TEXTS = ("subject", "question", "answer", "information_class", "organization")


@bp.get("/permohonan/<int:number>/terbitkan")
def publishing(number: int) -> str:
    """The form, begun with the words of the case: they are to be read before they go out."""
    row = case_here(number, "request.answer")
    there = _there(number)
    last = _answer(number)
    values = {
        "subject": there.subject if there else row.subject,
        "question": there.question if there else row.question,
        "answer": there.answer if there else str((last.data if last else {}).get("answer", "")),
        "information_class": there.information_class if there else "setiap_saat",
        "organization": str((there.organization_id if there else _agency(number)) or ""),
    }
    return _page(row, Form(values))[0]


@bp.post("/permohonan/<int:number>/terbitkan")
def publish(number: int) -> Response | tuple[str, int]:
    """Publish it, tell those who joined, or take it back."""
    row, at, here = case_here(number, "request.answer"), now(), context.installation()
    who = guard.current()
    values = {name: request.form.get(name, "").replace("\r\n", "\n").strip()[:20_000] for name in TEXTS}
    if request.form.get("go") == "withdraw":
        with here.database.write() as session:
            own = session.get_one(KipCase, number)
            answers.withdraw(session, own, actor=kip_actor(), by=who.label, at=at, reason=values["answer"][:200])
        return redirect(url_for("kip_work.case", number=number), 303)
    try:
        with here.database.write() as session:
            own = session.get_one(KipCase, number)
            asker = identity.unseal(session, ring(), number)
            made = answers.publish(
                session,
                own,
                _publication(
                    values, number, asker.name if own.named and load_settings(session).names_public != "never" else None
                ),
                asker,
                actor=kip_actor(),
                by=who.label,
                at=at,
            )
            if made.answered_on is not None:
                address = f"{desk().site}/permohonan/{made.slug}"
                for one in answers.joined_addresses(session, ring(), made.id):
                    text = f"Pertanyaan yang Anda ikuti sudah dijawab: {made.subject}\n\n{address}\n"
                    key = f"kip:joined:{made.id}:{ring().mac('told', one)}"
                    mails.post(session, to=one, subject=f"Sudah dijawab: {made.number}", text=text, at=at, key=key)
    except LumbungError as error:
        return _page(row, Form(values, {"answer": error.say(current_language())}))
    return redirect(url_for("kip_work.case", number=number), 303)


def _publication(values: dict[str, str], number: int, name: str | None) -> Publication:
    last = _answer(number)
    data = last.data if last else {}
    links = [each for each in data.get("material") or [] if each.get("url")]
    links += [{"title": url, "url": url} for url in data.get("links") or [] if not links]
    return Publication(
        subject=values["subject"][:300],
        question=values["question"],
        answer=values["answer"],
        links=tuple(links),
        information_class=values["information_class"] if values["information_class"] in CLASSES else "setiap_saat",
        organization_id=acts.number(values["organization"]),
        name=name,
    )


def _answer(number: int) -> KipEvent | None:
    rows = cases.timeline(context.session(), number)
    return next((row for row in reversed(rows) if row.action == "answer"), None)


def _there(number: int) -> KipPublication | None:
    return context.session().scalars(select(KipPublication).where(KipPublication.case_id == number)).one_or_none()


def _agency(number: int) -> int | None:
    wanted = select(KipRoute.organization_id).where(KipRoute.case_id == number).order_by(KipRoute.id).limit(1)
    return context.session().scalar(wanted)


def _page(row: KipCase, form: Form) -> tuple[str, int]:
    context.renew()
    session = context.session()
    agencies = session.execute(select(Organization.id, Organization.title).order_by(Organization.title)).all()
    return (
        render_template(
            "kip_work/publish.html",
            row=row,
            form=form,
            there=_there(row.id),
            classes=[(name, spoken.information_class(name).capitalize()) for name in CLASSES[:3]],
            agencies=[("", "–"), *((str(id_), title) for id_, title in agencies)],
        ),
        form.status,
    )
