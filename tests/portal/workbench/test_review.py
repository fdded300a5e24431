"""The custodian's road without script: the queue, a draft given back and approved, hours, withdrawal, held states."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from messy_book import messy_book
from sqlalchemy import select

from datasets import drafts, held, jobs, leases, mass, matters
from datasets.clock import now
from datasets.draft import Identity
from datasets.mass import Step
from datasets.matters import Kind, Sight
from datasets.models import Dataset, DeskState, Job, Mail, Run, RunState, Source
from harvesters.runs import work
from metadata.notices import Notice
from portal.accounts.models import AuditEntry
from portal.duties import DUTIES
from portal.review import mass_work, releasing

if TYPE_CHECKING:
    Bench = Any
WIB = timedelta(hours=7)


def handed_in(bench: Bench, title: str, pasted: str) -> int:
    """A draft of Ani's, submitted."""
    number = bench.begin(bench.ani, title)
    page = f"/kerja/draf/{number}/berkas"
    bench.ani.post(page, page=page, revision="1", pasted=pasted, name=f"uji-{number}")
    said = {"license": "CC-BY-4.0", "frequency": "tahunan", "description": "Menurut kecamatan."}
    bench.send(bench.ani, number, "keterangan", **said)
    bench.ani.get(f"/kerja/draf/{number}/periksa")
    assert bench.send(bench.ani, number, "periksa", sure="1").status_code == 303
    return number


def table(seed: int) -> str:
    return f"kecamatan,jumlah\nNgraho,{seed}\nSekar,{seed + 3}\nTambakrejo,{seed + 5}\n"


def letters(bench: Bench, to: str) -> list[str]:
    with bench.here.database.read() as session:
        return list(session.scalars(select(Mail.subject).where(Mail.address == to).order_by(Mail.id)))


def test_a_draft_is_found_in_the_queue_given_back_with_comments_and_approved(bench: Bench, tmp_path: Path) -> None:
    number = bench.begin(bench.ani, "Kunjungan Posyandu 2024")
    bench.upload(bench.ani, number, messy_book(tmp_path / "posyandu.xlsx"))
    bench.ani.get(f"/kerja/draf/{number}/periksa")
    bench.send(bench.ani, number, "periksa", sure="1")
    queue = bench.wali.get("/kerja/antrean").text
    assert "Kunjungan Posyandu 2024" in queue and f"/kerja/tinjau/{number}" in queue
    assert "Kunjungan Posyandu 2024" not in bench.wali.get("/kerja/antrean?jenis=ditahan").text
    assert bench.ani.get(f"/kerja/tinjau/{number}").status_code == 403, "a steward decides on nothing"
    assert "Kunjungan Posyandu 2024" not in bench.ani.get("/kerja/antrean").text

    page = bench.wali.get(f"/kerja/tinjau/{number}")
    assert "Ngraho" in page.text and 'name="comment.column.kunjungan"' in page.text and "Diajukan" in page.text
    assert bench.wali.get(f"/kerja/tinjau/{number}/paket").json["title"] == "Kunjungan Posyandu 2024"
    assert bench.wali.post(f"/kerja/tinjau/{number}/kembalikan").status_code == 422, "a return needs a word"
    said = {"comment.title": "Sebut kabupatennya.", "comment.column.kunjungan": "Orang atau kali?", "comment": ""}
    assert bench.wali.post(f"/kerja/tinjau/{number}/kembalikan", **said).status_code == 303
    assert bench.draft(number).state is DeskState.RETURNED
    assert letters(bench, "ani@kantor.example")[-1] == "Perlu diperbaiki: Kunjungan Posyandu 2024"
    shown = bench.ani.get(f"/kerja/draf/{number}/keterangan").text
    assert "Sebut kabupatennya." in shown and "Orang atau kali?" in shown, "each comment stands at its field"
    returned = bench.ani.get(f"/kerja/draf/{number}").text
    assert f"/kerja/draf/{number}/keterangan#title" in returned
    assert "menyimpan draf ini" not in returned, "who returns it has written nothing into it"

    title = "Kunjungan Posyandu Bojonegoro 2024"
    bench.send(bench.ani, number, "keterangan", title=title)
    bench.ani.get(f"/kerja/draf/{number}/periksa")
    bench.send(bench.ani, number, "periksa", sure="1")
    assert bench.wali.post(f"/kerja/tinjau/{number}/setujui", when="now").status_code == 303
    assert "tidak ada yang perlu diputuskan" in bench.wali.get(f"/kerja/tinjau/{number}").text.lower()
    assert bench.wali.post(f"/kerja/tinjau/{number}/setujui", when="now").status_code == 422, "nor is it done twice"
    assert title in bench.public.get("/dataset?q=posyandu").text
    assert letters(bench, "ani@kantor.example")[-1] == f"Terbit: {title}"
    with bench.here.database.read() as session:
        done = list(session.scalars(select(AuditEntry.action).where(AuditEntry.subject == f"draft:{number}")))
    assert done[-4:] == ["draft.return", "draft.about", "draft.submit", "draft.publish"]


def test_at_its_hour_and_not_before(bench: Bench) -> None:
    number = handed_in(bench, "Produksi Padi Rahasia", table(700))
    at = now()
    post = f"/kerja/tinjau/{number}/setujui"
    assert bench.wali.post(post, when="later", due="").status_code == 422
    assert bench.wali.post(post, when="later", due="2020-01-01T08:00").status_code == 422, "no hour that has passed"
    due = (at + timedelta(days=2)).replace(minute=0, second=0, microsecond=0)
    assert bench.wali.post(post, when="later", due=f"{due + WIB:%Y-%m-%dT%H:%M}").status_code == 303

    calendar = bench.public.get("/jadwal-rilis").text
    assert "Produksi Padi Rahasia" in calendar and f"{due + WIB:%H.%M} WIB" in calendar
    ics = bench.public.get("/jadwal-rilis.ics").text
    assert f"DTSTART:{due:%Y%m%dT%H%M%SZ}" in ics and "STATUS:CONFIRMED" in ics
    assert bench.public.get("/jadwal-rilis.json").json["releases"][0]["state"] == "scheduled"
    for address in (
        "/dataset?q=rahasia",
        "/api/3/action/package_search?q=rahasia",
        "/feeds/dataset.atom",
        "/catalog.ttl",
    ):
        assert "Produksi Padi" not in bench.public.get(address).text, address
    assert bench.public.get("/dataset/produksi-padi-rahasia").status_code == 404
    assert "terbit sendiri" in bench.ani.get(f"/kerja/draf/{number}").text.lower(), "its steward is told"
    assert "Produksi Padi Rahasia" in bench.wali.get("/kerja/antrean").text

    assert releasing.release_due(bench.here, at=due - timedelta(seconds=1)) == 0
    bench.wali.post(f"/kerja/tinjau/{number}/batal-jadwal")
    assert bench.draft(number).state is DeskState.SUBMITTED
    assert releasing.release_due(bench.here, at=due) == 0, "an hour that was taken back publishes nothing"
    assert "Produksi Padi Rahasia" not in bench.public.get("/jadwal-rilis").text

    bench.wali.post(post, when="later", due=f"{due + WIB:%Y-%m-%dT%H:%M}")
    with bench.here.database.read() as session:
        asked = session.scalar(select(Job.due).where(Job.kind == "release", Job.subject == str(number)))
    assert asked == due, "the worker has it on its list"
    assert releasing.release_due(bench.here, at=due) == 1
    assert releasing.release_due(bench.here, at=due) == 0, "done again it does nothing"
    assert bench.public.get("/dataset/produksi-padi-rahasia").status_code == 200
    assert letters(bench, "ani@kantor.example")[-1] == "Terbit: Produksi Padi Rahasia"


def test_a_worker_that_takes_the_job_too_early_asks_for_it_again(bench: Bench) -> None:
    number = handed_in(bench, "Populasi Sapi", table(40))
    due = now() + timedelta(days=1)
    bench.wali.post(f"/kerja/tinjau/{number}/setujui", when="later", due=f"{due + WIB:%Y-%m-%dT%H:%M}")
    with bench.here.database.write() as session:
        jobs.ask(session, "release", str(number), due=leases.database_time(session))
        taken = jobs.take(session, ("release",), "uji", seconds=60)
    assert taken is not None
    settle = work.do(bench.here, taken, progress=None, stop=threading.Event(), duties=DUTIES)
    with bench.here.database.write() as session:
        settle(session, taken)
        again = session.scalar(select(Job.due).where(Job.kind == "release", Job.subject == str(number)))
    assert bench.draft(number).state is DeskState.APPROVED and again is not None and again > now()
    bench.ani.post(f"/kerja/draf/{number}/ambil")
    assert bench.draft(number).state is DeskState.DRAFT, "its steward can still take it back"


def test_what_is_withdrawn_says_why_is_nowhere_else_and_comes_back(bench: Bench) -> None:
    number = handed_in(bench, "Jumlah Embung", table(9000))
    bench.wali.post(f"/kerja/tinjau/{number}/setujui", when="now")
    dataset = bench.draft(number).dataset_id
    page = bench.public.get("/dataset/jumlah-embung").text
    assert 'class="score-parts"' in page and "Lisensi" in page
    assert bench.wali.post(f"/kerja/dataset/{dataset}/tarik", reason=" ").status_code == 422
    assert (
        bench.wali.post(f"/kerja/dataset/{dataset}/tarik", reason="Salah hitung di Kecamatan Sekar.").status_code == 303
    )
    stone = bench.public.get("/dataset/jumlah-embung")
    assert stone.status_code == 410 and "Salah hitung di Kecamatan Sekar." in stone.text
    assert "Jumlah Embung" in stone.text and "Versi 1" in stone.text
    for address in (
        "/dataset?q=embung",
        "/api/3/action/package_search?q=embung",
        "/feeds/dataset.atom",
        "/catalog.ttl",
    ):
        assert "jumlah-embung" not in bench.public.get(address).text, address
    assert bench.public.get("/api/3/action/package_show?id=jumlah-embung").status_code in (404, 410)
    assert "Jumlah Embung" in bench.wali.get("/kerja/dataset?keadaan=ditarik").text
    assert bench.wali.post(f"/kerja/dataset/{dataset}/pulihkan").status_code == 303
    assert bench.public.get("/dataset/jumlah-embung/v/1").status_code == 200
    assert "jumlah-embung" in bench.public.get("/dataset?q=embung").text
    history = bench.wali.get(f"/kerja/dataset/{dataset}").text
    assert "Penarikan dibatalkan" in history and "Salah hitung" in history


@pytest.mark.parametrize("decision", ["terima", "tolak"])
def test_what_a_gate_held_is_decided_on_the_same_kind_of_screen(bench: Bench, decision: str) -> None:
    number = handed_in(bench, f"Panen {decision}", table(len(decision) * 1000))
    with bench.here.database.write() as session:
        prepared = drafts.prepared_of(drafts.get_draft(session, number, whole=True))
        assert prepared is not None
        identity = Identity(None, prepared.place.identity.remote_key)
        reason = Notice("gate.shrunk", params={"before": 9, "after": 3})
        kept = held.hold(session, identity, [reason], title=prepared.title, at=now(), draft=prepared).id
    assert f"/kerja/ditahan/{kept}" in bench.wali.get("/kerja/antrean?jenis=ditahan").text
    page = bench.wali.get(f"/kerja/ditahan/{kept}").text
    assert "Ngraho" in page and "dulu 9 baris" in page
    assert bench.wali.post(f"/kerja/ditahan/{kept}/tolak", remark="").status_code == 422
    assert bench.wali.post(f"/kerja/ditahan/{kept}/{decision}", remark="Sudah dicek.").status_code == 303
    with bench.here.database.read() as session:
        there = session.scalar(select(Dataset.id).where(Dataset.slug == f"panen-{decision}"))
    assert (there is not None) == (decision == "terima")
    assert f"/kerja/ditahan/{kept}" not in bench.wali.get("/kerja/antrean").text


def test_of_what_was_not_kept_it_is_told_that_the_last_version_stays(bench: Bench) -> None:
    with bench.here.database.write() as session:
        public = session.scalars(select(Dataset).where(Dataset.visibility == "published")).first()
        assert public is not None
        identity = Identity(public.source_id, str(public.remote_key))
        kept = held.hold(session, identity, [Notice("gate.uji")], title=public.title, at=now()).id
    page = bench.wali.get(f"/kerja/ditahan/{kept}").text
    assert f"/dataset/{public.slug}" in page and "tetap terbit" in page
    assert "/terima" not in page, "nothing is there to be accepted"


def test_a_process_killed_while_it_publishes_at_the_hour_loses_nothing_and_does_nothing_twice(bench: Bench) -> None:
    number = handed_in(bench, "Luas Sawah", table(123_000))
    due = now() + timedelta(minutes=5)
    bench.wali.post(f"/kerja/tinjau/{number}/setujui", when="later", due=f"{due + WIB:%Y-%m-%dT%H:%M}")
    home = bench.here.settings.home
    script = (
        "import sys, time; from pathlib import Path; from datetime import datetime, timedelta, UTC\n"
        "from datasets.installation import Installation; from datasets.settings import Settings\n"
        "from portal.review import deciding\n"
        f"here = Installation(Settings(home=Path({str(home)!r})))\n"
        "with here.database.write() as session:\n"
        f"    done = deciding.release(session, {number}, root='', at=datetime.now(UTC) + timedelta(days=1))\n"
        "    print('published' if done else 'nothing', flush=True); time.sleep(60)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline().strip() == "published"
    process.kill()
    process.wait()
    process.stdout.close()
    assert (
        bench.public.get("/dataset/luas-sawah").status_code == 404 and bench.draft(number).state is DeskState.APPROVED
    )
    assert releasing.release_due(bench.here, at=due + timedelta(minutes=1)) == 1
    assert "versi 1" in bench.public.get("/dataset/luas-sawah").text.lower()
    assert letters(bench, "ani@kantor.example").count("Terbit: Luas Sawah") == 1


def test_what_was_overtaken_before_its_hour_goes_back_to_its_steward_with_the_reason(bench: Bench) -> None:
    first = handed_in(bench, "Harga Gabah", table(555))
    bench.wali.post(f"/kerja/tinjau/{first}/setujui", when="now")
    dataset, numbers = bench.draft(first).dataset_id, []
    for seed in (556, 557):
        number = bench.begin(bench.ani, dataset=dataset)
        page = f"/kerja/draf/{number}/berkas"
        bench.ani.post(page, page=page, revision="1", pasted=table(seed), name="harga")
        bench.ani.get(f"/kerja/draf/{number}/periksa")
        bench.send(bench.ani, number, "periksa", sure="1")
        numbers.append(number)
    due = now() + timedelta(days=1)
    bench.wali.post(f"/kerja/tinjau/{numbers[0]}/setujui", when="later", due=f"{due + WIB:%Y-%m-%dT%H:%M}")
    bench.wali.post(f"/kerja/tinjau/{numbers[1]}/setujui", when="now")
    assert releasing.release_due(bench.here, at=due + timedelta(hours=1)) == 0
    draft = bench.draft(numbers[0])
    assert draft.state is DeskState.RETURNED and "Tidak dapat terbit pada waktunya" in draft.comments[0]["text"]
    assert letters(bench, "ani@kantor.example")[-1] == "Perlu diperbaiki: Harga Gabah"


def resubmitted(bench: Bench, number: int, title: str) -> None:
    """Its steward takes it back, calls it otherwise and hands it in again."""
    bench.ani.post(f"/kerja/draf/{number}/ambil")
    bench.send(bench.ani, number, "keterangan", title=title)
    bench.ani.get(f"/kerja/draf/{number}/periksa")
    assert bench.send(bench.ani, number, "periksa", sure="1").status_code == 303


def test_nothing_is_approved_that_was_changed_after_the_reviewer_looked(bench: Bench) -> None:
    number = handed_in(bench, "Luas Panen Jagung", table(4_100))
    shown = bench.wali.get(f"/kerja/tinjau/{number}").text
    seen = bench.draft(number).revision
    assert f'name="revision" value="{seen}"' in shown
    with bench.here.database.write() as session:
        many = mass.ask(session, "approve", {}, [Step(number, "x", "a", "b")], by="wali", user_id=None, at=now()).id
    resubmitted(bench, number, "Luas Panen Jagung dan Ubi")
    refused = bench.wali.post(f"/kerja/tinjau/{number}/setujui", when="now", revision=str(seen))
    assert refused.status_code == 422 and "mengubah draf ini" in refused.text
    assert "Luas Panen Jagung dan Ubi" in refused.text, "what it is now is shown"
    mass_work.run(bench.here, many, stop=threading.Event())
    assert bench.draft(number).state is DeskState.SUBMITTED
    assert "mengubah draf ini" in bench.wali.get(f"/kerja/massal/{many}").text
    now_seen = bench.draft(number).revision
    assert bench.wali.post(f"/kerja/tinjau/{number}/setujui", when="now", revision=str(now_seen)).status_code == 303


def test_the_queue_has_failing_sources_and_late_datasets_the_most_urgent_first(bench: Bench) -> None:
    number = handed_in(bench, "Draf Yang Menunggu", table(31))
    with bench.here.database.write() as session:
        agency = bench.draft(number).organization_id
        source = Source(
            name="gagal", title="Sumber Gagal", kind="files", location="/", organization_id=agency, created_at=now()
        )
        session.add(source)
        session.flush()
        at = now() - timedelta(days=30)
        run = Run(source_id=source.id, started_at=at, state=RunState.FAILED)
        session.add(run)
        owned = session.scalars(select(Dataset).where(Dataset.visibility == "published")).first()
        assert owned is not None
        owned.frequency, owned.modified_at = "bulanan", now() - timedelta(days=90)
        late = owned.title
    queue = bench.wali.get("/kerja/antrean").text
    places = [queue.find(words) for words in ("Sumber Gagal", late, "Draf Yang Menunggu")]
    assert -1 not in places and places == sorted(places), "thirty days of one, sixty of thirty, none of three"
    assert "Draf Yang Menunggu" not in bench.wali.get("/kerja/antrean?jenis=sumber").text
    with bench.here.database.read() as session:
        every = matters.queue(session, Sight(None, None, None, None), at=now())
        mine = matters.queue(session, Sight(held=frozenset({agency})), at=now())
        here = matters.queue(session, Sight(None, None, None, None), at=now(), organization_id=agency)
    assert every.kinds[Kind.SOURCE] == 1 and every.kinds[Kind.OVERDUE] == 1
    assert mine.kinds[Kind.DRAFT] == 0, "who may not review sees no drafts"
    assert all(one.organization_id == agency for one in here.matters) and len(here.matters) == every.agencies[agency]
