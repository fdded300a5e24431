"""That a case is kept as the law has it: numbers without gaps, events that stay, identities nobody can read without."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from datasets.blobs import LocalBlobs
from datasets.db import Database
from datasets.models import Immutable, Mail, Organization
from datasets.settings import Settings
from portal.kip import sealing
from portal.kip.models import KipCase, KipEvent, KipIdentity, KipLetter, KipPublication
from portal.kip.public import answers, figures
from portal.kip.public.answers import Publication
from portal.kip.sealing import Keyring, NotSealedHere
from portal.kip.store import acting, cases, erasing, identity, letters, papers, pins
from portal.kip.store.acting import Desk
from portal.kip.store.cases import Asked, Opened
from portal.kip.store.identity import Identity
from portal.kip.store.refusal import ActionRefused, ChangedMeanwhile
from portal.kip.store.rules import load_calendar, load_settings
from portal.kip.work import lists
from portal.kip.work.lists import Filters
from portal.policy import Reach

MONDAY = datetime(2026, 7, 6, 3, 0, tzinfo=UTC)
WHO = Identity(
    "Siti Aminah Kertosono", "3522016504900003", "Jl. Veteran 9, Kapas", "081234567890", "siti@contoh.example"
)
UPHELD = {"result": "rejected", "reason": "x"}
ASKED = Asked("perorangan", "Berapa anggaran jalan desa tahun 2025?", "penelitian")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(sealing.keyring(Settings(home=tmp_path)), "Kabupaten Bojonegoro", "https://data.example")


def filed(database: Database, desk: Desk, at: datetime = MONDAY, who: Identity = WHO) -> Opened:
    with database.write() as session:
        return acting.register(
            session, desk, ASKED, who, channel="web", actor="applicant", by="pemohon", at=at, pin_hash=pins.hashed
        )


def test_a_request_has_its_number_receipt_and_mail_at_once(database: Database, desk: Desk) -> None:
    first, second = filed(database, desk), filed(database, desk)
    assert (first.row.number, second.row.number) == ("0001/PI/PPID/VII/2026", "0002/PI/PPID/VII/2026")
    assert (first.case.state, first.row.due, first.row.next_step) == ("received", date(2026, 7, 20), "check")
    with database.read() as session:
        (letter,) = letters.of_case(session, first.row.id)
        facts, head = letters.read(session, desk.ring, letter)
        mail = session.scalars(select(Mail).order_by(Mail.id)).first()
    assert (letter.kind, facts.number, facts.party.name) == ("tanda_bukti", first.row.number, WHO.name)
    assert head.body == "Pemerintah Kabupaten Bojonegoro"
    assert mail is not None
    assert mail.subject == "Permohonan informasi 0001/PI/PPID/VII/2026"
    assert f"https://data.example/permohonan/lacak/{first.secret}" in mail.text


def test_what_is_filed_at_once_is_numbered_without_gaps(database: Database, desk: Desk) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: filed(database, desk), range(6)))
    with pytest.raises(ActionRefused), database.write() as session:
        acting.register(
            session, desk, ASKED, WHO, channel="post", actor="desk_officer", by="x", at=MONDAY,
            received_on=date(2026, 7, 7),
        )  # fmt: skip
    filed(database, desk, MONDAY + timedelta(days=200))
    with database.read() as session:
        counters = session.execute(select(KipCase.year, KipCase.counter).order_by(KipCase.id)).all()
    assert sorted(tuple(row) for row in counters) == [*((2026, n) for n in range(1, 7)), (2027, 1)]


def test_an_event_that_the_law_refuses_is_not_written_and_says_why(database: Database, desk: Desk) -> None:
    case_id = filed(database, desk).row.id
    with pytest.raises(ActionRefused) as refused, database.write() as session:
        acting.act(
            session, desk, case_id, "answer", actor="ppid_utama", by="x", at=MONDAY, data={"decision": "refused"}
        )
    assert refused.value.reason == "ground_required"
    with database.read() as session:
        assert len(cases.timeline(session, case_id)) == 1
        assert session.get_one(KipCase, case_id).state == "received"


def test_two_officers_at_once_do_not_write_over_each_other(database: Database, desk: Desk) -> None:
    case_id = filed(database, desk).row.id
    said = {"actor": "ppid_utama", "by": "x", "at": MONDAY}
    with database.write() as session:
        acting.act(session, desk, case_id, "accept_complete", revision=1, **said)
    with pytest.raises(ChangedMeanwhile), database.write() as session:
        acting.act(session, desk, case_id, "accept_complete", revision=1, **said)


def test_no_event_is_edited_or_taken_away(database: Database, desk: Desk) -> None:
    filed(database, desk)
    for statement in ("UPDATE kip_event SET actor = 'x'", "DELETE FROM kip_event"):
        with pytest.raises(DBAPIError, match="never changes"), database.write() as session:
            session.execute(text(statement))
    with pytest.raises(Immutable), database.write() as session:
        session.scalars(select(KipEvent)).one().actor = "x"


def test_nothing_of_who_asked_can_be_read_in_the_database(database: Database, desk: Desk) -> None:
    case_id = filed(database, desk).row.id
    with database.read() as session:
        names = [row[0] for row in session.execute(text("SELECT number FROM kip_case"))]
        assert names
        everything = ""
        for table in ("kip_case", "kip_event", "kip_identity", "kip_letter", "kip_attachment", "kip_draft", "job"):
            everything += str(session.execute(text(f"SELECT * FROM {table}")).all())
        assert not [part for part in (WHO.name, WHO.nik, WHO.address, WHO.phone, WHO.email) if part in everything]
        assert identity.unseal(session, desk.ring, case_id).nik == WHO.nik
        stranger = Keyring({"x": sealing.new_key()}, sealing.new_key())
        with pytest.raises(NotSealedHere):
            identity.unseal(session, stranger, case_id)
    assert identity.masked(WHO.nik) == "************0003"


def test_a_new_master_key_opens_all_and_the_old_one_nothing(database: Database, desk: Desk, tmp_path: Path) -> None:
    case_id = filed(database, desk).row.id
    ring = sealing.add_master(Settings(home=tmp_path))
    with database.write() as session:
        assert identity.rewrap(session, ring) == 1
        assert identity.rewrap(session, ring) == 0
    sealing.drop_old(Settings(home=tmp_path))
    with database.read() as session:
        assert identity.unseal(session, sealing.keyring(Settings(home=tmp_path)), case_id).name == WHO.name
        with pytest.raises(NotSealedHere):
            identity.unseal(session, desk.ring, case_id)
    assert (tmp_path / sealing.FILE).stat().st_mode & 0o777 == 0o600


def test_proofs_and_identities_are_forgotten_in_time(database: Database, desk: Desk, blobs: LocalBlobs) -> None:
    case_id = filed(database, desk).row.id
    with database.write() as session:
        key = papers.key_for(session, desk.ring, case_id)
        sealed = papers.put_away(blobs, key, b"%PDF-1.7 KTP", "KTP Siti.pdf", kind="proof")
        paper = papers.note(session, case_id, sealed, by="pemohon", at=MONDAY)
        assert papers.name_of(session, desk.ring, paper) == "KTP Siti.pdf"
        assert papers.open_proof(session, desk.ring, blobs, paper) == b"%PDF-1.7 KTP"
        assert b"KTP" not in blobs.path(str(paper.blob)).read_bytes()
        acting.act(session, desk, case_id, "withdraw", actor="applicant", by="pemohon", at=MONDAY)
    with database.write() as session:
        settings = load_settings(session)
        assert erasing.erase_due(session, settings, at=MONDAY + timedelta(days=90)) == (0, 0)
        assert erasing.erase_due(session, settings, at=MONDAY + timedelta(days=92)) == (1, 0)
        assert identity.unseal(session, desk.ring, case_id).name == WHO.name
        assert papers.of_case(session, case_id)[0].blob is None
        assert erasing.erase_due(session, settings, at=MONDAY + timedelta(days=733)) == (0, 1)
        assert identity.unseal(session, desk.ring, case_id) == identity.ERASED
        row = session.get_one(KipIdentity, case_id)
        assert (row.sealed, row.identity_key, row.nik_mac) == (None, None, None)
        assert session.get_one(KipCase, case_id).number, "the case itself stays"
        assert session.scalars(select(KipLetter)).one().sealed, "and says nothing without its key"


def test_nothing_is_forgotten_while_a_dispute_runs(database: Database, desk: Desk) -> None:
    case_id, silent = filed(database, desk).row.id, MONDAY + timedelta(days=15)
    later = silent + timedelta(days=60)
    with database.write() as session:
        who = {"actor": "applicant", "by": "pemohon"}
        acting.act(session, desk, case_id, "object", at=silent, data={"grounds": ["c"]}, **who)
        acting.act(session, desk, case_id, "refer_dispute", at=later, **who)
        acting.act(session, desk, case_id, "withdraw", at=later, **who)
        settings, year = load_settings(session), later + timedelta(days=800)
        assert erasing.erase_due(session, settings, at=year) == (0, 0)
        final = {"actor": "ppid_utama", "by": "x", "at": later, "data": {"stage": "final"}}
        acting.act(session, desk, case_id, "record_decision", **final)
        acting.act(session, desk, case_id, "decide_objection", actor="atasan_ppid", by="x", at=later, data=UPHELD)
        assert erasing.erase_due(session, settings, at=year) == (1, 1)


def test_an_applicant_joins_once_also_when_two_letters_come_at_once(database: Database, desk: Desk) -> None:
    case_id = filed(database, desk).row.id
    with database.write() as session:
        row = session.get_one(KipCase, case_id)
        words = Publication("Anggaran jalan", "Berapa?", "")
        made = answers.publish(session, row, words, WHO, actor="ppid_utama", by="x", at=MONDAY).id

    def join(_: int) -> bool:
        with database.write() as session:
            return answers.join(session, desk.ring, made, who="192.0.2.1", address="a@contoh.example", at=MONDAY)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(join, range(4)))
    assert not join(0)
    with database.write() as session:
        assert answers.by_slug(session, session.get_one(KipPublication, made).slug).joined == 1
        assert answers.joined_addresses(session, desk.ring, made) == ["a@contoh.example"]
        assert answers.joined_addresses(session, desk.ring, made) == [], "told once"


def test_what_is_left_over_in_public_figures_is_never_small() -> None:
    assert figures.joined(Counter({"a": 9, "b": 6, "c": 1})) == (("a", 9), ("", 7))
    assert figures.joined(Counter({"a": 9, "b": 6, "c": 4, "d": 4})) == (("a", 9), ("b", 6), ("", 8))
    assert figures.joined(Counter({"a": 9, "b": 6})) == (("a", 9), ("b", 6))


def tries(database: Database, opened: Opened, visitor: str, at: datetime, *, pin: str = "no digits") -> str:
    """What comes of one try with a PIN: `open`, `wrong` or `rests`."""
    number = f" {str(opened.row.number).lower()}"
    with database.write() as session:
        try:
            found = pins.opens(session, "key", number, pin, visitor, at=at)
        except pins.PinRests:
            return "rests"
        return "wrong" if found is None else "open" if found.id == opened.row.id else "another"


def test_the_door_rests_longer_after_each_wrong_pin_from_one_network(database: Database, desk: Desk) -> None:
    opened = filed(database, desk)
    spaced = f" {opened.pin[:4]} {opened.pin[4:]}"
    guesser, at, tried = "198.51.100.7", MONDAY, 0
    for minute in sorted({2**power - early for power in range(11) for early in (1, 2)} | {24 * 60 - 1}):
        at = MONDAY + timedelta(minutes=minute)
        while tries(database, opened, guesser, at) == "wrong":
            tried += 1
    assert tried == 15, "in a day, from one network"
    assert tries(database, opened, guesser, at, pin=opened.pin) == "rests"
    assert tries(database, opened, "192.0.2.1", at, pin=spaced) == "open"
    assert tries(database, opened, "2001:db8::1", at) == "wrong"
    assert tries(database, opened, "2001:db8::1", at, pin=spaced) == "open", "who mistyped once goes on"
    assert tries(database, opened, guesser, at + timedelta(days=1), pin=spaced) == "open"


def test_many_networks_find_no_pin_and_shut_no_applicant_out(
    database: Database, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pins, "BESIEGED", pins.Limit(10, timedelta(days=1)))
    opened = filed(database, desk)
    many = [f"198.51.100.{place}" for place in range(20)]
    assert {tries(database, opened, one, MONDAY) for one in many} == {"wrong"}
    later = MONDAY + timedelta(hours=20)
    again = [tries(database, opened, one, later) for one in many]
    assert again == ["wrong"] * 10 + ["rests"] * 10, "whoever came after ten failures has had the try of the day"
    assert tries(database, opened, "192.0.2.1", later, pin=opened.pin) == "open"


def test_an_unknown_number_is_answered_like_a_wrong_pin(database: Database, desk: Desk) -> None:
    opened = filed(database, desk)
    opened.row.number = "9999/PI/PPID/VII/2026"
    assert [tries(database, opened, "198.51.100.7", MONDAY, pin=opened.pin) for _ in range(6)] == ["wrong"] * 5 + [
        "rests"
    ]


def test_routes_and_objections_stand_in_their_tables(database: Database, desk: Desk) -> None:
    case_id = filed(database, desk).row.id
    with database.write() as session:
        session.add(Organization(slug="dinas-pu", title="Dinas PU"))
        session.flush()
        said = {"actor": "ppid_utama", "by": "x", "at": MONDAY}
        acting.act(session, desk, case_id, "route", data={"opd": ["dinas-pu"]}, **said)
        route = session.execute(text("SELECT due, returned_on FROM kip_route")).one()
        assert (str(route.due), route.returned_on) == ("2026-07-13", None)
        silent = MONDAY + timedelta(days=15)
        acting.act(
            session, desk, case_id, "object", actor="applicant", by="pemohon", at=silent,
            data={"grounds": ["c"]}, private="Belum dijawab.",
        )  # fmt: skip
        row = session.execute(text("SELECT key, state, due FROM kip_objection")).one()
        assert (row.key, row.state, str(row.due)) == ("0001/KB/PPID/VII/2026", "filed", "2026-09-03")
        facts, _ = letters.read(session, desk.ring, letters.of_case(session, case_id)[-1])
        assert (facts.objection["story"], facts.number) == ("Belum dijawab.", "0001/KB/PPID/VII/2026")


def test_a_lost_file_of_keys_is_not_begun_anew(database: Database, desk: Desk, tmp_path: Path) -> None:
    filed(database, desk)
    (tmp_path / sealing.FILE).unlink()
    empty = Desk(sealing.keyring(Settings(home=tmp_path)), desk.region, desk.site)
    with pytest.raises(NotSealedHere):
        filed(database, empty)


def test_lists_and_figures_are_the_same_on_both_databases(database: Database, desk: Desk) -> None:
    everywhere, today = Reach(everywhere=True), date(2026, 7, 27)
    with database.write() as session:
        session.add(Organization(slug="dinas-pu", title="Dinas PU"))
    ids = [filed(database, desk, MONDAY + timedelta(days=day)).row.id for day in (0, 7, 14)]
    with database.write() as session:
        said = {"actor": "ppid_utama", "by": "x", "at": MONDAY + timedelta(days=15)}
        acting.act(session, desk, ids[1], "answer", data={"decision": "granted", "delivered": True}, **said)
        acting.act(session, desk, ids[2], "route", data={"opd": ["dinas-pu"]}, **said)
        row = session.get_one(KipCase, ids[1])
        publication = Publication("Anggaran jalan", "Berapa anggaran jalan desa?", "100 juta")
        answers.publish(session, row, publication, WHO, actor="ppid_utama", by="x", at=said["at"])
    with database.read() as session:
        calendar = load_calendar(session, today)
        board = lists.board(session, everywhere, calendar, today)
        assert (board.open, board.overdue, board.today) == (2, 1, 0)
        for filters, expected in (
            (Filters(), [ids[0], ids[2], ids[1]]),
            (Filters(due="overdue"), [ids[0]]),
            (Filters(due="risk"), sorted(board.at_risk)),
            (Filters(agency="dinas-pu", text="ANGGARAN"), [ids[2]]),
            (Filters(state="objection"), []),
        ):
            rows, total = lists.found(session, everywhere, filters, today, calendar, board.at_risk)
            assert ([row.id for row in rows], total) == (expected, len(expected)), filters
        told = figures.of_year(session, 2026)
        assert (told.received, told.answered, told.median_days, told.decisions) == (3, 1, 6, (("", 1),))
        assert [one.row.case_id for one in answers.published_answers(session, "anggaran jalan")] == [ids[1]]
        assert answers.published_answers(session, "kapal selam") == []
