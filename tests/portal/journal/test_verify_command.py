"""`lumbung verify` from outside: what was published is proved, what was changed is not, a rewritten past is seen."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
import requests
from build import AT
from sqlalchemy import select, text
from werkzeug.serving import make_server

from datasets import journal
from datasets.installation import Installation
from datasets.journal import signing
from datasets.journal.beginning import begin
from datasets.models import Dataset
from datasets.seed import seed
from datasets.settings import Settings
from datasets.withdraw import restore, withdraw
from harvesters.handing_in import publish_file
from portal.app import create_app
from portal.cli import main
from portal.web import engine

SLUG = "stok-pangan"


@dataclass(frozen=True, slots=True)
class Office:
    """A portal that listens, and what is behind it."""

    address: str
    here: Installation

    def save(self, path: str, folder: Path, name: str) -> Path:
        """What stands at a path of the portal, as a file."""
        answer = requests.get(self.address + path, timeout=20)
        assert answer.status_code == 200, path
        target = folder / name
        target.write_bytes(answer.content)
        return target


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    home = folder / "home"
    home.mkdir(mode=0o700)
    shutil.copyfile(migrated_sqlite, home / "catalog.sqlite")
    here = Installation(Settings(home=home, secret_key="a-secret-of-the-tests"))
    with here.database.write() as session:
        seed(session, at=AT)
    for rows in ("Baureno,12\nKapas,7\n", "Baureno,12\nKapas,8\n"):
        (folder / "Stok pangan.csv").write_text(f"kecamatan,ton\n{rows}", "utf-8")
        publish_file(here, folder / "Stok pangan.csv", organization="Dinas Ketahanan Pangan")
    app = create_app(here.settings, here)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield Office(f"http://127.0.0.1:{server.server_port}", here)
    server.shutdown()
    server.server_close()
    thread.join()
    with app.app_context():
        engine.close()
    here.close()


@pytest.fixture(autouse=True)
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this person's programs remember."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state" / "lumbung" / "journals.json"


def verify(*arguments: str | Path) -> int:
    with pytest.raises(SystemExit) as end:
        main(["verify", *map(str, arguments)])
    return int(str(end.value.code))


def test_a_file_a_package_and_a_page_are_proved(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = office.save(f"/dataset/{SLUG}/v/1/stok-pangan.csv", tmp_path, "a.csv")
    package = office.save(f"/dataset/{SLUG}/v/1.zip", tmp_path, "a.zip")
    proof = office.save(f"/dataset/{SLUG}/v/1/bukti.json", tmp_path, "proof.json")
    asked = ("--journal", f"{office.address}/jurnal")
    assert verify(table, *asked) == 0
    assert verify(package, *asked) == 0
    assert verify(package, "--proof", proof) == verify(table, "--proof", proof) == 0
    assert verify(f"{office.address}/en/dataset/{SLUG}") == 0
    said = capsys.readouterr().out
    assert said.count("PROVED") == 5
    assert "Key remembered" in said.split("PROVED")[1]
    assert "Key remembered" not in said.split("PROVED")[2]
    assert "There is a version 2 since" in said
    assert verify(f"{office.address}/dataset/{SLUG}/v/2/stok-pangan.csv", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["proved"], told["entry"]["facts"]["version"], told["head"]["size"]) == (True, 2, 2)


def test_a_changed_file_a_swapped_member_and_a_false_proof_are_not_proved(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = office.save(f"/dataset/{SLUG}/v/1/stok-pangan.csv", tmp_path, "a.csv")
    package = office.save(f"/dataset/{SLUG}/v/1.zip", tmp_path, "a.zip")
    proof = office.save(f"/dataset/{SLUG}/v/1/bukti.json", tmp_path, "proof.json")
    other = office.save(f"/dataset/{SLUG}/v/2/bukti.json", tmp_path, "other.json")
    changed = tmp_path / "changed.csv"
    changed.write_bytes(table.read_bytes().replace(b",7", b",9"))
    assert verify(changed, "--journal", f"{office.address}/jurnal") == 1
    assert verify(changed, "--proof", proof) == 1
    assert verify(table, "--proof", other) == 1
    swapped = BytesIO()
    with ZipFile(package) as source, ZipFile(swapped, "w") as target:
        for name in source.namelist():
            target.writestr(
                name, source.read(name).replace(b",7", b",9") if name.endswith(".csv") else source.read(name)
            )
    (tmp_path / "swapped.zip").write_bytes(swapped.getvalue())
    assert verify(tmp_path / "swapped.zip", "--proof", proof) == 1
    assert "data/stok-pangan.csv" in capsys.readouterr().err
    told = json.loads(proof.read_text("utf-8"))
    sha256 = json.loads(told["entry"])["facts"]["files"][0]["sha256"]
    for spoilt in (
        told | {"entry": told["entry"].replace(sha256, "0" * 64)},
        told | {"index": told["index"] + 1},
        told | {"checkpoint": told["checkpoint"].replace("\n2\n", "\n3\n")},
        told | {"path": [*told["path"], "00" * 32]},
        told | {"entry": "[1]"},
        {"format": "?"},
    ):
        (tmp_path / "spoilt.json").write_text(json.dumps(spoilt), "utf-8")
        assert verify(table, "--proof", tmp_path / "spoilt.json") == 1


def test_another_key_is_refused_and_what_cannot_be_asked_is_no_verdict(office: Office, tmp_path: Path) -> None:
    table = office.save(f"/dataset/{SLUG}/v/1/stok-pangan.csv", tmp_path, "a.csv")
    asked = ("--journal", f"{office.address}/jurnal")
    own = requests.get(f"{office.address}/jurnal/kunci", timeout=20).text.strip()
    assert verify(table, *asked, "--key", own) == 0
    foreign = str(signing.public_key(Settings(home=tmp_path)))
    assert verify(table, *asked, "--key", foreign) == 1
    assert verify(table) == 2
    assert verify(tmp_path / "nothing.csv", *asked) == 2
    assert verify(table, "--journal", "http://127.0.0.1:9/jurnal") == 2


def test_a_journal_that_was_written_anew_is_told_from_one_that_grew(
    office: Office, tmp_path: Path, memory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = office.save(f"/dataset/{SLUG}/v/1/stok-pangan.csv", tmp_path, "a.csv")
    asked = ("--journal", f"{office.address}/jurnal")
    assert verify(table, *asked) == 0
    with office.here.database.write() as session:
        dataset = session.scalars(select(Dataset)).one()
        withdraw(session, dataset, "Salah satuan.", at=AT)
    assert verify(table, *asked) == 0
    assert "2 → 3" in (said := capsys.readouterr().out)
    assert "WITHDRAWN" in said
    with office.here.database.write() as session:  # by somebody who owns the whole machine
        restore(session, session.scalars(select(Dataset)).one(), at=AT)
        for statement in ("DROP TRIGGER journal_entry_no_delete", "DROP TRIGGER journal_node_no_delete"):
            session.execute(text(statement))
        session.execute(text("DELETE FROM journal_entry"))
        session.execute(text("DELETE FROM journal_node"))
        begin(session)
        for number in range(3):
            journal.append(session, "answer", f"request:{number}", {}, at=AT)
    assert requests.get(f"{office.address}/jurnal", timeout=20).status_code == 503
    (office.here.settings.home / signing.HEAD_FILE).unlink()
    assert verify(table, *asked) == 1
    assert "was rewritten" in capsys.readouterr().err
    memory.unlink()
    assert verify(table, *asked) == 0
