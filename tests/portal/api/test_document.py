"""The API described for programs and people, and what it does with odd calls."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shown_tables import Shown

from portal.api.openapi_parameters import PARAMETERS
from portal.api.registry import names, writes


def test_every_action_stands_in_the_document_with_its_parameters(public: FlaskClient) -> None:
    response = public.get("/api/openapi.json")
    found = response.get_json()
    assert (response.mimetype, found["openapi"]) == ("application/json", "3.1.0")
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    actions = {path.rpartition("/")[2] for path in found["paths"] if path.startswith("/api/3/action/")}
    assert actions == set(names())
    assert set(PARAMETERS) <= actions
    for name in actions:
        described = found["paths"][f"/api/3/action/{name}"]
        if writes(name):
            assert (set(described), described["post"]["security"]) == ({"post"}, [{"token": []}])
        else:
            assert described["get"]["summary"]
            told = {each.get("name", "callback") for each in described["get"]["parameters"]}
            assert told == {*PARAMETERS.get(name, {}), "callback"}
        for content in described["post"]["requestBody"]["content"].values():
            assert set(content["schema"]["properties"]) == set(PARAMETERS.get(name, {}))
    operations = [
        method["operationId"] for path in found["paths"].values() for method in path.values() if "tags" in method
    ]
    assert len(operations) == len(set(operations))


def test_every_reference_in_the_document_leads_somewhere(public: FlaskClient) -> None:
    found = public.get("/api/openapi.json").get_json()

    def references(value: Any) -> list[str]:
        if isinstance(value, dict):
            own = [value["$ref"]] if "$ref" in value else []
            return own + [ref for item in value.values() for ref in references(item)]
        return [ref for item in value for ref in references(item)] if isinstance(value, list) else []

    for reference in set(references(found)):
        place: Any = found
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]
        assert place


def test_people_get_a_page_and_programs_the_version(public: FlaskClient) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    page = public.get("/api", headers=browser)
    assert page.mimetype == "text/html"
    assert "datastore_search" in page.text
    assert "RemoteCKAN" in page.text
    assert public.get("/en/api", headers=browser).status_code == 200
    for accept in ("*/*", "application/json", ""):
        assert public.get("/api", headers={"Accept": accept}).get_json() == {"version": 3}
    assert public.get("/api/3").get_json() == {"version": 3}


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=30),
    st.sampled_from(
        ["*:*", "{", "[", "]", "a:[1 TO", '"', "\\", "%", "NOW", "_id", "kecamatan", "tahun desc", "-1", "null"]
    ),
)
NESTED = st.recursive(
    VALUES,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)),
)
CALLS = st.sampled_from([(name, parameter) for name, known in PARAMETERS.items() for parameter in known])


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(call=CALLS, value=NESTED)
def test_no_value_of_any_parameter_breaks_an_action(
    shown: Shown, population: str, call: tuple[str, str], value: Any
) -> None:
    name, parameter = call
    known = {"resource_id": population, "id": population} if name.startswith("datastore") else {}
    response = shown.public.post(f"/api/3/action/{name}", json={**known, parameter: value})
    assert response.status_code in (200, 400, 403, 404, 409), (
        name,
        parameter,
        value,
        response.get_data(as_text=True)[:300],
    )
    json.loads(response.get_data())


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    path=st.sampled_from(
        ["/catalog.ttl", "/feeds/dataset.atom", "/feeds/custom.atom", "/oai", "/datastore/dump/x", "/dataset", "/api"]
    ),
    query=st.dictionaries(
        st.sampled_from(["page", "q", "verb", "from", "set", "metadataPrefix", "resumptionToken", "format", "sort"]),
        st.text(max_size=20),
        max_size=4,
    ),
)
def test_no_argument_breaks_a_feed(shown: Shown, path: str, query: dict[str, str]) -> None:
    assert shown.public.get(path, query_string=query).status_code < 500


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'"x"', b"null", b"\xff", b'{"id": "' + b"x" * 200_000 + b'"}'])
def test_odd_bodies_are_the_callers_fault(shown: Shown, body: bytes) -> None:
    response = shown.public.post("/api/3/action/datastore_search", data=body, content_type="application/json")
    assert response.status_code in (400, 404, 409)
