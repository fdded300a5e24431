"""The law of a case: each transition and each deadline, as tables of what happened and what follows."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from portal.kip.calendar import WorkingCalendar
from portal.kip.workflow import Case, replay

TEST_H = {"ground": "17.h", "number": "3/UK/2026", "date": "2026-01-10"}
TEST_A = {"ground": "17.a", "date": "2026-01-10", "expires_on": "2027-01-10"}


def event(day: str, actor: str, action: str, **members: Any) -> dict[str, Any]:
    return {"at": f"2026-{day}T09:00:00+07:00", "actor": actor, "action": action, **members}


FILED = event("07-06", "applicant", "register", channel="web")
BY_POST = event("07-06", "desk_officer", "register", channel="post", received_on="2026-07-06")
GRANTED = event("07-15", "ppid_utama", "answer", decision="granted", delivered=True)
REFUSED = event("07-15", "ppid_utama", "answer", decision="refused", grounds=["17.h"], exemptions=[TEST_H])
INCOMPLETE = event("07-08", "desk_officer", "send_incomplete", missing=["identity"])
EXTENDED = event("07-20", "ppid_utama", "extend", reason="exemption_undecided")
ROUTED = event("07-07", "ppid_utama", "route", opd=["dinkes"])
COMPLETED = event("07-09", "applicant", "complete")
ARRIVED = event("07-13", "desk_officer", "record_arrival", document="surat_tidak_lengkap", reached_on="2026-07-10")
OBJECTED_A = event("07-16", "applicant", "object", grounds=["a"])
SILENCE = event("07-21", "applicant", "object", grounds=["c"])


@pytest.fixture
def case_of(calendar: WorkingCalendar) -> Any:
    def build(*events: dict[str, Any], on: str = "2026-07-15", **settings: Any) -> Case:
        return replay(events, calendar, settings, date.fromisoformat(on))

    return build


@pytest.mark.parametrize(
    ("events", "on", "state"),
    [
        ([], "2026-07-06", "draft"),
        ([FILED], "2026-07-06", "received"),
        ([FILED], "2026-07-09", "received"),
        ([FILED], "2026-07-10", "in_process"),
        ([FILED, event("07-07", "desk_officer", "accept_complete")], "2026-07-07", "in_process"),
        ([FILED, event("07-07", "ppid_utama", "route", opd=["dinkes"])], "2026-07-07", "in_process"),
        ([FILED, EXTENDED], "2026-07-20", "extended"),
        ([FILED, EXTENDED], "2026-12-01", "extended"),
        ([FILED], "2026-12-01", "in_process"),
        ([FILED, INCOMPLETE], "2026-07-13", "incomplete"),
        ([FILED, INCOMPLETE], "2026-07-14", "lapsed"),
        ([FILED, INCOMPLETE, event("07-14", "job", "lapse")], "2026-07-14", "lapsed"),
        ([FILED, INCOMPLETE, event("07-10", "applicant", "complete")], "2026-07-10", "in_process"),
        ([FILED, INCOMPLETE, event("07-10", "applicant", "complete", still_missing="x")], "2026-07-10", "incomplete"),
        ([FILED, GRANTED], "2026-07-15", "answered"),
        ([FILED, GRANTED], "2026-08-28", "answered"),
        ([FILED, GRANTED], "2026-08-29", "closed"),
        ([FILED, GRANTED, event("07-16", "applicant", "close")], "2026-07-16", "closed"),
        ([FILED, event("07-08", "applicant", "withdraw")], "2026-07-08", "withdrawn"),
        ([FILED, REFUSED], "2026-07-15", "answered"),
    ],
)
def test_states(case_of: Any, events: list[dict[str, Any]], on: str, state: str) -> None:
    case = case_of(*events, on=on)
    assert (case.state, case.errors) == (state, ())


@pytest.mark.parametrize(
    ("events", "on", "name", "day"),
    [
        ([FILED], "2026-07-06", "completeness_check_due", "2026-07-09"),
        ([FILED], "2026-07-06", "answer_due", "2026-07-20"),
        ([FILED, EXTENDED], "2026-07-20", "extended_answer_due", "2026-07-29"),
        ([FILED, INCOMPLETE], "2026-07-08", "correction_due", "2026-07-13"),
        ([FILED, INCOMPLETE], "2026-07-08", "answer_due", None),
        ([FILED, INCOMPLETE, event("07-10", "applicant", "complete")], "2026-07-10", "answer_due", "2026-07-24"),
        ([BY_POST, INCOMPLETE], "2026-07-20", "correction_due", None),
        (
            [
                BY_POST,
                INCOMPLETE,
                ARRIVED,
            ],
            "2026-07-13",
            "correction_due",
            "2026-07-15",
        ),
        ([FILED, ROUTED], "2026-07-07", "opd_due:dinkes", "2026-07-14"),
        ([FILED], "2026-07-20", "objection_window_end:c", None),
        ([FILED], "2026-07-21", "objection_window_end:c", "2026-09-02"),
        ([FILED, SILENCE], "2026-07-21", "objection_answer_due", "2026-09-03"),
        ([FILED, SILENCE], "2026-09-10", "dispute_window_end", "2026-09-23"),
        ([FILED, REFUSED], "2026-07-15", "objection_window_end:a", "2026-08-28"),
        (
            [FILED, event("07-15", "ppid_utama", "answer", decision="granted", ready_on="2026-09-30")],
            "2026-07-15",
            "delivery_due",
            "2026-07-29",
        ),
        (
            [FILED, SILENCE, event("09-07", "applicant", "refer_dispute")],
            "2026-09-07",
            "ki_start_due",
            "2026-09-25",
        ),
    ],
)
def test_deadlines(case_of: Any, events: list[dict[str, Any]], on: str, name: str, day: str | None) -> None:
    case = case_of(*events, on=on)
    assert case.errors == ()
    assert case.due.get(name) == (date.fromisoformat(day) if day else None)


@pytest.mark.parametrize(
    ("events", "code"),
    [
        ([event("07-06", "desk_officer", "register", channel="post", received_on="2026-07-07")], "receipt_in_future"),
        ([event("07-06", "ppid_pelaksana", "register")], "not_permitted"),
        ([FILED, event("07-10", "desk_officer", "send_incomplete", missing="x")], "completeness_check_over"),
        (
            [
                FILED,
                INCOMPLETE,
                event("07-09", "applicant", "complete"),
                event("07-09", "desk_officer", "send_incomplete"),
            ],
            "completeness_check_over",
        ),
        ([FILED, INCOMPLETE, event("07-14", "applicant", "complete")], "correction_over"),
        ([FILED, event("07-21", "ppid_utama", "extend", reason="exemption_undecided")], "extension_too_late"),
        ([FILED, EXTENDED, event("07-21", "ppid_utama", "extend", reason="exemption_undecided")], "already_extended"),
        ([FILED, event("07-15", "ppid_utama", "extend", reason="busy")], "reason_required"),
        ([FILED, event("07-15", "ppid_pelaksana", "answer", decision="granted")], "not_permitted"),
        ([FILED, event("07-15", "ppid_utama", "answer", decision="refused")], "ground_required"),
        ([FILED, event("07-15", "ppid_utama", "answer", decision="refused", grounds=["18"])], "unknown_ground"),
        ([FILED, event("07-15", "ppid_utama", "answer", decision="refused", grounds=["17.h"])], "exemption_required"),
        (
            [FILED, {**REFUSED, "exemptions": [{**TEST_H, "expires_on": "2026-07-14"}]}],
            "exemption_expired",
        ),
        (
            [FILED, {**REFUSED, "grounds": ["17.a"], "exemptions": [{**TEST_A, "expires_on": None}]}],
            "expiry_required",
        ),
        (
            [FILED, {**REFUSED, "grounds": ["17.a"], "exemptions": [{**TEST_A, "expires_on": "2056-01-11"}]}],
            "exemption_too_long",
        ),
        ([FILED, event("07-15", "ppid_utama", "answer", decision="partially_granted")], "redactions_required"),
        ([FILED, event("07-15", "ppid_utama", "answer", decision="granted", fee=5000)], "fee_on_softcopy"),
        ([FILED, event("07-15", "ppid_utama", "answer", decision="not_held")], "holder_required"),
        ([FILED, event("07-15", "applicant", "object", grounds=["c"])], "ground_not_open:c"),
        ([FILED, GRANTED, event("07-16", "applicant", "object", grounds=["a"])], "ground_not_open:a"),
        ([FILED, GRANTED, event("07-16", "applicant", "object", grounds=["z"])], "unknown_ground"),
        ([FILED, INCOMPLETE, event("07-21", "applicant", "object", grounds=["c"])], "ground_not_open:c"),
        ([FILED, SILENCE, event("07-22", "ppid_utama", "decide_objection", result="upheld")], "not_permitted"),
        ([FILED, SILENCE, event("07-22", "atasan_ppid", "decide_objection", result="rejected")], "reason_required"),
        (
            [
                FILED,
                REFUSED,
                event("07-16", "applicant", "object", grounds=["a"]),
                event("07-17", "ppid_utama", "settle"),
            ],
            "not_settleable:a",
        ),
        ([FILED, REFUSED, event("07-16", "applicant", "refer_dispute")], "objection_required"),
        ([FILED, SILENCE, event("09-02", "applicant", "refer_dispute")], "dispute_premature"),
        ([FILED, event("07-07", "ppid_utama", "edit", subject="another")], "append_only"),
        ([FILED, event("07-05", "desk_officer", "accept_complete")], "append_only"),
        ([FILED, event("07-08", "ppid_utama", "withdraw")], "not_permitted"),
    ],
)
def test_what_the_law_does_not_allow_changes_nothing(case_of: Any, events: list[dict[str, Any]], code: str) -> None:
    last = date.fromisoformat(max(each["at"] for each in events)[:10]).isoformat()
    case = case_of(*events, on=last)
    assert case.errors == (code,)
    assert case.state == case_of(*events[:-1], on=last).state


def test_silence_neither_grants_nor_refuses(case_of: Any) -> None:
    case = case_of(FILED, on="2026-11-02")
    assert case.state == "in_process"
    assert case.late
    assert case.objectable == ("b", "c")
    assert "answer" in case.allowed


def test_a_late_answer_does_not_end_a_filed_objection(case_of: Any) -> None:
    late = event("07-22", "ppid_utama", "answer", decision="granted", delivered=True)
    case = case_of(FILED, SILENCE, late, on="2026-08-01")
    assert case.flags >= {"late"}
    assert case.objections[0].state == "filed"
    assert "g" in case.objectable
    assert "decide_objection" in case.allowed


def test_an_upheld_objection_opens_the_answer_again(case_of: Any) -> None:
    objected = event("07-16", "applicant", "object", grounds=["a", "e"])
    upheld = event("07-30", "atasan_ppid", "decide_objection", result="upheld")
    case = case_of(FILED, REFUSED, objected, upheld, on="2026-07-31")
    assert case.allowed["answer"] == ("ppid_utama",)
    again = event("08-03", "ppid_utama", "answer", decision="granted", delivered=True)
    case = case_of(FILED, REFUSED, objected, upheld, again, on="2026-08-03")
    assert case.errors == ()
    assert "answer" not in case.allowed


def test_a_late_objection_is_registered_and_flagged(case_of: Any) -> None:
    objected = event("08-31", "applicant", "object", grounds=["d"])
    case = case_of(FILED, GRANTED, objected, on="2026-08-31")
    assert (case.errors, case.objections[0].late, case.state) == ((), True, "answered")
    strict = case_of(FILED, GRANTED, objected, on="2026-08-31", late_objection="refuse")
    assert strict.errors == ("objection_window_over",)


def test_information_that_should_be_published_needs_no_request(case_of: Any) -> None:
    gap = event("07-06", "applicant", "object", grounds=["b"], found_on="2026-07-01")
    assert case_of(gap).objections[0].grounds == ("b",)
    assert case_of(gap, ground_b_needs_request=True).errors == ("ground_not_open:b",)


@pytest.mark.parametrize(
    ("rule", "due"),
    [("completing_papers", "2026-07-24"), ("declared_complete", "2026-07-27"), ("first_receipt", "2026-07-20")],
)
def test_from_when_the_clock_runs_is_a_setting(case_of: Any, rule: str, due: str) -> None:
    brought = event("07-13", "desk_officer", "complete", received_on="2026-07-10")
    case = case_of(FILED, INCOMPLETE, brought, on="2026-07-13", clock_start_rule=rule)
    assert case.due["answer_due"] == date.fromisoformat(due)


def test_hard_copies_are_paid_before_they_are_handed_over(case_of: Any) -> None:
    copied = event("07-15", "ppid_utama", "answer", decision="granted", format="hard", fee=20000)
    case = case_of(FILED, copied)
    assert "pay" in case.allowed
    assert "deliver" not in case.allowed
    assert "f" in case.objectable
    early = case_of(FILED, copied, event("07-15", "desk_officer", "deliver"))
    assert early.errors == ("payment_required",)
    paid = case_of(FILED, copied, event("07-15", "applicant", "pay"), event("07-15", "desk_officer", "deliver"))
    assert [document.kind for document in paid.documents] == ["tanda_bukti", "pemberitahuan_tertulis", "tanda_terima"]


def test_the_way_to_the_commission(case_of: Any) -> None:
    road = [
        FILED,
        REFUSED,
        event("07-16", "applicant", "object", grounds=["a"]),
        event("07-30", "atasan_ppid", "decide_objection", result="rejected", reason="uji konsekuensi"),
        event("08-05", "applicant", "refer_dispute", reference="12/VIII/KI-Prov"),
        event("08-20", "ppid_utama", "record_decision", stage="mediation"),
        event("09-20", "ppid_utama", "record_decision", stage="final"),
    ]
    case = case_of(*road, on="2026-09-20")
    assert (case.errors, case.disputes[0].stage, case.disputes[0].late) == ((), "final", False)
    assert case.state == "closed"
    assert [document.kind for document in case.documents] == [
        "tanda_bukti",
        "surat_penolakan",
        "tanda_terima_keberatan",
        "keputusan_keberatan",
        "berkas_sengketa",
    ]


def test_a_superior_who_is_silent_can_be_passed_over(case_of: Any) -> None:
    case = case_of(FILED, SILENCE, event("09-04", "applicant", "refer_dispute"), on="2026-09-04")
    assert (case.errors, len(case.disputes)) == ((), 1)


def test_entered_late_says_so_and_counts_from_the_receipt(case_of: Any) -> None:
    letter = event("07-10", "desk_officer", "register", channel="post", received_on="2026-07-06")
    case = case_of(letter, on="2026-07-10")
    assert "entered_late" in case.flags
    assert case.due["answer_due"] == date(2026, 7, 20)


def test_what_lies_ahead_is_not_looked_at(case_of: Any) -> None:
    assert case_of(FILED, GRANTED, on="2026-07-14").state == "in_process"


def test_the_daily_job_only_writes_down_what_time_has_brought_about(case_of: Any) -> None:
    ran = [FILED, event("07-10", "job", "accept_complete"), GRANTED, event("08-29", "job", "close")]
    assert case_of(*ran, on="2026-09-01").state == case_of(FILED, GRANTED, on="2026-09-01").state == "closed"
    assert case_of(*ran, on="2026-09-01").errors == ()


def test_an_office_may_answer_itself_where_the_setting_says_so(case_of: Any) -> None:
    by_office = {**GRANTED, "actor": "ppid_pelaksana"}
    assert case_of(FILED, by_office, opd_may_answer=True).state == "answered"
