"""One rating a reader and quarter, changeable; words wait for a person; figures are of four quarters."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import build
import pytest
from build import AT
from sqlalchemy import func, select

from datasets import mails
from datasets.blobs import LocalBlobs
from datasets.db import Database
from datasets.journal import log
from datasets.models import Follow, Mail, Rating, ReaderResponse, Shown
from datasets.response import follows, ratings, reports
from datasets.response.follows import Target
from datasets.response.reports import AlreadyAnswered, Problem

KEY = "a-secret-of-the-tests"


@pytest.fixture
def dataset(database: Database, tmp_path: Path) -> int:
    with database.write() as session:
        return build.a_published(session, LocalBlobs(tmp_path)).dataset.id


def test_a_reader_counts_once_a_quarter_and_may_think_again(database: Database, dataset: int) -> None:
    with database.write() as session:
        assert ratings.rate(session, dataset, "a", Rating.FAIR, "", at=AT)[1]
        assert not ratings.rate(session, dataset, "a", Rating.VERY_SATISFIED, "", at=AT + timedelta(days=1))[1]
        ratings.rate(session, dataset, "b", Rating.NOT_SATISFIED, "", at=AT)
        assert ratings.rate(session, dataset, "a", Rating.SATISFIED, "", at=AT + timedelta(days=100))[1]
    with database.read() as session:
        told = ratings.figures(session, dataset, at=AT + timedelta(days=100))
        assert [count for _, count in told.counts] == [1, 1, 0, 1]
        assert told.total == 3
        assert ratings.figures(session, dataset, at=AT + timedelta(days=380)).total == 1
        assert ratings.figures(session, dataset, at=AT + timedelta(days=600)).total == 0


def test_words_wait_for_a_person_again_when_they_change(database: Database, dataset: int) -> None:
    with database.write() as session:
        row, _ = ratings.rate(session, dataset, "a", Rating.FAIR, "Kurang lengkap.", at=AT)
        assert ratings.comments(session, dataset) == []
        assert [response.id for response, _ in ratings.waiting(session, None)] == [row.id]
        assert ratings.waiting(session, [10_000]) == []
        assert not ratings.decide(session, row, show=True, words="Kurang.", actor="ani")
        assert ratings.decide(session, row, show=True, words="Kurang lengkap.", actor="ani")
        assert [one.comment for one in ratings.comments(session, dataset)] == ["Kurang lengkap."]
        ratings.rate(session, dataset, "a", Rating.SATISFIED, "Kurang lengkap.", at=AT)
        assert row.shown is Shown.SHOWN
        ratings.rate(session, dataset, "a", Rating.SATISFIED, "Sudah lengkap.", at=AT)
        assert ratings.comments(session, dataset) == []


@pytest.mark.parametrize(
    "words", ["NIK saya 3522151708900001", "hubungi 0812-3456-7890 ya", "tulis ke budi@gmail.com\nterima kasih"]
)
def test_what_is_of_a_person_is_not_kept(database: Database, dataset: int, words: str) -> None:
    with database.write() as session:
        with pytest.raises(ratings.PersonalWords) as refused:
            ratings.rate(session, dataset, "a", Rating.FAIR, words, at=AT)
        assert words.rsplit(maxsplit=1)[-1] not in str(refused.value)
        with pytest.raises(ratings.PersonalWords):
            reports.file(session, dataset, 1, Problem("x", row=words), contact=None, language="id", at=AT)
        assert session.scalar(select(func.count()).select_from(ReaderResponse)) == 0


def test_a_report_is_answered_once_and_its_address_forgotten(database: Database, dataset: int) -> None:
    with database.write() as session:
        problem = Problem("Angka Kapas keliru.", "Penduduk", "2023", "Kapas")
        report = reports.file(session, dataset, 1, problem, contact="sealed", language="id", at=AT)
        before = log.head_size(session)
        assert reports.open_count(session, dataset) == 1
        assert reports.answered(session, dataset) == []
        assert (
            reports.answer(session, report, summary="Angka keliru.", words="Diperbaiki.", actor="ani", at=AT)
            == "sealed"
        )
        assert report.contact is None
        assert log.head_size(session) == before + 1
        with pytest.raises(AlreadyAnswered):
            reports.refuse(session, report, actor="budi", at=AT)
        assert [one.answer for one in reports.answered(session, dataset)] == ["Diperbaiki."]


def test_nothing_of_a_follower_is_left_and_nothing_of_the_address_can_be_read(database: Database, dataset: int) -> None:
    address = "sri@warga.example"
    with database.write() as session:
        follow = follows.ask(session, Target("dataset", str(dataset)), address, key=KEY, language="id", root="", at=AT)
        assert follow is not None
        assert address not in follow.address + follow.reader
        assert follows.address_of(follow, KEY) == address
        assert follows.address_of(follow, "another key") is None
        assert follows.by_token(session, follows.token_of(follow, "leave", key=KEY), "confirm", key=KEY) is None
        follows.confirm(session, follow, at=AT)
        assert (
            follows.ask(
                session, Target("dataset", str(dataset)), address.upper(), key=KEY, language="id", root="", at=AT
            )
            is None
        )
        mails.post(session, to=address, subject="x", text="y", at=AT, key=f"{follows.LETTERS}1")
        mails.post(session, to=address, subject="x", text="y", at=AT, key="report-answer:1")
        later = AT + timedelta(days=3)
        other = follows.ask(session, Target("search", "padi"), "b@b.id", key=KEY, language="id", root="", at=AT)
        mails.post(session, to="b@b.id", subject="x", text="y", at=AT, key=f"{follows.LETTERS}2")
        follows.ask(session, Target("search", "padi"), "c@b.id", key=KEY, language="id", root="", at=later)
        assert other is not None
        assert other.reader not in session.scalars(select(Follow.reader)).all(), "nobody confirmed it in two days"
        follows.leave(session, follows.of_reader(session, follow.reader), key=KEY)
        assert follows.of_reader(session, follow.reader) == []
        assert session.scalars(select(Mail.key)).all() == ["report-answer:1"]
