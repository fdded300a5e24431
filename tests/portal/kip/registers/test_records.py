"""Registers in the legal columns, lists by class, the yearly report: true for officers, and nobody's name for all."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import openpyxl
import pytest
from desk_letters import words_of
from desk_records import CANARIES, FILED, TEST, WHO
from lxml import html
from sqlalchemy import delete, select
from werkzeug.test import TestResponse

from datasets.clock import now
from datasets.installation import Installation
from datasets.models import Dataset, Organization
from portal.accounts.models import AuditEntry
from portal.app import create_app
from portal.kip.models import KipExemption, KipInformation

PUBLIC = (
    "/informasi",
    "/informasi?kelas=setiap_saat",
    "/informasi/dikecualikan",
    "/informasi/register?tahun=2026",
    "/informasi/keberatan?tahun=2026",
    "/informasi/laporan",
    "/en/informasi/register?tahun=2026",
    *(
        f"/informasi/{which}.{form}?tahun=2026"
        for which in ("dip", "dik", "register", "keberatan")
        for form in ("csv", "xlsx", "pdf")
    ),
)


def text_of(answer: TestResponse) -> str:
    """All words of a page or file."""
    assert answer.status_code == 200, answer.text[:400]
    if answer.mimetype == "application/pdf":
        return words_of(answer.data)
    if answer.mimetype.endswith("sheet"):
        book = openpyxl.load_workbook(io.BytesIO(answer.data))
        cells = [str(cell) for page in book for row in page.iter_rows(values_only=True) for cell in row if cell]
        return " ".join(cells)
    return (
        " ".join(html.document_fromstring(answer.data).text_content().split())
        if "html" in answer.mimetype
        else answer.text
    )


def rows_of(answer: TestResponse) -> list[list[str]]:
    page = html.document_fromstring(answer.data)
    return [[cell.text_content() for cell in row.iter("td")] for row in page.find(".//tbody").iter("tr")]


@pytest.mark.parametrize("path", PUBLIC)
def test_nothing_for_everybody_tells_who_asked_or_what_was_not_checked(records, path: str) -> None:
    text = text_of(records.public.get(path))
    assert [canary for canary in CANARIES if canary in text] == []


def test_the_public_register_has_what_the_law_leaves_public(records) -> None:
    rows = rows_of(records.public.get("/informasi/register?tahun=2026"))
    assert [row[1] for row in rows] == [f"000{at}/PI/PPID/VII/2026" for at in (4, 3, 2, 1)]
    first, second = rows[3], rows[2]
    assert first[2:6] == ["06/07/2026", "perorangan", "Anggaran jalan desa 2025", "setiap saat"]
    assert first[8:12] == ["dikabulkan seluruhnya", "–", "15/07/2026", "7"]
    assert second[4] == "(belum diperiksa untuk diumumkan)"
    assert second[8:13] == ["ditolak", "Pasal 17 huruf h", "15/07/2026", "7", "ditolak"]
    (objection,) = rows_of(records.public.get("/informasi/keberatan?tahun=2026"))
    assert objection[0].endswith("/2026") and objection[5:] == ["ditolak", "05/08/2026", "didaftar di Komisi Informasi"]


def test_the_files_of_a_register_say_the_same_as_its_page(records) -> None:
    page = rows_of(records.public.get("/informasi/register?tahun=2026"))[::-1]
    read = list(
        csv.reader(io.StringIO(records.public.get("/informasi/register.csv?tahun=2026").data.decode("utf-8-sig")))
    )
    book = openpyxl.load_workbook(
        io.BytesIO(records.public.get("/informasi/register.xlsx?tahun=2026").data)
    ).worksheets[0]
    assert [row[1] for row in read[1:]] == [row[1] for row in page] == [book.cell(at, 2).value for at in range(5, 9)]
    assert book.cell(5, 3).value.date() == FILED.date() and book.cell(4, 2).value == "Nomor pendaftaran"
    text = words_of(records.public.get("/informasi/register.pdf?tahun=2026").data)
    assert "Register Permohonan Informasi Publik Tahun 2026" in text and "0004/PI/PPID/VII/2026" in text
    july = words_of(records.public.get("/informasi/register.pdf?tahun=2026&bulan=7").data)
    assert "Register Permohonan Informasi Publik Juli 2026" in july


def test_officers_see_names_and_that_they_looked_is_written_down(records) -> None:
    row = rows_of(records.ppid.get("/kerja/register/permohonan?tahun=2026"))[3]
    assert row[3:8] == [
        WHO[0].name,
        WHO[0].address,
        f"{WHO[0].phone}, {WHO[0].email}",
        "–",
        "PERTANYAAN-RAHASIA nomor 0",
    ]
    assert row[9:] == [
        "dikuasai",
        "elektronik",
        "salinan",
        "dikabulkan seluruhnya",
        "–",
        "15/07/2026",
        "15/07/2026",
        "Rp0,00 (tanpa biaya)",
    ]
    held = rows_of(records.ppid.get("/kerja/register/permohonan?tahun=2026"))[1]
    assert held[9] == "tidak; dikuasai BPS Kabupaten Bojonegoro"
    objection = text_of(records.ppid.get("/kerja/register/keberatan.xlsx?tahun=2026"))
    assert WHO[1].name in objection and "Tetap rahasia pribadi." in objection and "Notaris Sunyi" in objection
    assert WHO[0].name in text_of(records.ppid.get("/kerja/register/permohonan.pdf?tahun=2026"))
    with records.here.database.read() as session:
        looks = session.scalars(select(AuditEntry).where(AuditEntry.action == "kip.register.look")).all()
    assert {look.subject for look in looks} >= {"kip:register:permohonan:2026", "kip:register:permohonan:2026.pdf"}
    assert all(look.actor == "ppid_utama@kantor.example" and look.after for look in looks)
    assert WHO[0].nik not in text_of(records.ppid.get("/kerja/register/permohonan?tahun=2026"))


def test_an_officer_writes_rows_for_datasets_of_the_own_agency_alone(records) -> None:
    with records.here.database.read() as session:
        mine = session.scalars(select(Organization.id).order_by(Organization.id)).first()
        (own, other) = (
            session.scalars(select(Dataset.slug).where(fits)).first()
            for fits in (Dataset.organization_id == mine, Dataset.organization_id != mine)
        )
    fields = {"information_class": "berkala", "medium": "soft", "agency": str(mine), "summary": "Milik siapa"}
    page = "/kerja/informasi/baru"
    refused = records.agency.post(page, page=page, **fields, dataset=other)
    assert refused.status_code == 422 and "milik perangkat daerah lain" in refused.text
    assert records.agency.post(page, page=page, **fields, dataset=own).status_code == 303
    with records.here.database.write() as session:
        session.execute(delete(KipInformation).where(KipInformation.summary == "Milik siapa"))


def test_an_officer_of_an_agency_has_no_register_with_names(records) -> None:
    for path in ("register/permohonan", "register/keberatan.xlsx", "laporan-tahunan/2026"):
        assert records.agency.get(f"/kerja/{path}").status_code == 403
        assert records.public.get(f"/kerja/{path}").status_code == 303


def test_datasets_are_public_information_by_their_rhythm_and_officers_say_more(records) -> None:
    before = records.public.get("/informasi").text
    assert "/dataset/" in before
    slug = before.split('href="/dataset/')[1].split('"')[0]
    fields = {"summary": "Rencana Kerja 2026", "information_class": "berkala", "medium": "both", "made": "Januari 2026"}
    fields |= {"agency": "", "dataset": "", "responsible": "", "retention": "5 tahun", "url": "", "published_on": ""}
    page = "/kerja/informasi/baru"
    assert records.ppid.post(page, page=page, **fields, next_due="2026-01-31").status_code == 303
    more = fields | {"summary": "", "information_class": "serta_merta", "dataset": f"/dataset/{slug}", "next_due": ""}
    assert records.ppid.post(page, page=page, **more).status_code == 303
    assert records.ppid.post(page, page=page, **more).status_code == 422, "a dataset has one row"
    assert records.agency.post(page, page=page, **fields, next_due="").status_code == 422, "not its agency's"
    for unknown in ("999999", "99999999999999999999", "x"):
        assert records.ppid.post(page, page=page, **fields | {"agency": unknown}, next_due="").status_code == 422
    listed = records.public.get("/informasi?kelas=berkala").text
    assert "Rencana Kerja 2026" in listed and "terlambat" in listed and "softcopy dan hardcopy" in listed
    assert f'href="/dataset/{slug}"' in records.public.get("/informasi?kelas=serta_merta").text
    assert "Rencana Kerja" not in records.public.get("/informasi?q=tidak+ada+kata+ini").text
    with records.here.database.read() as session:
        number = session.scalars(select(KipInformation.id).where(KipInformation.summary != "")).one()
    assert records.ppid.post(f"/kerja/informasi/{number}/hapus").status_code == 303
    assert "Rencana Kerja 2026" not in records.public.get("/informasi").text


def test_an_exemption_leaves_the_closed_list_for_the_open_one_when_its_time_is_over(records) -> None:
    said = {"place": "Bojonegoro", "ground": "17.h", "consequence_if_open": "x", "consequence_if_closed": "y"}
    said |= {"participants": "z", "at": FILED, "by": "tests", "decided_on": FILED.date(), "document": "Daftar"}
    with records.here.database.write() as session:
        for number, information, expires, approved in (
            ("1", "Nomor rekening", "2099-01-01", True),
            ("2", "Berita acara lama", "2026-08-01", True),
            ("3", "Belum disetujui", "2099-01-01", False),
        ):
            row = KipExemption(number=number, information=information, **said)
            row.expires_on = FILED.date().fromisoformat(expires)
            row.approved_on = FILED.date() if approved else None
            session.add(row)
    closed, opened = (records.public.get(path).text for path in ("/informasi/dikecualikan", "/informasi"))
    assert "Nomor rekening" in closed and "Nomor rekening" not in opened
    assert "Berita acara lama" in opened and "Berita acara lama" not in closed
    assert "Belum disetujui" not in closed + opened


def test_the_yearly_report_counts_and_each_figure_leads_to_its_cases(records) -> None:
    page = html.document_fromstring(records.ppid.get("/kerja/laporan-tahunan/2026").data)
    told = {}
    for item in page.xpath("//ul[contains(@class,'ledger')]/li"):
        label, count = (part.text_content() for part in item)
        told[label] = count
    expected = {
        "Permohonan yang diterima": "4",
        "Sudah dijawab": "3",
        "Dikabulkan seluruhnya": "1",
        "Ditolak": "1",
        "Tidak dikuasai": "1",
        "Median hari kerja sampai dijawab": "7",
        "Bagian yang dijawab dalam 10 hari kerja": "100%",
        "Pasal 17 huruf h": "1",
        "Keberatan yang diterima": "1",
        "Sengketa yang didaftar": "1",
    }
    assert {label: told.get(label) for label in expected} == expected
    cases = text_of(records.ppid.get("/kerja/laporan-tahunan/2026/keputusan-refused"))
    assert "0002/PI/PPID/VII/2026" in cases and "0001/PI" not in cases
    assert records.ppid.get("/kerja/laporan-tahunan/2026/tidak-ada").status_code == 404
    assert records.ppid.get("/kerja/laporan-tahunan/1999").status_code == 404


def test_the_cases_of_a_figure_come_by_pages(records, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.kip.registers.work_views.PAGE", 3)
    pages = [records.ppid.get(f"/kerja/laporan-tahunan/2026/diterima?page={page}").text for page in (1, 2)]
    told = [[at for at in range(1, 5) if f"000{at}/PI/PPID/VII/2026" in page] for page in pages]
    assert told == [[1, 2, 3], [4]] and "page=2" in pages[0]


def test_a_report_is_public_once_it_is_published_with_small_cells_joined(records) -> None:
    assert records.public.get("/informasi/laporan/2026").status_code == 404
    page = "/kerja/laporan-tahunan/2026"
    written = {"policy": "Kebijakan terbuka.", "obstacles": "Arsip lama.", "publish": "yes"}
    assert records.ppid.post(page, page=page, **written).status_code == 303
    assert records.agency.post(page, page="/kerja/informasi/baru", **written).status_code == 403
    shown = text_of(records.public.get("/informasi/laporan/2026"))
    assert "Kebijakan terbuka." in shown and "Permohonan yang diterima4" in shown
    assert "perorangan" not in shown and "lainnya (digabung)" in shown
    for form in ("pdf", "xlsx"):
        text = text_of(records.public.get(f"/informasi/laporan/2026.{form}"))
        assert "Arsip lama." in text and "Permohonan yang diterima" in text
        assert [canary for canary in CANARIES if canary in text] == []
    assert records.ppid.post(page, page=page, **{**written, "publish": ""}).status_code == 303
    assert records.public.get("/informasi/laporan/2026").status_code == 404


def test_a_cell_of_a_list_is_never_a_formula(records) -> None:
    hostile = '=HYPERLINK("http://x","klik")'
    fields = {"summary": hostile, "information_class": "berkala", "medium": "soft", "agency": "", "dataset": ""}
    fields |= {"responsible": "", "made": "", "retention": "", "url": "", "published_on": "", "next_due": ""}
    page = "/kerja/informasi/baru"
    assert records.ppid.post(page, page=page, **fields).status_code == 303
    assert f"'{hostile}" in [
        cell
        for row in csv.reader(io.StringIO(records.public.get("/informasi/dip.csv").data.decode("utf-8-sig")))
        for cell in row
    ]
    book = openpyxl.load_workbook(io.BytesIO(records.public.get("/informasi/dip.xlsx").data))
    kinds = {cell.data_type for row in book.worksheets[0].iter_rows() for cell in row if cell.value == hostile}
    assert kinds == {"s"} and TEST


def test_a_register_too_long_for_paper_is_taken_month_by_month(records, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("files", "narrowing"):
        monkeypatch.setattr(f"portal.kip.registers.{module}.MOST_ON_PAPER", 3)
    assert records.public.get("/informasi/register.pdf?tahun=2026").status_code == 422
    page = records.public.get("/informasi/register?tahun=2026").text
    assert "bulan=7" in page and "register.pdf" not in page
    july, june = (records.public.get(f"/informasi/register?tahun=2026&bulan={month}") for month in (7, 6))
    assert len(rows_of(july)) == 4 and "<tbody>" not in june.text
    assert records.public.get("/informasi/register.csv?tahun=2026&bulan=6").text.count("\n") == 1


def kept_lists(records) -> set[str]:
    """The public files that are kept, by their tags."""
    return {path.name for path in (records.here.settings.home / "cache" / "lists").iterdir() if path.suffix != ".lock"}


@pytest.mark.parametrize("form", ["csv", "xlsx", "pdf"])
def test_a_public_file_is_made_once_and_again_when_its_words_change(records, form: str) -> None:
    path = f"/informasi/dip.{form}"
    first = records.public.get(path)
    before, tag = kept_lists(records), first.headers["ETag"]
    assert tag.strip('"') + f".{form}" in before
    assert records.public.get(path).data == first.data
    held = records.public.get(path, headers={"If-None-Match": tag})
    assert (held.status_code, held.data) == (304, b"") and kept_lists(records) == before
    with records.here.database.write() as session:
        session.add(KipInformation(information_class="berkala", summary=f"Baru {form}", at=now(), by="tests"))
    again = records.public.get(path, headers={"If-None-Match": tag})
    assert again.status_code == 200 and f"Baru {form}" in text_of(again)
    assert len(kept_lists(records)) == len(before) + 1


def test_a_file_with_names_is_kept_nowhere(records) -> None:
    records.public.get("/informasi/dik.csv")
    before = kept_lists(records)
    for form in ("xlsx", "pdf"):
        assert WHO[0].name in text_of(records.ppid.get(f"/kerja/register/permohonan.{form}?tahun=2026"))
        assert records.ppid.get(f"/kerja/laporan-tahunan/2026.{form}").status_code == 200
    assert kept_lists(records) == before


def test_who_takes_files_by_the_hundred_waits(records) -> None:
    few = Installation(replace(records.here.settings, asked_per_minute=50))
    client = create_app(few.settings, few).test_client()
    told = [client.get("/informasi/dik.csv", headers={"X-Forwarded-For": "203.0.113.9"}) for _ in range(3)]
    assert [answer.status_code for answer in told] == [200, 200, 429]
    few.close()
