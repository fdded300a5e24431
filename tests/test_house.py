"""The rules of the house that machines check, so that nobody has to argue."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
FLOORS = ("metadata", "datasets", "harvesters", "portal")
LONGEST = 320
WORDLESS = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}

NETWORK = {
    "requests",
    "requests_hardened",
    "urllib.request",
    "urllib3",
    "http.client",
    "httpx",
    "httpx2",
    "aiohttp",
    "ftplib",
    "asyncssh",
    "smtplib",
}
"""Libraries that can open an address. One room of the house may: the fetcher's."""
FETCHER = {
    f"harvesters/wire/{name}.py" for name in ("fetcher", "session", "addresses", "deadline", "sftp", "smtp", "webhooks")
}

HEAVY = ("frictionless", "openpyxl", "xlsxwriter", "ckanapi", "vl_convert", "alembic", "duckdb", "lxml", "pandas")
"""Libraries that no page needs at once: they are imported where they are used."""


@cache
def tracked() -> tuple[Path, ...]:
    """The files of the repository, as git knows them; outside of git, those that look like it."""
    told = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if told.returncode:
        pytest.skip("not a git checkout")
    return tuple(REPOSITORY / name for name in told.stdout.split("\0") if name and (REPOSITORY / name).is_file())


def named(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


def sources(*floors: str) -> Iterator[tuple[str, ast.Module]]:
    for path in tracked():
        if path.suffix == ".py" and named(path).partition("/")[0] in floors:
            yield named(path), ast.parse(path.read_text("utf-8"), filename=str(path))


def imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_imports_go_down_only() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    told = subprocess.run([program, "--no-cache"], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr


def test_no_file_is_longer_than_can_be_read() -> None:
    written = (path for path in tracked() if path.suffix in {".py", ".html", ".js", ".css"})
    lengths = {named(path): len(path.read_bytes().splitlines()) for path in written if "vendor" not in path.parts}
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_no_module_is_named_for_nothing() -> None:
    assert [named(path) for path in tracked() if path.suffix == ".py" and path.stem in WORDLESS] == []


def test_who_is_below_the_database_commits_nothing() -> None:
    """The outermost caller opens `Database.write()`; whoosh's writer is the one other thing that is committed."""
    committing = {
        name
        for name, tree in sources(*FLOORS)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    }
    assert committing <= {"datasets/db.py", "datasets/search/whoosh_engine.py"}


def test_one_room_opens_addresses() -> None:
    reaching = {
        name
        for name, tree in sources(*FLOORS)
        for module in imports(tree)
        if any(module == library or module.startswith(library + ".") for library in NETWORK)
    }
    assert reaching <= FETCHER


def test_nothing_knows_this_machine() -> None:
    places = {str(REPOSITORY), f"{Path.home()}/"} - {"/", "//"}
    strangers = {named(path) for path in tracked() if any(place.encode() in path.read_bytes() for place in places)}
    assert strangers == set()


def test_whoosh_is_the_kept_one() -> None:
    assert [name.lower() for name in packages_distributions()["whoosh"]] == ["whoosh-reloaded"]


def test_the_portal_starts_without_what_its_first_page_does_not_need(tmp_path: Path) -> None:
    if not (REPOSITORY / "wsgi.py").exists():
        pytest.skip("there is no wsgi.py yet")
    script = f"import json, sys, wsgi; print(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LUMBUNG_")}
    told = subprocess.run(
        [sys.executable, "-c", script],
        cwd=REPOSITORY, env=environment | {"LUMBUNG_HOME": str(tmp_path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout) == []
    assert list(tmp_path.iterdir()) == [], "making the app opens nothing: that is for after the fork"


def test_every_enum_is_stored_by_its_value() -> None:
    from datasets.models import Dataset, Item, Resource, Run

    for column in (Dataset.visibility, Item.outcome, Resource.kind, Run.state):
        kind = column.type
        assert list(kind.enums) == [member.value for member in kind.enum_class]  # type: ignore[attr-defined]


def test_no_page_marks_text_as_safe_by_hand() -> None:
    templates = [path for path in tracked() if path.suffix == ".html" and "portal" in path.parts]
    assert [named(path) for path in templates if "|safe" in path.read_text("utf-8").replace(" ", "")] == []
    marking = {
        name
        for name, tree in sources("portal")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Markup"
    }
    assert {name for name in marking if not name.startswith("portal/web/")} == set()
