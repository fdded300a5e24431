"""That every route is declared in docs/roles.md, and that each role gets from each just what stands there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import desk_records
import kip_desk
import reader_things
import review_things
from accounts_pages import SECRET, Person
from flask import Flask
from sqlalchemy import select

from datasets import drafts
from datasets.clock import now
from datasets.installation import Installation
from datasets.models import DatasetTheme, Organization, Source
from datasets.webhooks import subscribing
from portal.accounts import sessions
from portal.accounts.actor import current_actor
from portal.accounts.guard import PRIVATE
from portal.accounts.keys import keyed_hash
from portal.accounts.models import ApiToken, SignedIn, User
from portal.accounts.sessions import Device
from portal.policy import ACTIONS, ANONYMOUS, OF_AN_AGENCY, RIGHTS, SCOPES, Role, Scope
from portal.workbench import uploads

PAGE = (Path(__file__).parents[3] / "docs" / "roles.md").read_text("utf-8")
COLUMNS = ("nobody", "none", *(role.value for role in Role))
SignIn = Callable[..., Person]


def rows(section: str) -> Iterator[list[str]]:
    text = PAGE.partition(f"## {section}\n")[2].partition("\n## ")[0]
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    for line in lines[2:]:
        yield [cell.strip() for cell in line.strip("|").split(" | ")]


TABLE = {
    tuple(row[0].strip("`").split(" ", 1)): dict(zip(COLUMNS, row[1:], strict=True)) for row in rows("Private routes")
}


def routes(app: Flask) -> Iterator[tuple[str, str, bool]]:
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            yield method, rule.rule, rule.endpoint.partition(".")[0] in PRIVATE


def test_every_route_is_declared(app: Flask) -> None:
    private = {(method, rule) for method, rule, closed in routes(app) if closed}
    assert private == set(TABLE)
    text = PAGE.partition("## Public routes\n")[2]
    families = [
        (re.compile(re.escape(path).replace("…", ".*")), {"GET", *re.findall(r"POST|DELETE", methods)})
        for path, methods in re.findall(r"`(/[^`]*)`((?: (?:POST|DELETE),?)*)", text)
    ]
    undeclared = [
        (method, rule)
        for method, rule, closed in routes(app)
        if not closed and not any(path.fullmatch(rule) and method in methods for path, methods in families)
    ]
    assert undeclared == []


def test_the_rights_stand_in_the_table() -> None:
    told = {row[0].split("`")[1]: row[1:] for row in rows("What each role may do")}
    assert set(told) == set(ACTIONS) - {"account.own"}
    for action, cells in told.items():
        for role, cell in zip(Role, cells, strict=True):
            expected = "–" if action not in RIGHTS[role] else ("own" if role in OF_AN_AGENCY else "all")
            assert cell == expected, (action, role)
    scopes = {row[0].strip("`"): set(re.findall(r"`([a-z]+\.[a-z]+)`", row[1])) for row in rows("What a token may do")}
    for scope in Scope:
        assert (
            scopes[scope.value] | (SCOPES[Scope.READ] if scope in (Scope.WRITE, Scope.PUBLISH) else set())
            == SCOPES[scope]
        )


def test_each_role_gets_from_each_private_route_what_the_table_says(
    app: Flask, signed_in: SignIn, stocked: Installation
) -> None:
    """A form is sent empty with its token: refused for what it lacks is not refused for who sends it."""
    differing = {}
    spare = signed_in(None).id
    for column in COLUMNS:
        role = next((role for role in Role if role.value == column), None)
        person = nobody(app) if column == "nobody" else signed_in(role)
        for (method, rule), expected in TABLE.items():
            path = rule.replace("<any(sandi, undangan):purpose>/<text>", "sandi/x")
            path = reader_things.path_of(path, stocked)
            path = desk_records.path_of(path, stocked)
            number = (
                draft(stocked)
                if "/draf/" in rule
                else own(rule, person, stocked)
                if expected[column] == "own" and ("/akun/" in rule or "/webhook/" in rule)
                else spare
            )
            path = managed(path, stocked).replace("<int:number>", str(number))
            if kip_desk.is_of_desk(rule):
                path = kip_desk.path_of(rule, stocked)
            if "<token>" in path:
                path = path.replace("<token>", upload(stocked, number, person))
            form = {"form_token": token(person), "revision": "1"}
            answer = person.client.open(path, method=method, data=None if method == "GET" else form)
            got = verdict(rule, answer.status_code, answer.location)
            if rule.startswith("/masuk/sso"):
                got = "yes" if got == "404" else got  # single sign-on is not set up here
            if got != ("yes" if expected[column] == "own" else expected[column]):
                differing[column, method, rule] = (got, expected[column])
            if rule == "/keluar":
                person = nobody(app) if column == "nobody" else signed_in(role)
    assert differing == {}


def nobody(app: Flask) -> Person:
    """A browser that has seen the page to sign in, and so has a cookie for its forms."""
    client = app.test_client()
    client.get("/masuk")
    return Person(client, 0)


def token(person: Person) -> str:
    """What the page's form would carry."""
    held = person.client.get_cookie("lumbung_session") or person.client.get_cookie("lumbung_form")
    return keyed_hash(SECRET, "form", held.value) if held else ""


def own(rule: str, person: Person, stocked: Installation) -> int:
    """The number of another session, or of a token, of the person's own; of a draft of the agency."""
    if "/draf/" in rule:
        return draft(stocked)
    with stocked.database.write() as session:
        user = session.get_one(User, person.id)
        if "/webhook/" in rule:
            wish = subscribing.Wish("https://203.0.113.9/")
            return subscribing.add(session, wish, owner=user.email, owner_id=user.id, at=now()).id
        if "sesi" in rule:
            sessions.open_session(session, user, Device("", ""), at=now())
            return max(session.scalars(select(SignedIn.id).where(SignedIn.user_id == user.id)))
        members = {"name": "x", "digest": f"{person.id}", "hint": "x", "scopes": ["read"]}
        made = ApiToken(user_id=user.id, created_at=now(), expires_at=now(), **members)
        session.add(made)
        session.flush()
        return made.id


def managed(path: str, stocked: Installation) -> str:
    """The address of something that the administration manages: of the first agency, of a theme and a source in use."""
    path = path.replace("/daftar-kode/<name>", "/daftar-kode/units").replace("/pengaturan/<part>", "/pengaturan/portal")
    with stocked.database.write() as session:
        if "/opd/<" in path:
            owner = session.scalars(select(Organization.id).order_by(Organization.id)).first()
            path = path.replace("<int:number>", str(owner))
        elif "/tema/<" in path:
            path = path.replace("<int:number>", str(session.scalars(select(DatasetTheme.theme_id)).first()))
        elif "/kerja/sumber/<" in path:
            agency = session.scalars(select(Organization.id).order_by(Organization.id)).first()
            if session.scalar(select(Source.id).where(Source.name == "uji")) is None:
                owned = agency or 0
                session.add(
                    Source(name="uji", title="Uji", kind="files", location="/", organization_id=owned, created_at=now())
                )
            path = path.replace("<name>", "uji")
        return review_things.path_of(path, session)


def draft(stocked: Installation) -> int:
    """The number of a draft of the first agency, in which those of an agency have their role."""
    with stocked.database.write() as session:
        agency = session.scalars(select(Organization.id).order_by(Organization.id)).first()
        return drafts.open_draft(session, organization_id=agency or 0, author="x", at=now()).id


def upload(stocked: Installation, number: int, person: Person) -> str:
    """An upload that this person has begun."""
    work = stocked.settings.home / "work"
    return uploads.begin(work, draft=number, user=person.id, filename="x.csv", size=9, limit=1).token


def verdict(rule: str, status: int, location: str | None) -> str:
    """What an answer means in the words of the table; steps of signing in lead back to its beginning."""
    if status == 303 and (location or "").startswith("/masuk") and not rule.startswith("/masuk"):
        return "in"
    changed = {"/ambil": 409, "/unggah/<token>": 409, "/unggah": 422, "/paket": 404, "/tabel/<name>": 404}
    # refused for how it stands, or nothing is there yet: not for who asks
    if status == next((code for end, code in changed.items() if rule.endswith(end)), None):
        return "yes"
    return "–" if status == 403 else ("yes" if status in (200, 204, 303, 410, 422) else str(status))


def test_no_private_form_is_taken_without_its_token(app: Flask, signed_in: SignIn) -> None:
    person = signed_in(Role.ADMINISTRATOR)
    taken = []
    for method, rule in TABLE:
        if method != "GET":
            path = rule.replace("<int:number>", "1").replace("<int:year>", "2026")
            path = path.replace("<any(sandi, undangan):purpose>/<text>", "sandi/x")
            path = kip_desk.any_path(path)
            answers = [browser.open(path, method=method) for browser in (person.client, app.test_client())]
            codes = [answer.status_code for answer in answers]
            if codes[0] != 400 or codes[1] not in (303, 400):
                taken.append((rule, codes))
    assert taken == []
    assert person.get("/akun").status_code == 200, "the session is as it was"


def test_nobody_known_stays_nobody(app: Flask) -> None:
    for text in ("", "Bearer", "lumbung_", "Bearer lumbung_\udce9", "Basic x", "lumbung_" + "a" * 43):
        headers = {"Authorization": text.encode("utf-8", "replace").decode("latin-1")}
        with app.test_request_context(headers=headers):
            assert current_actor() == ANONYMOUS
