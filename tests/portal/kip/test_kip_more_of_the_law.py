"""What else the law of a case says, as tables: the rarer acts, the grounds one by one, the settings, exemptions."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from portal.kip.calendar import WorkingCalendar, seed_days
from portal.kip.clock import report_due
from portal.kip.exemptions import Exemption
from portal.kip.workflow import Case, replay

CALENDAR = WorkingCalendar(seed_days((2025, 2026, 2027)))
TEST_H = {"ground": "17.h", "number": "3/UK/2026", "date": "2026-01-10"}
TEST_J = {"ground": "17.j", "number": "4/UK/2026", "date": "2026-01-10"}


def event(day: str, actor: str, action: str, **members: Any) -> dict[str, Any]:
    return {"at": f"2026-{day}T09:00:00+07:00", "actor": actor, "action": action, **members}


def case_of(*events: dict[str, Any], on: str, **settings: Any) -> Case:
    return replay(events, CALENDAR, settings, date.fromisoformat(f"2026-{on}"))


def answered(day: str, decision: str, **members: Any) -> dict[str, Any]:
    return event(day, "ppid_utama", "answer", decision=decision, **members)


FILED = event("07-06", "applicant", "register", channel="web")
ROUTED = event("07-07", "ppid_utama", "route", opd=["dinkes", "dpu"])
INCOMPLETE = event("07-08", "desk_officer", "send_incomplete", missing=["identity"])
GRANTED = answered("07-15", "granted", delivered=True)
REFUSED = answered("07-15", "refused", grounds=["17.h"], exemptions=[TEST_H])
PARTLY = answered(
    "07-15", "partially_granted", delivered=True, redactions=[{"what": "x", "ground": "17.h", "exemption": TEST_H}]
)
NOT_HELD = answered("07-15", "not_held", holder="unknown")
PUBLIC = answered("07-15", "already_public", link="https://data.example/dataset/x")
COPIED = answered("07-15", "granted", format="hard", fee=20000)
OBJECTED = event("07-16", "applicant", "object", grounds=["d"])
SILENCE = event("07-21", "applicant", "object", grounds=["c"])
DISPUTED = event("09-07", "applicant", "refer_dispute")
MEDIATED = event("09-08", "ppid_utama", "record_decision", stage="mediation")
LAPSED = event("07-16", "job", "lapse")


@pytest.mark.parametrize(
    ("events", "on", "state", "letters"),
    [
        ([FILED, NOT_HELD], "07-15", "answered", ["tanda_bukti", "pemberitahuan_tertulis"]),
        ([FILED, PUBLIC], "07-15", "answered", ["tanda_bukti", "pemberitahuan_tertulis"]),
        ([FILED, PARTLY], "07-15", "answered", ["tanda_bukti", "pemberitahuan_tertulis"]),
        ([FILED, REFUSED], "07-15", "answered", ["tanda_bukti", "surat_penolakan"]),
        (
            [FILED, ROUTED, event("07-09", "ppid_pelaksana", "return_from_opd", opd=["dpu"])],
            "07-09",
            "in_process",
            ["tanda_bukti"],
        ),
        (
            [FILED, INCOMPLETE, event("07-09", "applicant", "withdraw")],
            "07-09",
            "withdrawn",
            ["tanda_bukti", "surat_tidak_lengkap"],
        ),
        (
            [FILED, GRANTED, OBJECTED, event("07-20", "applicant", "settle")],
            "07-20",
            "answered",
            ["tanda_bukti", "pemberitahuan_tertulis", "tanda_terima_keberatan", "berita_acara_penyelesaian"],
        ),
        ([FILED, INCOMPLETE], "07-14", "lapsed", ["tanda_bukti", "surat_tidak_lengkap", "surat_tidak_diproses"]),
    ],
)
def test_acts_and_their_letters(events: list[dict[str, Any]], on: str, state: str, letters: list[str]) -> None:
    case = case_of(*events, on=on)
    assert (case.state, case.errors) == (state, ())
    assert [document.kind for document in case.documents] == letters


@pytest.mark.parametrize(
    ("answer", "on", "grounds"),
    [
        (GRANTED, "07-15", "bd"),
        (PARTLY, "07-15", "abde"),
        (REFUSED, "07-15", "abde"),
        (NOT_HELD, "07-15", "bde"),
        (PUBLIC, "07-15", "bd"),
        (COPIED, "07-15", "bdf"),
        (answered("07-15", "granted", ready_on="2026-07-22"), "07-22", "bd"),
        (answered("07-15", "granted", ready_on="2026-07-22"), "07-23", "bde"),
        (answered("07-20", "granted", delivered=True), "07-20", "bd"),
        (answered("07-21", "granted", delivered=True), "07-21", "bdg"),
    ],
)
def test_which_grounds_an_answer_opens(answer: dict[str, Any], on: str, grounds: str) -> None:
    assert "".join(case_of(FILED, answer, on=on).objectable) == grounds


def test_what_is_handed_over_late_opens_ground_g() -> None:
    promised = answered("07-15", "granted", ready_on="2026-07-22")
    case = case_of(FILED, promised, event("07-23", "desk_officer", "deliver"), on="07-23")
    assert case.flags == {"deemed_complete", "delivered_late"}
    assert case.due["objection_window_end:g"] == CALENDAR.add_working_days(date(2026, 7, 23), 30)


@pytest.mark.parametrize("state", ["incomplete", "lapsed", "withdrawn"])
def test_silence_is_no_ground_while_no_answer_is_owed(state: str) -> None:
    events = [FILED, event("07-07", "applicant", "withdraw") if state == "withdrawn" else INCOMPLETE]
    case = case_of(*events, on="07-10" if state == "incomplete" else "12-01")
    assert (case.state, case.objectable) == (state, ("b",))


@pytest.mark.parametrize(
    ("events", "code"),
    [
        ([event("07-06", "desk_officer", "register", channel="pigeon")], "unknown_channel"),
        ([FILED, event("07-07", "ppid_utama", "route")], "opd_required"),
        ([FILED, ROUTED, event("07-08", "ppid_pelaksana", "return_from_opd", opd=["x"])], "not_routed"),
        ([FILED, event("07-08", "desk_officer", "send_incomplete")], "reason_required"),
        ([FILED, answered("07-15", "perhaps")], "decision_required"),
        ([FILED, answered("07-15", "already_public")], "link_required"),
        ([FILED, answered("07-15", "refused", grounds=["17.j"], exemptions=[TEST_J])], "article_required"),
        ([FILED, GRANTED, event("07-16", "applicant", "pay")], "nothing_to_pay"),
        ([FILED, GRANTED, event("07-16", "desk_officer", "deliver")], "nothing_to_deliver"),
        ([FILED, GRANTED, event("07-16", "desk_officer", "record_arrival", document="x")], "unknown_document"),
        ([FILED, GRANTED, event("07-16", "applicant", "object")], "ground_required"),
        ([FILED, GRANTED, event("07-16", "ppid_utama", "record_decision", stage="final")], "dispute_required"),
        ([FILED, SILENCE, event("07-22", "atasan_ppid", "decide_objection", result="perhaps")], "decision_required"),
        ([FILED, SILENCE, DISPUTED, {**MEDIATED, "stage": "x"}], "unknown_stage"),
        ([FILED, SILENCE, DISPUTED, {**MEDIATED, "stage": "registered"}], "not_permitted"),
        ([FILED, GRANTED, event("07-16", "ppid_utama", "close")], "not_permitted"),
        ([FILED, GRANTED, event("07-16", "applicant", "withdraw")], "not_permitted"),
    ],
)  # fmt: skip
def test_what_else_is_refused(events: list[dict[str, Any]], code: str) -> None:
    assert case_of(*events, on=events[-1]["at"][5:10]).errors == (code,)


def test_settings_change_what_they_say() -> None:
    assert case_of(FILED, event("07-07", "applicant", "withdraw"), on="07-07", withdrawal="refused").errors
    assert case_of(FILED, on="07-10", deemed_complete_after_check=False).state == "received"
    assert case_of(FILED, ROUTED, on="07-07", opd_due=3).due["opd_due"] == date(2026, 7, 10)
    far = answered("07-15", "granted", ready_on="2026-09-30")
    assert case_of(FILED, far, on="07-15", delivery_max=12).due["delivery_due"] == date(2026, 7, 22)
    again = [
        FILED,
        INCOMPLETE,
        event("07-09", "applicant", "complete"),
        {**INCOMPLETE, "at": "2026-07-09T10:00:00+07:00"},
    ]
    assert case_of(*again, on="07-09", correction_rounds=2).state == "incomplete"


def test_papers_are_asked_for_again_as_often_as_the_setting_says() -> None:
    completed = event("07-13", "applicant", "complete")
    again = event("07-16", "desk_officer", "send_incomplete", missing=["the deed"])
    assert case_of(FILED, INCOMPLETE, completed, again, on="07-16").errors == ("completeness_check_over",)
    twice = case_of(FILED, INCOMPLETE, completed, again, on="07-16", correction_rounds=2)
    assert (twice.errors, twice.state, twice.due["correction_due"]) == ((), "incomplete", date(2026, 7, 21))
    late = {**again, "at": "2026-07-17T09:00:00+07:00"}
    assert case_of(FILED, INCOMPLETE, completed, late, on="07-17", correction_rounds=2).errors == (
        "completeness_check_over",
    )
    third = event("07-17", "applicant", "complete")
    ended = case_of(FILED, INCOMPLETE, completed, again, third, late, on="07-17", correction_rounds=2)
    assert (ended.errors, ended.due["answer_due"]) == (("completeness_check_over",), date(2026, 7, 31))
    accepted = event("07-07", "desk_officer", "accept_complete")
    assert case_of(FILED, accepted, INCOMPLETE, on="07-08", correction_rounds=2).errors == ("not_permitted",)


def test_the_letter_of_a_lapse_is_made_when_the_job_writes_it_down() -> None:
    letters = case_of(FILED, INCOMPLETE, on="07-15").documents
    assert (letters[-1].kind, letters[-1].on, letters[-1].event) == ("surat_tidak_diproses", date(2026, 7, 14), None)
    letters = case_of(FILED, INCOMPLETE, LAPSED, on="07-20").documents
    assert (letters[-1].kind, letters[-1].on, letters[-1].event) == ("surat_tidak_diproses", date(2026, 7, 16), 2)
    assert len(letters) == 3
    early = {**LAPSED, "at": "2026-07-13T00:05:00+07:00"}
    assert case_of(FILED, INCOMPLETE, early, on="07-13").errors == ("not_permitted",)


def test_each_stage_before_the_commission_follows_the_one_before() -> None:
    stages = ("mediation", "adjudication", "decided", "in_court", "final")
    road = [event(f"09-{8 + n:02}", "ppid_utama", "record_decision", stage=stage) for n, stage in enumerate(stages)]
    for n, stage in enumerate(stages):
        case = case_of(FILED, SILENCE, DISPUTED, *road[: n + 1], on=f"09-{8 + n:02}")
        assert (case.errors, case.disputes[0].stage) == ((), stage)


def test_an_exemption_ends_by_itself_and_is_looked_at_thirty_working_days_before() -> None:
    test = Exemption.of({"ground": "17.d", "date": "2026-01-10", "expires_on": "2026-09-30"})
    assert test.review_due(CALENDAR) == date(2026, 8, 18)
    assert test.state(date(2026, 9, 30)) == "in_force"
    assert test.state(date(2026, 10, 1)) == "public_by_expiry"


def test_the_yearly_report_is_due_on_the_last_of_march() -> None:
    assert report_due(2026) == date(2027, 3, 31)
