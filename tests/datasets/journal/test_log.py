"""The journal keeps what was made public: once, in order, in the same transaction, and whoever changes it is found."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import build
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from datasets import journal
from datasets.blobs import LocalBlobs
from datasets.db import Database
from datasets.doctor import examine
from datasets.doctor import journal as journal_doctor
from datasets.installation import Installation
from datasets.journal import log, signing
from datasets.journal.beginning import begin
from datasets.journal.proof import ProofWrong, check, prove
from datasets.journal.signing import JournalRewritten
from datasets.journal.tree import proves_consistency
from datasets.models import JournalEntry, JournalNode
from datasets.response import reports
from datasets.response.reports import Problem
from datasets.settings import Settings
from datasets.withdraw import restore, withdraw


@pytest.fixture
def here(home: Path, database_url: str) -> Iterator[Installation]:
    made = Installation(Settings(home=home, database_url=database_url))
    made.search.state()
    yield made
    made.close()


def filled(here: Installation, versions: int = 3) -> None:
    """A dataset with so many versions that was withdrawn and given back, and an answer to a request."""
    with here.database.write() as session:
        for number in range(versions):
            dataset = build.a_published(session, here.blobs, content=f"{build.CSV}Kapas,2024,{number}\n").dataset
        withdraw(session, dataset, "Keliru.", at=build.AT)
        restore(session, dataset, at=build.AT)
        journal.append(session, "answer", "request:12/2025", {"decision": "granted"}, at=build.AT)


def told(session: Session) -> list[tuple[int, str, str]]:
    rows = session.execute(select(JournalEntry).order_by(JournalEntry.position)).scalars()
    return [(row.position, row.kind, row.subject) for row in rows]


def test_what_is_published_withdrawn_and_answered_is_entered_once_and_in_order(here: Installation) -> None:
    filled(here, versions=2)
    with here.database.write() as session:
        build.a_published(session, here.blobs, content=f"{build.CSV}Kapas,2024,1\n")  # says the same as before
    with here.database.read() as session:
        slug = "dataset:jumlah-penduduk"
        kinds = ("publication", "publication", "withdrawal", "restoration")
        assert told(session) == [*((n, k, slug) for n, k in enumerate(kinds)), (4, "answer", "request:12/2025")]
        facts = json.loads(journal.entry(session, 1).body)["facts"]
        blob = here.blobs.put_bytes(f"{build.CSV}Kapas,2024,1\n".encode())
        assert facts["version"] == 2
        assert {"role": "csv", "resource": "penduduk", "sha256": blob.sha256, "size": blob.size} in facts["files"]
        assert session.scalar(select(func.count()).select_from(JournalNode)) == 5 + 2 + 1


def test_words_that_no_database_takes_are_entered_as_they_are_kept(here: Installation) -> None:
    with here.database.write() as session:
        dataset = build.a_published(session, here.blobs).dataset
        report = reports.file(session, dataset.id, 1, Problem("Keliru."), contact=None, language="id", at=build.AT)
        reports.answer(session, report, summary="a\x00", words="b\ud800", actor="ani", at=build.AT)
        withdraw(session, dataset, "Salah\x00 satuan \udfff", at=build.AT)
    assert list(journal_doctor.check(here, repair=False)) == []


def test_what_is_not_committed_is_not_entered(database: Database, tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), database.write() as session:
        build.a_published(session, LocalBlobs(tmp_path), content="a,b\n1,2\n")
        raise ZeroDivisionError
    with database.read() as session:
        assert journal.head(session).size == 0
        assert session.scalars(select(JournalNode)).all() == []


def test_a_hundred_entries_are_proved_with_few_questions_and_rows(here: Installation) -> None:
    with here.database.write() as session:
        for number in range(100):
            journal.append(session, "answer", f"request:{number}", {"n": number}, at=build.AT)
    with signing.signed(here.database, here.settings) as (session, signed):
        for position in (0, 63, 64, 99):
            proof = prove(session, journal.entry(session, position), signed, journal="https://x.id/jurnal")
            assert len(proof["path"]) <= 7
            assert check(proof).index == position
            with pytest.raises(ProofWrong):
                check(proof | {"entry": proof["entry"].replace("answer", "withdrawal")})
        for old in (1, 37, 64, 100):
            path = journal.consistency(session, old, 100)
            assert proves_consistency(old, 100, journal.head(session, old).root, signed.head.root, path)


def test_the_beginning_enters_what_was_public_before_in_the_order_of_its_moments(here: Installation) -> None:
    filled(here)
    with here.database.read() as session:
        before = [row.body for row in session.scalars(select(JournalEntry).order_by(JournalEntry.position))][:3]
    unguarded(here.database, "journal_entry", "journal_node")
    with here.database.write() as session:
        session.execute(text("DELETE FROM journal_entry"))
        session.execute(text("DELETE FROM journal_node"))
        assert begin(session) == 3
        assert begin(session) == 0
    with here.database.read() as session:
        assert [row.body for row in session.scalars(select(JournalEntry).order_by(JournalEntry.position))] == before


CHANGES = {
    "a figure that was counted": ("resource", "UPDATE resource SET rows = 3", "doctor.journal_rows_changed"),
    "where it came from": ("evidence", "UPDATE evidence SET url = 'https://x.id/y.csv'", "doctor.journal_rows_changed"),
    "a version's words": ("version", "UPDATE version SET change = 'x' WHERE number = 2", "doctor.journal_rows_changed"),
    "an answer to a reader": (
        "data_report",
        "UPDATE data_report SET answer = 'Tidak pernah.'",
        "doctor.journal_answer_changed",
    ),
    "a dataset's state": ("dataset", "UPDATE dataset SET visibility = 'withdrawn'", "doctor.journal_state_changed"),
    "an entry": (
        "journal_entry",
        "UPDATE journal_entry SET body = replace(body, 'granted', 'refused')",
        "doctor.journal_changed",
    ),
    "a node": ("journal_node", "UPDATE journal_node SET sha256 = 'ff' WHERE level = 1", "doctor.journal_tree_wrong"),
    "the last entry, taken out": (
        "journal_entry",
        "DELETE FROM journal_entry WHERE position = 6",
        "doctor.journal_changed",
    ),
    "a version's entry, taken out": (
        "journal_entry",
        "UPDATE journal_entry SET version_id = NULL WHERE position = 0",
        "doctor.journal_not_entered",
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_the_doctor_finds_who_changed_the_past(here: Installation, what: str) -> None:
    filled(here)
    with here.database.write() as session:
        report = reports.file(session, 1, 1, Problem("Keliru."), contact=None, language="id", at=build.AT)
        reports.answer(session, report, summary="Keliru.", words="Diperbaiki.", actor="ani", at=build.AT)
    assert list(journal_doctor.check(here, repair=False)) == []
    table, statement, code = CHANGES[what]
    unguarded(here.database, table)
    with here.database.write() as session:
        session.execute(text(statement))
    assert code in [one.code for one in journal_doctor.check(here, repair=False)]


def test_a_journal_made_anew_is_not_signed_and_the_doctor_says_so(here: Installation) -> None:
    filled(here)
    with signing.signed(here.database, here.settings) as (_, signed):
        assert signed.head.size == 6
    unguarded(here.database, "journal_entry", "journal_node")
    with here.database.write() as session:  # everything fits, but the past is another
        session.execute(text("DELETE FROM journal_entry"))
        session.execute(text("DELETE FROM journal_node"))
        begin(session)
        for number in range(4):
            log.append(session, "answer", f"request:{number}", {}, at=build.AT)
    with pytest.raises(JournalRewritten), signing.signed(here.database, here.settings):
        pass
    assert [one.code for one in examine(here) if "journal" in one.code] == ["doctor.journal_head_wrong"]
    head = here.settings.home / signing.HEAD_FILE
    head.write_text(head.read_text("utf-8").replace("\n6\n", "\n7\n"), "utf-8")
    assert "doctor.journal_head_wrong" in [one.code for one in examine(here)]


def test_the_key_is_for_its_owner_alone_and_stays(here: Installation) -> None:
    first = signing.public_key(here.settings)
    path = here.settings.home / signing.KEY_FILE
    assert path.stat().st_mode & 0o077 == 0
    path.chmod(0o644)
    assert ("doctor.journal_key_open", True) in [(one.code, one.repaired) for one in examine(here, repair=True)]
    assert path.stat().st_mode & 0o077 == 0
    assert signing.public_key(here.settings) == first


def unguarded(database: Database, *tables: str) -> None:
    """What nobody may do, done by somebody who owns the database."""
    with database.write() as session:
        for table in tables:
            if not database.is_sqlite:
                session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
                continue
            for verb in ("update", "delete"):
                session.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{verb}"))
