from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from flask import Flask

import portal
from datasets.settings import Settings
from portal.app import create_app

HEAVY = (
    "duckdb",
    "frictionless",
    "openpyxl",
    "xlsxwriter",
    "ckanapi",
    "rdflib",
    "vl_convert",
    "alembic",
    "whoosh",
    "lxml",
)
TEMPLATES = Path(portal.__path__[0]) / "templates"


def test_the_web_process_starts_without_the_data_stack(home: Path) -> None:
    script = f"import sys, wsgi; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(portal.__path__[0]).parent,
        env={"LUMBUNG_HOME": str(home)},
    )
    assert done.stdout.strip() == "[]"


def test_making_the_app_opens_nothing(home: Path) -> None:
    create_app(Settings(home=home))
    assert list(home.iterdir()) == []


def test_templates_trust_no_text_and_link_to_static_files_by_their_hash() -> None:
    for path in TEMPLATES.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\|\s*safe\b|autoescape\s+false", text), path
        assert "url_for('static'" not in text, path
        assert "url_for('assets." not in text, path


def test_the_page_of_components_is_for_developers_alone(stocked: object, app: Flask, home: Path) -> None:
    assert app.test_client().get("/gaya").status_code == 404
    shown = create_app(Settings(home=home), debug=True).test_client().get("/gaya")
    assert shown.status_code == 200


def test_every_icon_that_a_template_names_is_in_the_sprite() -> None:
    from portal.web.icons import icon_names

    named = {name for path in TEMPLATES.rglob("*.html") for name in re.findall(r'icon\("([\w-]+)"\)', path.read_text())}
    assert named <= icon_names()


def test_every_theme_has_its_icon() -> None:
    from metadata import themes
    from portal.web.icons import icon_names

    assert {theme.icon for theme in themes.every()} <= icon_names()
