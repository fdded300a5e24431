"""What a good harvest does when sources turn bad: fifty files and more were published, then each goes wrong in its way.

One harvest meets them all, so it also shows that no one of them harms another. What is only about fetching is promised
in test_fetcher.py, what is only about one kind in adapters/.
"""

from __future__ import annotations

import re
import resource
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from peers.hostile_peer import BEHAVIOURS, GOOD, HostilePeer
from sqlalchemy import select

from datasets.clock import now
from datasets.installation import Installation
from datasets.models import Dataset, Item, Version
from datasets.settings import Settings
from harvesters import opening
from harvesters.declared import SourceEntry
from harvesters.runs.reports import ItemReport
from harvesters.runs.runner import harvest
from harvesters.sources import add_source
from harvesters.wire import fetcher, session
from harvesters.wire.circuit import Circuit

FAILED, HELD, UNCHANGED, PUBLISHED = "failed", "held", "unchanged", "published"

EXPECTED: dict[str, tuple[str, str]] = {
    "hang": (FAILED, "fetch.too_slow"),
    "drip": (FAILED, "fetch.took_too_long"),
    "truncated": (FAILED, "fetch.incomplete"),
    "longer-than-said": (HELD, "read."),
    "reset": (FAILED, "fetch."),
    "no-answer": (FAILED, "fetch.cannot_connect"),
    "no-http": (FAILED, "fetch.cannot_connect"),
    "endless-headers": (FAILED, "fetch.cannot_connect"),
    "huge-header": (FAILED, "fetch.cannot_connect"),
    "bad-length": (HELD, "gate.shrunk"),
    "bad-chunk": (FAILED, "fetch.incomplete"),
    "unknown-encoding": (FAILED, "fetch.incomplete"),
    "gzip-bomb": (FAILED, "fetch.too_large"),
    "zip-bomb": (FAILED, "archive.unusable"),
    "too-large": (FAILED, "fetch.too_large"),
    "redirect-loop": (FAILED, "fetch.redirected"),
    "redirect-chain": (FAILED, "fetch.redirected"),
    "redirect-metadata": (FAILED, "fetch.address_forbidden"),
    "redirect-inner": (FAILED, "fetch.address_forbidden"),
    "redirect-mapped": (FAILED, "fetch.address_forbidden"),
    "redirect-home": (FAILED, "fetch.address_forbidden"),
    "redirect-file": (FAILED, "fetch.address_forbidden"),
    "redirect-broken": (FAILED, "fetch.address_forbidden"),
    "redirect-nowhere": (FAILED, "fetch.refused"),
    "cookie-gate": (FAILED, "fetch.redirected"),
    "login-page": (HELD, "fetch.page_instead_of_data"),
    "login-with-table": (HELD, "fetch.page_instead_of_data"),
    "waf-403": (FAILED, "fetch.refused"),
    "gone-410": (FAILED, "fetch.refused"),
    "no-content-204": (FAILED, "fetch.refused"),
    "not-modified-304": (FAILED, "fetch.refused"),
    "partial-206": (FAILED, "fetch.refused"),
    "busy-429": (FAILED, "fetch.server_trouble"),
    "busy-garbled-retry": (FAILED, "fetch.server_trouble"),
    "broken-500": (FAILED, "fetch.server_trouble"),
    "busy-once-500": (UNCHANGED, ""),
    "php-error-200": (FAILED, "read."),
    "json-error-200": (HELD, "read.error_page"),
    "empty": (HELD, "read."),
    "empty-zip": (FAILED, "archive.unusable"),
    "blanks": (HELD, "read."),
    "full-to-empty": (HELD, "read."),
    "shrunk": (HELD, "gate.shrunk"),
    "exploded": (HELD, "gate.grown"),
    "column-gone": (HELD, "gate.column_gone"),
    "column-renamed": (HELD, "gate.column_renamed"),
    "numbers-to-words": (HELD, "gate."),
    "nul-bytes": (FAILED, "read."),
    "binary": (FAILED, "read."),
    "duplicate-columns": (HELD, "gate."),
    "persons": (HELD, "personal."),
    "wrong-type": (PUBLISHED, ""),
    "crlf-again": (UNCHANGED, ""),
    "utf-16": (UNCHANGED, ""),
}
"""What each behaviour must lead to, and the (beginning of the) code of the first thing said of it."""


@dataclass(frozen=True)
class Story:
    """Three harvests: all good, all turned, all good again; and what the catalogue held after the second."""

    first: dict[str, ItemReport]
    second: dict[str, ItemReport]
    third: dict[str, ItemReport]
    versions: dict[str, int]
    texts: str
    grown: int


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Story]:
    home = tmp_path_factory.mktemp("hostile")
    shutil.copyfile(migrated_sqlite, home / "catalog.sqlite")
    here = Installation(Settings(home=home, max_file_megabytes=20, read_seconds=60))
    with pytest.MonkeyPatch.context() as patch, HostilePeer() as peer:
        quick = partial(session.Limits, connect=1.0, idle=0.6)
        patch.setattr(opening, "Limits", lambda **given: quick(**given | {"total": 2.0, "attempts": 2}))
        patch.setattr(opening, "Fetcher", partial(fetcher.Fetcher, wait=lambda _seconds: None))
        patch.setattr(Circuit, "failed", lambda *_args, **_named: None)  # all of these stand for hosts of their own
        options = {"internal": True, "requests_per_second": 100, "lists": "page"}
        entry = {"name": "opd", "kind": "web", "location": peer.url, "organization": "OPD", "options": options}
        with here.database.write() as writing:
            add_source(writing, SourceEntry.model_validate(entry), at=now())

        def run() -> dict[str, ItemReport]:
            (report,) = harvest(here, "opd")
            assert report.notice is None, report.notice.say("id")
            return {item.key.removesuffix(".csv"): item for item in report.items}

        first = run()
        peer.turn()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        second = run()
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        with here.database.read() as reading:
            query = select(Dataset.remote_key, Version.number).join(Version, Version.dataset_id == Dataset.id)
            versions = {
                key.removesuffix(".csv"): number for key, number in reading.execute(query.order_by(Version.number))
            }
            texts = repr(reading.scalars(select(Item.messages)).all())
        peer.mend()
        yield Story(first, second, run(), versions, texts, grown)
    here.close()


def test_every_behaviour_has_an_outcome_and_there_are_many() -> None:
    assert set(EXPECTED) == set(BEHAVIOURS)
    assert len(EXPECTED) >= 50


def test_all_were_good_once(story: Story) -> None:
    assert {item.outcome.value for item in story.first.values()} == {PUBLISHED}
    assert set(story.first) == set(BEHAVIOURS)


@pytest.mark.parametrize("name", EXPECTED)
def test_the_outcome_is_that_of_a_good_harvest(story: Story, name: str) -> None:
    outcome, code = EXPECTED[name]
    item = story.second[name]
    said = [notice.code for notice in item.messages]
    assert item.outcome.value == outcome, said
    assert not code or said[0].startswith(code), said


@pytest.mark.parametrize("name", EXPECTED)
def test_the_published_version_stays_unless_a_good_one_came(story: Story, name: str) -> None:
    assert story.versions[name] == (2 if EXPECTED[name][0] == PUBLISHED else 1)


@pytest.mark.parametrize("name", EXPECTED)
def test_what_is_said_is_said_in_both_languages_and_names_no_secret_place(story: Story, name: str) -> None:
    for notice in story.second[name].messages:
        for language in ("id", "en"):
            words = notice.say(language)
            assert len(words) > 20
            assert not re.search(r"Traceback|/var/www|PDOException|/tmp/|0x[0-9a-f]{6}", words), words
    assert "harvest.unexpected" not in [notice.code for notice in story.second[name].messages]


@pytest.mark.parametrize("name", EXPECTED)
def test_once_the_source_is_well_again_so_is_the_dataset(story: Story, name: str) -> None:
    assert story.third[name].outcome.value == (PUBLISHED if EXPECTED[name][0] == PUBLISHED else UNCHANGED)


def test_nobodys_number_is_in_what_was_written_down(story: Story) -> None:
    assert "3522014107900001" not in story.texts
    assert GOOD.decode().splitlines()[1] not in story.texts


def test_bombs_were_survived_within_little_memory(story: Story) -> None:
    assert story.grown < 150 * 1024  # KiB
