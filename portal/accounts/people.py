"""People and their roles: made, changed and shut out, each with its row in the audit log."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from datasets.models import Organization
from datasets.webhooks import subscribing
from metadata.errors import LumbungError, NotFound
from metadata.terms import Bilingual
from portal.accounts import audit
from portal.accounts.models import RoleGrant, SignedIn, User
from portal.accounts.sso import Stranger
from portal.policy import OF_AN_AGENCY, Actor, Grant, Role


class EmailWrong(LumbungError):
    """What was given is no e-mail address."""

    code = "account.email_wrong"
    status = 422
    text = Bilingual(id="{email} bukan alamat surel yang benar.", en="{email} is not a correct e-mail address.")


class EmailTaken(LumbungError):
    """Somebody has an account with that address; told to administrators alone."""

    code = "account.email_taken"
    status = 409
    text = Bilingual(id="Sudah ada akun dengan surel {email}.", en="There is an account with the e-mail {email}.")


class AgencyNeeded(LumbungError):
    """A role of an agency was given without one that there is, or one of the whole regency with one."""

    code = "account.agency_needed"
    status = 422
    text = Bilingual(
        id="Peran {role} berlaku untuk satu perangkat daerah: sebutkan yang mana. Peran lain berlaku untuk semua.",
        en="The role {role} holds at one agency: say which. The other roles hold for the whole regency.",
    )


class LastAdministrator(LumbungError):
    """Nobody would be left who can manage people."""

    code = "account.last_administrator"
    status = 409
    text = Bilingual(
        id="Ini administrator terakhir yang aktif. Tunjuk administrator lain lebih dahulu.",
        en="This is the last active administrator. Appoint another one first.",
    )


def normal_email(text: str) -> str:
    """The address in the one form in which it is kept and compared. Raises `EmailWrong`."""
    from email_validator import EmailNotValidError, validate_email  # late: most requests see no address

    try:
        found = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False, test_environment=True)
    except EmailNotValidError as error:
        raise EmailWrong(email=text.strip()[:100]) from error
    return found.normalized.casefold()


def add_user(
    session: Session, *, email: str, name: str, at: datetime, actor: Actor, password_hash: str | None = None
) -> User:
    """A new person without any role. Raises `EmailWrong`, `EmailTaken`."""
    address = normal_email(email)
    if session.scalar(select(User.id).where(User.email == address)) is not None:
        raise EmailTaken(email=address)
    user = User(
        email=address,
        name=name.strip() or address,
        created_at=at,
        stamp=secrets.token_hex(16),
        password_hash=password_hash,
    )
    session.add(user)
    try:
        session.flush()
    except IntegrityError as error:  # another administrator added the address in the same moment
        raise EmailTaken(email=address) from error
    audit.record(session, actor, "user.add", f"user:{user.id}", at=at, after={"email": address, "name": user.name})
    return user


def get_user(session: Session, user_id: int) -> User:
    """That person. Raises `NotFound`."""
    user = session.get(User, user_id)
    if user is None:
        raise NotFound(what=f"user:{user_id}")
    return user


def find_user(session: Session, email: str) -> User | None:
    """The person with that address, however it is written; None also for what is no address."""
    try:
        address = normal_email(email)
    except EmailWrong:
        return None
    return session.scalar(select(User).where(User.email == address))


def find_by_sso(session: Session, stranger: Stranger, *, at: datetime) -> User | None:
    """The person whom the single sign-on vouches for; an address it has verified is tied to its account once."""
    known = select(User).where(User.issuer == stranger.issuer, User.subject == stranger.subject)
    user = session.scalar(known)
    if user is None and stranger.verified:
        user = find_user(session, stranger.email)
        if user is not None and user.subject is not None:
            return None  # another person of the provider had this address before: an administrator unties them
        if user is not None and user.active:
            user.issuer, user.subject = stranger.issuer, stranger.subject
            who = Actor(user_id=user.id, email=user.email)
            audit.record(session, who, "account.sso_tied", f"user:{user.id}", at=at, after={"issuer": stranger.issuer})
    return user if user is not None and user.active else None


def grants_of(session: Session, user_id: int) -> frozenset[Grant]:
    """The roles that somebody holds."""
    rows = session.execute(select(RoleGrant.role, RoleGrant.organization_id).where(RoleGrant.user_id == user_id))
    return frozenset(Grant(role, organization_id) for role, organization_id in rows)


def set_grants(session: Session, user: User, wanted: Iterable[Grant], *, at: datetime, actor: Actor) -> bool:
    """Let somebody hold these roles and no others; whether that changed anything.

    A change ends the person's sessions: what was opened under other rights is signed in to anew. Raises
    `AgencyNeeded`, `LastAdministrator`.
    """
    wanted, agencies = frozenset(wanted), {None, *session.scalars(select(Organization.id))}
    for grant in wanted:
        of_agency = grant.role in OF_AN_AGENCY
        if of_agency != (grant.organization_id is not None) or grant.organization_id not in agencies:
            raise AgencyNeeded(role=grant.role.value)
    held = grants_of(session, user.id)
    if wanted == held:
        return False
    if Grant(Role.ADMINISTRATOR) in held - wanted:
        _keep_one(session, user)
    session.execute(delete(RoleGrant).where(RoleGrant.user_id == user.id))
    session.add_all(
        RoleGrant(user_id=user.id, role=grant.role, organization_id=grant.organization_id, granted_at=at)
        for grant in sorted(wanted, key=_order)
    )
    end_sessions(session, user.id)
    told = {"before": _told(held), "after": _told(wanted)}
    audit.record(
        session, actor, "user.roles", f"user:{user.id}", at=at,
        before={"roles": told["before"]}, after={"roles": told["after"]},
    )  # fmt: skip
    return True


def set_active(session: Session, user: User, active: bool, *, at: datetime, actor: Actor) -> None:
    """Shut somebody out or let them in again; sessions end at once, tokens do not work while it lasts.

    Webhooks of who is shut out are switched off, and stay so until their owner switches them on.

    Raises `LastAdministrator`.
    """
    if user.active == active:
        return
    if not active and Grant(Role.ADMINISTRATOR) in grants_of(session, user.id):
        _keep_one(session, user)
    user.active = active
    user.stamp = secrets.token_hex(16)
    end_sessions(session, user.id)
    if not active:
        subscribing.switch_off_of(session, user.id, at=at)
    audit.record(
        session, actor, "user.enable" if active else "user.disable", f"user:{user.id}", at=at,
        before={"active": not active}, after={"active": active},
    )  # fmt: skip


def set_password(session: Session, user: User, password_hash: str, *, at: datetime, actor: Actor) -> None:
    """Another password: every session ends, and every link sent before is dead."""
    user.password_hash = password_hash
    user.stamp = secrets.token_hex(16)
    end_sessions(session, user.id)
    audit.record(session, actor, "user.password", f"user:{user.id}", at=at)


def end_sessions(session: Session, user_id: int, *, except_id: int | None = None) -> None:
    """End the sessions of somebody, all or all but one."""
    ended = delete(SignedIn).where(SignedIn.user_id == user_id)
    session.execute(ended if except_id is None else ended.where(SignedIn.id != except_id))


def _keep_one(session: Session, user: User) -> None:
    """Raises `LastAdministrator`. Until the transaction ends nobody else takes an administrator away."""
    held = select(RoleGrant.id).where(RoleGrant.role == Role.ADMINISTRATOR).order_by(RoleGrant.id)
    session.execute(held.with_for_update())
    others = select(func.count()).select_from(RoleGrant).join(User, User.id == RoleGrant.user_id)
    others = others.where(RoleGrant.role == Role.ADMINISTRATOR, User.active, User.id != user.id)
    if not session.scalar(others):
        raise LastAdministrator()


def _order(grant: Grant) -> tuple[str, int]:
    return grant.role.value, grant.organization_id or 0


def _told(grants: Iterable[Grant]) -> list[str]:
    return [
        grant.role.value if grant.organization_id is None else f"{grant.role.value}@{grant.organization_id}"
        for grant in sorted(grants, key=_order)
    ]
