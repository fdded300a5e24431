"""How the registers, the report and letters fare with a year of many requests.

    python bench/registers.py [REQUESTS | HOME YEAR]

Fills a home of its own, or takes one that is filled (`bench/desk.py --home HOME` leaves one) and asks for that year.
Prints what each page takes at first and then, in milliseconds, in the process itself (no network): a public file is
made once, those of officers each time.
"""

from __future__ import annotations

import contextlib
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from datasets.clock import now
from datasets.installation import Installation
from datasets.settings import Settings
from portal.accounts import people, sessions
from portal.accounts.sessions import Device
from portal.app import create_app
from portal.kip.letters.pdf import letter_pdf
from portal.kip.models import KipLetter
from portal.kip.registers import requests
from portal.kip.sealing import keyring
from portal.kip.store import acting, cases, letters
from portal.kip.store.acting import Desk
from portal.kip.store.cases import Asked
from portal.kip.store.identity import Identity
from portal.migrations import upgrade
from portal.policy import Actor, Grant, Role

SECRET = "a-secret-of-the-bench"
SYSTEM = Actor(email="bench")
BEGUN = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
TEST = {"ground": "17.h", "number": "1/UK/2026", "date": "2026-01-02", "expires_on": "2031-01-01"}
PAGES = (
    "/kerja/register/permohonan?tahun=2026",
    "/kerja/register/permohonan?tahun=2026&page=100",
    "/kerja/register/keberatan?tahun=2026",
    "/kerja/laporan-tahunan/2026",
    "/informasi/register?tahun=2026",
    "/informasi/register.csv?tahun=2026",
    "/informasi/register.xlsx?tahun=2026",
    "/informasi/register.pdf?tahun=2026&bulan=1",
    "/kerja/register/permohonan.xlsx?tahun=2026",
    "/kerja/register/permohonan.pdf?tahun=2026&bulan=1",
)


def fill(here: Installation, count: int) -> None:
    """A year of requests by the desk's own verbs: nine in ten answered, some refused and objected to."""
    desk = Desk(keyring(here.settings), here.settings.region_name, "https://data.example")
    for start in range(0, count, 500):
        with here.database.write() as session:
            for at in range(start, min(start + 500, count)):
                filed = BEGUN + timedelta(minutes=at * 40)
                who = Identity(
                    f"Pemohon {at}", f"{3522010101800000 + at}", "Jalan Contoh 1", "0812", f"p{at}@contoh.id"
                )
                asked = Asked("perorangan", f"Mohon data anggaran nomor {at} beserta rinciannya.", "penelitian")
                opened = cases.register(
                    session, desk.ring, asked, who, channel="web", actor="applicant", by="pemohon", at=filed
                )
                if at % 10:
                    refused = at % 10 == 9
                    said = {"grounds": ["17.h"], "exemptions": [TEST]} if refused else {"delivered": True}
                    said |= {"decision": "refused" if refused else "granted"}
                    day = filed + timedelta(days=at % 14)
                    cases.append(session, opened.row.id, "answer", actor="ppid_utama", by="b", at=day, data=said)
                    if at % 50 == 9:
                        acting.act(
                            session, desk, opened.row.id, "object", actor="applicant", by="pemohon",
                            at=day + timedelta(days=1), data={"grounds": ["a"]}, quiet=True,
                        )  # fmt: skip


def main(count: int = 10_000, home: str = "", year: int = 2026) -> None:
    """Fill, then ask each page five times and say what the first and the others took."""
    with contextlib.ExitStack() as stack:
        folder = home or stack.enter_context(tempfile.TemporaryDirectory(prefix="registers-"))
        here = Installation(Settings(home=Path(folder), secret_key=SECRET))
        upgrade(here.database)
        if not home:
            started = time.perf_counter()
            fill(here, count)
            print(f"{count} requests filed in {time.perf_counter() - started:.0f} s")
        with here.database.write() as session:
            user = people.add_user(session, email=f"{time.time_ns()}@kantor.example", name="P", at=now(), actor=SYSTEM)
            people.set_grants(session, user, [Grant(Role.PPID_UTAMA, None)], at=now(), actor=SYSTEM)
            secret = sessions.open_session(session, user, Device("b", ""), at=now(), factor=True)
            rows = requests.count(session, year)
        print(f"{rows} requests in {year}")
        client = create_app(here.settings, here).test_client()
        client.set_cookie("lumbung_session", secret)
        for page in (page.replace("2026", str(year)) for page in PAGES):
            times, worked, size = [], [], 0
            for _ in range(5):
                begun, processor = time.perf_counter(), time.process_time()
                answer = client.get(page)
                times.append(1000 * (time.perf_counter() - begun))
                worked.append(1000 * (time.process_time() - processor))
                size = len(answer.data)
                assert answer.status_code == 200, (page, answer.status_code)
            print(
                f"{page:52} at first {times[0]:6.0f} ms, of the processor {worked[0]:6.0f} ms; then median"
                f" {statistics.median(times[1:]):6.0f} ms, {statistics.median(worked[1:]):6.0f} ms;"
                f" {size / 1e3:7.0f} kB",
                flush=True,
            )
        _letters(here)
        here.close()


def _letters(here: Installation) -> None:
    with here.database.read() as session:
        ring = keyring(here.settings)
        found = session.scalars(select(KipLetter).limit(100)).all()
        made = [(one, *letters.read(session, ring, one)) for one in found]
    times = []
    for one, facts, head in made:
        begun = time.perf_counter()
        letter_pdf(one.kind, facts, head)
        times.append(time.perf_counter() - begun)
    if not times:
        return  # that home has none
    print(f"{len(times)} letters as PDF, each in a confined process: median {1000 * statistics.median(times):.0f} ms")


if __name__ == "__main__":
    if len(sys.argv) > 2:
        main(home=sys.argv[1], year=int(sys.argv[2]))
    else:
        main(*(int(text) for text in sys.argv[1:]))
