"""Following by mail: asked for here, said yes to from the letter, ended with one click (RFC 8058)."""

from __future__ import annotations

import re

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from datasets import catalog, mails
from datasets.clock import now
from datasets.keys import installation_key
from datasets.models import Follow, Organization
from datasets.response import follows
from datasets.response.follows import Purpose, Target
from metadata.errors import LumbungError, NotFound
from metadata.terms import Bilingual
from portal import context
from portal.accounts import guard, limits
from portal.response import letters, traps
from portal.response.wing import bp
from portal.web.forms import Form, typed
from portal.web.i18n import current_language
from portal.web.links import canonical_url, site_root

leaving = Blueprint("leaving", __name__)
"""Stopping needs neither a cookie nor a form of ours: mail programs do it for people."""


class NoWordsOfASearch(LumbungError):
    """An address where words of a search belong: the letter goes to anybody, and must carry nobody's advertisement."""

    code = "response.no_words_of_a_search"
    status = 422
    text = Bilingual(
        id="Pencarian yang diikuti hanya boleh berisi kata-kata, tanpa alamat web atau surel.",
        en="A search that is followed may hold words alone, no address of a page or of mail.",
    )


A_DAY = 20
"""Wishes to follow from one network."""
_LONGEST = 300
_ADDRESS = re.compile(r"://|@|\bwww\.|\b[a-z0-9-]+\.[a-z]{2,}(?:/|\b)", re.IGNORECASE)


@bp.get("/ikuti")
def follow() -> str:
    """The form: `dataset` or `opd` is an address of the portal, `q` the words of a search."""
    target, name, values = _wanted()
    return _page(target, name, values, Form())


@bp.post("/ikuti")
def ask() -> str | tuple[str, int]:
    """Send the letter to confirm; the answer is the same whoever follows what already."""
    target, name, values = _wanted()
    typed_in, at = typed(request.form, "email"), now()
    try:
        traps.refuse_programs(request.form, at=at)
        if target.kind == "search" and _ADDRESS.search(target.value):
            raise NoWordsOfASearch
        with context.installation().database.write() as session:
            traps.count(session, "follow", A_DAY, at=at)
            _ask(session, target, name, typed_in["email"])
    except LumbungError as error:
        form = Form(typed_in, {"email": error.say(current_language())})
        return _page(target, name, values, form), error.status
    return _page(target, name, values, None)


@bp.get("/ikuti/konfirmasi/<token>")
def confirmation(token: str) -> str:
    """What is about to be followed; programs that look at every link of a letter change nothing by it."""
    found = _found(context.session(), token, "confirm")
    name = follows.name_of(context.session(), Target.parse(found.target))
    return render_template("response/confirm.html", name=name, token=token, done=found.confirmed_at is not None)


@bp.post("/ikuti/konfirmasi/<token>")
def confirm(token: str) -> Response:
    """Follow from now on."""
    with context.installation().database.write() as session:
        follows.confirm(session, _found(session, token, "confirm"), at=now())
    return redirect(url_for("response.confirmation", token=token), 303)


@leaving.get("/ikuti/berhenti/<token>")
def goodbye(token: str) -> str:
    """The page with the one button."""
    session = context.session()
    there = follows.by_token(session, token, "leave", key=_key())
    name = follows.name_of(session, Target.parse(there.target)) if there else None
    return _goodbye(there is not None, name=name)


@leaving.post("/ikuti/berhenti/<token>")
def leave(token: str) -> str:
    """Follow this no more. Done already, it says the same."""
    with context.installation().database.write() as session:
        there = follows.by_token(session, token, "leave", key=_key())
        follows.leave(session, [there] if there else [], key=_key())
    return _goodbye(False)


@leaving.get("/ikuti/berhenti-semua/<token>")
def goodbye_all(token: str) -> str:
    """The page with the one button, for everything that an address follows."""
    return _goodbye(bool(follows.by_token_of_all(context.session(), token, key=_key())), everything=True)


@leaving.post("/ikuti/berhenti-semua/<token>")
def leave_all(token: str) -> str:
    """Follow nothing more; the address is deleted. Where List-Unsubscribe leads."""
    with context.installation().database.write() as session:
        follows.leave(session, follows.by_token_of_all(session, token, key=_key()), key=_key())
    return _goodbye(False, everything=True)


def _page(target: Target, name: str, where: dict[str, str], form: Form | None) -> str:
    """The form, or without one that a letter has gone."""
    return render_template(
        "response/follow.html", target=target, name=name, where=where, form=form or Form(), sent=form is None
    )


def _goodbye(there: bool, *, name: str | None = None, everything: bool = False) -> str:
    """The one button while there is something to end, else that all is ended: the same for a link that is false."""
    return render_template("response/leave.html", there=there, name=name, everything=everything)


def _key() -> str:
    return installation_key(context.installation().settings)


def _ask(session: Session, target: Target, name: str, email: str) -> None:
    key, at, language = _key(), now(), current_language()
    address = mails.checked_address(email)
    bucket = f"follow:{follows.reader_of(key, address)[:48]}"
    if limits.count(session, bucket, limits.LETTERS, at=at) > limits.LETTERS.count:
        return  # it has letters enough; who asks learns nothing of that
    kept = follows.ask(session, target, address, key=key, language=language, root=site_root(), at=at)
    if kept is not None:
        link = canonical_url("response.confirmation", token=follows.token_of(kept, "confirm", key=key))
        letter = f"{follows.LETTERS}{kept.id}:{kept.nonce[:8]}:{at:%Y%m%d%H%M}"
        letters.ask_to_confirm(session, address, name, link=link, key=letter, language=language, at=at)


def _found(session: Session, token: str, purpose: Purpose) -> Follow:
    found = follows.by_token(session, token, purpose, key=guard.key())
    if found is None:
        raise NotFound(what=token[:20])
    return found


def _wanted() -> tuple[Target, str, dict[str, str]]:
    """What is to be followed, its name, and the part of the address that says so. Raises `NotFound`."""
    given = {name: request.args.get(name, "").strip()[:_LONGEST] for name in ("dataset", "opd", "q")}
    values = {name: value for name, value in given.items() if value}
    if given["dataset"]:
        dataset = catalog.get_published(context.session(), given["dataset"])
        return Target("dataset", str(dataset.id)), dataset.title, values
    if given["opd"]:
        wanted = select(Organization).where(Organization.slug == given["opd"])
        agency = context.session().scalar(wanted)
        if agency is None:
            raise NotFound(what=given["opd"][:100])
        return Target("organization", str(agency.id)), agency.title, values
    if given["q"]:
        words = " ".join(given["q"].split())
        return Target("search", words), words, values | {"q": words}
    raise NotFound(what="ikuti")
