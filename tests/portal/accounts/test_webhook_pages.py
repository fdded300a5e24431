"""Anybody signed in registers addresses of their own, sees the secret once, and sees nothing of others'."""

from __future__ import annotations

import re
from collections.abc import Callable

from accounts_pages import Person
from click.testing import CliRunner
from sqlalchemy import select

from datasets.clock import now
from datasets.installation import Installation
from datasets.keys import installation_key
from datasets.models import Webhook, WebhookDelivery, WebhookEvent
from datasets.webhooks import signing
from portal.accounts import audit, people
from portal.cli import lumbung
from portal.policy import Actor, Role

SignIn = Callable[..., Person]
TARGET = "https://93.184.216.34/hook?kunci=rahasia"


def test_a_webhook_is_registered_tried_switched_off_and_removed(signed_in: SignIn, stocked: Installation) -> None:
    person = signed_in(None)
    shown = person.post("/kerja/webhook", url=TARGET, title="Peta", about="all", event=["version.published"])
    assert shown.status_code == 200
    (secret,) = re.findall(r'value="(whsec_[^"]+)"', shown.text)
    with stocked.database.read() as session:
        (made,) = session.scalars(select(Webhook)).all()
        (entry,) = session.scalars(audit.entries(subject=f"webhook:{made.id}")).all()
    assert secret == signing.secret(installation_key(stocked.settings), made.salt)
    assert made.events == ["version.published"]
    assert "rahasia" not in str(entry.after), "what may be a secret of the receiver is not in the log"
    page = f"/kerja/webhook/{made.id}"
    assert secret not in person.get(page).text and secret not in person.get("/kerja/webhook").text
    assert person.post(f"{page}/uji").status_code == 303
    with stocked.database.read() as session:
        assert session.scalars(select(WebhookEvent.kind)).all() == ["webhook.test"]
    assert "Uji coba" in person.get(page).text
    assert secret not in person.post(f"{page}/rahasia").text
    assert person.post(f"{page}/sakelar", on="0").status_code == 303
    with stocked.database.read() as session:
        assert [row.dead_at is not None for row in session.scalars(select(WebhookDelivery))] == [True]
    stranger = signed_in(Role.ADMINISTRATOR)
    for path in ("", "/uji", "/kirim", "/sakelar", "/rahasia", "/hapus"):
        answer = stranger.get(page) if not path else stranger.post(page + path)
        assert answer.status_code == 404, path
    assert person.post(f"{page}/sakelar", on="1").status_code == 303
    assert person.post(f"{page}/kirim").status_code == 303
    assert person.post(f"{page}/hapus").status_code == 303
    assert person.get(page).status_code == 404


def test_what_is_wrong_is_said_at_its_field(signed_in: SignIn, stocked: Installation) -> None:
    person = signed_in(None)
    for url in ("http://93.184.216.34/", "https://127.0.0.1/", "https://192.168.1.9:8443/hook", "bukan alamat"):
        answer = person.post("/kerja/webhook", url=url, about="all")
        assert answer.status_code == 422
        assert 'id="url-wrong"' in answer.text, url
    answer = person.post("/kerja/webhook", url=TARGET, about="dataset", dataset="https://x/dataset/tidak-ada")
    assert answer.status_code == 422 and 'id="dataset-wrong"' in answer.text
    with stocked.database.read() as session:
        assert session.scalars(select(Webhook)).all() == []


def test_who_is_shut_out_is_told_nothing_more(signed_in: SignIn, stocked: Installation) -> None:
    person = signed_in(None)
    assert person.post("/kerja/webhook", url=TARGET, about="all").status_code == 200
    with stocked.database.write() as session:
        user = people.get_user(session, person.id)
        people.set_active(session, user, False, at=now(), actor=Actor(email="tests"))
    with stocked.database.read() as session:
        assert session.scalars(select(Webhook.disabled_for)).all() == ["account"]


def test_an_operator_registers_lists_and_removes(stocked: Installation) -> None:
    environment = {"LUMBUNG_HOME": str(stocked.settings.home)}
    run = CliRunner(env=environment).invoke
    made = run(lumbung, ["webhook", "add", TARGET, "--owner", "data@kantor.example"])
    assert made.stdout.startswith("whsec_")
    listed = run(lumbung, ["webhook", "list"])
    assert "data@kantor.example" in listed.stdout and "rahasia" not in listed.stdout
    assert run(lumbung, ["webhook", "remove", "1"]).exit_code == 0
    assert run(lumbung, ["webhook", "list"]).stdout == ""
