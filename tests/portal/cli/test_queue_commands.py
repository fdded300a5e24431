"""`lumbung jobs` and `lumbung mail` as an administrator uses them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from datasets import jobs, leases, mails
from datasets.installation import Installation
from datasets.settings import load
from portal.cli import main


def call(*arguments: str) -> int:
    with pytest.raises(SystemExit) as exit_:
        main(list(arguments))
    return int(exit_.value.code or 0)


@pytest.fixture
def here(home: Path, migrated_sqlite: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    """The installation that the commands see."""
    shutil.copyfile(migrated_sqlite, home / "catalog.sqlite")
    monkeypatch.setenv("LUMBUNG_HOME", str(home))
    made = Installation(load())
    yield made
    made.close()


def test_work_is_listed_tried_again_and_dropped(here: Installation, capsys: pytest.CaptureFixture[str]) -> None:
    with here.database.write() as session:
        jobs.ask(session, "harvest", "dinkes", priority=10)
    assert call("jobs", "--json") == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert (told["kind"], told["subject"], told["state"], told["priority"]) == ("harvest", "dinkes", "waiting", 10)
    assert call("jobs", "--dead") == 0
    assert capsys.readouterr().out == ""
    assert call("jobs", "retry", "dinkes", "--priority", "20") == 0
    assert call("jobs", "retry", "tidak-ada") == 1
    assert call("jobs", "drop", "dinkes") == 0
    assert call("jobs", "drop", "dinkes") == 1
    capsys.readouterr()
    assert call("jobs", "--json") == 0
    assert json.loads(capsys.readouterr().out) == []


def test_letters_wait_in_sight_until_there_is_a_server(here: Installation, capsys: pytest.CaptureFixture[str]) -> None:
    with here.database.write() as session:
        mails.post(
            session, to="siti@dinkes.example.id", subject="Rahasia?", text="Isi", at=leases.database_time(session)
        )
    assert call("mail", "list", "--json") == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert (told["state"], told["to"]) == ("waiting", "siti@dinkes.example.id")
    assert "Isi" not in json.dumps(told)
    assert call("mail", "list") == 0
    assert "LUMBUNG_SMTP_URL" in capsys.readouterr().err
    assert call("mail", "retry", str(told["id"])) == 0
    assert call("mail", "drop", str(told["id"])) == 0
    assert call("mail", "drop", str(told["id"])) == 1
