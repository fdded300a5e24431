"""Two people on one draft: told of each other, their words put together, and asked where they clash."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datasets import drafts
from datasets.clock import now

if TYPE_CHECKING:
    Bench = Any

JSON = {"Accept": "application/json"}


def test_two_people_lose_nothing(bench: Bench) -> None:
    number = bench.begin(bench.ani, "Bersama")
    page = f"/kerja/draf/{number}/keterangan"
    anis, budis = (bench.forms(person, page) for person in (bench.ani, bench.budi))
    bench.ani.client.post(page, data=anis | {"description": "Dari Ani."})
    shown = bench.budi.get(page).text
    assert "ani@kantor.example" in shown, "who was at it is told"

    answer = bench.budi.client.post(page, data=budis | {"keywords": "padi, jagung"})
    assert answer.status_code == 200 and "Keduanya disimpan" in answer.text
    about = bench.draft(number).about
    assert (about["description"], about["keywords"]) == ("Dari Ani.", ["padi", "jagung"])

    answer = bench.budi.client.post(page, data=budis | {"description": "Dari Budi.", "method": "Survei"})
    assert answer.status_code == 409
    assert "Dari Budi." in answer.text and "Dari Ani." in answer.text and "Survei" in answer.text
    assert bench.draft(number).about["description"] == "Dari Ani.", "nothing was overwritten"
    decided = bench.form_of(answer)
    bench.budi.client.post(page, data=decided)
    about = bench.draft(number).about
    assert (about["description"], about["method"], about["keywords"]) == ("Dari Budi.", "Survei", ["padi", "jagung"])


def test_it_saves_by_itself_and_tells_a_clash(bench: Bench) -> None:
    number = bench.begin(bench.ani, "Otomatis")
    page = f"/kerja/draf/{number}/keterangan"
    anis, budis = (bench.forms(person, page) for person in (bench.ani, bench.budi))
    saved = bench.ani.client.post(page, data=anis | {"title": "", "description": "Satu"}, headers=JSON)
    assert saved.status_code == 200 and saved.json["revision"] == 2, "what is not finished is saved too"
    assert saved.json["was"]["description"] == "Satu" and "Tersimpan" in saved.json["said"]
    again = anis | {"revision": "2", "description": "Satu", "title": ""}
    assert bench.ani.client.post(page, data=again, headers=JSON).json["revision"] == 2, "no change is no write"
    clash = bench.budi.client.post(page, data=budis | {"description": "Dua"}, headers=JSON)
    assert clash.status_code == 409 and "ani@kantor.example" in clash.json["said"]


def test_suggestions_come_from_other_datasets_and_are_taken_by_a_button(bench: Bench) -> None:
    first = bench.begin(bench.ani, "Penduduk menurut desa")
    page = f"/kerja/draf/{first}/berkas"
    bench.ani.post(page, page=page, revision="1", pasted="desa,jumlah\nNgraho,10\nSekar,9\n")
    bench.send(bench.ani, first, "keterangan", license="CC-BY-4.0", frequency="tahunan")
    bench.ani.get(f"/kerja/draf/{first}/periksa")
    bench.send(bench.ani, first, "periksa", sure="1")
    with bench.here.database.write() as session:
        drafts.approve(session, first, actor="wali", at=now())

    number = bench.begin(bench.ani, "Penduduk menurut kecamatan")
    page = f"/kerja/draf/{number}/keterangan"
    shown = bench.ani.get(page)
    assert 'name="use" value="license=' in shown.text
    bench.ani.client.post(page, data=bench.form_of(shown) | {"use": "license=CC-BY-4.0", "concept": "kependudukan"})
    about = bench.draft(number).about
    assert (about["license"], about["concept"]) == ("CC-BY-4.0", "kependudukan"), "what was typed is saved with it"


def test_a_choice_that_was_never_offered_is_told_in_words(bench: Bench) -> None:
    for odd in ("²", "9" * 30, "x"):
        answer = bench.ani.post("/kerja/draf/baru", page="/kerja/draf/baru", title="Uji", dataset=odd)
        assert answer.status_code in (303, 422), odd


def test_another_agency_sees_nothing_of_it(bench: Bench) -> None:
    number = bench.begin(bench.ani, "Rahasia Ani")
    assert "Rahasia Ani" not in bench.citra.get("/kerja/draf").text
    for step in ("", "/berkas", "/bacaan", "/keterangan", "/periksa"):
        assert bench.citra.get(f"/kerja/draf/{number}{step}").status_code == 403
    agency = bench.draft(number).organization_id
    assert bench.citra.post("/kerja/draf/baru", agency=str(agency), title="x").status_code == 303
    assert bench.draft(number + 1).organization_id != agency, "nobody writes for an agency that is not theirs"
