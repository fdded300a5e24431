"""The examples on pages are no decoration: what stands there is run as it stands, against the portal that showed it."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from services import program
from shown_tables import POPULATION, Shown
from werkzeug.serving import make_server

from portal.app import create_app
from portal.catalog.power_query import m_text, power_query


@pytest.fixture(scope="module")
def served(shown: Shown) -> Iterator[str]:
    """The portal with tables, really listening, under the address at which it listens."""
    app = create_app(shown.installation.settings, shown.installation)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    address = f"http://127.0.0.1:{server.server_port}"
    app.config["LUMBUNG_SITE_URL"] = address
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield address
    server.shutdown()
    server.server_close()


def examples(served: str, path: str, group: str = "contoh") -> dict[str, str]:
    """The code of each way on a page, by its key, as a reader copies it."""
    page = run("curl", "-sS", "-H", "Accept: text/html", served + path)
    found = re.findall(rf'<pre id="{group}-([a-z]+)"[^>]*><code>(.*?)</code></pre>', page, re.DOTALL)
    return {key: html.unescape(code) for key, code in found}


def run(*command: str, folder: Path | None = None) -> str:
    told = subprocess.run(
        [program(command[0]), *command[1:]], cwd=folder, capture_output=True, text=True, check=False, timeout=60
    )
    assert told.returncode == 0, told.stderr + told.stdout
    return told.stdout


PAGES = [
    (f"/dataset/{POPULATION}", "contoh", 5),
    (f"/dataset/{POPULATION}?tahun__ge=2022&_sort=-tahun", "contoh", 84),
    (f"/dataset/{POPULATION}/v/1?kecamatan=Balen", "contoh", None),
]


@pytest.mark.parametrize(("path", "group", "count"), PAGES)
def test_every_way_fetches_the_rows_that_the_page_is_about(
    served: str, tmp_path: Path, path: str, group: str, count: int | None
) -> None:
    code = examples(served, path, group)
    assert list(code) == ["curl", "python", "r", "javascript", "excel"]
    printed = run("sh", "-ec", code["curl"], folder=tmp_path)
    (file,) = tmp_path.glob("*.csv")
    rows = file.read_text("utf-8").splitlines()[1:]
    told = json.loads(printed)
    assert told["total"] == len(rows) == (count or len(rows)) > 0
    (tmp_path / "contoh.py").write_text(code["python"], "utf-8")
    said = run(sys.executable, "contoh.py", folder=tmp_path)
    assert said.startswith(f"{len(rows)} baris\n{{'kecamatan': ")
    (tmp_path / "contoh.mjs").write_text(code["javascript"], "utf-8")
    assert run("node", "contoh.mjs", folder=tmp_path).startswith(f"{len(rows)} {{")
    (address,) = re.findall(r'read\.csv\("([^"]+)"', code["r"])
    assert run("curl", "-sSL", address).splitlines()[1:] == rows
    assert asked_in_m(served, code["excel"]) == rows


def test_the_page_of_the_interfaces_has_examples_that_run(served: str, tmp_path: Path) -> None:
    code = examples(served, "/api", "ckan")
    for line in code["curl"].splitlines():
        assert json.loads(run("sh", "-ec", line))["success"] is True
    (tmp_path / "contoh.py").write_text(code["python"], "utf-8")
    assert run(sys.executable, "contoh.py", folder=tmp_path).startswith("[{'_id': 1, ")
    (tmp_path / "contoh.mjs").write_text(code["javascript"], "utf-8")
    assert re.match(r"\d+ \[", run("node", "contoh.mjs", folder=tmp_path))
    assert list(examples(served, "/api")) == ["curl", "python", "r", "javascript", "excel"]


def asked_in_m(served: str, code: str) -> list[str]:
    """What Power Query would fetch: the address put together from the parts that `Web.Contents` names."""
    base, path = re.findall(r'Web\.Contents\("([^"]+)", \[RelativePath = "([^"]+)"', code)[0]
    query = [
        (name, value)
        for name, one, many in re.findall(r'#"([^"]+)" = (?:"([^"]*)"|\{([^}]*)\})', code)
        for value in ([one] if one else re.findall(r'"([^"]*)"', many))
    ]
    arguments = [part for name, value in query for part in ("--data-urlencode", f"{name}={value}")]
    return run("curl", "-sSLG", *arguments, f"{base}/{path}").splitlines()[1:]


def test_power_query_types_each_column_and_closes_what_it_opens() -> None:
    from flask import Flask

    app = Flask("x")
    app.config["LUMBUNG_SITE_URL"] = "https://data.example.go.id/portal"
    columns = [("tahun", "year"), ('aneh "kutip" #(lf)', "number"), ("hari", "date"), ("lain", "geopoint")]
    with app.test_request_context():
        code = power_query("https://data.example.go.id/portal/dataset/a/b.csv", [("x", "1"), ("x", "2")], columns)
    assert '{"tahun", Int64.Type}' in code and '{"hari", type date}' in code and '{"lain", type any}' in code
    assert '{"aneh ""kutip"" #(#)(lf)", type number}' in code
    assert 'RelativePath = "portal/dataset/a/b.csv", Query = [#"x" = {"1", "2"}]' in code
    bare = re.sub(r'"(?:[^"]|"")*"', "", code)
    assert all(bare.count(a) == bare.count(b) for a, b in ("()", "[]", "{}"))
    assert m_text('a"b') == '"a""b"'


def test_a_hostile_name_runs_nothing(served: str) -> None:
    for path, _group, _count in PAGES:
        assert not re.search(r"[`$;|]", re.sub(r"\$(total|rows)", "", examples(served, path)["curl"]))
