"""That an answer rests on what the law asks for, that who may gives it, and that what cannot be is told in words."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from kip_desk import WHO, Made, Office, file_request
from sqlalchemy import select

from datasets.clock import now
from datasets.models import Organization
from portal.kip.calendar import desk_date
from portal.kip.models import KipCase, KipPublication
from portal.kip.store import cases, exempting
from portal.kip.store.rules import MACHINE, change_settings, load_calendar


def test_nothing_is_refused_without_an_approved_test_in_force(office: Office, made: Made) -> None:
    page = f"/kerja/permohonan/{made.case}"
    bare = office.send(office.utama, f"{page}/jawab", decision="refused", reason="rahasia", format="soft")
    assert bare.status_code == 422
    said = {
        "information": "Nama penerima", "document": "Daftar", "ground": "17.a", "consequence_if_open": "x",
        "consequence_if_closed": "y", "participants": "PPID", "organization_id": "",
    }  # fmt: skip
    endless = office.send(office.utama, "/kerja/uji-konsekuensi", **said)
    assert endless.status_code == 422, "grounds a to f need an end"
    until = str((now() + timedelta(days=300)).date())
    assert office.send(office.utama, "/kerja/uji-konsekuensi", **said, expires_on=until).status_code == 303
    test = max(
        int(one)
        for one in re.findall(r"/uji-konsekuensi/(\d+)/tetapkan", office.utama.get("/kerja/uji-konsekuensi").text)
    )
    still = office.send(office.utama, f"{page}/jawab", decision="refused", test=str(test), format="soft")
    assert still.status_code == 422, "not approved yet"
    approved = office.send(
        office.utama, f"/kerja/uji-konsekuensi/{test}/tetapkan", "/kerja/uji-konsekuensi", by="Bupati", letter="1/2026"
    )
    assert approved.status_code == 303
    done = office.send(
        office.utama, f"{page}/jawab", decision="refused", test=str(test), format="soft", reason="Proses hukum."
    )
    assert done.status_code == 303, done.text
    assert office.row(made).decision == "refused"
    secret = f"/permohonan/lacak/{made.secret}"
    objected = _as_applicant(office, secret, "keberatan", grounds="a", said="Saya keberatan.")
    assert objected == 303
    only = office.send(office.utama, f"{page}/decide_objection", page, result="upheld", reason="x")
    assert only.status_code == 403, "the PPID does not decide on himself"
    decided = office.send(
        office.atasan, f"{page}/decide_objection", page, result="upheld", reason="Buka.", order="Berikan"
    )
    assert decided.status_code == 303, decided.text
    assert office.row(made).next_step == "fulfil"


def test_nothing_rests_on_a_test_that_was_ended(office: Office, made: Made) -> None:
    said = {"ground": "17.h", "information": "Nama penerima", "document": "Daftar"}
    with office.here.database.write() as session:
        test = exempting.propose(session, said, load_calendar(session, desk_date(now())), actor=MACHINE, at=now()).id
        exempting.approve(session, test, "1/2026", by="Bupati", actor=MACHINE, at=now())
        exempting.end(session, test, actor=MACHINE, at=now())
    page = f"/kerja/permohonan/{made.case}/jawab"
    refused = office.send(office.utama, page, decision="refused", test=str(test), reason="x")
    assert refused.status_code == 422
    again = office.send(
        office.utama, f"/kerja/uji-konsekuensi/{test}/tetapkan", "/kerja/uji-konsekuensi", letter="2/2026"
    )
    assert again.status_code == 422, "what was ended is not approved again"
    assert "uji konsekuensi yang berlaku" in refused.text
    part = office.send(office.utama, page, decision="partially_granted", what0="Nama", part0=str(test))
    assert part.status_code == 422


def test_a_test_of_another_agency_is_not_shown(office: Office) -> None:
    said = {"ground": "17.h", "information": "Nama penerima", "document": "Daftar"}
    with office.here.database.write() as session:
        own, other = session.scalars(select(Organization.id).order_by(Organization.id)).all()[:2]
        calendar = load_calendar(session, desk_date(now()))
        tests = [
            exempting.propose(session, said | {"organization_id": agency}, calendar, actor=MACHINE, at=now()).id
            for agency in (own, other)
        ]
    shown = [office.pelaksana.get(f"/kerja/uji-konsekuensi/{test}/surat").status_code for test in tests]
    assert shown == [200, 403]
    bare = office.send(office.utama, f"/kerja/uji-konsekuensi/{tests[0]}/tetapkan", "/kerja/uji-konsekuensi", by="x")
    assert bare.status_code == 422, "an approval has its decree"


def test_nobody_is_named_where_the_desk_names_nobody(office: Office) -> None:
    made = file_request(office.here)
    page = f"/kerja/permohonan/{made.case}/terbitkan"
    with office.here.database.write() as session:
        session.get_one(KipCase, made.case).named = True

    def named() -> str | None:
        words = {"subject": "Jalan desa", "question": "Berapa?", "answer": "100 juta"}
        assert office.send(office.utama, page, **words).status_code == 303
        with office.here.database.read() as session:
            return session.scalars(select(KipPublication.name).where(KipPublication.case_id == made.case)).one()

    assert named() == WHO.name
    with office.here.database.write() as session:
        change_settings(session, {"names_public": "never"}, actor=MACHINE, at=now())
    assert named() is None
    with office.here.database.write() as session:
        change_settings(session, {"names_public": "never_without_opt_in"}, actor=MACHINE, at=now())


def test_an_agency_answers_by_itself_where_the_setting_lets_it(office: Office, made: Made) -> None:
    page = f"/kerja/permohonan/{made.case}"
    said = {"decision": "granted", "answer": "100 juta", "format": "soft", "delivered": "1"}
    assert "/jawab" not in office.pelaksana.get(page).text
    assert office.pelaksana.get(f"{page}/jawab").status_code == 403
    assert office.send(office.pelaksana, f"{page}/jawab", page, **said).status_code == 403
    with office.here.database.write() as session:
        change_settings(session, {"opd_may_answer": True}, actor=MACHINE, at=now())
    try:
        assert f"{page}/jawab" in office.pelaksana.get(page).text
        assert office.atasan.get(f"{page}/jawab").status_code == 403
        assert office.pelaksana.get(f"{page}/terbitkan").status_code == 403, "publishing stays the PPID's"
        answered = office.send(office.pelaksana, f"{page}/jawab", **said)
        assert answered.status_code == 303, answered.text
    finally:
        with office.here.database.write() as session:
            change_settings(session, {"opd_may_answer": False}, actor=MACHINE, at=now())
    with office.here.database.read() as session:
        last = cases.timeline(session, made.case)[-1]
    assert (last.action, last.actor, last.by) == ("answer", "ppid_pelaksana", "ppid_pelaksana@kantor.example")


FAR = "9" * 30


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("{case}/jawab", {"decision": "refused", "test": FAR}),
        ("{case}/jawab", {"decision": "refused", "test": "\x00"}),
        ("{case}/jawab", {"decision": "granted", "ready_on": "besok"}),
        ("{case}/jawab", {"decision": "granted", "ready_on": "0026-07-01"}),
        ("{case}/jawab", {"decision": "granted", "reached_on": "9999-12-31"}),
        ("{case}/jawab", {"decision": "granted", "format": "hard", "fee": FAR}),
        ("{case}/jawab", {"decision": "granted", "format": "hard", "fee": "1" * 5000}),
        ("{case}/jawab", {"decision": "granted", "links": "http://[::1"}),
        ("{case}/object", {"grounds": "b", "found_on": "2100-12-31"}),
        ("{case}/object", {"grounds": "b", "received_on": "0001-01-01"}),
        ("{case}/deliver", {"delivered_on": "2026-13-01"}),
        ("/kerja/permohonan/baru", {"channel": "post", "received_on": "0001-01-01"}),
        ("/kerja/uji-konsekuensi", {"expires_on": "0001-01-01"}),
        ("/kerja/uji-konsekuensi", {"expires_on": "selamanya"}),
        ("/kerja/kalender", {"day": "9999-12-31", "decided_on": "2026-01-01"}),
        ("/kerja/permohonan/pengaturan", {"number_format": "{number.x}"}),
        ("/kerja/permohonan/pengaturan", {"number_format": "{number[0]}"}),
    ],
)
def test_what_cannot_be_is_answered_with_words(office: Office, made: Made, path: str, said: dict[str, str]) -> None:
    case = f"/kerja/permohonan/{made.case}"
    whole = {
        "information": "x", "document": "x", "ground": "17.h", "consequence_if_open": "x", "name": "Budi",
        "consequence_if_closed": "x", "participants": "x", "applicant_kind": "perorangan", "kind": "holiday",
        "question": "Berapa jumlah pasar?", "manner": "soft", "delivery": "collect", "source": "x",
    }  # fmt: skip
    page = case if path.startswith("{case}") and not path.endswith("jawab") else ""
    answer = office.send(office.utama, path.format(case=case), page, **{**whole, **said})
    assert answer.status_code == 422
    assert office.row(made).state in ("received", "in_process")


def test_numbers_of_nothing_are_nothing(office: Office, made: Made) -> None:
    assert office.utama.get(f"/kerja/permohonan?page={FAR}").status_code == 200
    assert office.utama.get(f"/kerja/kalender?tahun={FAR}").status_code == 200
    answered = office.send(
        office.utama, f"/kerja/permohonan/{made.case}/jawab", decision="granted", file=FAR, delivered="1"
    )
    assert answered.status_code == 303, "and no file is given"


def _as_applicant(office: Office, secret: str, act: str, **fields: object) -> int:
    from accounts_pages import token_in

    shown = office.public.get(secret)
    data = {"form_token": token_in(shown), **fields}
    return office.public.post(f"{secret}/{act}", data=data, headers={"Sec-Fetch-Site": "same-origin"}).status_code
