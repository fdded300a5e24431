"""A package from a stranger is judged by frictionless, and reaches nothing but the files beside it."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import frictionless
import pytest

from metadata.validate import validate_package

V2 = "https://datapackage.org/profiles/2.0/datapackage.json"
REGIONS: dict[str, Any] = {
    "name": "wilayah",
    "path": "wilayah.csv",
    "schema": {
        "fields": [{"name": "kode", "type": "string"}, {"name": "nama", "type": "string"}],
        "primaryKey": ["kode"],
    },
}
FIGURES: dict[str, Any] = {
    "name": "angka",
    "path": "angka.csv",
    "schema": {
        "fields": [
            {"name": "kode", "type": "string"},
            {"name": "tahun", "type": "year"},
            {"name": "n", "type": "integer"},
        ],
        "primaryKey": ["kode", "tahun"],
        "foreignKeys": [{"fields": ["kode"], "reference": {"resource": "wilayah", "fields": ["kode"]}}],
    },
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two tables that refer to one another."""
    made = tmp_path / "paket"
    made.mkdir()
    (made / "wilayah.csv").write_text("kode,nama\n35.22.01,Ngraho\n35.22.02,Tambakrejo\n", encoding="utf-8")
    (made / "angka.csv").write_text("kode,tahun,n\n35.22.01,2023,4\n35.22.02,2023,5\n", encoding="utf-8")
    return made


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """A server of this machine that notes every request; its address and the list."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


def written(folder: Path, *resources: Any, **members: Any) -> Path:
    path = folder / "datapackage.json"
    path.write_text(json.dumps({"$schema": V2, "name": "p", "resources": list(resources)} | members), encoding="utf-8")
    return path


def notes(report: Any) -> list[tuple[str, str]]:
    errors = [*report.errors, *(error for task in report.tasks for error in task.errors)]
    return [(error.type, error.note) for error in errors]


def without_times(report: Any) -> Any:
    said = report.to_descriptor()
    for stats in (said["stats"], *(task["stats"] for task in said["tasks"])):
        stats.pop("seconds")
    return said


@pytest.mark.parametrize(
    "figures",
    [
        "kode,tahun,n\n35.22.01,2023,4\n35.22.02,2023,5\n",
        "kode,tahun,n\n35.22.01,2023,4\n35.22.99,2023,x\n35.22.01,2023,5\n,,\n",
        "kode,tahun\n35.22.01,2023\n",
        "",
    ],
)
def test_the_report_is_that_of_frictionless(folder: Path, figures: str) -> None:
    (folder / "angka.csv").write_text(figures, encoding="utf-8")
    path = written(folder, FIGURES, REGIONS)
    assert without_times(validate_package(path)) == without_times(frictionless.validate(str(path)))


def test_one_resource_can_be_judged_alone(folder: Path) -> None:
    path = written(folder, FIGURES, REGIONS)
    assert [task.name for task in validate_package(path, name="wilayah").tasks] == ["wilayah"]
    assert notes(validate_package(path, name="lain")) == [("package-error", 'resource "lain" does not exist')]


def test_options_are_those_of_frictionless(folder: Path) -> None:
    (folder / "angka.csv").write_text("kode,tahun,n\n" + "35.22.01,x,x\n" * 9, encoding="utf-8")
    path = written(folder, FIGURES, REGIONS)
    assert len(validate_package(path, limit_errors=3).tasks[0].errors) == 3
    only = frictionless.Checklist(pick_errors=["type-error"])
    assert {error.type for error in validate_package(path, checklist=only).tasks[0].errors} == {"type-error"}
    assert validate_package(path, limit_rows=1).tasks[0].warnings == ["reached row limit: 1"]


def test_schema_and_dialect_may_stand_in_files_of_their_own(folder: Path) -> None:
    (folder / "schema.json").write_text(json.dumps(REGIONS["schema"]), encoding="utf-8")
    (folder / "dialect.json").write_text('{"delimiter": ";"}', encoding="utf-8")
    (folder / "wilayah.csv").write_text("kode;nama\n1;a\n1;b\n", encoding="utf-8")
    path = written(folder, REGIONS | {"schema": "schema.json", "dialect": "dialect.json"})
    assert [kind for kind, _ in notes(validate_package(path))] == ["primary-key"]


@pytest.mark.parametrize(
    "resource",
    [
        {"path": "{address}/a.csv"},
        {"path": ["wilayah.csv", "{address}/a.csv"]},
        {"path": "wilayah.csv", "schema": "{address}/schema.json"},
        {"path": "wilayah.csv", "dialect": "{address}/dialect.json"},
        {"path": "wilayah.csv", "profile": "{address}/profile.json"},
        {"path": "wilayah.csv", "$schema": "{address}/profile.json"},
        {"path": "wilayah.csv", "schema": {"fields": ["{address}/field.json"]}},
        {"path": "a.csv", "scheme": "http"},
        {"data": {"resources": [{"name": "b", "path": "{address}/b.csv"}]}},
        "{address}/resource.json",
    ],
)
def test_no_address_is_opened(folder: Path, listener: tuple[str, list[str]], resource: Any) -> None:
    address, asked = listener
    named = {"name": "a"} | resource if isinstance(resource, dict) else resource
    path = written(folder, json.loads(json.dumps(named).replace("{address}", address)))
    report = validate_package(path)
    assert (report.valid, asked) == (False, [])


@pytest.mark.parametrize("key", ["profile", "$schema"])
def test_no_profile_of_the_package_is_fetched(folder: Path, listener: tuple[str, list[str]], key: str) -> None:
    address, asked = listener
    report = validate_package(written(folder, REGIONS, **{key: f"{address}/profile.json"}))
    assert (report.valid, asked) == (False, [])
    assert "is not fetched" in notes(report)[0][1]


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "../rahasia.csv",
        "data/../../rahasia.csv",
        "~/a.csv",
        "$HOME/a.csv",
        "file:///etc/passwd",
        "a\\..\\b",
    ],
)
def test_no_file_outside_the_folder_is_read(folder: Path, path: str) -> None:
    (folder.parent / "rahasia.csv").write_text("a\n1\n", encoding="utf-8")
    for resource in ({"name": "a", "path": path}, {"name": "a", "path": "wilayah.csv", "schema": path}):
        assert notes(validate_package(written(folder, resource))) == [("resource-error", f'path "{path}" is not safe')]


def test_no_symbolic_link_leads_outside(folder: Path) -> None:
    (folder.parent / "rahasia.csv").write_text("a\n1\n", encoding="utf-8")
    (folder / "dalam.csv").symlink_to(folder.parent / "rahasia.csv")
    (folder / "luar").symlink_to(folder.parent)
    for path in ("dalam.csv", "luar/rahasia.csv"):
        report = validate_package(written(folder, {"name": "a", "path": path}))
        assert notes(report) == [("resource-error", f'path "{path}" is not safe')]


def test_no_database_is_opened(folder: Path) -> None:
    database = folder / "portal.db"
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TABLE user (name TEXT)")
    connection.close()
    for resource in (
        {"name": "a", "path": f"sqlite:///{database}", "dialect": {"sql": {"table": "user"}}},
        {"name": "a", "path": "portal.db", "format": "sql", "dialect": {"sql": {"table": "user"}}},
        {"name": "a", "path": "portal.db", "scheme": "sqlite"},
    ):
        report = validate_package(written(folder, resource))
        assert not report.valid
        assert not [task for task in report.tasks if task.labels]


def test_a_description_inside_a_description_is_not_followed(folder: Path) -> None:
    (folder / "dalam").mkdir()
    inner = {"name": "b", "resources": [{"name": "c", "path": "/etc/passwd"}]}
    (folder / "dalam" / "datapackage.json").write_text(json.dumps(inner), encoding="utf-8")
    report = validate_package(written(folder, {"name": "a", "path": "dalam/datapackage.json"}))
    assert [kind for kind, _ in notes(report)] == ["resource-error"]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "not json",
        "[]",
        '"text"',
        "{}",
        '{"resources": [3]}',
        '{"resources": {"a": 1}}',
        '{"resources": [{"name": "a"}]}',
        '{"resources": [{"name": 3, "path": "wilayah.csv"}]}',
        '{"resources": [{"name": "a", "path": 3}]}',
        '{"resources": [{"name": "a", "path": "wilayah.csv", "schema": 3}]}',
        '{"resources": [{"name": "a", "path": "wilayah.csv", "schema": {"fields": {"a": 1}}}]}',
        '{"resources": [{"name": "a", "path": "wilayah.csv", "bytes": "x", "dialect": {"delimiter": 3}}]}',
        '{"resources": [{"name": "a", "path": "wilayah.csv"}], "licenses": [3], "sources": 4}',
        '{"n": ' + "9" * 5_000 + "}",
        "[" * 100_000,
        '{"a": ' * 40 + "1" + "}" * 40,
        '{"title": "' + "x" * (1 << 20) + '"}',
    ],
    ids=range(18),
)
def test_a_broken_descriptor_is_an_error_of_the_report(folder: Path, content: str) -> None:
    (folder / "datapackage.json").write_text(content, encoding="utf-8")
    report = validate_package(folder / "datapackage.json")
    assert not report.valid
    assert report.stats["errors"] >= 1


def test_a_package_that_is_not_there_is_an_error_of_the_report(tmp_path: Path) -> None:
    assert [kind for kind, _ in notes(validate_package(str(tmp_path / "datapackage.json")))] == ["package-error"]
    assert [kind for kind, _ in notes(validate_package(tmp_path))] == ["package-error"]


def test_a_file_that_is_not_there_spoils_its_resource_alone(folder: Path) -> None:
    report = validate_package(written(folder, REGIONS, {"name": "hilang", "path": "hilang.csv"}))
    assert [(task.name, task.valid) for task in report.tasks] == [("wilayah", True), ("hilang", False)]


def test_custom_members_do_no_harm(folder: Path) -> None:
    path = written(folder, REGIONS | {"lumbung:rows": 2, "basepath": "/etc"}, **{"lumbung:sdi": {}})
    assert validate_package(path).valid


def test_packages_judged_side_by_side_leave_the_process_as_it_was(folder: Path) -> None:
    def session() -> Any:
        return frictionless.system._System__http_session

    path, before = written(folder, FIGURES, REGIONS), (session(), frictionless.system.trusted)
    bad = folder / "bukan.json"
    bad.write_text('{"resources": [{"name": "a", "path": "wilayah.csv", "schema": {"fields": 3}}]}', encoding="utf-8")
    with ThreadPoolExecutor(6) as threads:
        reports = list(threads.map(validate_package, [path, bad] * 12))
    assert [report.valid for report in reports] == [True, False] * 12
    assert (session(), frictionless.system.trusted) == before
