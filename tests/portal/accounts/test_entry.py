"""That people get in with what proves them, and nobody else learns or opens anything."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from accounts_pages import PASSWORD, Person, post, token_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from datasets.clock import now
from datasets.installation import Installation
from portal.accounts.actor import current_actor
from portal.accounts.credentials import Credentials
from portal.accounts.limits import ACCOUNT
from portal.accounts.models import ApiToken, Attempts, AuditEntry, SignedIn, User
from portal.policy import ANONYMOUS, Role

SignIn = Callable[..., Person]
WRONG = "Surel atau kata sandi tidak cocok."


def sign_in(
    client: FlaskClient, email: str = "pengelola@kantor.example", password: str = PASSWORD, there: str = ""
) -> TestResponse:
    return post(client, "/masuk", page="/masuk", email=email, password=password, next=there)


def test_a_person_comes_in_where_they_were_going_and_goes_out_for_good(public: FlaskClient) -> None:
    sent = public.get("/akun?x=1")
    assert (sent.status_code, sent.location) == (303, "/masuk?next=/akun?x%3D1")
    entered = sign_in(public, email=" Pengelola@Kantor.example", there="/akun?x=1")
    assert (entered.status_code, entered.location) == (303, "/akun?x=1")
    assert public.get("/akun").status_code == 200
    kept = public.get_cookie("lumbung_session")
    assert kept is not None
    assert kept.http_only
    assert kept.same_site == "Lax"
    assert post(public, "/keluar").status_code == 303
    public.set_cookie("lumbung_session", kept.value)
    assert public.get("/akun").status_code == 303, "the session is over, not only forgotten by the browser"


def test_https_binds_the_cookies_to_this_very_host(app: Flask) -> None:
    client = app.test_client()
    shown = client.get("/masuk", base_url="https://data.example")
    cookie = shown.headers["Set-Cookie"]
    assert cookie.startswith("__Host-lumbung_form=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


@pytest.mark.parametrize(
    "there",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "/dataset", "javascript:alert(1)", "/kerja\r\nx"],
)
def test_signing_in_leads_nowhere_else(public: FlaskClient, there: str) -> None:
    assert sign_in(public, there=there).location == "/kerja"


def test_the_session_is_new_at_signing_in_whatever_the_browser_brought(
    public: FlaskClient, stocked: Installation
) -> None:
    public.set_cookie("lumbung_session", "planted-by-somebody-who-waits")
    before = public.get_cookie("lumbung_session")
    sign_in(public)
    after = public.get_cookie("lumbung_session")
    assert before and after and before.value != after.value
    with stocked.database.read() as session:
        rows = session.scalars(select(SignedIn)).all()
    assert len(rows) == 1
    assert after.value not in str(vars(rows[0])), "the database keeps a hash alone"


def test_an_unknown_address_looks_and_works_like_a_wrong_password(
    public: FlaskClient, app: Flask, stocked: Installation, credentials: Credentials, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stocked.database.write() as session:
        session.execute(update(User).where(User.email == "walidata@kantor.example").values(active=False))
        session.execute(update(User).where(User.email == "tanpa@kantor.example").values(password_hash=None))
    hashed: list[str] = []
    real = Credentials.is_right
    monkeypatch.setattr(
        Credentials, "is_right", lambda self, given, kept: (hashed.append(given), real(self, given, kept))[1]
    )
    pages = set()
    for email in ("pengelola", "nobody", "walidata", "tanpa"):
        answer = sign_in(app.test_client(), email=f"{email}@kantor.example", password="salah sekali salah")
        assert answer.status_code == 422
        assert WRONG in answer.text
        pages.add(answer.text.replace(email, "X").replace(token_in(answer), ""))
    assert len(pages) == 1
    assert len(hashed) == 4, "the same work is done for all"
    shut = sign_in(app.test_client(), email="walidata@kantor.example")
    assert shut.status_code == 422, "not even the right password tells that the account was shut"


def test_strangers_cannot_lock_a_person_out_of_a_known_machine(
    public: FlaskClient, app: Flask, stocked: Installation
) -> None:
    sign_in(public)
    public.delete_cookie("lumbung_session")
    assert sign_in(app.test_client(), password="salah sekali salah").status_code == 422
    with stocked.database.write() as session:
        session.execute(update(Attempts).values(count=ACCOUNT.count))
    locked = sign_in(app.test_client())
    assert locked.status_code == 429
    assert "menit" in locked.text
    assert sign_in(public).status_code == 303, "the person's own machine is counted for itself"
    with stocked.database.write() as session:
        session.execute(update(Attempts).values(since=now() - ACCOUNT.span))
    assert sign_in(app.test_client()).status_code == 303, "and the lock opens by itself"


def test_a_session_ends_by_idleness_and_by_age(signed_in: SignIn, stocked: Installation) -> None:
    for column, age in ((SignedIn.seen_at, timedelta(minutes=31)), (SignedIn.created_at, timedelta(hours=13))):
        person = signed_in(Role.STEWARD)
        assert person.get("/akun").status_code == 200
        with stocked.database.write() as session:
            session.execute(update(SignedIn).where(SignedIn.user_id == person.id).values({column: now() - age}))
        assert person.get("/akun").status_code == 303


def test_a_form_that_another_site_made_is_refused(signed_in: SignIn) -> None:
    person = signed_in(Role.ADMINISTRATOR)
    token = token_in(person.get("/akun"))
    other = token_in(signed_in(Role.STEWARD).get("/akun"))
    forged = [
        ({}, {}),
        ({"form_token": "0" * 64}, {}),
        ({"form_token": other}, {}),
        ({"form_token": "é"}, {}),
        ({"form_token": token}, {"Sec-Fetch-Site": "cross-site"}),
        ({"form_token": token}, {"Sec-Fetch-Site": "same-site"}),
        ({"form_token": token}, {"Origin": "https://evil.example"}),
        ({"form_token": token}, {"Origin": "null"}),
    ]
    for fields, headers in forged:
        assert person.client.post("/akun/sesi/akhiri-lainnya", data=fields, headers=headers).status_code == 400
    mine = person.client.post(
        "/akun/sesi/akhiri-lainnya", data={"form_token": token}, headers={"Origin": "http://localhost"}
    )
    assert mine.status_code == 303


def test_the_second_step_is_asked_for_works_once_and_recovery_codes_open_once(
    public: FlaskClient, app: Flask, signed_in: SignIn, credentials: Credentials
) -> None:
    person = signed_in(Role.ADMINISTRATOR, factor=False)
    assert person.get("/kerja/pengguna").location == "/akun/dua-langkah"
    page = person.get("/akun/dua-langkah")
    secret = re.search(r'name="secret" value="([^"]+)"', page.text)
    assert secret
    kept = html.unescape(secret[1])
    generated = credentials._totp.generate_totp_password(kept.partition(" ")[2])
    before = person.client.get_cookie("lumbung_session")
    done = post(person.client, "/akun/dua-langkah", secret=kept, code=generated)
    codes = re.findall(r"<li><code>([0-9a-f-]+)</code>", done.text)
    assert len(codes) == 10
    after = person.client.get_cookie("lumbung_session")
    assert before and after and before.value != after.value, "more rights, another session"
    assert person.get("/kerja/pengguna").status_code == 200

    assert sign_in(public, email="administrator@kantor.example").location == "/masuk/kode"
    assert public.get("/akun").status_code == 303, "half way in is not in"
    again = post(public, "/masuk/kode", page="/masuk/kode", code=generated)
    assert again.status_code == 422, "a code that was used is used up"
    assert post(public, "/masuk/kode", page="/masuk/kode", code=codes[0].upper()).location == "/kerja"
    assert public.get("/kerja/pengguna").status_code == 200
    other = app.test_client()
    sign_in(other, email="administrator@kantor.example")
    assert post(other, "/masuk/kode", page="/masuk/kode", code=codes[0]).status_code == 422
    for _ in range(5):
        post(other, "/masuk/kode", page="/masuk/kode", code="000000")
    assert other.get("/masuk/kode").status_code in (200, 303)
    assert post(other, "/masuk/kode", page="/masuk", code=codes[1]).location == "/masuk", "too many: the password again"


def test_a_stolen_session_cannot_guess_its_way_to_the_password_or_the_codes(
    signed_in: SignIn, stocked: Installation
) -> None:
    thief = signed_in(Role.STEWARD)
    new = "kedelai berbunga di bulan juni"
    guessed = [post(thief.client, "/akun/sandi", old=f"tebakan {n}", password=new).text for n in range(11)]
    assert "bukan kata sandi Anda" in guessed[9]
    assert "Terlalu banyak percobaan" in guessed[10]
    assert "Terlalu banyak percobaan" in post(thief.client, "/akun/sandi", old=PASSWORD, password=new).text
    refused = post(thief.client, "/akun/kode-pemulihan", code="000000")
    assert refused.status_code == 429 and "Terlalu banyak percobaan" in refused.text
    with stocked.database.write() as session:
        session.execute(update(Attempts).values(since=now() - timedelta(hours=1)))
    assert post(thief.client, "/akun/sandi", old=PASSWORD, password=new).status_code == 303, "its owner waits a while"


def test_everything_of_somebody_who_is_shut_out_dies_at_once(
    signed_in: SignIn, app: Flask, stocked: Installation
) -> None:
    steward, administrator = signed_in(Role.STEWARD), signed_in(Role.ADMINISTRATOR)
    made = post(steward.client, "/akun/token", token_name="skrip", days="", scope="write")
    secret = re.search(r"lumbung_[\w-]{43}", made.text)
    assert secret
    assert secret[0] not in steward.get("/akun").text
    with app.test_request_context(headers={"Authorization": secret[0]}):
        assert current_actor().user_id == steward.id
    assert post(administrator.client, f"/kerja/pengguna/{steward.id}/aktif", active="0").status_code == 303
    assert steward.get("/akun").status_code == 303
    with app.test_request_context(headers={"X-CKAN-API-Key": secret[0]}):
        assert current_actor() == ANONYMOUS
    with stocked.database.read() as session:
        done = session.scalars(select(AuditEntry.action).where(AuditEntry.subject == f"user:{steward.id}")).all()
    assert done[-1] == "user.disable"


def test_a_cookie_is_nothing_to_public_pages_and_to_the_api(signed_in: SignIn, public: FlaskClient, app: Flask) -> None:
    person = signed_in(Role.ADMINISTRATOR)
    for path in ("/", "/dataset", "/api/3/action/package_list"):
        mine, anyones = person.get(path), public.get(path)
        assert mine.data == anyones.data
        assert "Set-Cookie" not in mine.headers
        assert "cookie" not in mine.headers.get("Vary", "").lower()
    cookie = person.client.get_cookie("lumbung_session")
    assert cookie
    with app.test_request_context("/api/3/action/x", headers={"Cookie": f"lumbung_session={cookie.value}"}):
        assert current_actor() == ANONYMOUS


def test_a_role_that_changes_ends_what_was_opened_under_the_old_one(signed_in: SignIn) -> None:
    steward, administrator = signed_in(Role.STEWARD), signed_in(Role.ADMINISTRATOR)
    changed = post(administrator.client, f"/kerja/pengguna/{steward.id}/peran", grant=["walidata"])
    assert changed.status_code == 303
    assert steward.get("/akun").status_code == 303
    last = post(administrator.client, f"/kerja/pengguna/{administrator.id}/peran", grant=["walidata"])
    assert last.status_code == 422
    assert "administrator terakhir" in last.text
    for agency in ("999999", "9" * 30, "-1"):
        unknown = post(administrator.client, f"/kerja/pengguna/{steward.id}/peran", grant=[f"pengelola@{agency}"])
        assert unknown.status_code == 422 and "sebutkan yang mana" in unknown.text, "no agency of ours"


def test_nobody_touches_what_is_another_persons(signed_in: SignIn, stocked: Installation) -> None:
    steward, other = signed_in(Role.STEWARD), signed_in(Role.PPID_UTAMA)
    post(other.client, "/akun/token", token_name="skrip", days="30", scope="read")
    with stocked.database.read() as session:
        theirs = session.scalars(select(SignedIn.id).where(SignedIn.user_id == other.id)).one()
        token = session.scalars(select(ApiToken.id).where(ApiToken.user_id == other.id)).one()
    assert post(steward.client, f"/akun/sesi/{theirs}/akhiri").status_code == 404
    assert post(steward.client, f"/akun/token/{token}/cabut").status_code == 404
    assert post(steward.client, "/akun/token", token_name="skrip", days="", scope="publish").status_code == 403
    assert post(steward.client, "/akun/token", token_name="skrip", days="", scope="everything").status_code == 404
    assert other.get("/akun").status_code == 200
