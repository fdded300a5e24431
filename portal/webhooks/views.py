"""`/kerja/webhook`: people register the addresses that want to be told of publications, each their own."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from datasets.clock import now
from datasets.keys import installation_key
from datasets.models import Dataset, Organization, Webhook, published
from datasets.webhooks import deliveries, events, signing, subscribing
from datasets.webhooks.subscribing import Wish
from harvesters.wire.addresses import without_query
from harvesters.wire.webhooks import check_target
from metadata.errors import BadInput, LumbungError, NotFound
from portal import context
from portal.accounts import audit, guard
from portal.policy import Actor, of_person, require
from portal.web.forms import Form, typed
from portal.web.i18n import current_language
from portal.web.i18n import gettext as _
from portal.webhooks.present import delivery_line, event_choices, webhook_line

bp = guard.private(Blueprint("webhooks", __name__, url_prefix="/kerja/webhook"))


@bp.get("")
def listed() -> str:
    """One's webhooks, and the form for another."""
    return _list(Form({"dataset": request.args.get("dataset", "")[:100]}), [])[0]


@bp.post("")
def add() -> Response | tuple[str, int]:
    """Register one; its secret is shown this once."""
    actor, at = _self(), now()
    values, chosen = (
        typed(request.form, "title", "url", "about", "organization", "dataset"),
        request.form.getlist("event"),
    )
    internal = context.installation().settings.webhooks_internal.split()
    errors = {}
    try:
        url = check_target(values["url"], internal=internal)
    except LumbungError as error:
        errors["url"] = error.say(current_language())
    try:
        about = _about(context.session(), values)
    except NotFound:
        name = "organization" if values["about"] == "organization" else "dataset"
        errors[name] = _("Nothing public has this name.")
    if errors:
        return _list(Form(values, errors), chosen)
    wanted = () if set(chosen) >= set(events.KINDS) else tuple(chosen)
    wish = Wish(url, values["title"], wanted, **about)
    try:
        with context.installation().database.write() as session:
            made = subscribing.add(
                session, wish, owner=actor.email, owner_id=actor.user_id, language=current_language(), at=at
            )
            told = {"address": without_query(made.url), "events": made.events, **about}
            audit.record(session, actor, "webhook.add", f"webhook:{made.id}", at=at, after=told)
    except (BadInput, subscribing.TooManyWebhooks) as error:
        return _list(Form(values, {"url": error.say(current_language())}), chosen)
    return _secret(made)


@bp.get("/<int:number>")
def webhook(number: int) -> str:
    """One webhook with its last deliveries."""
    session = context.session()
    found = _mine(session, number)
    rows = [delivery_line(*row) for row in deliveries.last_of(session, found.id)]
    return render_template("webhooks/webhook.html", line=webhook_line(session, found), deliveries=rows)


@bp.post("/<int:number>/uji")
def test(number: int) -> Response:
    """Send an event that nothing happened for."""
    with context.installation().database.write() as session:
        found = _mine(session, number)
        if found.disabled_at is None:
            events.test(session, found, at=now())
    return _back(number)


@bp.post("/<int:number>/kirim")
def redeliver(number: int) -> Response:
    """Send one delivery again, or without `delivery` all that were given up."""
    text = request.form.get("delivery", "")
    with context.installation().database.write() as session:
        found, at = _mine(session, number), now()
        if found.disabled_at is not None:
            return _back(number)
        wanted = [int(text)] if text.isascii() and text.isdigit() and len(text) < 10 else []
        if not text:
            rows = deliveries.last_of(session, found.id, limit=200)
            wanted = [row.id for row, _event in rows if row.dead_at is not None and row.delivered_at is None]
        for one in wanted:
            deliveries.redeliver(session, found, one, at=at)
    return _back(number)


@bp.post("/<int:number>/sakelar")
def switch(number: int) -> Response:
    """Switch it off, or on again."""
    actor, at = _self(), now()
    with context.installation().database.write() as session:
        found = _mine(session, number)
        if request.form.get("on") == "1":
            subscribing.switch_on(session, found)
        elif found.disabled_at is None:
            subscribing.switch_off(session, found, "owner", at=at)
        after = {"on": found.disabled_at is None}
        audit.record(session, actor, "webhook.switch", f"webhook:{number}", at=at, after=after)
    return _back(number)


@bp.post("/<int:number>/rahasia")
def renew_secret(number: int) -> tuple[str, int]:
    """Another secret, shown this once; the old one signs nothing more."""
    actor = _self()
    with context.installation().database.write() as session:
        found = _mine(session, number)
        subscribing.renew_secret(found)
        audit.record(session, actor, "webhook.secret", f"webhook:{number}", at=now())
    return _secret(found)


@bp.post("/<int:number>/hapus")
def remove(number: int) -> Response:
    """Forget it and its deliveries."""
    actor = _self()
    with context.installation().database.write() as session:
        subscribing.remove(session, _mine(session, number))
        audit.record(session, actor, "webhook.remove", f"webhook:{number}", at=now())
    return redirect(url_for("webhooks.listed"), 303)


def _about(session: Session, values: dict[str, str]) -> dict[str, int | None]:
    """Which datasets it is about. Raises `NotFound` for what is not public."""
    if values["about"] == "organization":
        found = session.scalar(select(Organization.id).where(Organization.slug == values["organization"]))
        if found is None:
            raise NotFound(what=values["organization"])
        return {"organization_id": found}
    if values["about"] == "dataset":
        name = values["dataset"].rstrip("/").rpartition("/dataset/")[2].partition("/")[0].partition("?")[0]
        dataset = session.scalar(published().where(Dataset.slug == name))
        if dataset is None:
            raise NotFound(what=name)
        return {"dataset_id": dataset.id}
    return {}


def _list(form: Form, chosen: list[str]) -> tuple[str, int]:
    session, actor = context.session(), _self()
    agencies = session.execute(select(Organization.slug, Organization.title).order_by(Organization.title)).all()
    page = render_template(
        "webhooks/list.html",
        form=form,
        about=form.value("about") or ("dataset" if form.value("dataset") else "all"),
        lines=[webhook_line(session, one) for one in subscribing.every(session, owner_id=actor.user_id)],
        agencies=[(slug, title) for slug, title in agencies],
        choices=event_choices(chosen),
    )
    return page, form.status


def _secret(made: Webhook) -> tuple[str, int]:
    shown = signing.secret(installation_key(context.installation().settings), made.salt)
    return render_template("webhooks/secret.html", secret=shown, number=made.id, title=made.title), 200


def _mine(session: Session, number: int) -> Webhook:
    return subscribing.get(session, number, owner_id=_self().user_id)


def _self() -> Actor:
    actor = guard.current()
    require(actor, "account.own", of_person(actor.user_id or 0))
    return actor


def _back(number: int) -> Response:
    return redirect(url_for("webhooks.webhook", number=number), 303)
