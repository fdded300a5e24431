"""The queue, the scores and decisions on many, on both databases."""

from __future__ import annotations

from datetime import timedelta

import build
import pytest
from sqlalchemy import delete

from datasets import drafts, held, mass, matters, scores
from datasets.blobs import LocalBlobs
from datasets.db import Database
from datasets.draft import Identity
from datasets.mass import Step
from datasets.matters import Kind, Sight
from datasets.models import DeskState, Run, RunState, StepState, VersionScore
from metadata.errors import BadInput
from metadata.notices import Notice

AT = build.AT
EVERYTHING = Sight(None, None, None, None)


def test_the_queue_is_one_list_by_urgency_with_what_each_may_see(database: Database, blobs: LocalBlobs) -> None:
    with database.write() as session:
        published = build.a_published(session, blobs, frequency="bulanan")
        owner = published.dataset.organization_id
        source = build.a_source(session)
        for days, state in ((9, RunState.FINISHED), (6, RunState.FAILED), (3, RunState.FAILED)):
            session.add(Run(source_id=source.id, started_at=AT - timedelta(days=days), state=state))
        held.hold(session, Identity(source.id, "k"), [Notice("x")], title="Ditahan", at=AT - timedelta(hours=3))
        draft = drafts.open_draft(session, organization_id=owner, author="x", at=AT, title="Draf")
        draft.state, draft.submitted_at = DeskState.SUBMITTED, AT - timedelta(days=2)
        session.flush()
        found = matters.queue(session, EVERYTHING, at=AT)
        assert [one.kind for one in found.matters] == [Kind.SOURCE, Kind.DRAFT, Kind.HELD]
        assert found.matters[0].since == AT - timedelta(days=6), "since it first failed after it last went well"
        later = matters.queue(session, EVERYTHING, at=AT + timedelta(days=400))
        assert later.kinds[Kind.OVERDUE] == 1
        mine = Sight(held=frozenset({source.organization_id}), sources=frozenset({source.organization_id}))
        kinds = {one.kind for one in matters.queue(session, mine, at=AT).matters}
        assert kinds == {Kind.SOURCE, Kind.HELD}
        assert matters.queue(session, Sight(), at=AT).matters == ()
        assert len(matters.queue(session, EVERYTHING, at=AT, kind=Kind.HELD).matters) == 1


def test_a_version_is_scored_when_it_is_published_and_old_ones_are_made_up_for(
    database: Database, blobs: LocalBlobs
) -> None:
    with database.write() as session:
        published = build.a_published(session, blobs, frequency="bulanan")
        dataset, version = published.dataset, published.version
        assert scores.unscored(session) == []
        now_ = scores.of_version(session, version, dataset, at=AT)
        later = scores.of_version(session, version, dataset, at=AT + timedelta(days=60))
        assert later.points < now_.points, "it ages without being written again"
        session.execute(delete(VersionScore))
        session.expire_all()
        assert scores.of_agency(session, dataset.organization_id, at=AT) is None
        assert scores.of_version(session, version, dataset, at=AT).points == now_.points
        assert scores.fill(session) == 1 and scores.fill(session) == 0
        mean = scores.of_agency(session, dataset.organization_id, at=AT)
        assert mean is not None and (mean.points, mean.datasets) == (now_.points, 1)
        assert scores.points(session, [dataset.id], at=AT) == {dataset.id: now_.points}


def test_a_work_on_many_knows_how_far_it_is(database: Database) -> None:
    with database.write() as session:
        with pytest.raises(BadInput):
            mass.ask(session, "restore", {}, [], by="x", user_id=None, at=AT)
        steps = [Step(number, f"d{number}", "a", "b") for number in (5, 6, 5)]
        work = mass.ask(session, "restore", {}, steps, by="x", user_id=None, at=AT)
        first = mass.next_step(session, work.id)
        assert first is not None and first.subject == 5
        mass.settle(session, first.id, StepState.FAILED, at=AT, said=Notice("x"))
        progress = mass.progress(session, work.id)
        assert (progress.gone, progress.whole) == (1, 2), "what was chosen twice is done once"
        mass.stop(session, work.id, at=AT)
        assert mass.next_step(session, work.id) is None
        mass.go_on(session, work.id)
        assert mass.next_step(session, work.id) is not None and mass.latest(session)[0].over_at is None
