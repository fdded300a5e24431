"""Decisions on many: seen before they are made, done one by one, gone on with after a kill; and the data list."""

from __future__ import annotations

import json
import threading
from io import BytesIO
from typing import TYPE_CHECKING, Any

import openpyxl
from sqlalchemy import select

from datasets import mass, rulings
from datasets.clock import now
from datasets.draft import Identity
from datasets.models import Dataset, MassStep, MassWork, Source, StepState, Version
from datasets.publish import plan
from datasets.rulings import Ruling
from portal.review import mass_work

if TYPE_CHECKING:
    Bench = Any
NEVER = threading.Event()


def some(bench: Bench, count: int) -> list[int]:
    """Datasets that are public."""
    with bench.here.database.read() as session:
        found = session.scalars(select(Dataset.id).where(Dataset.visibility == "published").order_by(Dataset.id))
        return list(found)[:count]


def ask(bench: Bench, action: str, ids: list[int], **params: object) -> int:
    answer = bench.wali.post("/kerja/massal", action=action, subject=[str(one) for one in ids], **params)
    assert answer.status_code == 303, answer.text
    return int(answer.location.rsplit("/", 1)[1])


def states(bench: Bench, number: int) -> list[StepState]:
    with bench.here.database.read() as session:
        return [one.state for one in mass.steps(session, number)]


def test_a_licence_for_many_is_shown_first_done_step_by_step_and_gone_on_with(bench: Bench) -> None:
    ids = some(bench, 3)
    form = {"action": "license", "subject": [str(one) for one in ids]}
    assert bench.wali.post("/kerja/massal/pratinjau", **form).status_code == 200, "first it asks which licence"
    shown = bench.wali.post("/kerja/massal/pratinjau", **form, license="ODbL-1.0").text
    with bench.here.database.read() as session:
        before = {one.id: one.license_id for one in session.scalars(select(Dataset).where(Dataset.id.in_(ids)))}
    assert shown.count("<b>Open Data Commons") == 3, "what each will become"
    number = ask(bench, "license", ids, license="ODbL-1.0")
    assert states(bench, number) == [StepState.WAITING] * 3

    assert not mass_work.run(bench.here, number, stop=NEVER, most=1)
    assert sorted(states(bench, number), key=lambda one: one.value)[0] is StepState.DONE
    stop = threading.Event()
    stop.set()
    assert not mass_work.run(bench.here, number, stop=stop), "told to stop it stops between two steps"
    assert mass_work.run(bench.here, number, stop=NEVER), "and goes on where it was"
    assert states(bench, number) == [StepState.DONE] * 3
    with bench.here.database.read() as session:
        for one in session.scalars(select(Dataset).where(Dataset.id.in_(ids))):
            version = session.get_one(Version, one.current_version_id)
            assert one.license_id == "ODbL-1.0" != before[one.id] and version.number == 2
            assert version.package["licenses"][0]["name"] == "ODbL-1.0" and version.package["version"] == "2.0.0"
    page = bench.wali.get(f"/kerja/massal/{number}").text
    assert "3 dari 3" in page and "Selesai" in page

    again = ask_nothing(bench, ids)
    assert "Sudah begitu" in again or "sudah begitu" in again, "what is so already is left out"


def ask_nothing(bench: Bench, ids: list[int]) -> str:
    form = {"action": "license", "subject": [str(one) for one in ids], "license": "ODbL-1.0"}
    answer = bench.wali.post("/kerja/massal", **form)
    assert answer.status_code == 422
    return answer.text + bench.wali.post("/kerja/massal/pratinjau", **form).text


def test_what_is_ruled_of_a_harvested_dataset_holds_at_the_next_harvest(bench: Bench) -> None:
    with bench.here.database.write() as session:
        dataset = session.get_one(Dataset, some(bench, 4)[-1])
        source = Source(
            name="uji-putusan", title="Uji", kind="files", location="/", organization_id=1, created_at=now()
        )
        session.add(source)
        session.flush()
        dataset.source_id, dataset.remote_key = source.id, "kunci"
        identity, number = Identity(source.id, "kunci"), dataset.id
    with bench.here.database.read() as session:
        plain = plan(session, identity, title="x")
    assert plain.key_of("a" * 64) == "a" * 64
    assert mass_work.run(bench.here, ask(bench, "frequency", [number], frequency="bulanan"), stop=NEVER)
    with bench.here.database.read() as session:
        place, kept = plan(session, identity, title="x"), rulings.of_dataset(session, number)
    assert kept == Ruling(frequency="bulanan")
    assert place.content_key == place.key_of(plain.content_key or ""), "the same from the source is unchanged"
    assert place.key_of("b" * 64) != "b" * 64


def test_a_withdrawal_of_many_says_one_reason_and_a_failure_keeps_nobody_back(bench: Bench) -> None:
    ids = some(bench, 2)
    number = ask(bench, "withdraw", ids, text="Digabung ke satu dataset.")
    bench.wali.post(f"/kerja/dataset/{ids[0]}/tarik", reason="Lebih dulu ditarik sendiri.")
    assert mass_work.run(bench.here, number, stop=NEVER)
    assert set(states(bench, number)) == {StepState.FAILED, StepState.DONE}
    with bench.here.database.read() as session:
        reasons = [session.get_one(Dataset, one).withdrawn_reason for one in ids]
        said = session.scalars(
            select(MassStep.said).where(MassStep.work_id == number, MassStep.subject == ids[0])
        ).one()
    assert reasons == ["Lebih dulu ditarik sendiri.", "Digabung ke satu dataset."]
    assert said is not None and said["code"] == "review.not_public"
    assert mass_work.run(bench.here, ask(bench, "restore", ids), stop=NEVER)


def test_a_work_is_stopped_and_only_the_custodian_may_ask_for_one(bench: Bench) -> None:
    ids = some(bench, 2)
    number = ask(bench, "theme", ids, themes=["kesehatan", "pendidikan"])
    bench.wali.post(f"/kerja/massal/{number}/berhenti")
    assert mass_work.run(bench.here, number, stop=NEVER) and set(states(bench, number)) == {StepState.WAITING}
    bench.wali.post(f"/kerja/massal/{number}/lanjutkan")
    with bench.here.database.write() as session:
        session.get_one(MassWork, number).over_at = None
        mass_work.plan(session)
    assert mass_work.run(bench.here, number, stop=NEVER) and set(states(bench, number)) == {StepState.DONE}
    form = {"action": "withdraw", "subject": [str(ids[0])], "text": "x"}
    assert bench.ani.post("/kerja/massal", **form).status_code == 403
    assert bench.ani.post("/kerja/massal/pratinjau", **form).status_code == 403


def test_a_data_list_comes_from_a_spreadsheet_and_is_shown_beside_what_is_published(bench: Bench) -> None:
    with bench.here.database.read() as session:
        dataset = session.get_one(Dataset, some(bench, 1)[0])
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["No", "Judul Data", "Produsen Data", "Jadwal Pemutakhiran", "Tanggal Rilis", "Keterangan"])
    agencies = bench.wali.get("/kerja/daftar-data").text
    owner = agencies.partition('<select class="select" id="agency"')[2].partition('value=""')[2].partition('value="')[2]
    slug = owner.partition('"')[0]
    year = now().year
    sheet.append([1, dataset.title, slug, "Tahunan", f"{year}-03-01", ""])
    sheet.append([2, "Jumlah Embung Desa", slug, "triwulanan", f"15 Januari {year}", "=1+1 bukan rumus"])
    sheet.append([3, "Tak Bertuan", "Dinas Entah Berantah", "Tahunan", "", ""])
    sheet.append([4, "Salah Tanggal", slug, "Tahunan", f"{year - 3}-01-01", ""])
    buffer = BytesIO()
    book.save(buffer)
    buffer.seek(0)
    page = "/kerja/daftar-data/impor"
    shown = bench.wali.post(page, page=page, tahun=str(year), file=(buffer, "daftar.xlsx"))
    assert "2 dari 4 baris" in shown.text and "Dinas Entah Berantah" in shown.text and f"{year - 3}" in shown.text
    assert "Jumlah Embung Desa" not in bench.public.get("/daftar-data").text, "nothing is written before it was seen"
    packed = bench.form_of(shown)
    assert bench.wali.client.post(page, data=packed).status_code == 303
    assert bench.wali.client.post(page, data=packed).status_code == 303, "twice it is the same list"

    row = {"row": 2, "title": "T", "organization_id": 1, "agency": "", "frequency": "", "due": "", "note": ""}
    for odd in ({"title": 7}, {"due": "besok"}, {"organization_id": [1]}, {"note": None}, {"wider": 1}):
        sent = packed | {"rows": json.dumps([row | odd])}
        assert bench.wali.client.post(page, data=sent).status_code == 303, f"{odd} is no row of ours, and no fault"
    public = bench.public.get(f"/daftar-data?tahun={year}").text
    assert public.count("Jumlah Embung Desa") == 1 and "di luar rencana" in public
    csv = bench.public.get(f"/daftar-data.csv?tahun={year}").text
    assert f"{year},{slug}" in csv and "Jumlah Embung Desa,triwulanan" in csv and "late" in csv
    assert "\n=" not in csv and ",=1+1" not in csv
    days = [one["day"] for one in bench.public.get("/jadwal-rilis.json").json["releases"]]
    assert all(day >= f"{year - 1}" for day in days)
    number = bench.wali.get(f"/kerja/daftar-data?tahun={year}").text.partition("/kerja/daftar-data/")[2]
    assert bench.citra.post("/kerja/daftar-data", title="Punya orang", agency="x", tahun=str(year)).status_code in (
        303,
        422,
    )
    assert number


def test_another_agency_writes_no_line_of_this_one(bench: Bench) -> None:
    bench.ani.post("/kerja/daftar-data", title="Rencana Ani", tahun="2031", frequency="tahunan", due="31-01-2031",
                   agency=agency_of(bench, bench.ani))  # fmt: skip
    shown = bench.ani.get("/kerja/daftar-data?tahun=2031").text
    assert "Rencana Ani" in shown
    number = shown.partition('href="/kerja/daftar-data/')[2]
    while not number.partition('"')[0].isdigit():
        number = number.partition('href="/kerja/daftar-data/')[2]
    line = number.partition('"')[0]
    assert "Rencana Ani" not in bench.citra.get("/kerja/daftar-data?tahun=2031").text
    assert bench.citra.get(f"/kerja/daftar-data/{line}").status_code == 403
    assert bench.citra.post(f"/kerja/daftar-data/{line}/hapus").status_code == 403
    assert bench.ani.post(f"/kerja/daftar-data/{line}/hapus").status_code == 303
    assert "Rencana Ani" not in bench.public.get("/daftar-data?tahun=2031").text


def agency_of(bench: Bench, person: Any) -> str:
    page = person.get("/kerja/daftar-data").text
    return page.partition('name="agency" value="')[2].partition('"')[0]
