from __future__ import annotations

import json
import logging
import sys

import pytest

from portal.logs import JsonLines


def line(record: logging.LogRecord) -> dict[str, object]:
    text = JsonLines().format(record)
    assert "\n" not in text
    found: dict[str, object] = json.loads(text)
    return found


def test_a_request_is_logged_without_who_asked_what() -> None:
    atoms = {
        "h": "203.0.113.9",
        "U": '/dataset/"x"\n',
        "q": "q=nama+saya",
        "m": "GET",
        "s": "200",
        "B": 512,
        "M": 7,
        "a": "Firefox",
    }
    record = logging.LogRecord("gunicorn.access", logging.INFO, "", 0, "%(h)s %(q)s", (atoms,), None)
    told = line(record)
    assert (told["method"], told["path"], told["status"], told["milliseconds"]) == ("GET", '/dataset/"x"\n', 200, 7)
    assert not any(secret in json.dumps(told) for secret in ("203.0.113.9", "nama", "Firefox"))


@pytest.mark.parametrize(
    "path",
    [
        "/permohonan/lacak/",
        "/masuk/sandi/",
        "/masuk/undangan/",
        "/ikuti/konfirmasi/",
        "/en/ikuti/berhenti/",
        "/ikuti/berhenti-semua/",
    ],
)
def test_no_log_has_an_address_that_is_a_key(path: str) -> None:
    record = logging.LogRecord("gunicorn.access", logging.INFO, "", 0, "", ({"U": f"{path}RAHASIA/data.json"},), None)
    assert line(record)["path"] == f"{path}…"
    record = logging.LogRecord("lumbung.portal", logging.ERROR, "", 0, "GET %s [%s]", (f"{path}RAHASIA", "abc"), None)
    assert line(record)["message"] == f"GET {path}… [abc]"


def test_an_error_is_one_line_with_its_story() -> None:
    try:
        raise ValueError("baris satu\nbaris dua")
    except ValueError:
        record = logging.LogRecord("lumbung.portal", logging.ERROR, "", 0, "GET %s [%s]", ("/x", "abc"), sys.exc_info())
    told = line(record)
    assert told["message"] == "GET /x [abc]"
    assert "ValueError: baris satu" in str(told["error"])
