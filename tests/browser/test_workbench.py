"""A steward's road in a real browser without a mouse: a messy workbook handed in, put right, described, submitted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from messy_book import messy_book
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from datasets import drafts
from datasets.clock import now
from datasets.installation import Installation
from datasets.models import DeskDraft, DeskState, Organization
from datasets.settings import Settings
from portal.accounts import people, sessions
from portal.accounts.sessions import Device
from portal.policy import Actor, Grant, Role

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture(scope="module")
def demo(demo_home: Path) -> Iterator[Installation]:
    """The demo's installation, as the portal that is served has it."""
    made = Installation(Settings(home=demo_home))
    yield made
    made.close()


def steward(demo: Installation, chromium: Browser, portal: str, name: str) -> Page:
    """A page of somebody who hands in data of the first agency, signed in."""
    with demo.database.write() as session:
        user = people.find_user(session, f"{name}@kantor.example") or people.add_user(
            session, email=f"{name}@kantor.example", name=name, at=now(), actor=Actor(email="tests")
        )
        agency = session.scalars(select(Organization.id).order_by(Organization.id)).first()
        people.set_grants(session, user, [Grant(Role.STEWARD, agency)], at=now(), actor=Actor(email="tests"))
        secret = sessions.open_session(session, user, Device("Chromium", ""), at=now(), factor=True)
    context = chromium.new_context(base_url=portal, viewport={"width": 1280, "height": 900}, locale="id-ID")
    context.add_cookies([{"name": "lumbung_session", "value": secret, "url": portal}])
    return context.new_page()


def tab_to(page: Page, words: str) -> None:
    """Press Tab until what has the focus is called so."""
    said = "(e => (e.labels?.[0] ?? e).textContent.trim() + ' ' + (e.getAttribute('aria-label') ?? ''))"
    for _ in range(150):
        page.keyboard.press("Tab")
        if words in page.evaluate(f"{said}(document.activeElement)"):
            return
    raise AssertionError(f"nothing called “{words}” can be reached")


def test_the_road_of_a_steward_needs_no_mouse(
    demo: Installation, chromium: Browser, portal: str, tmp_path: Path
) -> None:
    page = steward(demo, chromium, portal, "ani")
    page.goto("/kerja/draf")
    tab_to(page, "Serahkan data")
    page.keyboard.press("Enter")
    page.wait_for_url("**/draf/baru")
    tab_to(page, "Judul")
    page.keyboard.type("Kunjungan Puskesmas")
    page.keyboard.press("Enter")
    page.wait_for_url("**/berkas")
    tab_to(page, "Pilih berkas")
    page.set_input_files("input[type=file]:focus", messy_book(tmp_path / "kunjungan.xlsx"))  # the system's own dialog
    tab_to(page, "Unggah dan baca")
    page.keyboard.press("Enter")
    page.wait_for_url("**/bacaan")
    expect(page.locator(".wb-header th")).to_contain_text("3")
    tab_to(page, "bukan angka")
    page.keyboard.press("Enter")
    expect(page.locator("tr:target .odd")).to_have_text("belum lapor")

    tab_to(page, "Baris judul kolom")
    page.keyboard.type("3")
    tab_to(page, "Tanda “tidak ada nilai”")
    page.keyboard.type("belum lapor")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator(".wb-remarks")).to_have_count(0)
    tab_to(page, "Sudah benar, lanjut")
    page.keyboard.press("Enter")
    page.wait_for_url("**/keterangan")
    tab_to(page, "Ringkasan")
    page.keyboard.type("Kunjungan menurut kecamatan.")
    expect(page.locator("[data-saved]")).to_contain_text("Tersimpan")
    number = int(page.url.split("/")[-2])

    other = steward(demo, chromium, portal, "budi")
    other.goto(page.url)
    expect(other.get_by_role("status").first).to_contain_text("ani@kantor.example")
    other.fill("#keywords", "kesehatan")
    other.keyboard.press("Enter")
    other.wait_for_url(f"**/draf/{number}")
    other.context.close()

    tab_to(page, "Simpan dan lanjut")
    page.keyboard.press("Enter")
    expect(page.locator("[data-autosave]")).to_be_visible()
    page.goto(f"/kerja/draf/{number}/periksa")
    tab_to(page, "boleh diterbitkan")
    page.keyboard.press("Space")
    tab_to(page, "Ajukan ke peninjau")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/draf/{number}")
    page.context.close()
    with demo.database.read() as session:
        draft = session.get_one(DeskDraft, number)
        assert draft.state is DeskState.SUBMITTED
        assert (draft.about["description"], draft.about["keywords"]) == ("Kunjungan menurut kecamatan.", ["kesehatan"])
        prepared = drafts.prepared_of(drafts.get_draft(session, number, whole=True))
    assert prepared is not None and prepared.resources[0].rows == 11


def test_a_workbook_of_an_office_goes_the_same_road(
    demo: Installation, chromium: Browser, portal: str, shared_data: Path
) -> None:
    page = steward(demo, chromium, portal, "ani")
    page.goto("/kerja/draf/baru")
    page.fill("#title", "Penduduk Jawa Tengah per Triwulan")
    page.keyboard.press("Enter")
    page.wait_for_url("**/berkas")
    page.set_input_files("#file", shared_data / "xlsx" / "jateng_penduduk_triwulanan.xlsx")
    page.get_by_role("button", name="Unggah dan baca").click()
    page.wait_for_url("**/bacaan")
    expect(page.locator(".wb-header")).to_have_count(2)
    page.goto(page.url.replace("bacaan", "periksa"))
    page.check("#sure")
    page.get_by_role("button", name="Ajukan ke peninjau").click()
    expect(page.locator(".lead")).to_contain_text("Di tangan peninjau")
    page.context.close()
