"""One's own account: password, second factor, sessions, tokens."""

from __future__ import annotations

import hmac
import io

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from datasets.clock import now
from metadata.errors import LumbungError, NotFound
from portal import context
from portal.accounts import audit, guard, letters, limits, people, present, sessions, tokens
from portal.accounts.keys import keyed_hash
from portal.accounts.models import SignedIn, User
from portal.policy import Actor, Scope, demanding, of_person, require
from portal.web.forms import Form, typed
from portal.web.i18n import current_language
from portal.web.i18n import gettext as _

bp = guard.private(Blueprint("account", __name__, url_prefix="/akun"))


@bp.get("")
def profile() -> str:
    """Everything about one's own account."""
    return _profile(Form())[0]


@bp.post("/sandi")
def password() -> Response | tuple[str, int]:
    """Another password: the old one is asked for, all other sessions end."""
    actor, at = _self(), now()
    old, new = request.form.get("old", ""), request.form.get("password", "")
    user = people.get_user(context.session(), _id(actor))
    try:
        with context.installation().database.write() as session:  # counted before the answer is known
            limits.check(session, _bucket(actor), limits.DEVICE, at=at)
            limits.count(session, _bucket(actor), limits.DEVICE, at=at)
        if not guard.credentials().is_right(old, user.password_hash):
            return _profile(Form({}, {"old": _("This is not your present password.")}))
        guard.credentials().check_new(new, email=user.email, name=user.name)
    except LumbungError as error:
        return _profile(Form({}, {"password": error.say(current_language())}))
    hashed = guard.credentials().hash(new)
    with context.installation().database.write() as session:
        user = people.get_user(session, _id(actor))
        factor = session.get_one(SignedIn, actor.session_id).factor
        people.set_password(session, user, hashed, at=at, actor=actor)
        limits.forget(session, _bucket(actor), at=at)
        secret = sessions.open_session(session, user, guard.device_here(), at=at, factor=factor)
        letters.tell_of_change(session, user, "Kata sandi akun Anda telah diganti.", site=_site(), at=at)
    response = redirect(url_for("account.profile", _anchor="sandi"), 303)
    guard.set_cookie(response, guard.SESSION, secret)
    return response


@bp.get("/dua-langkah")
def factor() -> Response | str:
    """Set up the second factor."""
    user = people.get_user(context.session(), _id(_self()))
    if user.totp_secret is not None:
        return redirect(url_for("account.profile", _anchor="dua-langkah"), 303)
    return _setup(user, guard.credentials().new_secret(), Form())[0]


@bp.post("/dua-langkah")
def set_factor() -> Response | tuple[str, int] | str:
    """Take the first code of the authenticator: from now on it is asked for."""
    actor, at = _self(), now()
    secret = _unsealed(request.form.get("secret", ""), _id(actor)) or guard.credentials().new_secret()
    with context.installation().database.write() as session:
        user = people.get_user(session, _id(actor))
        if user.totp_secret is not None:
            return redirect(url_for("account.profile"), 303)
        right = guard.credentials().is_code(request.form.get("code", ""), user, secret=secret)
        if right:
            shown, user.recovery_codes = guard.credentials().new_recovery_codes()
            user.totp_secret = secret
            renewed = _grown(session, actor, user)
            audit.record(session, actor, "account.factor_set", f"user:{user.id}", at=at)
            letters.tell_of_change(session, user, "Verifikasi dua langkah dinyalakan.", site=_site(), at=at)
    if not right:
        wrong = _("The code does not fit. Check the time of your telephone and use the newest code.")
        return _setup(user, secret, Form({}, {"code": wrong}))
    return _codes(shown, renewed)


@bp.post("/dua-langkah/hapus")
def drop_factor() -> Response | tuple[str, int]:
    """Do without the second factor, if no role demands it; a code is asked for."""
    actor, at = _self(), now()
    if wrong := _too_often(actor):
        return wrong
    with context.installation().database.write() as session:
        user = people.get_user(session, _id(actor))
        held = people.grants_of(session, user.id)
        demanded = bool(demanding(held, officers=context.installation().settings.factor_for_all))
        right = not demanded and _is_code(session, actor, user)
        if right:
            user.totp_secret = user.recovery_codes = user.totp_counter = None
            audit.record(session, actor, "account.factor_dropped", f"user:{user.id}", at=at)
            letters.tell_of_change(session, user, "Verifikasi dua langkah dimatikan.", site=_site(), at=at)
    if demanded:
        return _profile(Form({}, {"code": _("Your role demands the second factor.")}))
    if not right:
        return _profile(Form({}, {"code": _("The code does not fit.")}))
    return redirect(url_for("account.profile", _anchor="dua-langkah"), 303)


@bp.post("/kode-pemulihan")
def recovery_codes() -> Response | tuple[str, int]:
    """Ten new recovery codes in place of the old ones; a code is asked for."""
    actor, at = _self(), now()
    if wrong := _too_often(actor):
        return wrong
    with context.installation().database.write() as session:
        user = people.get_user(session, _id(actor))
        right = _is_code(session, actor, user)
        if right:
            shown, user.recovery_codes = guard.credentials().new_recovery_codes()
            audit.record(session, actor, "account.recovery_codes", f"user:{user.id}", at=at)
    return _codes(shown, None) if right else _profile(Form({}, {"code": _("The code does not fit.")}))


@bp.post("/sesi/<int:number>/akhiri")
def end_session(number: int) -> Response:
    """End one of one's sessions."""
    actor = _self()
    with context.installation().database.write() as session:
        sessions.end(session, number, user_id=_id(actor))
        audit.record(session, actor, "account.session_ended", f"user:{actor.user_id}", at=now())
    return redirect(url_for("account.profile", _anchor="sesi"), 303)


@bp.post("/sesi/akhiri-lainnya")
def end_others() -> Response:
    """End all sessions but this one."""
    actor = _self()
    with context.installation().database.write() as session:
        people.end_sessions(session, _id(actor), except_id=actor.session_id)
        audit.record(session, actor, "account.session_ended", f"user:{actor.user_id}", at=now())
    return redirect(url_for("account.profile", _anchor="sesi"), 303)


@bp.post("/token")
def add_token() -> Response | tuple[str, int]:
    """A new token, shown once."""
    actor = _self()
    values = typed(request.form, "token_name", "days")
    try:
        scopes = [Scope(scope) for scope in request.form.getlist("scope")]
        days = int(values["days"] or 90)
    except ValueError as error:
        raise NotFound(what="scope") from error
    errors = {}
    if not values["token_name"]:
        errors["token_name"] = _("Give the token a name that says what it is for.")
    if not scopes:
        errors["scope"] = _("Choose at least one purpose.")
    if not 1 <= days <= tokens.LONGEST_DAYS:
        errors["days"] = _("A token is good for 1 to 366 days.")
    if errors:
        return _profile(Form(values, errors))
    with context.installation().database.write() as session:
        user = people.get_user(session, _id(actor))
        issued = tokens.issue(session, user, name=values["token_name"], scopes=scopes, days=days, at=now(), actor=actor)
    return render_template("account/token.html", issued=issued, name=values["token_name"]), 200


@bp.post("/token/<int:number>/cabut")
def revoke_token(number: int) -> Response:
    """Revoke one of one's tokens."""
    actor = _self()
    with context.installation().database.write() as session:
        tokens.revoke(session, number, owner_id=_id(actor), at=now(), actor=actor)
    return redirect(url_for("account.profile", _anchor="token"), 303)


def _self() -> Actor:
    actor = guard.current()
    require(actor, "account.own", of_person(_id(actor)))
    return actor


def _id(actor: Actor) -> int:
    if actor.user_id is None:
        raise NotFound(what="account")
    return actor.user_id


def _bucket(actor: Actor) -> str:
    """Where wrong proofs on one's own page are counted: a session that was stolen must not guess its way to more."""
    return keyed_hash(guard.key(), "limit", f"proof {actor.user_id}")


def _too_often(actor: Actor) -> tuple[str, int] | None:
    """The page that says so, when too many codes were wrong."""
    try:
        limits.check(context.session(), _bucket(actor), limits.DEVICE, at=now())
    except limits.TooOften as error:
        return _profile(Form({}, {"code": error.say(current_language())}))[0], error.status
    return None


def _is_code(session: Session, actor: Actor, user: User) -> bool:
    """Whether the form holds the code of this moment; one that does not is counted."""
    right = guard.credentials().is_code(request.form.get("code", ""), user)
    if right:
        limits.forget(session, _bucket(actor), at=now())
    else:
        limits.count(session, _bucket(actor), limits.DEVICE, at=now())
    return right


def _grown(session: Session, actor: Actor, user: User) -> str:
    """The same session under a new secret, now that it has shown a second factor; the others end."""
    people.end_sessions(session, user.id, except_id=actor.session_id)
    return sessions.renew(session, session.get_one(SignedIn, actor.session_id), factor=True)


def _codes(shown: list[str], renewed: str | None) -> Response:
    response = Response(render_template("account/codes.html", codes=shown), mimetype="text/html")
    if renewed is not None:
        guard.set_cookie(response, guard.SESSION, renewed)
    return response


def _setup(user: User, secret: str, form: Form) -> tuple[str, int]:
    import segno  # late: this page alone

    credentials = guard.credentials()
    address = credentials.setup_address(secret, user.email)
    picture = io.BytesIO()
    segno.make(address, error="m").save(
        picture, kind="svg", scale=5, border=3, xmldecl=False, dark="#000", light="#fff"
    )
    page = render_template(
        "account/factor.html",
        form=form,
        secret=_sealed(secret, user.id),
        picture=_data_address(picture.getvalue()),
        typed_key=credentials.setup_key(secret),
        address=address,
        demanded=guard.current().lacks_factor,
    )
    return page, form.status


def _sealed(secret: str, user_id: int) -> str:
    """The secret as the page carries it to and fro: encrypted, and marked as ours for this person."""
    return f"{keyed_hash(guard.key(), f'factor {user_id}', secret)} {secret}"


def _unsealed(text: str, user_id: int) -> str | None:
    mark, _, secret = text.partition(" ")
    ours = keyed_hash(guard.key(), f"factor {user_id}", secret)
    return secret if hmac.compare_digest(mark.encode(), ours.encode()) else None


def _data_address(svg: bytes) -> str:
    from base64 import b64encode  # late: this page alone

    return f"data:image/svg+xml;base64,{b64encode(svg).decode('ascii')}"


def _profile(form: Form) -> tuple[str, int]:
    actor, at, session = guard.current(), now(), context.session()
    user = people.get_user(session, _id(actor))
    held = people.grants_of(session, user.id)
    page = render_template(
        "account/profile.html",
        form=form,
        person=user.name,
        email=user.email,
        roles=present.titles_of(session, held),
        has_password=user.password_hash is not None,
        has_factor=user.totp_secret is not None,
        codes_left=len(user.recovery_codes or []),
        demanded=bool(demanding(held, officers=context.installation().settings.factor_for_all)),
        sessions=present.session_lines(sessions.sessions_of(session, user.id, at=at), actor.session_id),
        tokens=present.token_lines(tokens.tokens_of(session, user.id), at=at),
        scopes=[(scope.value, present.scope_title(scope)) for scope in tokens.offered(actor.grants)],
    )
    return page, form.status


def _site() -> str:
    return context.installation().settings.site_title
