"""That anybody can ask without an account and without script, and that nobody else can look."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from accounts_pages import token_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from datasets.installation import Installation
from portal.kip.ask import follow_views, spam
from portal.kip.models import KipCase, KipEvent, KipMet
from portal.response import traps

FIELDS = {
    "applicant_kind": "perorangan",
    "name": "Siti Aminah Kertosono",
    "nik": "3522016504900003",
    "address": "Jalan Veteran 9, Kapas",
    "email": "siti@contoh.example",
    "phone": "081234567890",
    "question": "Berapa anggaran jalan desa di Kapas tahun 2025?",
    "purpose": "Rembuk desa",
    "manner": "soft",
    "delivery": "email",
    "go": "send",
}


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A person who does not wait in tests."""
    monkeypatch.setattr(traps, "LEAST", timedelta(seconds=-1))


def send(client: FlaskClient, path: str, page: str, **fields: object) -> TestResponse:
    shown = client.get(page)
    begun = re.search(rf'name="{traps.BEGUN}" value="([^"]+)"', shown.text)
    data = {"form_token": token_in(shown), **({traps.BEGUN: begun[1]} if begun else {}), **fields}
    return client.post(path, data=data, headers={"Sec-Fetch-Site": "same-origin"}, content_type="multipart/form-data")


def filed(client: FlaskClient, **changed: object) -> str:
    answer = send(client, "/permohonan/baru/formulir", "/permohonan/baru/formulir", **{**FIELDS, **changed})
    assert answer.status_code == 303, answer.text
    return str(answer.location).partition("?")[0]


@pytest.mark.usefixtures("unhurried")
def test_from_the_form_to_the_receipt_and_back_by_number_and_pin(public: FlaskClient, app: Flask) -> None:
    address = filed(public, proof=(io.BytesIO(b"\x89PNG\r\n\x1a\nfoto KTP"), "KTP Siti.png"))
    page = public.get(f"{address}?baru=1")
    number = re.search(r"\d{4}/PI/PPID/[IVX]+/\d{4}", page.text)
    pin = re.search(r'kip-pin">(\d{4} \d{4})<', page.text)
    assert number and pin, page.text
    assert "************0003" in page.text
    assert FIELDS["nik"] not in page.text
    assert "KTP Siti.png" in page.text
    letter = re.search(r'href="([^"]+/surat/\d+)"', page.text)
    assert letter
    assert public.get(letter[1]).data.startswith(b"%PDF-")
    assert FIELDS["name"] in public.get(f"{letter[1]}?html=1").text
    other = app.test_client()
    wrong = send(other, "/permohonan/lacak", "/permohonan/lacak", number=number[0], pin="00000000")
    unknown = send(other, "/permohonan/lacak", "/permohonan/lacak", number="9999/PI/PPID/I/2020", pin="00000000")
    assert wrong.status_code == unknown.status_code == 422
    opened = send(other, "/permohonan/lacak", "/permohonan/lacak", number=number[0], pin=pin[1])
    assert (opened.status_code, opened.location) == (303, address)
    own = json.loads(public.get(f"{address}/data.json").text)
    assert own["identity"]["nik"] == FIELDS["nik"]
    assert "secret" not in own["identity"]
    assert public.get("/permohonan/lacak/" + "a" * 32).status_code == 404


@pytest.mark.usefixtures("unhurried")
@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"nik": "352201650490000"}, "nik"),
        ({"email": "", "phone": ""}, "email"),
        ({"question": "?"}, "question"),
        ({"proof": (io.BytesIO(b"MZ not a picture"), "ktp.png")}, "proof"),
        ({traps.EMPTY: "https://spam.example"}, ""),
        ({traps.BEGUN: "1.forged"}, ""),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(
    public: FlaskClient, stocked: Installation, changed: dict[str, object], where: str
) -> None:
    page = send(public, "/permohonan/baru/formulir", "/permohonan/baru/formulir", **{**FIELDS, **changed})
    assert page.status_code == 422
    assert f'<a href="#{where}">' in page.text
    assert FIELDS["purpose"] in page.text
    with stocked.database.read() as session:
        assert session.scalar(select(KipCase.id)) is None


def test_a_form_that_was_filled_in_at_once_is_a_machines(public: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traps, "LEAST", timedelta(minutes=1))
    page = send(public, "/permohonan/baru/formulir", "/permohonan/baru/formulir", **FIELDS)
    assert page.status_code == 422
    assert "terlalu cepat" in page.text


def test_a_draft_waits_in_this_browser_and_is_sealed(public: FlaskClient, app: Flask, stocked: Installation) -> None:
    saved = send(public, "/permohonan/baru/formulir", "/permohonan/baru/formulir", **{**FIELDS, "go": "save"})
    assert saved.status_code == 303
    assert FIELDS["nik"] in public.get("/permohonan/baru/formulir").text
    assert FIELDS["nik"] not in app.test_client().get("/permohonan/baru/formulir").text
    with stocked.database.read() as session:
        held = str(session.execute(text("SELECT * FROM kip_draft")).all())
    assert FIELDS["nik"] not in held
    assert FIELDS["name"] not in held


def test_what_answers_it_already_is_offered_and_taking_it_counts(public: FlaskClient, stocked: Installation) -> None:
    page = send(public, "/permohonan/baru", "/permohonan/baru", question="jumlah penduduk kecamatan")
    assert page.status_code == 200
    target = re.search(r'name="target" value="(/dataset/[^"]+)"', page.text)
    assert target, page.text
    taken = send(public, "/permohonan/terpenuhi", "/permohonan/baru", kind="dataset", target=target[1])
    assert (taken.status_code, taken.location) == (303, target[1])
    for elsewhere in ("https://evil.example/", "//evil.example", "/\\evil.example"):
        back = send(public, "/permohonan/terpenuhi", "/permohonan/baru", kind="dataset", target=elsewhere)
        assert back.location == "/permohonan/baru"
    with stocked.database.read() as session:
        assert [met.kind for met in session.scalars(select(KipMet))] == ["dataset"]
    part = send(public, "/permohonan/baru/cocok", "/permohonan/baru", question="jumlah penduduk kecamatan")
    assert target[1] in part.text
    assert "<html" not in part.text


@pytest.fixture
def asked(public: FlaskClient, unhurried: None) -> Iterator[str]:
    """The secret address of a request."""
    yield filed(public)


def test_an_applicant_can_withdraw_and_only_what_the_law_allows_is_offered(public: FlaskClient, asked: str) -> None:
    page = public.get(asked)
    assert "/tarik" in page.text
    assert "/lengkapi" not in page.text
    assert send(public, f"{asked}/tarik", asked).status_code == 303
    assert "/tarik" not in public.get(asked).text
    refused = send(public, f"{asked}/tarik", "/permohonan/lacak")
    assert refused.status_code == 422


def test_who_no_longer_wants_to_be_named_says_so_and_it_is_written_down(
    public: FlaskClient, unhurried: None, stocked: Installation
) -> None:
    own = filed(public, named="1")
    with stocked.database.read() as session:
        assert session.scalars(select(KipCase.named)).one()
    assert send(public, f"{own}/nama", own).status_code == 303
    with stocked.database.read() as session:
        assert not session.scalars(select(KipCase.named)).one()
        last = session.scalars(select(KipEvent).order_by(KipEvent.id.desc())).first()
    assert last is not None
    assert (last.action, last.actor, last.data) == ("note", "applicant", {"what": follow_views.NO_NAME})


def test_filing_has_a_limit_by_visitor(public: FlaskClient, unhurried: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spam, "FILED", spam.Limit(1, spam.FILED.span))
    filed(public)
    again = send(public, "/permohonan/baru/formulir", "/permohonan/baru/formulir", **FIELDS)
    assert again.status_code == 422
    assert "Simpan isian ini" in again.text


def test_a_crowd_of_drafts_and_of_offers_taken_comes_to_an_end(
    public: FlaskClient, stocked: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.response.traps.visitor", lambda _: "198.51.100.7")
    monkeypatch.setattr("portal.kip.ask.ask_views.A_DAY", 1)
    form = "/permohonan/baru/formulir"
    saved = [send(public, form, form, **{**FIELDS, "go": "save"}).status_code for _ in range(2)]
    assert saved == [303, 422]
    for _ in range(2):
        taken = send(public, "/permohonan/terpenuhi", "/permohonan/baru", kind="dataset", target="/dataset/x")
        assert taken.location == "/dataset/x", "it is shown all the same"
    with stocked.database.read() as session:
        assert len(session.scalars(select(KipMet.id)).all()) == 1
