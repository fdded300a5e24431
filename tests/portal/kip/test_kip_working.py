"""That officers can do at the desk what the law allows and no more, and that nobody reads who asked unseen."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from pathlib import Path

from kip_desk import WHO, Made, Office, file_request
from sqlalchemy import select

from datasets.clock import now
from datasets.models import DeskDraft, Mail, Organization
from portal.kip.models import KipEvent, KipPublication
from portal.kip.public.answers import published_answers
from portal.kip.store import acting, cases, daily


def test_the_home_shows_what_is_due_and_nothing_of_who_asked(office: Office, made: Made) -> None:
    late = file_request(office.here, at=now() - timedelta(days=40))
    daily.recalculate(office.here, acting.desk(office.here), at=now())
    page = office.utama.get("/kerja/permohonan?due=overdue")
    assert page.status_code == 200
    assert late.number in page.text
    assert made.number not in page.text
    for person in (office.utama, office.pelaksana, office.atasan):
        text = person.get("/kerja/permohonan").text + person.get(f"/kerja/permohonan/{made.case}").text
        assert made.number in text
        assert not [part for part in (WHO.name, WHO.nik, WHO.email, WHO.phone, WHO.address) if part in text]


def test_a_look_at_who_asked_is_written_down_and_told_to_the_applicant(office: Office, made: Made) -> None:
    page = f"/kerja/permohonan/{made.case}"
    shown = office.send(office.utama, f"{page}/identitas", page)
    assert WHO.nik in shown.text
    with office.here.database.read() as session:
        looks = session.scalars(select(KipEvent).where(KipEvent.case_id == made.case, KipEvent.action == "look")).all()
    assert [(look.by, look.data["what"]) for look in looks] == [("ppid_utama@kantor.example", "identitas")]
    assert office.send(office.utama, f"{page}/bukti/{made.proof}", page).data == b"%PDF-1.7 KTP"
    assert WHO.name in office.pelaksana.get(f"{page}/surat/{made.letter}?html=1").text
    own = office.public.get(f"/permohonan/lacak/{made.secret}/data.json").get_json()
    assert len(own["looked_at_by_officers"]) == 3, "at the identity, at a proof, at a letter that says who asked"


def test_who_only_looked_has_changed_nothing(office: Office, made: Made) -> None:
    page = f"/kerja/permohonan/{made.case}"
    seen = re.search(r'name="revision" value="(\d+)"', office.utama.get(page).text)
    assert seen
    office.pelaksana.get(f"{page}/surat/{made.letter}")
    said = {"reason": "exemption_undecided", "explanation": "Diuji.", "revision": seen[1]}
    assert office.send(office.utama, f"{page}/extend", page, **said).status_code == 303
    office.send(office.utama, f"{page}/note", page, text="Catatan")
    late = office.send(office.utama, f"{page}/note", page, text="Lain", revision=seen[1])
    assert late.status_code == 422
    assert "Sementara itu ada yang menulis" in late.text


def test_another_agencys_officer_sees_nothing(office: Office, made: Made) -> None:
    with office.here.database.write() as session:
        agency = session.scalars(select(Organization).order_by(Organization.id.desc())).first()
        assert agency is not None
        opened = cases.register(
            session, acting.desk(office.here).ring, cases.Asked("perorangan", "Lain?", "x"), WHO,
            channel="web", actor="applicant", by="pemohon", at=now(),
        )  # fmt: skip
        other = opened.row.id
    assert office.pelaksana.get(f"/kerja/permohonan/{other}").status_code == 403
    assert str(opened.row.number) not in office.pelaksana.get("/kerja/permohonan").text


def test_from_the_agencys_proposal_to_an_answer_with_rows_and_a_publication(office: Office, made: Made) -> None:
    page = f"/kerja/permohonan/{made.case}"
    back = office.send(office.pelaksana, f"{page}/return_from_opd", page, proposal="Anggarannya 100 juta rupiah.")
    assert back.status_code == 303, back.text
    filled = office.utama.get(f"{page}/jawab")
    assert "Anggarannya 100 juta rupiah." in filled.text
    uploaded = office.send(
        office.utama, f"{page}/berkas", page, file=(io.BytesIO(b"tahun;rupiah\n2025;1\n"), "jalan.csv")
    )
    assert uploaded.status_code == 303
    address = _dataset(office)
    answered = office.send(
        office.utama, f"{page}/jawab", decision="granted", answer="Anggarannya 100 juta rupiah.", format="soft",
        links=f"http://localhost{address}", file=str(made.file), delivered="1",
    )  # fmt: skip
    assert answered.status_code == 303, answered.text
    row = office.row(made)
    assert (row.state, row.decision) == ("answered", "granted")
    seen = office.public.get(f"/permohonan/lacak/{made.secret}").text
    assert re.search(r"/v/\d+", seen), "the address was made permanent"
    assert len(set(re.findall(r"\b[0-9a-f]{64}\b", seen))) >= 2, "of the view and of the file"
    refused = office.send(
        office.utama, f"{page}/terbitkan", subject="Jalan desa", question=f"{WHO.name} bertanya", answer="100 juta"
    )
    assert refused.status_code == 422
    told = office.send(
        office.utama, f"{page}/terbitkan", subject="Anggaran jalan desa", question="Berapa anggaran jalan desa?",
        answer="Seratus juta rupiah pada 2025.",
    )  # fmt: skip
    assert told.status_code == 303, told.text
    with office.here.database.read() as session:
        slug = session.scalars(select(KipPublication.slug).where(KipPublication.case_id == made.case)).one()
        found = published_answers(session, "anggaran untuk jalan-jalan desa")
    assert slug in [one.row.slug for one in found]
    public = office.public.get(f"/permohonan/{slug}").text
    assert "Seratus juta rupiah" in public
    assert WHO.name not in public


def test_a_change_of_the_calendar_moves_deadlines_later_and_tells(office: Office, made: Made) -> None:
    before = office.row(made).due
    assert before is not None
    extra = before - timedelta(days=1)
    while extra.weekday() > 4:
        extra -= timedelta(days=1)
    answer = office.send(
        office.utama, "/kerja/kalender", day=str(extra), kind="holiday", name="Libur tambahan", source="Keppres 1",
        decided_on=str(now().date()),
    )  # fmt: skip
    assert answer.status_code == 303, answer.text
    after = office.row(made)
    assert after.due is not None
    assert after.due > before
    with office.here.database.read() as session:
        events = [event.action for event in cases.timeline(session, made.case)]
        subjects = session.scalars(select(Mail.key).where(Mail.key.startswith(f"kip:{made.case}:"))).all()
    assert "deadline_recalculated" in events
    assert [key for key in subjects if str(key).endswith("deadline_recalculated")]


def test_a_file_of_an_answer_becomes_a_draft_dataset(office: Office, made: Made) -> None:
    page = f"/kerja/permohonan/{made.case}"
    assert office.send(office.pelaksana, f"{page}/berkas/{made.file}/draf", page).status_code == 303
    with office.here.database.read() as session:
        draft = session.scalars(select(DeskDraft).order_by(DeskDraft.id.desc())).first()
    assert draft is not None
    assert made.number in draft.change
    assert draft.files[0]["filename"] == "jalan.csv"
    assert f"/kerja/draf/{draft.id}" in office.utama.get(page).text
    again = office.send(office.pelaksana, f"{page}/berkas/{made.file}/draf", page)
    assert str(again.location).endswith(f"/kerja/draf/{draft.id}"), "the same one when it is asked for twice"


def test_a_file_of_an_answer_is_handed_to_its_applicant_and_its_officers_alone(office: Office, made: Made) -> None:
    addresses = f"/permohonan/lacak/{made.secret}/berkas", f"/kerja/permohonan/{made.case}/berkas"
    got = [
        person.get(f"{address}/{made.file}")
        for person, address in zip((office.public, office.utama), addresses, strict=True)
    ]
    assert {answer.data for answer in got} == {b"tahun;rupiah\n2025;100\n"}
    assert {answer.headers["Content-Disposition"] for answer in got} == {"attachment; filename=jalan.csv"}
    assert {answer.headers["Content-Security-Policy"] for answer in got} == {"default-src 'none'; sandbox"}
    for person, address in zip((office.public, office.utama), addresses, strict=True):
        assert person.get(f"{address}/{made.proof}").status_code == 404, "a proof is no file of the answer"


def test_what_came_by_letter_has_its_own_day(office: Office) -> None:
    day = str((now() - timedelta(days=2)).date())
    fields = {
        "applicant_kind": "perorangan", "name": "Budi Santosa", "question": "Berapa jumlah pasar?", "manner": "hard",
        "delivery": "collect", "channel": "post", "received_on": day, "complaint": "LAPOR-77",
    }  # fmt: skip
    answer = office.send(office.utama, "/kerja/permohonan/baru", **fields)
    assert answer.status_code == 303, answer.text
    page = office.utama.get(str(answer.location)).text
    assert "LAPOR-77" in page
    ahead = str((now() + timedelta(days=3)).date())
    assert office.send(office.utama, "/kerja/permohonan/baru", **fields | {"received_on": ahead}).status_code == 422


def test_a_complaint_is_handed_over_and_its_applicant_decides(office: Office, made: Made) -> None:
    page = f"/kerja/permohonan/{made.case}"
    assert office.send(office.utama, f"{page}/pengaduan", page, reference="LAPOR-9").status_code == 303
    own = office.public.get(f"/permohonan/lacak/{made.secret}").text
    assert "SP4N-LAPOR! LAPOR-9" in own
    assert "/tarik" in own
    with office.here.database.read() as session:
        keys = session.scalars(select(Mail.key).where(Mail.key.startswith(f"kip:{made.case}:"))).all()
    assert any(str(key).endswith("handed_to_complaints") for key in keys)


def test_the_settings_keep_what_was_confirmed(office: Office) -> None:
    office.utama.get("/kerja/permohonan/pengaturan")
    answer = office.send(
        office.utama, "/kerja/permohonan/pengaturan", what="letterhead", body="Pemkab Bojonegoro", office="PPID"
    )
    assert answer.status_code == 303
    assert "Pemkab Bojonegoro" in office.utama.get("/kerja/permohonan/pengaturan").text


def test_the_day_is_written_down_once(office: Office) -> None:
    old = file_request(office.here, at=now() - timedelta(days=12))
    with office.here.database.write() as session:
        acting.act(session, acting.desk(office.here), old.case, "note", actor="ppid_utama", by="x", at=now(), data={})
    first = daily.run(office.here, acting.desk(office.here), at=now())
    again = daily.run(office.here, acting.desk(office.here), at=now())
    assert first.reminders >= 1, "the agency is reminded of what is overdue"
    assert (again.events, again.reminders, again.proofs) == (0, 0, 0)


def _dataset(office: Office) -> str:
    page = office.public.get("/dataset").text
    found = re.search(r'href="(/dataset/[a-z0-9-]+)"', page)
    assert found
    return found[1]


def test_privacy_no_planted_identity_stands_anywhere_in_public(office: Office, made: Made, tmp_path: Path) -> None:
    planted = (WHO.name, WHO.nik, WHO.email, WHO.phone, WHO.address, "Budi Santosa")
    places = [
        "/",
        "/permohonan",
        f"/permohonan/{made.slug}",
        "/dataset?q=jalan",
        "/dataset/saran?q=siti",
        "/sitemap.xml",
    ]
    places += ["/feeds/dataset.atom", "/catalog.jsonld", "/api/3/action/package_search", "/permohonan?q=Siti+Aminah"]
    for place in places:
        answer = office.public.get(place)
        assert not [one for one in planted if one in answer.text], place
    asked = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": "list_published_answers", "arguments": {}},
    }
    told = office.public.post("/mcp", json=asked).text
    assert made.slug not in told, "not answered yet"
    assert not [one for one in planted if one in told]
    home = office.here.settings.home
    for path in home.rglob("*"):
        if path.is_file() and "mail" not in path.name:
            content = path.read_bytes()
            inside = [one for one in planted if one.encode() in content]
            if path.name.startswith("catalog.sqlite"):
                continue  # letters wait in the outbox until they are sent; the tables of the desk are looked at below
            assert not inside, path
    from sqlalchemy import text

    with office.here.database.read() as session:
        for table in (
            "kip_case",
            "kip_event",
            "kip_identity",
            "kip_letter",
            "kip_publication",
            "audit_entry",
            "journal_entry",
        ):
            rows = str(session.execute(text(f"SELECT * FROM {table}")).all())
            assert not [one for one in planted if one in rows], table
        subjects = " ".join(session.scalars(select(Mail.subject)))
    assert not [one for one in planted if one in subjects]
