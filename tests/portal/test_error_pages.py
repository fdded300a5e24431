from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from datasets.db import Database
from metadata.errors import LumbungError
from metadata.terms import Bilingual


class Gone(LumbungError):
    """As a withdrawn dataset is."""

    code = "test.gone"
    status = 410
    text = Bilingual(id="Ditarik karena {why}.", en="Withdrawn because {why}.")


def with_route(app: Flask, error: BaseException) -> FlaskClient:
    def fail() -> str:
        raise error

    app.add_url_rule("/gagal", "gagal", fail)
    return app.test_client()


def test_what_is_not_there_has_a_page_with_a_way_on(public: FlaskClient) -> None:
    response = public.get("/tidak-ada")
    assert response.status_code == 404
    assert "Halaman ini tidak ada di lumbung" in response.text
    assert 'role="search"' in response.text
    assert "This page is not in the granary" in public.get("/en/tidak-ada").text


def test_what_was_withdrawn_says_why(app: Flask) -> None:
    response = with_route(app, Gone(why="keliru")).get("/gagal")
    assert response.status_code == 410
    assert "Data ini telah ditarik" in response.text
    assert "Ditarik karena keliru." in response.text


def test_a_fault_of_ours_has_a_number_and_no_story(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    response = with_route(app, ZeroDivisionError("rahasia dalam")).get("/gagal")
    assert response.status_code == 500
    assert "rahasia" not in response.text
    assert "Traceback" not in response.text
    (record,) = caplog.records
    assert record.exc_info is not None
    reference = record.getMessage().split("[")[1].rstrip("]")
    assert reference in response.text


def test_the_last_resort_stands_when_the_error_page_itself_fails(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.errors.render_template", lambda *_a, **_k: 1 / 0)
    response = app.test_client().get("/tidak-ada")
    assert response.status_code == 404
    assert "Terjadi gangguan" in response.text


def test_a_database_that_does_not_answer_is_a_pause(
    app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(app.extensions["lumbung"].__dict__, "database", Database(f"sqlite:///{tmp_path}"))
    response = app.test_client().get("/")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "30")
    assert "Lumbung sedang tutup sebentar" in response.text


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_pages_only_answer_questions(public: FlaskClient, method: str) -> None:
    response = getattr(public, method)("/dataset")
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]


def test_a_body_too_large_is_refused(public: FlaskClient) -> None:
    response = public.post("/api/3/action/package_list", data=b"x" * (1024 * 1024 + 1))
    assert response.status_code == 413
