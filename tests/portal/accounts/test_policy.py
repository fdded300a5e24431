"""That a role ends at its agency, and a token at its scopes."""

from __future__ import annotations

from itertools import product

import pytest

from portal.policy import (
    ACTIONS,
    ANONYMOUS,
    PORTAL,
    RIGHTS,
    SCOPES,
    Actor,
    Grant,
    Role,
    Scope,
    can,
    of_agency,
    of_person,
    reach,
)


def holding(*grants: Grant, **members: object) -> Actor:
    return Actor(user_id=1, email="a@b.example", grants=frozenset(grants), **members)  # type: ignore[arg-type]


@pytest.mark.parametrize("action", ACTIONS)
def test_nobody_known_may_do_nothing(action: str) -> None:
    assert not any(can(ANONYMOUS, action, thing) for thing in (PORTAL, of_agency(5), of_person(1)))  # type: ignore[arg-type]


@pytest.mark.parametrize("role", [Role.STEWARD, Role.PPID_PELAKSANA])
def test_a_role_of_an_agency_ends_there(role: Role) -> None:
    here, nowhere = holding(Grant(role, 5)), holding(Grant(role, None))
    for action in RIGHTS[role] - {"desk.enter"}:
        assert can(here, action, of_agency(5))
        assert not any(can(here, action, thing) for thing in (of_agency(6), of_agency(None), PORTAL))
        assert not any(can(nowhere, action, thing) for thing in (of_agency(5), of_agency(None), PORTAL))
        assert reach(here, action).agencies == {5}


def test_no_token_reaches_people_requests_settings_or_the_log() -> None:
    everything = [Grant(role) for role in Role] + [Grant(Role.STEWARD, 5)]
    mighty = holding(*everything, scopes=frozenset(Scope), token_id=1)
    closed = {"user.manage", "settings.write", "audit.read", "system.see", "desk.enter", "account.own", "report.answer"}
    closed |= {action for action in ACTIONS if action.startswith(("request.", "objection.", "exemption.", "calendar."))}
    assert not any(can(mighty, action, thing) for action, thing in product(closed, (PORTAL, of_person(1))))  # type: ignore[arg-type]


@pytest.mark.parametrize(("role", "scope"), list(product(Role, Scope)))
def test_a_token_may_less_than_its_owner(role: Role, scope: Scope) -> None:
    grant = Grant(role, 5)
    owner, token = holding(grant), holding(grant, scopes=frozenset({scope}), token_id=1)
    allowed = {action for action in ACTIONS if can(token, action, of_agency(5))}
    assert allowed <= {action for action in ACTIONS if can(owner, action, of_agency(5))} & SCOPES[scope]


def test_an_administrator_decides_neither_on_data_nor_on_requests() -> None:
    administrator = holding(Grant(Role.ADMINISTRATOR))
    for action in (
        "draft.write",
        "dataset.publish",
        "dataset.withdraw",
        "held.decide",
        "request.see",
        "objection.decide",
    ):
        assert not can(administrator, action, of_agency(5))  # type: ignore[arg-type]
