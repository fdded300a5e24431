"""The OpenAPI document is valid, names every address for programs, and no answer says otherwise than it does."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from served_portal import Served
from werkzeug.routing import Rule

from portal.api.openapi_datasets import DATASETS
from portal.api.openapi_journal import JOURNAL
from portal.api.openapi_site import SITE

MACHINES = {
    *("api", "api_document", "questions", "dump", "dcat", "packages", "atom", "oai", "assistants", "oembed"),
    *("sitemap", "known", "downloads", "diff", "sql", "search", "journal_api"),
}
FOR_PEOPLE = {
    *("api_document.page", "search.search", "diff.page", "sql.page", "sql.version_page", "sql.cancel"),
    *("downloads.pictures.chart", "downloads.pictures.outline"),  # pieces of pages, by names that pages make up
    "known.change_password",  # for keepers of passwords, which lead people to a page
    "sitemap.favicon",  # for browsers
    "assistants.no_stream",  # 405: the protocol asks for it, there is nothing to describe
}
CHECKS = (
    *("not_a_server_error", "status_code_conformance", "content_type_conformance"),
    *("response_headers_conformance", "response_schema_conformance"),
)


def test_the_document_is_valid_openapi(portal: Served) -> None:
    from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR  # late: 1 s

    OPENAPI_31_VALIDATOR.validate(portal.get("/api/openapi.json").json())


def test_every_address_for_programs_stands_in_the_document(portal: Served) -> None:
    values = {"number": 1, "before": 1, "after": 2, "form": "ttl", "kind": "csv", "picture": "svg", "drawn": "svg"}
    values |= {"folder": "data", "filename": "a.csv", "index": 0, "sha256": "0" * 64}
    adapter = portal.app.url_map.bind("portal")
    told = set()
    for door in (*SITE, *DATASETS, *JOURNAL):
        for method in door.methods:
            path = door.path
            for name in ("slug", "table", "column", "resource", "organization", "theme", "tag"):
                path = path.replace(f"{{{name}}}", "x")
            told.add(adapter.match(path.format(**values), method=method.upper())[0])
    there = {rule.endpoint for rule in portal.app.url_map.iter_rules() if _for_programs(rule)}
    assert there - told - {"api.call"} == set()


@pytest.mark.parametrize("which", ["--include-path-regex", "--exclude-path-regex"])
def test_nothing_that_is_asked_breaks_it_or_is_answered_otherwise_than_described(
    portal: Served, tmp_path: Path, which: str
) -> None:
    told = _schemathesis(portal, tmp_path, "--max-examples", "1", which, "^/api/3/action/")
    assert int(told.partition("Tested: ")[2].split()[0]) > 50


def test_nothing_that_a_walidata_writes_breaks_it_or_is_answered_otherwise(writable: Served, tmp_path: Path) -> None:
    token = f"Authorization:{writable.secrets['walidata']}"
    writing = r"_(create|update|patch|revise|delete|purge|upsert|reorder|revoke)$|^/api/3/action/(api_token|user)_"
    _schemathesis(writable, tmp_path, "--max-examples", "3", "--header", token, "--include-path-regex", writing)


def _schemathesis(portal: Served, folder: Path, *options: str) -> str:
    """Run it as a process, always from the same seed; gives what it tells. Fails with that when it finds something."""
    tool = Path(sys.executable).parent / "schemathesis"
    command = [str(tool), "--no-color", "--config-file", str(Path(__file__).with_name("schemathesis.toml")), "run"]
    command += [f"{portal.address}/api/openapi.json", "--checks", ",".join(CHECKS), "--phases", "examples,fuzzing"]
    command += ["--seed", "20251125", "--no-shrink", "--generation-database", "none", "--continue-on-failure"]
    command += ["--warnings", "off", "--suppress-health-check", "all", *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _for_programs(rule: Rule) -> bool:
    wing = rule.endpoint.partition(".")[0]
    return wing in MACHINES and rule.endpoint not in FOR_PEOPLE
