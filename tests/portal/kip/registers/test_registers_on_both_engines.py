"""Lists, registers and the yearly report say the same whichever database keeps the cases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import desk_records
import pytest
from accounts_pages import SECRET, SYSTEM, post
from flask.testing import FlaskClient
from small_catalogue import stock

from datasets.clock import now
from datasets.installation import Installation
from datasets.settings import Settings
from portal.accounts import people, sessions
from portal.accounts.sessions import Device
from portal.app import create_app
from portal.kip.calendar import desk_date
from portal.kip.registers import figures, information, objections, publishing, requests
from portal.kip.store.rules import load_calendar
from portal.policy import Grant, Role

YEAR = 2026
PAGES = (
    "/informasi?kelas=setiap_saat&q=puskesmas",
    "/informasi/dikecualikan",
    f"/informasi/register?tahun={YEAR}&bulan=7",
    f"/informasi/keberatan?tahun={YEAR}",
    "/informasi/laporan",
    f"/informasi/laporan/{YEAR}",
    f"/informasi/laporan/{YEAR}.xlsx",
    *(f"/informasi/{which}.csv?tahun={YEAR}&bulan=7" for which in ("dip", "dik", "register", "keberatan")),
    "/kerja/informasi",
    *(f"/kerja/register/{which}{form}?tahun={YEAR}" for which in ("permohonan", "keberatan") for form in ("", ".xlsx")),
    f"/kerja/laporan-tahunan/{YEAR}",
    f"/kerja/laporan-tahunan/{YEAR}/keputusan-refused",
)


@pytest.fixture
def here(database_url: str, home: Path) -> Iterator[Installation]:
    """A desk with a year of work behind it, on each engine."""
    made = Installation(Settings(home=home, database_url=database_url, secret_key=SECRET))
    stock(made)
    desk_records.work(made)
    yield made
    made.close()


@pytest.fixture
def ppid(here: Installation) -> FlaskClient:
    """Who sees everything."""
    with here.database.write() as session:
        user = people.add_user(session, email="ppid@kantor.example", name="P", at=now(), actor=SYSTEM)
        people.set_grants(session, user, [Grant(Role.PPID_UTAMA, None)], at=now(), actor=SYSTEM)
        secret = sessions.open_session(session, user, Device("Firefox", ""), at=now(), factor=True)
    client = create_app(here.settings, here).test_client()
    client.set_cookie("lumbung_session", secret)
    return client


def test_registers_and_figures_count_the_same_on_both_engines(here: Installation) -> None:
    today = desk_date(now())
    with here.database.read() as session:
        calendar = load_calendar(session, today)
        assert [requests.count(session, YEAR, month) for month in (None, 7, 6)] == [4, 4, 0]
        july = requests.public_register(session, YEAR, calendar, today=today, month=7)
        newest = requests.cases_of(session, YEAR, 7, limit=2, offset=1, newest_first=True)
        filed = objections.public_register(session, YEAR, today=today)
        sections = figures.of_year(session, YEAR, calendar)
        counted = {figure.key: figure.shown for section in sections for figure in section.figures}
        refused = figures.find(sections, "keputusan-refused")
        assert refused is not None
        behind = [case.number for case in figures.cases_behind(session, refused.cases)]
        listed = information.public_information(session, today=today)
        assert figures.years(session, today)[-1] == YEAR
    assert [(row[0], row[8], row[11], row[12]) for row in july.rows] == [
        (1, "dikabulkan seluruhnya", 7, ""),
        (2, "ditolak", 7, "ditolak"),
        (3, "tidak dikuasai", 10, ""),
        (4, "", None, ""),
    ]
    assert [case.counter for case in newest] == [3, 2]
    assert [row[2:6:3] for row in filed.rows] == [("0002/PI/PPID/VII/2026", "ditolak")]
    told = {"diterima": "4", "dijawab": "3", "median": "7", "dalam-10": "3", "keberatan": "1", "sengketa": "1"}
    assert {key: counted[key] for key in told} == told and behind == ["0002/PI/PPID/VII/2026"]
    assert len(listed) == 4
    assert [path.name for path in publishing.export(here, at=now())] == [
        "register-permohonan.csv",
        "register-keberatan.csv",
    ]


def test_pages_and_files_answer_on_both_engines(ppid: FlaskClient) -> None:
    page = f"/kerja/laporan-tahunan/{YEAR}"
    assert post(ppid, page, page=page, policy="Terbuka.", publish="yes").status_code == 303
    assert {path: ppid.get(path).status_code for path in PAGES} == dict.fromkeys(PAGES, 200)
