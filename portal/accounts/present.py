"""Accounts as pages show them: roles and scopes in words, sessions and tokens as lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from datasets.models import Organization
from portal.accounts.models import ApiToken, SignedIn, User
from portal.policy import OF_AN_AGENCY, Grant, Role, Scope
from portal.web.figures import minute, short_day
from portal.web.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that can be ticked."""

    value: str
    title: str
    hint: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class RoleChoices:
    """The roles that can be given: for the whole regency, and at each agency."""

    everywhere: tuple[Choice, ...]
    agencies: tuple[tuple[str, str, int, tuple[Choice, ...]], ...]


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One open session; `here` is the one that looks at the page."""

    id: int
    device: str
    address: str
    seen: str
    here: bool


@dataclass(frozen=True, slots=True)
class TokenLine:
    """One token, without its secret."""

    id: int
    name: str
    hint: str
    scopes: str
    expires: str
    used: str
    over: bool


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person in the list of people."""

    id: int
    name: str
    email: str
    roles: tuple[str, ...]
    state: str
    kind: str
    signed_in: str


def role_title(role: Role) -> str:
    """What people call a role."""
    return {
        Role.STEWARD: _("Data steward"),
        Role.CUSTODIAN: _("Data custodian"),
        Role.PPID_PELAKSANA: "PPID Pelaksana",
        Role.PPID_UTAMA: "PPID Utama",
        Role.ATASAN_PPID: "Atasan PPID",
        Role.ADMINISTRATOR: _("Administrator"),
    }[role]


def role_hint(role: Role) -> str:
    """What it is for, in one line."""
    return {
        Role.STEWARD: _("Hands in the data of one agency."),
        Role.CUSTODIAN: _("Reviews, publishes and withdraws the data of all agencies."),
        Role.PPID_PELAKSANA: _("Finds what was asked for at one agency and proposes the answer."),
        Role.PPID_UTAMA: _("Registers requests for information, passes them on and answers them."),
        Role.ATASAN_PPID: _("Decides objections."),
        Role.ADMINISTRATOR: _("Manages people, agencies, sources and settings; decides on no data and no request."),
    }[role]


def scope_title(scope: Scope) -> str:
    """What a token may be used for, in words."""
    return {
        Scope.READ: _("Read drafts and sources"),
        Scope.WRITE: _("Write drafts and tables"),
        Scope.PUBLISH: _("Review, publish and withdraw"),
        Scope.HARVEST: _("Manage and run sources"),
        Scope.MANAGE: _("Manage agencies and themes"),
    }[scope]


def titles_of(session: Session, grants: Iterable[Grant]) -> list[str]:
    """Roles in words, with their agencies."""
    names = agency_names(session)
    return sorted(grant_words(grant, names) for grant in grants)


def agency_names(session: Session) -> dict[int, str]:
    """What each agency is called, short where it can be."""
    rows = session.execute(select(Organization.id, Organization.abbreviation, Organization.title))
    return {id_: short or title for id_, short, title in rows}


def role_choices(session: Session, chosen: Iterable[Grant]) -> RoleChoices:
    """Everything that can be ticked, with what is."""
    held = frozenset(chosen)
    rows = session.execute(select(Organization.id, Organization.title).order_by(Organization.title)).all()
    agencies = []
    for role in Role:
        if role in OF_AN_AGENCY:
            offered = tuple(Choice(f"{role.value}@{id_}", title, "", Grant(role, id_) in held) for id_, title in rows)
            agencies.append((role_title(role), role_hint(role), sum(one.chosen for one in offered), offered))
    everywhere = tuple(
        Choice(role.value, role_title(role), role_hint(role), Grant(role) in held)
        for role in Role
        if role not in OF_AN_AGENCY
    )
    return RoleChoices(everywhere, tuple(agencies))


def grants_from(values: Iterable[str]) -> frozenset[Grant]:
    """What was ticked; ValueError for what was never offered."""
    grants = set()
    for value in values:
        name, _at, agency = value.partition("@")
        grants.add(Grant(Role(name), int(agency) if agency else None))
    return frozenset(grants)


def session_lines(rows: Sequence[SignedIn], here: int | None) -> list[SessionLine]:
    """The open sessions, this one first."""
    lines = [
        SessionLine(row.id, device_words(row.device), row.address, minute(row.seen_at), row.id == here) for row in rows
    ]
    return sorted(lines, key=lambda line: not line.here)


def token_lines(rows: Sequence[ApiToken], *, at: datetime) -> list[TokenLine]:
    """The tokens that were not revoked."""
    return [
        TokenLine(
            row.id,
            row.name,
            row.hint,
            ", ".join(scope_title(Scope(scope)) for scope in row.scopes),
            short_day(row.expires_at),
            minute(row.last_used_at) if row.last_used_at else _("never"),
            row.expires_at <= at,
        )
        for row in rows
    ]


def person_line(user: User, grants: Iterable[Grant], names: Mapping[int, str]) -> PersonLine:
    """A person of the list."""
    if not user.active:
        state, kind = _("Locked out"), "bad"
    elif user.password_hash is None and user.subject is None:
        state, kind = _("Invited"), "warn"
    else:
        state, kind = _("Active"), "good"
    roles = tuple(sorted(grant_words(grant, names) for grant in grants))
    return PersonLine(
        user.id,
        user.name,
        user.email,
        roles,
        state,
        kind,
        minute(user.signed_in_at) if user.signed_in_at else _("never"),
    )


def device_words(agent: str) -> str:
    """The browser and the system of a user agent, as far as they can be told."""
    systems = (
        ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
        ("Mac OS", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
    )  # fmt: skip
    browsers = (
        ("Edg/", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
        ("Chrome", "Chrome"), ("Safari", "Safari"),
    )  # fmt: skip
    browser = next((name for mark, name in browsers if mark in agent), "")
    system = next((name for mark, name in systems if mark in agent), "")
    return ", ".join(part for part in (browser, system) if part) or _("Unknown browser")


def grant_words(grant: Grant, names: Mapping[int, str]) -> str:
    """A role with its agency, in words."""
    title = role_title(grant.role)
    return title if grant.organization_id is None else f"{title}, {names.get(grant.organization_id, '?')}"
