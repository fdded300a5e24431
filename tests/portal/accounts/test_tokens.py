"""That a token opens what it is for and nothing else, and dies when it should."""

from __future__ import annotations

from datetime import timedelta

import pytest
from build import AT, DINKES
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from datasets.db import Database
from datasets.describing import ensure_organization
from metadata.errors import NotFound
from portal.accounts import people, tokens
from portal.accounts.models import ApiToken, AuditEntry
from portal.accounts.tokens import ScopeBeyond
from portal.policy import Actor, Grant, Role, Scope

SYSTEM = Actor(email="tests")


def test_a_token_is_kept_as_its_hash_and_dies_with_time_revocation_and_its_owner(database: Database) -> None:
    with database.write() as session:
        agency = ensure_organization(session, DINKES)
        user = people.add_user(session, email="Sari@Dinkes.example", name="Sari", at=AT, actor=SYSTEM)
        people.set_grants(session, user, [Grant(Role.STEWARD, agency.id)], at=AT, actor=SYSTEM)
        made = [
            tokens.issue(session, user, name="skrip", scopes=[Scope.WRITE], days=30, at=AT, actor=SYSTEM)
            for _ in range(2)
        ]
    with database.read() as session:
        kept = session.scalars(select(ApiToken)).all()
        assert all(made[0].secret not in str(vars(token)) for token in kept)
        assert len(made[0].secret) > len(tokens.PREFIX) + 42
        assert tokens.find(session, made[0].secret, at=AT) is not None
        assert tokens.find(session, made[0].secret[:-1], at=AT) is None
        assert tokens.find(session, made[0].secret, at=AT + timedelta(days=30)) is None
    with database.write() as session:
        with pytest.raises(NotFound):
            tokens.revoke(session, made[0].id, owner_id=user.id + 1, at=AT, actor=SYSTEM)
        tokens.revoke(session, made[0].id, owner_id=user.id, at=AT, actor=SYSTEM)
        assert tokens.find(session, made[0].secret, at=AT) is None
        assert tokens.find(session, made[1].secret, at=AT) is not None
        people.set_active(session, people.get_user(session, user.id), False, at=AT, actor=SYSTEM)
        assert tokens.find(session, made[1].secret, at=AT) is None


def test_nobody_gets_a_scope_beyond_the_roles(database: Database) -> None:
    with database.write() as session:
        agency = ensure_organization(session, DINKES)
        user = people.add_user(session, email="sari@dinkes.example", name="Sari", at=AT, actor=SYSTEM)
        people.set_grants(session, user, [Grant(Role.STEWARD, agency.id)], at=AT, actor=SYSTEM)
        for scope in (Scope.PUBLISH, Scope.MANAGE):
            with pytest.raises(ScopeBeyond):
                tokens.issue(session, user, name="skrip", scopes=[scope], days=30, at=AT, actor=SYSTEM)


def test_the_audit_log_has_every_change_and_can_only_grow(database: Database) -> None:
    with database.write() as session:
        user = people.add_user(session, email="ani@kominfo.example", name="Ani", at=AT, actor=SYSTEM)
        people.set_grants(session, user, [Grant(Role.CUSTODIAN)], at=AT, actor=SYSTEM)
        people.set_active(session, user, False, at=AT, actor=SYSTEM)
    with database.read() as session:
        rows = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(row.action, row.actor, row.after) for row in rows[1:]] == [
        ("user.roles", "tests", {"roles": ["walidata"]}),
        ("user.disable", "tests", {"active": False}),
    ]
    assert rows[1].before == {"roles": []}
    for statement in ("UPDATE audit_entry SET actor = 'x'", "DELETE FROM audit_entry"):
        with pytest.raises(DBAPIError, match="never changes"), database.write() as session:
            session.execute(text(statement))
