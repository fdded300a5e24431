"""The data list and the calendar made of it: days by their rhythm, kept or late, and an hour in place of a day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import build
import pytest

from datasets import drafts, plans, releases
from datasets.blobs import LocalBlobs
from datasets.db import Database
from datasets.models import DeskState, Organization, PlannedDataset
from datasets.plans import PlannedTwice, Standing, Wanted
from datasets.releases import ReleaseState
from metadata.errors import BadInput

AT = build.AT


def line(frequency: str | None, due: date | None, year: int = 2026) -> PlannedDataset:
    return PlannedDataset(
        year=year, organization_id=1, title="x", key="x", updated_at=AT, updated_by="x", frequency=frequency, due_on=due
    )


def test_the_days_of_a_year_follow_the_rhythm() -> None:
    assert list(plans.days(line("triwulanan", date(2026, 1, 31)))) == [
        date(2026, 1, 31),
        date(2026, 4, 30),
        date(2026, 7, 31),
        date(2026, 10, 31),
    ]
    assert len(list(plans.days(line("bulanan", date(2026, 3, 15))))) == 10
    assert list(plans.days(line("tahunan", date(2026, 2, 1)))) == [date(2026, 2, 1)]
    assert list(plans.days(line("bulanan", None))) == []


def test_a_line_is_kept_when_the_agency_publishes_what_it_names(database: Database, blobs: LocalBlobs) -> None:
    with database.write() as session:
        published = build.a_published(session, blobs)
        owner = published.dataset.organization_id
        title = f"  {published.dataset.title.upper()} "
        plans.add(session, AT.year, Wanted(owner, title, "tahunan", AT.date()), by="x", at=AT)
        late = AT.date() - timedelta(days=3)
        plans.add(session, AT.year, Wanted(owner, "Belum ada", "tahunan", late), by="x", at=AT)
        for wrong in (Wanted(owner, " "), Wanted(owner, "y", "kadang-kadang-sekali")):
            with pytest.raises(BadInput):
                plans.add(session, AT.year, wrong, by="x", at=AT)
        with pytest.raises(PlannedTwice):
            plans.add(session, AT.year, Wanted(owner, "belum  ADA"), by="x", at=AT)
        assert not plans.put(session, AT.year, Wanted(owner, "Belum ada", note="n"), by="x", at=AT)[1]
        found = {one.planned.title: one for one in plans.lines(session, AT.year, at=AT)}
        assert [one.standing for one in found.values()] == [Standing.LATE, Standing.PUBLISHED]
        assert found["Belum ada"].planned.due_on == late, "what an import does not say stays"
        assert plans.beside_the_plan(session, list(found.values()), AT.year) == {}
        states = {one.title: one.state for one in releases.calendar(session, at=AT, zone=UTC)}
    assert sorted(state.value for state in states.values()) == ["late", "published"]


def test_an_hour_takes_the_place_of_the_planned_day_near_it(database: Database) -> None:
    with database.write() as session:
        owner = Organization(slug="dinas", title="Dinas")
        session.add(owner)
        session.flush()
        day = (AT + timedelta(days=20)).date()
        plans.add(session, day.year, Wanted(owner.id, "Inflasi", None, day), by="x", at=AT)
        draft = drafts.open_draft(session, organization_id=owner.id, author="x", at=AT, title="Inflasi")
        draft.state, draft.publish_at = DeskState.APPROVED, AT + timedelta(days=22)
        session.flush()
        (only,) = releases.calendar(session, at=AT, zone=UTC)
    assert (only.state, only.moment) == (ReleaseState.SCHEDULED, AT + timedelta(days=22))
    assert isinstance(only.moment, datetime)
