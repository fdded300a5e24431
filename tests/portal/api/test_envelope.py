from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from datasets.db import Database


def test_the_envelope_is_ckans(public: FlaskClient) -> None:
    response = public.get("/api/3/action/package_list")
    assert response.headers["Content-Type"] == "application/json;charset=utf-8"
    body = response.get_json()
    assert body["success"] is True
    assert body["help"] == "http://localhost/api/3/action/help_show?name=package_list"
    assert public.get("/api/action/package_list").get_json() == body


def test_an_error_names_its_type_and_its_parameter(public: FlaskClient) -> None:
    response = public.get("/api/3/action/package_show")
    assert response.status_code == 409
    assert response.get_json()["error"] == {"__type": "Validation Error", "id": ["Missing value"]}
    missing = public.get("/api/3/action/package_show?id=tidak-ada")
    assert (missing.status_code, missing.get_json()["error"]) == (
        404,
        {"__type": "Not Found Error", "message": "Not found"},
    )


@pytest.mark.parametrize("path", ["/api/3/action/apa_ini", "/api/action/apa_ini", "/api/9/action/package_list"])
def test_an_unknown_action_is_a_bare_text_with_400(public: FlaskClient, path: str) -> None:
    response = public.get(path)
    assert response.status_code == 400
    assert response.get_json().startswith("Bad request: Action name not known")


@pytest.mark.parametrize("body", ["{", "[1]", '"x"', "null", "[" * 100_000])
def test_a_body_that_is_no_object_is_refused(public: FlaskClient, body: str) -> None:
    response = public.post("/api/3/action/package_list", data=body, content_type="application/json")
    assert response.status_code == 400
    assert isinstance(response.get_json(), str)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ('{"id": "kasus-demam-berdarah"}', "application/json"),
        ('{"id": "kasus-demam-berdarah"}', "application/x-www-form-urlencoded"),
        ("id=kasus-demam-berdarah", "application/x-www-form-urlencoded"),
    ],
)
def test_parameters_come_in_by_json_by_form_and_by_curl(public: FlaskClient, data: str, kind: str) -> None:
    response = public.post("/api/3/action/package_show", data=data, content_type=kind)
    assert response.get_json()["result"]["name"] == "kasus-demam-berdarah"


def test_repeated_parameters_are_a_list(public: FlaskClient) -> None:
    found = public.get("/api/3/action/package_search?fq=groups:pendidikan&fq=license_id:notspecified").get_json()
    assert [package["name"] for package in found["result"]["results"]] == ["data-pokok-sekolah-dasar"]


@pytest.mark.parametrize(
    "query",
    ["rows=banyak", "rows=-1", "start=-5", "start=99999999999999999999", "facet.field=[", "facet.limit=x", "rows=1e3"],
)
def test_impossible_values_are_the_callers_fault(public: FlaskClient, query: str) -> None:
    assert public.get(f"/api/3/action/package_search?{query}").status_code == 409


@pytest.mark.parametrize(
    "text", ["%00", "%FF%FE", "a" * 5000, "'; drop table dataset --", "\\", "%25_", "(" * 500, "😀", "*", "?"]
)
def test_no_text_breaks_the_search(public: FlaskClient, text: str) -> None:
    for name in ("q", "fq"):
        assert public.get(f"/api/3/action/package_search?{name}={text}").status_code in (200, 400, 414)
    for action in ("package_show", "organization_show", "resource_show", "tag_show"):
        assert public.get(f"/api/3/action/{action}?id={text}").status_code in (404, 409)


def test_rows_are_capped_without_an_error(public: FlaskClient) -> None:
    assert public.get("/api/3/action/package_search?rows=5000").get_json()["result"]["count"] == 4


def test_scripts_of_any_site_may_read(public: FlaskClient) -> None:
    assert public.get("/api/3/action/package_list").headers["Access-Control-Allow-Origin"] == "*"
    asked = public.options("/api/3/action/package_search", headers={"Access-Control-Request-Method": "POST"})
    assert asked.status_code == 200
    assert "Content-Type" in asked.headers["Access-Control-Allow-Headers"]


def test_an_unchanged_answer_is_not_sent_again(public: FlaskClient) -> None:
    first = public.get("/api/3/action/package_list")
    again = public.get("/api/3/action/package_list", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_jsonp_takes_names_and_nothing_else(public: FlaskClient) -> None:
    good = public.get("/api/3/action/site_read?callback=cb.f")
    assert good.text.startswith("cb.f({")
    assert good.mimetype == "application/javascript"
    bad = public.get("/api/3/action/site_read?callback=alert(1)//")
    assert json.loads(bad.text)["success"] is True


def test_a_catalogue_that_cannot_be_read_says_when_to_come_back(
    app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    here = app.extensions["lumbung"]
    monkeypatch.setitem(here.__dict__, "database", Database(f"sqlite:///{tmp_path}"))
    response = app.test_client().get("/api/3/action/package_list")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "30")
    assert response.get_json()["success"] is False


def test_the_version_is_told_where_clients_look(public: FlaskClient) -> None:
    assert public.get("/api/3").get_json() == {"version": 3}
    assert public.get("/api").get_json() == {"version": 3}
