"""Who may do what: the one place that answers, for every page and every action of the API (docs/roles.md).

A role is held at an agency or for the whole regency; a question always names the thing that it is about. Lists are
narrowed by `reach`, of which `can` is made, so that a list and its items never disagree.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from metadata.errors import LumbungError
from metadata.terms import Bilingual

Action = Literal[
    "account.own",
    "desk.enter",
    "draft.see",
    "draft.write",
    "draft.review",
    "table.write",
    "dataset.publish",
    "dataset.withdraw",
    "held.see",
    "held.decide",
    "source.see",
    "source.write",
    "source.run",
    "report.answer",
    "plan.write",
    "organization.write",
    "theme.write",
    "request.see",
    "request.register",
    "request.route",
    "request.propose",
    "request.answer",
    "objection.decide",
    "exemption.propose",
    "exemption.set",
    "information.write",
    "calendar.write",
    "user.manage",
    "settings.write",
    "system.see",
    "audit.read",
]
"""Everything that is not open to all. `account.own` is about one's own profile, sessions and tokens."""

ACTIONS: tuple[Action, ...] = get_args(Action)


class Role(enum.Enum):
    """The parts people play (Perpres 39/2019 for data, PerKI 1/2021 and Permendagri 3/2017 for requests)."""

    STEWARD = "pengelola"
    CUSTODIAN = "walidata"
    PPID_PELAKSANA = "ppid_pelaksana"
    PPID_UTAMA = "ppid_utama"
    ATASAN_PPID = "atasan_ppid"
    ADMINISTRATOR = "administrator"


OF_AN_AGENCY = frozenset({Role.STEWARD, Role.PPID_PELAKSANA})
"""Roles that are held at one agency; all others are held for the whole regency."""


def _these(*actions: Action, beside: frozenset[Action] = frozenset()) -> frozenset[Action]:
    return beside | frozenset(actions)


_DESK = _these("desk.enter", "draft.see")
_DATA = _these("draft.write", "table.write", "source.see", "source.write", "source.run", "held.see", beside=_DESK)
_OWNING = _these("report.answer", "plan.write", beside=_DATA)
_DECIDING = _these("draft.review", "dataset.publish", "dataset.withdraw", "held.decide", beside=_OWNING)
_ASKED = _these("request.see", "request.propose", "exemption.propose", "information.write", beside=_DESK)
_SOURCES = _these("source.see", "source.write", "source.run", beside=_DESK)
_HOUSE = _these("held.see", "organization.write", "theme.write", beside=_SOURCES)

RIGHTS: dict[Role, frozenset[Action]] = {
    Role.STEWARD: _OWNING,
    Role.CUSTODIAN: _these("organization.write", "theme.write", "system.see", beside=_DECIDING),
    Role.PPID_PELAKSANA: _ASKED,
    Role.PPID_UTAMA: _these(
        "request.register", "request.route", "request.answer", "exemption.set", "calendar.write", beside=_ASKED
    ),
    Role.ATASAN_PPID: _these("desk.enter", "request.see", "objection.decide"),
    Role.ADMINISTRATOR: _these("user.manage", "settings.write", "system.see", "audit.read", beside=_HOUSE),
}
"""What each role may do. An administrator keeps the house in order and decides neither on data nor on requests."""


class Scope(enum.Enum):
    """What a token may be used for; never more than its owner may do."""

    READ = "read"
    WRITE = "write"
    PUBLISH = "publish"
    HARVEST = "harvest"
    MANAGE = "manage"


_READING = _these("draft.see", "held.see", "source.see")

SCOPES: dict[Scope, frozenset[Action]] = {
    Scope.READ: _READING,
    Scope.WRITE: _these("draft.write", "table.write", beside=_READING),
    Scope.PUBLISH: _these("draft.review", "dataset.publish", "dataset.withdraw", "held.decide", beside=_READING),
    Scope.HARVEST: _these("source.see", "source.write", "source.run"),
    Scope.MANAGE: _these("organization.write", "theme.write"),
}
"""People, requests, settings and the audit log are in no scope: no token reaches them."""


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """A role, at an agency or (None) for the whole regency."""

    role: Role
    organization_id: int | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: nobody known, a person who signed in, or a token of one (`scopes` is None but for tokens).

    `grants` are those in force: a role that demands a second factor is left out while none was shown, and
    `lacks_factor` says so.
    """

    user_id: int | None = None
    name: str = ""
    email: str = ""
    grants: frozenset[Grant] = frozenset()
    scopes: frozenset[Scope] | None = None
    token_id: int | None = None
    session_id: int | None = None
    lacks_factor: bool = False

    @property
    def is_known(self) -> bool:
        """Whether this is a person or a person's token."""
        return self.user_id is not None

    @property
    def label(self) -> str:
        """Who it is, for rows that say who did something: an e-mail address, with the token's number behind it."""
        if not self.email:
            return "anonymous"
        return self.email if self.token_id is None else f"{self.email} (token {self.token_id})"


ANONYMOUS = Actor()


@dataclass(frozen=True, slots=True)
class Thing:
    """What a question is about: of which agency it is, or whose. Both None: the portal as a whole."""

    organization_id: int | None = None
    user_id: int | None = None


PORTAL = Thing()
"""What belongs to no agency: settings, people, the audit log."""


def of_agency(organization_id: int | None) -> Thing:
    """Something of an agency: a dataset, a draft, a source; None when it has no owner, which is the regency's then."""
    return Thing(organization_id=organization_id)


def of_person(user_id: int) -> Thing:
    """Something of one person: the account, its sessions and tokens."""
    return Thing(user_id=user_id)


@dataclass(frozen=True, slots=True)
class Reach:
    """Where somebody may do something: everywhere, or at these agencies."""

    everywhere: bool
    agencies: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return self.everywhere or bool(self.agencies)

    def covers(self, organization_id: int | None) -> bool:
        """Whether it reaches what belongs to that agency."""
        return self.everywhere or organization_id in self.agencies


class NotAllowed(LumbungError):
    """Somebody known may not do this here."""

    code = "policy.not_allowed"
    status = 403
    text = Bilingual(
        id="Peran Anda tidak mencakup tindakan ini di sini.", en="Your role does not include this action here."
    )


def reach(actor: Actor, action: Action) -> Reach:
    """Where `actor` may do `action`. KeyError when there is no such action."""
    if action not in ACTIONS:
        raise KeyError(action)
    if actor.user_id is None or (actor.scopes is not None and not _in_scope(actor.scopes, action)):
        return Reach(everywhere=False)
    held = [grant for grant in actor.grants if action in RIGHTS[grant.role]]
    return Reach(
        everywhere=any(grant.role not in OF_AN_AGENCY for grant in held),
        agencies=frozenset(
            grant.organization_id for grant in held if grant.role in OF_AN_AGENCY and grant.organization_id is not None
        ),
    )


def can(actor: Actor, action: Action, thing: Thing) -> bool:
    """Whether `actor` may do `action` to `thing`."""
    if action == "account.own":
        return actor.user_id is not None and actor.scopes is None and thing.user_id == actor.user_id
    reached = reach(actor, action)
    if action == "desk.enter":
        return bool(reached)
    return reached.covers(thing.organization_id)


def require(actor: Actor, action: Action, thing: Thing) -> None:
    """Raises `NotAllowed` unless `actor` may do `action` to `thing`."""
    if not can(actor, action, thing):
        raise NotAllowed()


def demanding(grants: Iterable[Grant], *, officers: bool) -> frozenset[Grant]:
    """Of these, the grants that need a second factor: an administrator's always, all others by setting."""
    return frozenset(grant for grant in grants if officers or grant.role is Role.ADMINISTRATOR)


def _in_scope(scopes: frozenset[Scope], action: Action) -> bool:
    return any(action in SCOPES[scope] for scope in scopes)
