from __future__ import annotations

import re
from collections.abc import Iterator
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path
from typing import IO

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask.testing import FlaskClient

import portal

PORTAL = Path(portal.__path__[0])
CATALOGUE = PORTAL / "translations" / "id" / "LC_MESSAGES" / "messages.po"
KEYWORDS: dict[str, tuple[object, ...] | None] = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "_l": None,
}
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
HOLES = re.compile(r"%\((\w+)\)s")


def messages() -> Iterator[tuple[str, object, str | None]]:
    """Every text of the interface: where it stands, the text or texts, its context."""
    for file, line, message, _comments, context in extract_from_dir(
        str(PORTAL), METHODS, {"**.html": {"trimmed": "true", "newstyle_gettext": "true"}}, KEYWORDS
    ):
        yield f"{file}:{line}", message, context


def catalogue() -> dict[tuple[str, str | None], Message]:
    with CATALOGUE.open("rb") as file:
        found = read_po(file, locale="id")
    return {
        (message.id[0] if isinstance(message.id, tuple) else message.id, message.context): message for message in found
    }


def test_every_text_of_the_interface_is_there_in_indonesian() -> None:
    known = catalogue()
    lacking = []
    for place, message, context in messages():
        text = message[0] if isinstance(message, tuple) else message
        found = known.get((text, context))
        words = found.string if found else ""
        if not (all(words) if isinstance(words, tuple) else words):
            lacking.append(f"{place}: {text}")
    assert not lacking


def test_translations_keep_the_holes_that_are_filled() -> None:
    for (text, _context), message in catalogue().items():
        words = message.string if isinstance(message.string, str) else message.string[0]
        assert set(HOLES.findall(words)) == set(HOLES.findall(text)), text


def test_what_is_compiled_is_what_is_written() -> None:
    with CATALOGUE.open("rb") as file:
        catalog = read_po(file, locale="id")
    made = BytesIO()
    write_mo(made, catalog)
    made.seek(0)
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        assert entries(file) == entries(made), "run: make translations"


def entries(compiled: IO[bytes]) -> dict[object, str]:
    """The compiled texts without the header, which may name a day."""
    found: dict[object, str] = dict(GNUTranslations(compiled)._catalog)  # type: ignore[attr-defined]
    return {key: words for key, words in found.items() if key}


def test_pages_are_indonesian_unless_the_address_says_english(public: FlaskClient) -> None:
    indonesian, english = public.get("/organization").text, public.get("/en/organization").text
    assert '<html lang="id">' in indonesian
    assert "Perangkat Daerah" in indonesian
    assert '<html lang="en">' in english
    assert "Agencies" in english
    assert "/en/organization/dinas-kesehatan" in english
    assert "/en/" not in indonesian.replace('href="/en/organization"', "").replace(
        "http://localhost/en/organization", ""
    )


def test_figures_are_written_as_the_language_writes_them(public: FlaskClient) -> None:
    assert "14 Mar 2025" in public.get("/").text or "17 Mar 2025" in public.get("/").text
    assert "2 dataset<" in public.get("/organization").text
    assert "2 datasets<" in public.get("/en/organization").text


@pytest.mark.parametrize(
    "path", ["/", "/dataset?q=a%20b&theme=kesehatan", "/organization/dinas-kesehatan", "/tentang", "/tidak/ada?x=1"]
)
def test_each_page_leads_to_itself_in_the_other_language(public: FlaskClient, path: str) -> None:
    page = public.get(path).text
    link = re.search(r'<a class="tool" href="([^"]+)" hreflang="en"', page)
    assert link is not None
    assert link[1].replace("&amp;", "&") == f"/en{path}"
    back = re.search(r'<a class="tool" href="([^"]+)" hreflang="id"', public.get(link[1].replace("&amp;", "&")).text)
    assert back is not None
    assert back[1].replace("&amp;", "&") == path


def test_search_engines_are_told_of_both(public: FlaskClient) -> None:
    page = public.get("/en/group/kesehatan").text
    assert '<link rel="alternate" hreflang="id" href="http://localhost/group/kesehatan">' in page
    assert '<link rel="alternate" hreflang="en" href="http://localhost/en/group/kesehatan">' in page


def test_files_and_style_are_the_same_in_both_languages(public: FlaskClient) -> None:
    style = re.compile(r'<link rel="stylesheet" href="([^"]+)"')
    found = {match[1] for path in ("/", "/en/") if (match := style.search(public.get(path).text))}
    assert len(found) == 1


def test_a_portal_below_a_path_keeps_that_path_in_every_address(public: FlaskClient) -> None:
    page = public.get("/en/dataset", environ_overrides={"SCRIPT_NAME": "/data"}).text
    addresses = set(re.findall(r'(?:href|src|action)="(/[^"]*)"', page))
    assert addresses
    assert all(address.startswith("/data/") for address in addresses)
    assert "/data/dataset" in addresses
    assert "/data/en/organization" in addresses
