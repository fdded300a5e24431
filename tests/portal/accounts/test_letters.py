"""That links by mail reach whom they are for, work once, and tell a stranger nothing."""

from __future__ import annotations

import re
from collections.abc import Callable

from accounts_pages import PASSWORD, Person, post
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from datasets.installation import Installation
from datasets.models import Mail
from portal.accounts.models import User
from portal.policy import Role

SignIn = Callable[..., Person]
NEW = "jagung tumbuh di tepi bengawan"


def letters(installation: Installation) -> list[Mail]:
    with installation.database.read() as session:
        return list(session.scalars(select(Mail).order_by(Mail.id)))


def link_in(letter: Mail) -> str:
    found = re.search(r"http://localhost(/masuk/\S+)", letter.text or "")
    assert found
    return found[1]


def ask(client: FlaskClient, email: str):  # type: ignore[no-untyped-def]
    return post(client, "/masuk/lupa", page="/masuk/lupa", email=email)


def test_asking_for_a_new_password_says_the_same_for_everybody_and_writes_to_who_is_known(
    public: FlaskClient, app: Flask, stocked: Installation
) -> None:
    with stocked.database.write() as session:
        session.execute(update(User).where(User.email == "walidata@kantor.example").values(active=False))
    pages = set()
    for email in ("Pengelola@kantor.example", "nobody@kantor.example", "walidata@kantor.example", "no address"):
        answer = ask(app.test_client(), email)
        assert answer.status_code == 200
        pages.add(answer.text)
    assert len(pages) == 1
    assert [letter.address for letter in letters(stocked)] == ["pengelola@kantor.example"]
    for _ in range(4):
        assert ask(public, "pengelola@kantor.example").text in pages
    assert len(letters(stocked)) == 3, "nobody's mailbox is filled by strangers"


def test_a_link_opens_once_and_every_session_ends(
    public: FlaskClient, signed_in: SignIn, stocked: Installation
) -> None:
    steward = signed_in(Role.STEWARD)
    ask(public, "pengelola@kantor.example")
    there = link_in(letters(stocked)[0])
    assert public.get(there).headers["Referrer-Policy"] == "same-origin"
    weak = post(public, there, page=there, password="pengelola123456")
    assert weak.status_code == 422
    assert post(public, there, page=there, password=NEW).location == "/masuk"
    assert steward.get("/akun").status_code == 303
    for dead in (there, there[:-1], "/masuk/undangan/" + there.rpartition("/")[2]):
        assert public.get(dead).status_code == 410
    old = post(public, "/masuk", email="pengelola@kantor.example", password=PASSWORD)
    assert old.status_code == 422
    assert post(public, "/masuk", email="pengelola@kantor.example", password=NEW).location == "/kerja"


def test_somebody_who_is_invited_chooses_a_password_and_has_the_role(
    public: FlaskClient, signed_in: SignIn, stocked: Installation
) -> None:
    administrator = signed_in(Role.ADMINISTRATOR)
    page = "/kerja/pengguna/baru"
    wrong = post(administrator.client, page, page=page, email="rina", name="Rina")
    assert wrong.status_code == 422
    assert 'aria-invalid="true"' in wrong.text
    assert post(administrator.client, page, page=page, email="pengelola@kantor.example", name="X").status_code == 422
    made = post(administrator.client, page, page=page, email="rina@kantor.example", name="Rina", grant=["walidata"])
    assert made.status_code == 303
    assert "Diundang" in administrator.get(made.location).text
    there = link_in(letters(stocked)[-1])
    assert post(public, there, page=there, password=NEW).status_code == 303
    post(public, "/masuk", email="rina@kantor.example", password=NEW)
    assert "Walidata" in public.get("/kerja").text
    log = administrator.get("/kerja/catatan.csv")
    assert re.search(r"administrator@kantor.example,user.add,user:\d+,,.*rina@kantor.example", log.text)
