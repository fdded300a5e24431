"""People and their roles: what an administrator manages."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from datasets.clock import now
from metadata.errors import LumbungError, NotFound
from portal import context
from portal.accounts import audit, guard, letters, links, people, present
from portal.accounts.log_words import log_lines
from portal.accounts.models import RoleGrant, User
from portal.policy import PORTAL, Actor, Grant, require
from portal.web.forms import Form, typed
from portal.web.i18n import current_language
from portal.web.links import canonical_url

bp = guard.private(Blueprint("people", __name__, url_prefix="/kerja"))


@bp.get("/pengguna")
def people_list() -> str:
    """Everybody, with their roles."""
    _allowed()
    session = context.session()
    names, grants = present.agency_names(session), _all_grants(session)
    rows = session.scalars(select(User).order_by(User.active.desc(), User.name, User.id)).all()
    lines = [present.person_line(row, grants.get(row.id, []), names) for row in rows]
    return render_template("people/list.html", people=lines)


@bp.get("/pengguna/baru")
def invitation() -> str:
    """The page to invite somebody."""
    _allowed()
    return _invitation(Form(), frozenset())[0]


@bp.post("/pengguna/baru")
def invite() -> Response | tuple[str, int]:
    """Add somebody and send the link to a password."""
    actor, at = _allowed(), now()
    values, grants = typed(request.form, "email", "name"), _ticked()
    try:
        with context.installation().database.write() as session:
            user = people.add_user(session, email=values["email"], name=values["name"], at=at, actor=actor)
            people.set_grants(session, user, grants, at=at, actor=actor)
            _send(session, user)
    except LumbungError as error:
        return _invitation(Form(values, {"email": error.say(current_language())}), grants)
    return redirect(url_for("people.person", number=user.id), 303)


@bp.get("/pengguna/<int:number>")
def person(number: int) -> str:
    """One person: roles, state, what was changed."""
    _allowed()
    return _person(number, Form(), None)[0]


@bp.post("/pengguna/<int:number>/peran")
def set_roles(number: int) -> Response | tuple[str, int]:
    """Give somebody these roles and no others."""
    actor, grants = _allowed(), _ticked()
    try:
        with context.installation().database.write() as session:
            people.set_grants(session, people.get_user(session, number), grants, at=now(), actor=actor)
    except (people.LastAdministrator, people.AgencyNeeded) as error:
        return _person(number, Form({}, {"roles": error.say(current_language())}), grants)
    return redirect(url_for("people.person", number=number), 303)


@bp.post("/pengguna/<int:number>/aktif")
def set_active(number: int) -> Response | tuple[str, int]:
    """Shut somebody out, or let them in again."""
    actor, active = _allowed(), request.form.get("active") == "1"
    try:
        with context.installation().database.write() as session:
            people.set_active(session, people.get_user(session, number), active, at=now(), actor=actor)
    except people.LastAdministrator as error:
        return _person(number, Form({}, {"active": error.say(current_language())}), None)
    return redirect(url_for("people.person", number=number), 303)


@bp.post("/pengguna/<int:number>/undang")
def invite_again(number: int) -> Response:
    """Send the link to a password once more."""
    actor, at = _allowed(), now()
    with context.installation().database.write() as session:
        user = people.get_user(session, number)
        _send(session, user)
        audit.record(session, actor, "user.invite", f"user:{user.id}", at=at)
    return redirect(url_for("people.person", number=number), 303)


@bp.post("/pengguna/<int:number>/dua-langkah")
def drop_factor(number: int) -> Response:
    """Take the second factor off somebody who has lost the telephone and the codes; all sessions end."""
    actor, at = _allowed(), now()
    with context.installation().database.write() as session:
        user = people.get_user(session, number)
        user.totp_secret = user.recovery_codes = user.totp_counter = None
        people.end_sessions(session, user.id)
        audit.record(session, actor, "user.factor_dropped", f"user:{user.id}", at=at)
        letters.tell_of_change(session, user, "Administrator mematikan verifikasi dua langkah.", site=_site(), at=at)
    return redirect(url_for("people.person", number=number), 303)


def _allowed() -> Actor:
    require(guard.current(), "user.manage", PORTAL)
    return guard.current()


def _ticked() -> frozenset[Grant]:
    try:
        return present.grants_from(request.form.getlist("grant"))
    except ValueError as error:
        raise NotFound(what="role") from error


def _send(session: Session, user: User) -> None:
    address = canonical_url("sign_in.new_password", purpose="undangan", text=links.make(guard.key(), "undangan", user))
    letters.send_link(session, user, "undangan", link=address, site=_site(), at=now())


def _all_grants(session: Session) -> dict[int, list[Grant]]:
    held: dict[int, list[Grant]] = {}
    for user_id, role, agency in session.execute(select(RoleGrant.user_id, RoleGrant.role, RoleGrant.organization_id)):
        held.setdefault(user_id, []).append(Grant(role, agency))
    return held


def _invitation(form: Form, grants: frozenset[Grant]) -> tuple[str, int]:
    choices = present.role_choices(context.session(), grants)
    return render_template("people/invitation.html", form=form, choices=choices), form.status


def _person(number: int, form: Form, grants: frozenset[Grant] | None) -> tuple[str, int]:
    session = context.session()
    user = people.get_user(session, number)
    held = people.grants_of(session, number)
    page = render_template(
        "people/person.html",
        form=form,
        line=present.person_line(user, held, present.agency_names(session)),
        active=user.active,
        has_password=user.password_hash is not None,
        has_factor=user.totp_secret is not None,
        choices=present.role_choices(session, held if grants is None else grants),
        rows=log_lines(session, session.scalars(audit.entries(subject=f"user:{number}").limit(20)).all()),
    )
    return page, form.status


def _site() -> str:
    return context.installation().settings.site_title
