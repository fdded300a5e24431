"""A request at the desk, made by the desk's own verbs, for tests of pages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from accounts_pages import Person, token_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from datasets.clock import now
from datasets.installation import Installation
from datasets.models import Organization
from portal.kip import sealing
from portal.kip.calendar import desk_date
from portal.kip.models import KipCase, KipPublication
from portal.kip.store import acting, exempting, letters, papers
from portal.kip.store.cases import Asked
from portal.kip.store.identity import Identity
from portal.kip.store.rules import MACHINE, load_calendar

WHO = Identity(
    "Siti Aminah Kertosono", "3522016504900003", "Jl. Veteran 9, Kapas", "081234567890", "siti@contoh.example"
)
QUESTION = "Berapa anggaran jalan desa di Kapas tahun 2025?"
_made: dict[str, Made] = {}


@dataclass(frozen=True)
class Made:
    """What was made: the case, its secret, a letter, a file that was sent, the address of its publication."""

    case: int
    secret: str
    pin: str
    number: str
    letter: int
    file: int
    proof: int
    test: int
    slug: str


@dataclass
class Office:
    """The portal with its desk: the PPID, the officer of the first agency, the superior, and anybody."""

    here: Installation
    app: Flask
    utama: Person
    pelaksana: Person
    atasan: Person
    public: FlaskClient

    def send(self, person: Person, path: str, page: str = "", **fields: object) -> TestResponse:
        """Send a form with the token of its page."""
        shown = person.get(page or path)
        return person.client.post(
            path, data={"form_token": token_in(shown), **fields}, headers={"Sec-Fetch-Site": "same-origin"}
        )

    def row(self, made: Made) -> KipCase:
        """The row of a request as it is now."""
        with self.here.database.read() as session:
            return session.get_one(KipCase, made.case)


def file_request(
    here: Installation, *, at: datetime | None = None, who: Identity = WHO, question: str = QUESTION,
    routed: bool = True,
) -> Made:  # fmt: skip
    """A request by the web, with a file of the answer and a publication, routed to the first agency if it is to be."""
    at = at or now()
    desk = acting.desk(here, "https://data.example")
    ref = here.blobs.put_bytes(b"tahun;rupiah\n2025;100\n")
    key = sealing.new_key()
    proof = papers.put_away(here.blobs, key, b"%PDF-1.7 KTP", "KTP.pdf", kind="proof")
    with here.database.write() as session:
        opened = acting.register(
            session, desk, Asked("perorangan", question, "penelitian"), who,
            channel="web", actor="applicant", by="pemohon", at=at, proof_key=key, proofs=[proof],
        )  # fmt: skip
        case = opened.row.id
        opened_proof = papers.of_case(session, case)[0].id
        agency = session.scalars(select(Organization).order_by(Organization.id)).first()
        assert agency is not None
        if routed:
            said = {"actor": "ppid_utama", "by": "tests", "at": at, "data": {"opd": [agency.slug]}}
            acting.act(session, desk, case, "route", quiet=True, **said)
        paper = papers.keep(
            session, case, "answer", ref, media="text/csv", by="tests", at=at, name="jalan.csv", sha256=ref.sha256
        )
        paper.sent = True
        letter = letters.of_case(session, case)[0].id
        tested = {"ground": "17.h", "information": "Nama penerima bantuan", "document": "Daftar penerima"}
        test = exempting.propose(session, tested, load_calendar(session, desk_date(at)), actor=MACHINE, at=at)
        slug = f"jalan-desa-{case}"
        session.add(
            KipPublication(
                case_id=case, slug=slug, number=str(opened.row.number), subject="Jalan desa", question=question,
                answer="", applicant_kind="perorangan", received_on=date(2026, 1, 5), published_at=at, by="tests",
                words=" anggar jalan desa ",
            )
        )  # fmt: skip
        return Made(
            case, opened.secret, opened.pin, str(opened.row.number), letter, paper.id, opened_proof, test.id, slug
        )


def is_of_desk(rule: str) -> bool:
    """Whether a route is about requests or consequence tests."""
    return ("/permohonan" in rule and "/register/" not in rule) or "/uji-konsekuensi" in rule


def path_of(rule: str, here: Installation) -> str:
    """The address of a route of the desk, about a request of the first agency that is made once for a home."""
    home = str(here.settings.home)
    if home not in _made:
        _made[home] = file_request(here)
    made = _made[home]
    path = rule.replace("<secret>", made.secret).replace("<slug>", made.slug)
    path = path.replace("surat/<int:number>", f"surat/{made.letter}").replace(
        "berkas/<int:number>", f"berkas/{made.file}"
    )
    path = path.replace("konsekuensi/<int:number>", f"konsekuensi/{made.test}")
    path = path.replace("bukti/<int:paper>", f"bukti/{made.proof}")
    path = path.replace("surat/<int:paper>", f"surat/{made.letter}").replace(
        "berkas/<int:paper>", f"berkas/{made.file}"
    )
    return any_path(path.replace("<int:number>", str(made.case)))


def any_path(path: str) -> str:
    """With the last of the words that a route may take."""
    path = re.sub(r"<any\([^)]*?(\w+)\):\w+>", r"\1", path)
    return path.replace("<secret>", "x").replace("<slug>", "x").replace("<int:paper>", "1")
