"""The desk's day goes on past a case that cannot be brought up to it, and comes back to it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from kip_desk import Office, file_request
from sqlalchemy import select
from sqlalchemy.orm import Session

from datasets.clock import now
from datasets.errors import Busy
from datasets.models import Mail
from portal.kip.models import KipCase
from portal.kip.store import acting, cases, computed, daily, letters
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


def test_who_did_not_complete_in_time_has_a_letter_about_it(office: Office) -> None:
    desk, long_ago = acting.desk(office.here), now() - timedelta(days=30)
    made = file_request(office.here, at=long_ago, routed=False)
    with office.here.database.write() as session:
        said = {"actor": "ppid_utama", "by": "tests", "at": long_ago, "data": {"missing": ["KTP"]}}
        acting.act(session, desk, made.case, "send_incomplete", **said)
    for _ in range(2):
        daily.recalculate(office.here, desk, at=now())
    with office.here.database.read() as session:
        assert session.get_one(KipCase, made.case).state == "lapsed"
        events = [event.action for event in cases.timeline(session, made.case)]
        made_letters = letters.of_case(session, made.case)
        told = session.scalars(select(Mail.text).where(Mail.key == f"kip:{made.case}:3:lapse")).one()
        facts, _ = letters.read(session, desk.ring, made_letters[-1])
    assert events == ["register", "send_incomplete", "lapse"]
    assert [letter.kind for letter in made_letters] == ["tanda_bukti", "surat_tidak_lengkap", "surat_tidak_diproses"]
    assert facts.registration == made.number
    assert made.secret in told
    page = office.public.get(f"/permohonan/lacak/{made.secret}").text
    assert "Surat: tidak dapat diproses" in page
    pdf = office.public.get(f"/permohonan/lacak/{made.secret}/surat/{made_letters[-1].id}")
    assert pdf.data.startswith(b"%PDF-")


def _forget(office: Office, *made: int) -> None:
    """As if the day had not run since they were filed."""
    with office.here.database.write() as session:
        for case in made:
            session.get_one(KipCase, case).late = False


def _late(office: Office, case: int) -> bool:
    with office.here.database.read() as session:
        return session.get_one(KipCase, case).late
