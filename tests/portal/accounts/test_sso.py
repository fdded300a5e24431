"""Single sign-on against a real provider: who is vouched for comes in, and nothing forged does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from datasets.installation import Installation
from portal.accounts.credentials import Credentials
from portal.accounts.models import User
from portal.accounts.sso import Provider, SsoFailed
from portal.app import create_app

# The provider runs in this process, and its own use of Authlib is an old one.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def ask(address: str, data: dict[str, str], method: str = "POST", kind: str = "form") -> str:
    """Ask the provider; the address to which it sends the browser."""
    body = json.dumps(data).encode() if kind == "json" else urlencode(data).encode()
    request = Request(address, data=body, method=method)
    request.add_header("Content-Type", "application/json" if kind == "json" else "application/x-www-form-urlencoded")
    try:
        with build_opener(_Stay).open(request) as answer:
            return str(answer.headers.get("Location", ""))
    except OSError as error:
        return str(error.headers["Location"]) if getattr(error, "code", 0) in (302, 303) else pytest.fail(repr(error))


@pytest.fixture
def issuer() -> Iterator[str]:
    from oidc_provider_mock import run_server_in_thread  # late: warns when it is imported

    with run_server_in_thread(require_nonce=True) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def office(issuer: str, stocked: Installation, credentials: Credentials) -> Flask:
    settings = replace(
        stocked.settings, oidc_issuer=issuer, oidc_client_id="lumbung", oidc_client_secret="s", oidc_internal=True
    )
    app = create_app(settings, Installation(settings))
    app.extensions["lumbung.credentials"] = credentials
    return app


def vouch(client: FlaskClient, issuer: str, subject: str, **claims: object) -> TestResponse:
    """The whole way: to the provider, whose page says yes, and back."""
    ask(f"{issuer}/users/{subject}", claims, method="PUT", kind="json")  # type: ignore[arg-type]
    sent = client.get("/masuk/sso")
    assert sent.status_code == 303
    back = ask(sent.location, {"sub": subject})
    return client.get(back.removeprefix("http://localhost"))


def test_who_is_vouched_for_comes_in_and_is_known_by_the_providers_own_name_from_then_on(
    office: Flask, issuer: str, stocked: Installation
) -> None:
    client = office.test_client()
    entered = vouch(client, issuer, "sari", email="Pengelola@kantor.example", email_verified=True)
    assert (entered.status_code, entered.location) == (303, "/kerja")
    assert client.get("/akun").status_code == 200
    with stocked.database.read() as session:
        user = session.scalars(select(User).where(User.subject == "sari")).one()
        assert (user.email, user.issuer) == ("pengelola@kantor.example", issuer)
    moved = office.test_client()
    assert vouch(moved, issuer, "sari", email="baru@kantor.example", email_verified=True).location == "/kerja"


@pytest.mark.parametrize(
    ("subject", "claims"),
    [
        ("budi", {"email": "walidata@kantor.example", "email_verified": False}),
        ("budi", {"email": "walidata@kantor.example"}),
        ("budi", {"email": "stranger@kantor.example", "email_verified": True}),
    ],
)
def test_an_address_that_is_not_verified_or_not_known_opens_nothing(
    office: Flask, issuer: str, subject: str, claims: dict[str, object]
) -> None:
    client = office.test_client()
    refused = vouch(client, issuer, subject, **claims)
    assert refused.status_code == 422
    assert "belum terdaftar" in refused.text
    assert client.get("/akun").status_code == 303


def test_an_answer_that_this_browser_did_not_ask_for_is_refused(office: Flask, issuer: str) -> None:
    mine, theirs = office.test_client(), office.test_client()
    ask(f"{issuer}/users/sari", {"email": "pengelola@kantor.example", "email_verified": True}, "PUT", "json")  # type: ignore[dict-item]
    back = ask(mine.get("/masuk/sso").location, {"sub": "sari"}).removeprefix("http://localhost")
    assert theirs.get(back).status_code == 422, "a browser that asked for nothing"
    theirs.get("/masuk/sso")
    assert theirs.get(back).status_code == 422, "one that asked for something else"
    state = parse_qs(urlsplit(back).query)["state"][0]
    assert mine.get(back.replace(state, "x" + state[1:])).status_code == 422
    assert mine.get("/masuk/sso/kembali?error=access_denied&state=" + state).status_code == 422


def test_a_provider_inside_is_opened_only_when_the_settings_say_that_it_is(office: Flask, issuer: str) -> None:
    settings = office.extensions["lumbung"].settings
    with pytest.raises(SsoFailed):
        Provider(replace(settings, oidc_internal=False)).begin("http://localhost/masuk/sso/kembali")
    with pytest.raises(SsoFailed):
        Provider(replace(settings, oidc_issuer=f"{issuer}/elsewhere")).begin("http://localhost/x")
