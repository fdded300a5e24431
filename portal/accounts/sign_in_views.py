"""Where people come in and go out: e-mail and password, the second factor, a new password, single sign-on."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from datasets.clock import now
from metadata.errors import LumbungError, NotFound
from portal import context
from portal.accounts import audit, entry, guard, letters, limits, links, people, sessions
from portal.accounts.keys import keyed_hash
from portal.accounts.sso import Flow, Provider, SsoFailed, SsoUnknown
from portal.policy import ANONYMOUS
from portal.web.forms import Form, typed
from portal.web.i18n import current_language
from portal.web.i18n import gettext as _
from portal.web.links import canonical_url

bp = guard.private(Blueprint("sign_in", __name__), open_to_all=True)

_SSO = "sso"


@bp.get("/masuk")
def form() -> Response | str:
    """The page to sign in; who has done so goes on."""
    if guard.current() != ANONYMOUS:
        return redirect(guard.next_address(request.args.get("next")), 303)
    return _sign_in(Form({"next": request.args.get("next", "")}))[0]


@bp.post("/masuk")
def enter() -> Response | tuple[str, int]:
    """Let somebody in, or half way when a second factor is due."""
    values = typed(request.form, "email", "next")
    password = request.form.get("password", "")
    missing = {name: words for name, words in _needed(values["email"], password).items() if words}
    if missing:
        return _sign_in(Form(values, missing))
    try:
        let_in = entry.with_password(_door(), values["email"], password, at=now())
    except LumbungError as error:
        return _refused(error, values)
    if let_in.half:
        response = redirect(url_for("sign_in.code", next=values["next"] or None), 303)
        guard.set_cookie(response, guard.HALF, let_in.secret)
        return response
    return _welcome(let_in, values["next"])


@bp.get("/masuk/kode")
def code() -> Response | str:
    """The page of the second step."""
    if guard.cookie(guard.HALF) is None:
        return redirect(url_for("sign_in.form"), 303)
    return render_template("sign_in/code.html", form=Form({"next": request.args.get("next", "")}))


@bp.post("/masuk/kode")
def enter_code() -> Response | tuple[str, int]:
    """Take the code of the second step."""
    values = typed(request.form, "next")
    try:
        door = _door()
        let_in = entry.with_code(door, guard.cookie(guard.HALF) or "", request.form.get("code", "").strip(), at=now())
    except entry.NotLetIn:
        response = redirect(url_for("sign_in.form"), 303)
        guard.drop_cookie(response, guard.HALF)
        return response
    except entry.CodeWrong as error:
        form = Form(values, {"code": error.say(current_language())})
        return render_template("sign_in/code.html", form=form), error.status
    return _welcome(let_in, values["next"])


@bp.get("/masuk/lupa")
def forgotten() -> str:
    """The page to ask for a new password."""
    return render_template("sign_in/forgotten.html", form=Form(), sent=False)


@bp.post("/masuk/lupa")
def send_link() -> str | tuple[str, int]:
    """Send a link, if somebody has that address; the answer is the same if nobody has."""
    values = typed(request.form, "email")
    if not values["email"]:
        form = Form(values, {"email": _("Enter your e-mail address.")})
        return render_template("sign_in/forgotten.html", form=form, sent=False), form.status
    key, at = guard.key(), now()
    with context.installation().database.write() as session:
        user = people.find_user(session, values["email"])
        bucket = keyed_hash(key, "letters", user.email if user else values["email"].casefold())
        often = limits.count(session, bucket, limits.LETTERS, at=at) > limits.LETTERS.count
        if user is not None and user.active and not often:
            address = canonical_url("sign_in.new_password", purpose="sandi", text=links.make(key, "sandi", user))
            letters.send_link(session, user, "sandi", link=address, site=_site(), at=at)
    return render_template("sign_in/forgotten.html", form=Form(values), sent=True)


@bp.get("/masuk/<any(sandi, undangan):purpose>/<text>")
def new_password(purpose: str, text: str) -> str | tuple[str, int]:
    """The page to which a letter leads."""
    user = links.find(context.session(), guard.key(), purpose, text)
    if user is None:
        return render_template("sign_in/dead_link.html"), 410
    return render_template("sign_in/new_password.html", form=Form(), person=user.name, email=user.email)


@bp.post("/masuk/<any(sandi, undangan):purpose>/<text>")
def set_password(purpose: str, text: str) -> Response | tuple[str, int]:
    """Take the new password; the link is dead afterwards. Signing in comes next, with the second factor if there is
    one: a mailbox alone opens no account that has it."""
    password, at = request.form.get("password", ""), now()
    with context.installation().database.read() as session:
        user = links.find(session, guard.key(), purpose, text)
    if user is None:
        return render_template("sign_in/dead_link.html"), 410
    try:
        guard.credentials().check_new(password, email=user.email, name=user.name)
    except LumbungError as error:
        form = Form({}, {"password": error.say(current_language())})
        shown = render_template("sign_in/new_password.html", form=form, person=user.name, email=user.email)
        return shown, form.status
    hashed = guard.credentials().hash(password)
    with context.installation().database.write() as session:
        user = links.find(session, guard.key(), purpose, text)
        if user is None:
            return render_template("sign_in/dead_link.html"), 410
        people.set_password(session, user, hashed, at=at, actor=entry.of(user))
        email = user.email
    response = redirect(url_for("sign_in.form"), 303)
    # Who has the mailbox may try from here though strangers have locked the account for unknown machines.
    guard.set_cookie(response, guard.DEVICE, entry.device_mark(guard.key(), email), seconds=guard.DEVICE_SECONDS)
    return response


@bp.post("/keluar")
def leave() -> Response:
    """End the session."""
    actor = guard.current()
    if actor.session_id is not None and actor.user_id is not None:
        with context.installation().database.write() as session:
            sessions.end(session, actor.session_id, user_id=actor.user_id)
    response = redirect(url_for("home.home"), 303)
    for kind in (guard.SESSION, guard.HALF, guard.FORM):
        guard.drop_cookie(response, kind)
    return response


@bp.get("/masuk/sso")
def sso() -> Response:
    """To the single sign-on."""
    address, flow = _provider().begin(canonical_url("sign_in.sso_back"))
    response = redirect(address, 303)
    guard.set_cookie(response, _SSO, flow.dump(), seconds=600)
    return response


@bp.get("/masuk/sso/kembali")
def sso_back() -> Response | tuple[str, int]:
    """Back from the single sign-on: let in whom it vouches for, if an administrator has added the address."""
    flow, provider = Flow.load(guard.cookie(_SSO)), _provider()
    back = canonical_url("sign_in.sso_back")
    try:
        if flow is None:
            raise SsoFailed()
        stranger = provider.finish(f"{back}?{request.query_string.decode('latin-1')}", back, flow)
        with context.installation().database.write() as session:
            user = people.find_by_sso(session, stranger, at=now())
            if user is None:
                raise SsoUnknown()
            half = user.totp_secret is not None
            pending = entry.HALF_WAY if half else None
            secret = sessions.open_session(session, user, guard.device_here(), at=now(), pending=pending)
            if not half:
                audit.record(
                    session, entry.of(user), "account.sign_in", f"user:{user.id}", at=now(), after={"by": "sso"}
                )
            let_in = entry.LetIn(secret, half, user.id)
    except LumbungError as error:
        return _refused(error, {})
    if half:
        response = redirect(url_for("sign_in.code"), 303)
        guard.set_cookie(response, guard.HALF, let_in.secret)
    else:
        response = _welcome(let_in, "")
    guard.drop_cookie(response, _SSO)
    return response


def _welcome(let_in: entry.LetIn, next_: str) -> Response:
    response = redirect(guard.next_address(next_), 303)
    guard.set_cookie(response, guard.SESSION, let_in.secret)
    guard.drop_cookie(response, guard.HALF)
    guard.drop_cookie(response, guard.FORM)
    mark = entry.device_mark(guard.key(), _email_of(let_in.user_id))
    guard.set_cookie(response, guard.DEVICE, mark, seconds=guard.DEVICE_SECONDS)
    return response


def _email_of(user_id: int) -> str:
    with context.installation().database.read() as session:
        return people.get_user(session, user_id).email


def _door() -> entry.Door:
    here = context.installation()
    return entry.Door(here.database, guard.credentials(), guard.key(), guard.device_here(), guard.cookie(guard.DEVICE))


def _needed(email: str, password: str) -> dict[str, str]:
    return {
        "email": "" if email else _("Enter your e-mail address."),
        "password": "" if password else _("Enter your password."),
    }


def _sign_in(form: Form) -> tuple[str, int]:
    settings = context.installation().settings
    office = (settings.oidc_name or _("the office account")) if settings.oidc_issuer else ""
    return render_template("sign_in/form.html", form=form, office=office), form.status


def _refused(error: LumbungError, values: dict[str, str]) -> tuple[str, int]:
    page, _status = _sign_in(Form(values, {"email": error.say(current_language())}))
    return page, error.status


def _provider() -> Provider:
    settings = context.installation().settings
    if not settings.oidc_issuer:
        raise NotFound(what="sso")
    if "lumbung.sso" not in current_app.extensions:
        current_app.extensions["lumbung.sso"] = Provider(settings)
    return cast(Provider, current_app.extensions["lumbung.sso"])


def _site() -> str:
    settings = context.installation().settings
    return f"{settings.site_title} {settings.region_name}"
