"""The desk's day goes on past a case that cannot be brought up to it, and comes back to it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from kip_desk import Office, file_request
from sqlalchemy.orm import Session

from datasets.clock import now
from datasets.errors import Busy
from portal.kip.models import KipCase
from portal.kip.store import acting, computed, daily
from portal.kip.workflow import Case


def test_one_case_that_cannot_be_written_on_holds_up_no_other(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    long_ago = now() - timedelta(days=20)
    stuck, fine = (file_request(office.here, at=long_ago).case for _ in range(2))
    _forget(office, stuck, fine)
    write = computed.write

    def writing(session: Session, row: KipCase, case: Case, today: date) -> None:
        if row.id == stuck:
            raise Busy
        write(session, row, case, today)

    desk = acting.desk(office.here)
    with monkeypatch.context() as patch:
        patch.setattr(computed, "write", writing)
        daily.recalculate(office.here, desk, at=now())
    assert [_late(office, case) for case in (stuck, fine)] == [False, True]
    daily.recalculate(office.here, desk, at=now())
    assert _late(office, stuck), "the next time it is brought up to the day"


def _forget(office: Office, *made: int) -> None:
    """As if the day had not run since they were filed."""
    with office.here.database.write() as session:
        for case in made:
            session.get_one(KipCase, case).late = False


def _late(office: Office, case: int) -> bool:
    with office.here.database.read() as session:
        return session.get_one(KipCase, case).late
