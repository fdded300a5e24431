"""The steward's road without script: a file handed in, seen, corrected, described, submitted, returned, published."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from messy_book import messy_book
from sqlalchemy import select

from datasets import drafts
from datasets.clock import now
from datasets.drafts import Comment
from datasets.models import DeskState
from datasets.sweep import DAY, strays
from portal.accounts.models import AuditEntry

if TYPE_CHECKING:
    Bench = Any


def test_from_a_messy_file_to_a_published_dataset(bench: Bench, tmp_path: Path) -> None:
    number = bench.begin(bench.ani, "Kunjungan Puskesmas 2024")
    page = bench.upload(bench.ani, number, messy_book(tmp_path / "kunjungan-2024.xlsx"))
    assert 'class="wb-header" id="t1-3"' in page.text, "the row of the titles is marked"
    assert 'href="#t1-6"' in page.text and '<td class="odd">belum lapor</td>' in page.text, "the cell is pointed at"
    assert '<td class="figure mended">1.500.000<del>Rp 1.500.000</del></td>' in page.text, "what was mended"
    assert 'class="wb-out" id="t1-15"' in page.text, "the total is left out, and seen to be"
    assert bench.send(bench.ani, number, "bacaan", header_row="tiga").status_code == 422

    bench.send(bench.ani, number, "bacaan", missing="belum lapor", **{"unit.kunjungan": "org"})
    columns = {one["name"]: one for one in bench.draft(number).seen["tables"][0]["columns"]}
    assert columns["kunjungan"]["type"] == "integer"
    page = bench.ani.get(f"/kerja/draf/{number}/bacaan")
    assert '<td class="figure mended"><del>belum lapor</del></td>' in page.text and 'value="orang"' in page.text

    said = {"description": "Kunjungan menurut kecamatan.", "themes": ["kesehatan"]}
    answer = bench.send(bench.ani, number, "keterangan", **said)
    assert answer.status_code == 303
    page = bench.ani.get(f"/kerja/draf/{number}/periksa")
    assert "versi pertama" in page.text
    assert bench.send(bench.ani, number, "periksa").status_code == 422, "the steward says that it may be published"
    assert bench.send(bench.ani, number, "periksa", sure="1").status_code == 303
    draft = bench.draft(number)
    prepared = drafts.prepared_of(draft)
    assert draft.state is DeskState.SUBMITTED and prepared is not None
    fields = {field["name"]: field for field in prepared.resources[0].schema["fields"]}
    assert (fields["kunjungan"]["unit"], fields["kunjungan"]["type"]) == ("orang", "integer")
    assert bench.send(bench.ani, number, "keterangan", title="Lain").status_code == 303
    assert bench.draft(number).title == "Kunjungan Puskesmas 2024", "what the reviewer has does not change"

    with bench.here.database.write() as session:
        published = drafts.approve(session, number, actor="wali", at=now())
        assert published is not None
        slug = published.dataset.slug
        done = session.scalars(select(AuditEntry.action).where(AuditEntry.subject == f"draft:{number}")).all()
    assert done == ["draft.open", "draft.file", "draft.reading", "draft.about", "draft.submit"]
    assert "Ngraho" in bench.public.get(f"/dataset/{slug}").text
    assert bench.draft(number).state is DeskState.PUBLISHED

    _the_next_year(bench, tmp_path, bench.draft(number).dataset_id)


def _the_next_year(bench: Bench, tmp_path: Path, dataset: int) -> None:
    """The next file of the kind is read as the last one was corrected, and compared with it."""
    number = bench.begin(bench.budi, dataset=dataset)
    assert bench.draft(number).about["description"] == "Kunjungan menurut kecamatan."
    page = bench.upload(bench.budi, number, messy_book(tmp_path / "2024-lagi.xlsx"))
    assert bench.draft(number).hints == {"missing": ["belum lapor"]}
    assert bench.draft(number).about["columns"]["kunjungan"]["unit"] == "orang"
    assert "berkas sejenis yang terakhir" in page.text
    assert "sama dengan versi yang sudah terbit" in bench.budi.get(f"/kerja/draf/{number}/periksa").text
    bench.upload(bench.budi, number, messy_book(tmp_path / "revisi.xlsx", silent="Sekar"))
    page = bench.budi.get(f"/kerja/draf/{number}/periksa")
    assert "direvisi" in page.text and "1 baris baru" not in page.text

    bench.send(bench.budi, number, "periksa", sure="1")
    with bench.here.database.write() as session:
        said = [Comment("title", "Sebut tahunnya."), Comment("column.cakupan", "Persen dari apa?")]
        drafts.return_(session, number, comments=said, actor="wali", at=now())
    page = bench.budi.get(f"/kerja/draf/{number}")
    assert "Sebut tahunnya." in page.text and "Dikembalikan" in page.text
    assert "Sebut tahunnya." in bench.budi.get(f"/kerja/draf/{number}/keterangan").text
    bench.send(bench.budi, number, "keterangan", title="Kunjungan Puskesmas, 2024")
    bench.budi.get(f"/kerja/draf/{number}/periksa")
    assert bench.send(bench.budi, number, "periksa", sure="1").status_code == 303
    bench.budi.post(f"/kerja/draf/{number}/ambil")
    assert bench.draft(number).state is DeskState.DRAFT, "what was submitted can be taken back"


def test_a_pasted_table_and_one_with_its_header_further_down(bench: Bench) -> None:
    number = bench.begin(bench.ani, "Tempelan")
    page = f"/kerja/draf/{number}/berkas"
    pasted = "Rekap\t\t\r\nper desa\t\t\r\nDesa\tLaki\tPerempuan\r\nNgraho\t10\t12\r\nSekar\t9\t8\r\n"
    bench.ani.post(page, page=page, revision="1", pasted=pasted, name="rekap")
    assert bench.draft(number).seen["tables"][0]["header_row"] == 3
    bench.send(bench.ani, number, "bacaan", header_row="4", remember="")
    table = bench.draft(number).seen["tables"][0]
    assert (table["header_row"], table["rows"], table["columns"][0]["title"]) == (4, 1, "Ngraho")


def test_what_shows_persons_is_not_kept(bench: Bench, tmp_path: Path) -> None:
    number = bench.begin(bench.ani, "Penerima bantuan")
    path = tmp_path / "penerima.csv"
    path.write_text("nik,nama\n" + "".join(f"35220112038{at:05d},Orang {at}\n" for at in range(1, 30)))
    before = set(bench.here.blobs.all())
    page = bench.upload(bench.ani, number, path)
    assert "tidak disimpan" in page.text and "3522011203800001" not in page.text
    assert set(bench.here.blobs.all()) == before
    draft = bench.draft(number)
    assert draft.files == [] and "35220112" not in str(draft.seen)


def test_a_broken_file_is_told_in_words(bench: Bench, tmp_path: Path) -> None:
    number = bench.begin(bench.ani, "Rusak")
    path = tmp_path / "rusak.xlsx"
    path.write_bytes(b"PK\x03\x04 this is no workbook")
    page = bench.upload(bench.ani, number, path)
    assert page.status_code == 200 and "tidak dapat dibaca" in page.text
    assert 'role="alert"' in bench.ani.get(f"/kerja/draf/{number}/periksa").text, "and cannot be submitted"


def test_blobs_of_open_drafts_outlive_the_sweep(bench: Bench, tmp_path: Path) -> None:
    kept, gone = (bench.begin(bench.ani, title) for title in ("Tetap", "Buang"))
    for number, more in ((kept, 3), (gone, 5)):
        bench.upload(bench.ani, number, messy_book(tmp_path / f"{number}.xlsx", more=more))
    hashes = {number: bench.draft(number).files[0]["sha256"] for number in (kept, gone)}
    bench.ani.post(f"/kerja/draf/{gone}/buang")
    found = strays(bench.here.database, bench.here.blobs, at=now().timestamp() + 2 * DAY)
    assert hashes[gone] in found.rows and hashes[kept] not in found.rows
