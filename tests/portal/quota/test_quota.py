"""Nobody takes so much of the interfaces that others are not served; who is near the limit is told in time."""

from __future__ import annotations

import multiprocessing
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Request
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder

from datasets.installation import Installation
from portal.app import create_app
from portal.quota.counters import LocalCounters
from portal.quota.visitors import key_of, visitor

SEARCH = "/api/3/action/package_search?rows=0"


@pytest.fixture
def strict(stocked: Installation) -> FlaskClient:
    """The portal with five requests a minute."""
    few = Installation(replace(stocked.settings, asked_per_minute=5))
    return create_app(few.settings, few).test_client()


def ask(client: FlaskClient, address: str, path: str = SEARCH):  # type: ignore[no-untyped-def]
    return client.get(path, headers={"X-Forwarded-For": address})


def test_who_asks_too_much_waits_and_others_do_not(strict: FlaskClient) -> None:
    answers = [ask(strict, "203.0.113.5") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert [answer.headers["RateLimit"].split(";")[1] for answer in answers[:3]] == ["r=4", "r=3", "r=2"]
    assert answers[0].headers["RateLimit-Policy"] == '"asked";q=5;w=60'
    refused = answers[5]
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert refused.get_json()["success"] is False
    assert refused.headers["Access-Control-Allow-Origin"] == "*"
    assert ask(strict, "203.0.113.6").status_code == 200


def test_pages_and_programs_of_this_machine_are_not_counted(strict: FlaskClient) -> None:
    for _ in range(8):
        assert ask(strict, "203.0.113.7", "/").status_code == 200
        assert strict.get(SEARCH).status_code == 200
    assert "RateLimit" not in strict.get("/").headers


def test_an_installation_whose_counters_cannot_be_written_answers(
    stocked: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = Installation(replace(stocked.settings, asked_per_minute=1))
    (few.settings.home / "work").mkdir(exist_ok=True)
    (few.settings.home / "work" / "asked.sqlite").write_bytes(b"no database" * 100)
    client = create_app(few.settings, few).test_client()
    assert [ask(client, "203.0.113.8").status_code for _ in range(3)] == [200] * 3


def who(remote: str, **headers: str) -> str | None:
    return visitor(Request(EnvironBuilder(environ_base={"REMOTE_ADDR": remote}, headers=headers).get_environ()))


@pytest.mark.parametrize(
    ("remote", "forwarded", "counted"),
    [
        ("127.0.0.1", "", None),
        ("127.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("::1", "10.0.0.1, 198.51.100.7", "198.51.100.7"),
        ("198.51.100.9", "198.51.100.7", "198.51.100.9"),
        ("127.0.0.1", "2001:db8:1:2:aaaa::1", "2001:db8:1:2::"),
        ("127.0.0.1", "::ffff:198.51.100.7", "198.51.100.7"),
        ("127.0.0.1", "what<script>", None),
        ("127.0.0.1", "127.0.0.1", "127.0.0.1"),
    ],
)
def test_only_the_front_server_says_who_asks(remote: str, forwarded: str, counted: str | None) -> None:
    assert who(remote, **({"X-Forwarded-For": forwarded} if forwarded else {})) == counted


def _ask_often(path: Path) -> None:
    counters = LocalCounters(path)
    for _ in range(200):
        counters.add(b"k", 1, now=600.0)


def test_all_processes_count_together(tmp_path: Path) -> None:
    path = tmp_path / "asked.sqlite"
    counters = LocalCounters(path)
    assert counters.add(b"k", 0, now=600.0) == 0
    workers = [multiprocessing.get_context("fork").Process(target=_ask_often, args=(path,)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert counters.add(b"k", 1, now=600.0) == 601
    assert counters.add(b"k", 1, now=660.0) == 1


def test_the_counters_know_no_address(tmp_path: Path) -> None:
    path = tmp_path / "asked.sqlite"
    counters = LocalCounters(path)
    counters.add(key_of("203.0.113.99", "secret"), 1, now=0)
    kept = b"".join(each.read_bytes() for each in tmp_path.iterdir())
    assert b"203.0.113.99" not in kept
