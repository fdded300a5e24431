"""A citation names the agency, the version and its lasting address, in words and for LaTeX."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask
from flask_babel import Babel

from portal.catalog.present_cite import Citation, citation


def cited(title: str = "PDRB menurut lapangan usaha", author: str = "Bappeda") -> Citation:
    app = Flask(__name__)
    Babel(app, default_locale="id")
    with app.test_request_context():
        return citation(
            title=title,
            author=author,
            portal="Lumbung Kabupaten Bojonegoro",
            slug="pdrb",
            number=3,
            published=datetime(2026, 12, 31, 20, 0, tzinfo=UTC),
            url="https://data.example/dataset/pdrb/v/3",
        )


def test_the_year_is_that_of_the_publication_where_the_office_is() -> None:
    assert cited().before == "Bappeda. (2027). "


def test_the_citation_leads_to_the_version_and_not_to_what_replaces_it() -> None:
    assert cited().after.endswith("https://data.example/dataset/pdrb/v/3")


def test_bibtex_survives_what_titles_contain() -> None:
    bibtex = cited(title="Belanja & pendapatan 100% {akhir} \\input{x}\n_Rp_ #1").bibtex
    assert r"Belanja \& pendapatan 100\% \{akhir\} \textbackslash{}input\{x\} \_Rp\_ \#1" in bibtex
    assert bibtex.startswith("@misc{pdrb-v3,\n")
    assert bibtex.count("{") - bibtex.count(r"\{") == bibtex.count("}") - bibtex.count(r"\}")
