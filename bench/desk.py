"""The information desk with 10,000 requests: how long its pages take, and its day.

    python bench/desk.py [--requests 10000]

Requests are filed through the desk's own verbs over two years, most of them answered. Prints the median and the worst
of 20 requests to each page and the median of the processor's time, in milliseconds, in the process itself (no network),
and the seconds of the daily work.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1])]

from datasets.clock import now  # noqa: E402
from datasets.installation import Installation  # noqa: E402
from datasets.models import Organization  # noqa: E402
from datasets.settings import Settings  # noqa: E402
from portal import migrations  # noqa: E402
from portal.accounts import people, sessions  # noqa: E402
from portal.accounts.sessions import Device  # noqa: E402
from portal.app import create_app  # noqa: E402
from portal.kip.store import acting, cases, daily  # noqa: E402
from portal.kip.store.cases import Asked  # noqa: E402
from portal.kip.store.identity import Identity  # noqa: E402
from portal.policy import Actor, Grant, Role  # noqa: E402

PAGES = (
    "/kerja/permohonan",
    "/kerja/permohonan?due=overdue",
    "/kerja/permohonan?due=risk",
    "/kerja/permohonan?state=answered&page=40",
    "/kerja/permohonan?agency=opd-3",
    "/kerja/permohonan?q=jalan",
    "/kerja/permohonan/{case}",
    "/kerja/permohonan/{case}/jawab",
    "/permohonan",
)
SUBJECTS = ("jalan", "anggaran", "pasar", "guru", "puskesmas", "izin", "tanah", "banjir")


def main() -> None:
    """Fill and measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--home", help="keep what was filed there, and measure it again the next time")
    given = parser.parse_args()
    count = given.requests
    with tempfile.TemporaryDirectory() as folder:
        here = Installation(Settings(home=Path(given.home or folder), secret_key="bench"))
        fresh = migrations.current(here.database) is None
        migrations.upgrade(here.database)
        started = time.perf_counter()
        last = fill(here, count) if fresh else count
        print(f"{count} requests filed in {time.perf_counter() - started:.0f} s", flush=True)
        client = signed_in(here)
        for page in PAGES:
            address = page.format(case=last)
            spent, worked = [], []
            for _ in range(20):
                began, cpu = time.perf_counter(), time.process_time()
                answer = client.get(address)
                spent.append(1000 * (time.perf_counter() - began))
                worked.append(1000 * (time.process_time() - cpu))
                assert answer.status_code == 200, (address, answer.status_code)
            median, most = statistics.median(spent), max(spent)
            print(f"{page:45} median {median:6.1f} ms, worst {most:6.1f} ms, CPU {statistics.median(worked):6.1f} ms")
        started = time.perf_counter()
        done = daily.run(here, acting.desk(here), at=now())
        print(f"the day: {time.perf_counter() - started:.1f} s, {done}")
        here.close()


def fill(here: Installation, count: int) -> int:
    """File so many requests, a hundred in a transaction; 97 of 100 answered. The id of the last."""
    ring, moment, case_id = acting.desk(here).ring, now(), 0
    with here.database.write() as session:
        session.add_all(Organization(slug=f"opd-{n}", title=f"Dinas nomor {n}") for n in range(20))
    for start in range(0, count, 100):
        with here.database.write() as session:
            for place in range(start, min(count, start + 100)):
                at = moment - timedelta(days=700 * (1 - place / count))
                known = cases.rules(session, at) if place % 100 == 0 else known  # noqa: F821 - from the first of a hundred
                asked = Asked("perorangan", f"Mohon data {SUBJECTS[place % 8]} nomor {place}", "penelitian")
                who = Identity(
                    f"Pemohon {place}", f"{3522000000000000 + place}", "Bojonegoro", "", f"p{place}@contoh.example"
                )
                opened = cases.register(
                    session, ring, asked, who, channel="web", actor="applicant", by="pemohon", at=at
                )
                case_id = opened.row.id
                said = {"actor": "ppid_utama", "by": "bench", "known": known}
                cases.append(session, case_id, "route", at=at, data={"opd": [f"opd-{place % 20}"]}, **said)
                if place % 100 < 97 and place < count - 100:
                    answered = at + timedelta(days=1 + place % 13)
                    data = {"decision": "granted", "delivered": True, "answer": "Terlampir."}
                    cases.append(session, case_id, "answer", at=answered, data=data, **said)
    return case_id


def signed_in(here: Installation):  # type: ignore[no-untyped-def]
    """A browser of the PPID."""
    actor = Actor(email="bench")
    with here.database.write() as session:
        user = people.find_user(session, "ppid@kantor.example") or people.add_user(
            session, email="ppid@kantor.example", name="PPID", at=now(), actor=actor
        )
        people.set_grants(session, user, [Grant(Role.PPID_UTAMA, None)], at=now(), actor=actor)
        secret = sessions.open_session(session, user, Device("", ""), at=now(), factor=True)
    client = create_app(here.settings, here).test_client()
    client.set_cookie("lumbung_session", secret)
    return client


if __name__ == "__main__":
    main()
