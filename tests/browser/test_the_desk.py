"""The road of a request in a real browser, its letters read from a real mail server: to an answer, to a dispute."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from peers.mail_server import MailServer
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from datasets.clock import now
from datasets.installation import Installation
from datasets.models import Organization
from datasets.settings import Settings
from harvesters.runs import post
from portal.accounts import people, sessions
from portal.accounts.sessions import Device
from portal.kip.calendar import desk_date
from portal.kip.store import exempting
from portal.kip.store.rules import MACHINE, load_calendar
from portal.policy import OF_AN_AGENCY, Actor, Grant, Role

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

NAME, NIK = "Kartini Wulandari", "3522014404900007"


@pytest.fixture(scope="module")
def mail() -> Iterator[MailServer]:
    """A real mail server, for the whole road."""
    with MailServer() as server:
        yield server


@pytest.fixture(scope="module")
def demo(demo_home: Path, mail: MailServer) -> Iterator[Installation]:
    """The demo's installation as a worker with that mail server has it."""
    made = Installation(replace(Settings(home=demo_home), smtp_url=mail.url))
    yield made
    made.close()


def officer(demo: Installation, chromium: Browser, portal: str, role: Role) -> Page:
    """A page of somebody with that role, signed in."""
    address, actor = f"{role.value}@kantor.example", Actor(email="tests")
    with demo.database.write() as session:
        user = people.find_user(session, address) or people.add_user(
            session, email=address, name=role.value, at=now(), actor=actor
        )
        first = session.scalars(select(Organization.id).order_by(Organization.id)).first()
        people.set_grants(session, user, [Grant(role, first if role in OF_AN_AGENCY else None)], at=now(), actor=actor)
        secret = sessions.open_session(session, user, Device("Chromium", ""), at=now(), factor=True)
    context = chromium.new_context(base_url=portal, locale="id-ID")
    context.add_cookies([{"name": "lumbung_session", "value": secret, "url": portal}])
    return context.new_page()


def agency(demo: Installation) -> str:
    """The slug of the agency whose officer looks for the information."""
    with demo.database.read() as session:
        return session.scalars(select(Organization.slug).order_by(Organization.id).limit(1)).one()


def letters(demo: Installation, mail: MailServer) -> list[str]:
    """The texts of the letters that went out now."""
    before = len(mail.got)
    post.deliver(demo)
    return [f"{one['Subject']}\n{one.get_content()}" for one in mail.got[before:]]


def ask(page: Page, question: str) -> None:
    """From the question to the form."""
    page.goto("/permohonan/baru")
    page.get_by_label("Pertanyaan Anda").fill(question)
    page.get_by_role("button", name="Cari apakah sudah terjawab").click()
    page.get_by_role("button", name="Belum terjawab: ajukan permohonan").click()
    page.wait_for_url("**/formulir")


def file(page: Page, question: str, address: str) -> str:
    """Fill in the form and send it; the address of the request."""
    ask(page, question)
    for label, text in (
        ("Tujuan penggunaan", "Skripsi"),
        ("Nama lengkap", NAME),
        ("NIK, atau nomor pengesahan", NIK),
        ("Alamat", "Dusun Krajan"),
        ("Surel", address),
    ):
        page.get_by_label(label, exact=True).fill(text)
    picture = {"name": "ktp.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n" + b"0" * 100}
    page.get_by_label("Bukti identitas").set_input_files([picture])  # type: ignore[list-item]
    page.wait_for_timeout(2000)  # nobody fills this in faster, and the form knows
    page.get_by_role("button", name="Ajukan permohonan").click()
    page.wait_for_url("**/lacak/**")
    return page.url.partition("?")[0]


def test_what_is_answered_already_needs_no_request(page: Page) -> None:
    page.goto("/permohonan/baru")
    page.get_by_label("Pertanyaan Anda").press_sequentially("jumlah penduduk kecamatan Kapas tahun 2023")
    part = page.locator(".kip-match").filter(has_text="Deret Jumlah Penduduk")
    expect(part.get_by_role("cell", name="Kapas").first).to_be_visible()
    part.get_by_role("button", name="Ya, tampilkan baris ini").first.click()
    page.wait_for_url("**/v/1?**Kapas**")
    expect(page.get_by_role("rowheader", name="Kapas")).to_be_visible()


def test_from_a_question_to_an_answer_with_rows_for_everybody(
    demo: Installation, chromium: Browser, portal: str, page: Page, mail: MailServer
) -> None:
    own = file(page, "Mohon rekap luas panen padi Baureno dan alasannya turun", "kartini@contoh.example")
    expect(page.get_by_text("Permohonan Anda terdaftar")).to_be_visible()
    number = page.get_by_role("heading", level=1).inner_text()
    (receipt,) = [one for one in letters(demo, mail) if number in one]
    assert receipt.startswith(f"Permohonan informasi {number}\n")
    assert re.search(r"/permohonan/lacak/\S+", receipt)[0] in own  # type: ignore[index]
    assert NIK not in receipt and NAME not in receipt

    desk = officer(demo, chromium, portal, Role.PPID_UTAMA)
    desk.goto("/kerja/permohonan")
    desk.get_by_role("link", name="Mohon rekap luas panen").click()
    assert NAME not in desk.content()
    desk.get_by_text("Teruskan ke perangkat daerah").click()
    desk.locator(f"#route input[value={agency(demo)}]").check()
    desk.locator("#route button").click()
    desk.get_by_text("Perpanjang waktu jawaban").click()
    desk.get_by_label("Penjelasan").fill("Menunggu rekap triwulan.")
    desk.locator("#extend button").click()
    expect(desk.get_by_text("diperpanjang", exact=True)).to_be_visible()

    there = officer(demo, chromium, portal, Role.PPID_PELAKSANA)
    there.goto("/kerja/permohonan")
    there.get_by_role("link", name="Mohon rekap luas panen").click()
    there.get_by_text("Kembalikan dengan usulan").click()
    there.get_by_label("Usulan jawaban").fill("Luas panen turun karena kekeringan.")
    there.locator("#return_from_opd button").click()

    desk.get_by_role("link", name="Permohonan informasi").first.click()
    desk.get_by_role("link", name="Mohon rekap luas panen").click()
    desk.get_by_role("link", name="Jawab permohonan").click()
    expect(desk.get_by_label("Jawaban", exact=True)).to_have_value("Luas panen turun karena kekeringan.")
    view = f"{portal}/dataset/luas-panen-produktivitas-dan-produksi-padi-menurut-kecamatan-2018-2024?kecamatan=Baureno"
    desk.get_by_label("Alamat, satu per baris").fill(view)
    desk.get_by_label("Diserahkan bersama jawaban ini").check()
    desk.get_by_role("button", name="Jawab, dan kirim suratnya").click()
    desk.wait_for_url(re.compile(r"/kerja/permohonan/\d+$"))
    told = letters(demo, mail)
    assert (
        len([one for one in told if "diperpanjang" in one or "sudah dijawab" in one or "kami perpanjang" in one]) == 2
    )

    page.goto(own)
    link = page.locator(".kip-answer a")
    assert re.search(r"/v/1\?kecamatan=Baureno$", str(link.get_attribute("href")))
    assert re.fullmatch(r"[0-9a-f]{64}", page.locator(".kip-answer code").inner_text())
    link.click()
    expect(page.get_by_role("link", name="Hapus: Kecamatan: Baureno")).to_be_visible()
    expect(page.get_by_text(re.compile(r"Baris 1–7 dari 7 yang ditemukan di antara 196")).first).to_be_visible()

    desk.get_by_role("link", name="Terbitkan").click()
    desk.get_by_label("Judul").fill("Luas panen padi di Baureno")
    desk.get_by_role("button", name="Terbitkan").click()
    desk.wait_for_url(re.compile(r"/kerja/permohonan/\d+$"))
    page.goto("/dataset?q=luas+panen+padi+Baureno")
    page.locator(".kip-found a").first.click()
    expect(page.get_by_text("Luas panen turun karena kekeringan.").first).to_be_visible()
    assert NAME not in page.content()


def test_from_a_refusal_to_the_commission(
    demo: Installation, chromium: Browser, portal: str, page: Page, mail: MailServer
) -> None:
    said = {"ground": "17.h", "information": "Data kesehatan perorangan", "document": "Rekam medis"}
    with demo.database.write() as session:
        calendar = load_calendar(session, desk_date(now()))
        test = exempting.propose(session, said, calendar, actor=MACHINE, at=now())
        exempting.approve(session, test.id, "1/KEP/2026", by="Bupati", actor=MACHINE, at=now())
    own = file(page, "Mohon data pasien puskesmas dengan diagnosisnya", "wulandari@contoh.example")
    desk = officer(demo, chromium, portal, Role.PPID_UTAMA)
    desk.goto("/kerja/permohonan")
    desk.get_by_role("link", name="Mohon data pasien").click()
    case = desk.url
    desk.get_by_role("link", name="Jawab permohonan").click()
    desk.get_by_label("Ditolak").check()
    desk.get_by_label("Data kesehatan perorangan").check()
    desk.get_by_label("Alasan dalam kata-kata").fill("Data kesehatan pribadi.")
    desk.get_by_role("button", name="Jawab, dan kirim suratnya").click()
    desk.wait_for_url(re.compile(r"/kerja/permohonan/\d+$"))

    page.goto(own)
    page.get_by_text("Ajukan keberatan").first.click()
    page.get_by_label("Permohonan ditolak dengan alasan pengecualian").check()
    page.get_by_label("Kasus posisi").fill("Saya minta angkanya saja.")
    page.locator("#keberatan button").click()
    expect(page.get_by_text("Keberatan diajukan")).to_be_visible()

    above = officer(demo, chromium, portal, Role.ATASAN_PPID)
    above.goto(case)
    above.get_by_text("Putus keberatan", exact=True).click()
    above.get_by_label("Keputusan").select_option("rejected")
    above.get_by_label("Pertimbangan").fill("Memang rahasia pribadi.")
    above.locator("#decide_objection button").click()
    expect(above.get_by_text("Keberatan diputus", exact=True)).to_be_visible()

    desk.goto(case)
    desk.get_by_text("Ada sengketa di Komisi Informasi").click()
    desk.get_by_label("Nomor registernya").fill("12/REG/KI-JATIM/2026")
    desk.locator("#refer_dispute button").click()
    expect(desk.get_by_role("link", name="Berkas untuk Komisi Informasi")).to_be_visible()
    told = "\n".join(letters(demo, mail))
    assert "sudah dijawab" in told and "sudah terdaftar" in told and "sudah diputus" in told
    assert NAME not in told and NIK not in told
