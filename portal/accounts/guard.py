"""What private pages stand behind: the session of a cookie, the proof that a form is ours, and the way to sign in."""

from __future__ import annotations

import hmac
import secrets
import threading
from contextlib import suppress
from typing import cast
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, g, redirect, request, url_for
from sqlalchemy.exc import DBAPIError
from werkzeug.wrappers import Response as BaseResponse

from datasets.clock import now
from datasets.errors import Busy, DiskFull
from metadata.errors import LumbungError
from metadata.terms import Bilingual
from portal import context
from portal.accounts import sessions
from portal.accounts.actor import actor_of_user
from portal.accounts.credentials import Credentials
from portal.accounts.keys import installation_key, keyed_hash
from portal.accounts.sessions import Device
from portal.policy import ANONYMOUS, Action, Actor, reach
from portal.quota.visitors import visitor
from portal.web.i18n import root_path

SAFE = ("GET", "HEAD", "OPTIONS")
FIELD, HEADER = "form_token", "X-Form-Token"
SESSION, HALF, FORM, DEVICE = "session", "half", "form", "device"
DEVICE_SECONDS = 180 * 24 * 3600
PRIVATE: set[str] = set()
"""The names of the blueprints that are private."""
_LOCK = threading.Lock()


class FormForged(LumbungError):
    """A form that this portal did not give out to this browser, or that waited too long."""

    code = "form.forged"
    status = 400
    text = Bilingual(
        id="Formulir ini kedaluwarsa atau tidak berasal dari halaman ini. Muat ulang halamannya, lalu kirim lagi.",
        en="This form has expired or does not come from this page. Load the page again, then send it once more.",
    )


def private(bp: Blueprint, *, open_to_all: bool = False) -> Blueprint:
    """Make a blueprint private: it knows the session, refuses forged forms, and sends strangers to sign in.

    With `open_to_all` strangers may enter, as they must where people sign in.
    """
    PRIVATE.add(bp.name)
    bp.before_request(_open if open_to_all else _closed)
    bp.after_request(_unkept)
    bp.context_processor(_for_templates)
    return bp


def current() -> Actor:
    """Who is at this private page."""
    return cast(Actor, g.actor)


def key() -> str:
    """The key of the installation."""
    return installation_key(context.installation().settings)


def credentials() -> Credentials:
    """Made at the first need of a process: 0.3 s."""
    with _LOCK:
        if "lumbung.credentials" not in current_app.extensions:
            title = context.installation().settings.site_title
            current_app.extensions["lumbung.credentials"] = Credentials(key(), issuer=title)
    return cast(Credentials, current_app.extensions["lumbung.credentials"])


def device_here() -> Device:
    """The machine that asks: its browser's own words, shortened, and its address."""
    return Device((request.user_agent.string or "")[:200], visitor(request) or "")


def cookie(kind: str) -> str | None:
    """What one of our cookies holds."""
    return request.cookies.get(_cookie_name(kind)) or None


def set_cookie(response: BaseResponse, kind: str, value: str, *, seconds: int | None = None) -> None:
    """Set one of our cookies: not for scripts, for this site alone, under https for this very host alone."""
    response.set_cookie(
        _cookie_name(kind), value, max_age=seconds, secure=_is_secure(), httponly=True, samesite="Lax", path="/"
    )


def drop_cookie(response: BaseResponse, kind: str) -> None:
    """Take one of our cookies back."""
    response.delete_cookie(_cookie_name(kind), secure=_is_secure(), httponly=True, samesite="Lax", path="/")


def form_token() -> str:
    """What each form carries: bound to the session, or before there is one to a cookie of its own."""
    held = _holder()
    if held is None:
        held = g.new_form_cookie = g.get("new_form_cookie") or secrets.token_urlsafe(32)
    return keyed_hash(key(), "form", held)


def next_address(text: str | None) -> str:
    """Where to go after signing in: a path of ours that somebody was on his way to, else the workbench."""
    home = url_for("desk.home")
    if not text or not text.startswith("/") or text.startswith(("//", "/\\")) or "\\" in text:
        return home
    parts = urlsplit(text)
    inside = parts.path.removeprefix(root_path()).removeprefix("/en")
    if parts.scheme or parts.netloc or not inside.startswith(("/kerja", "/akun")) or not text.isprintable():
        return home
    return text


def sign_in_first() -> BaseResponse:
    """To the page where one signs in, and back again afterwards."""
    there = request.script_root + request.full_path.rstrip("?") if request.method in SAFE else None
    return redirect(url_for("sign_in.form", next=there), 303)


def _open() -> None:
    g.actor = _actor()
    if request.method not in SAFE:
        _refuse_forged()


def _closed() -> BaseResponse | None:
    g.actor = _actor()
    if g.actor == ANONYMOUS:
        return sign_in_first()
    if g.actor.lacks_factor and request.blueprint != "account":
        return redirect(url_for("account.factor"), 303)
    if request.method not in SAFE:
        _refuse_forged()
    return None


def _actor() -> Actor:
    secret = cookie(SESSION)
    if secret is None:
        return ANONYMOUS
    at = now()
    found = sessions.find(context.session(), secret, at=at)
    if found is None:
        return ANONYMOUS
    row, user = found
    if at - row.seen_at >= sessions.SEEN_EVERY:
        with suppress(Busy, DiskFull, DBAPIError), context.installation().database.write() as writing:
            sessions.touch(writing, row.id, at=at)
    officers = context.installation().settings.factor_for_all
    return actor_of_user(context.session(), user, session_id=row.id, factor=row.factor, officers=officers)


def _refuse_forged() -> None:
    """Raises `FormForged` unless the browser says it is from here and the form carries what only we gave out."""
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site not in (None, "same-origin") or (origin is not None and origin not in _origins()):
        raise FormForged()
    given = request.headers.get(HEADER) or request.form.get(FIELD, "")
    held = _holder()
    if held is None or not hmac.compare_digest(given.encode(), keyed_hash(key(), "form", held).encode()):
        raise FormForged()


def _origins() -> set[str]:
    configured = urlsplit(current_app.config["LUMBUNG_SITE_URL"])
    own = {request.host_url.rstrip("/")}
    return own | {f"{configured.scheme}://{configured.netloc}"} if configured.netloc else own


def _holder() -> str | None:
    """The cookie that forms are bound to."""
    return (cookie(SESSION) if g.get("actor", ANONYMOUS) != ANONYMOUS else None) or cookie(FORM)


def _unkept(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "same-origin"
    if (made := g.get("new_form_cookie")) is not None:
        set_cookie(response, FORM, made)
    return response


def _for_templates() -> dict[str, object]:
    """The one who signed in, what may be done where, and the token of forms; public pages know nothing of these."""
    return {"actor": current(), "may": _may, "form_token": form_token}


def _may(action: Action) -> bool:
    """Whether a page may offer `action` somewhere; the page that does it asks about the thing itself."""
    return bool(reach(current(), action))


def _is_secure() -> bool:
    return bool(current_app.config["SESSION_COOKIE_SECURE"]) or request.is_secure


def _cookie_name(kind: str) -> str:
    return f"__Host-lumbung_{kind}" if _is_secure() else f"lumbung_{kind}"
