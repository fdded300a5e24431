"""The private pages as a browser uses them: fetch a page, send its form."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.policy import Actor

SECRET = "a-secret-of-the-tests"
PASSWORD = "padi menguning di bulan maret"
SYSTEM = Actor(email="tests")


@dataclass(frozen=True)
class Person:
    """A browser in which somebody is signed in."""

    client: FlaskClient
    id: int

    def get(self, path: str) -> TestResponse:
        return self.client.get(path)

    def post(self, path: str, **fields: object) -> TestResponse:
        """Send a form as its page would, with the page's token."""
        return post(self.client, path, **fields)


def token_in(page: TestResponse) -> str:
    found = re.search(r'name="form_token" value="([0-9a-f]{64})"', page.text)
    assert found, page.text[:2000]
    return found[1]


def post(client: FlaskClient, path: str, *, page: str = "", **fields: object) -> TestResponse:
    """Fetch a page with a form and send to `path` as its form does."""
    shown = client.get(page or ("/akun" if client.get_cookie("lumbung_session") else "/masuk"))
    return client.post(path, data={"form_token": token_in(shown), **fields}, headers={"Sec-Fetch-Site": "same-origin"})
