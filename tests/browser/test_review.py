"""The whole road in a real browser: steward, custodian, public; a return mended; an hour; and all of it by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from datasets.clock import now
from datasets.installation import Installation
from datasets.models import Organization
from datasets.settings import Settings
from portal.accounts import people, sessions
from portal.accounts.sessions import Device
from portal.policy import Actor, Grant, Role
from portal.review import releasing

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture(scope="module")
def demo(demo_home: Path) -> Iterator[Installation]:
    """The demo's installation, as the portal that is served has it."""
    made = Installation(Settings(home=demo_home))
    yield made
    made.close()


@pytest.fixture(scope="module")
def desks(demo: Installation, chromium: Browser, portal: str) -> Iterator[tuple[Page, Page, Page]]:
    """A steward of the first agency, the custodian, and somebody of the public: each in a browser of their own."""
    pages = []
    for name, role in (("dewi", Role.STEWARD), ("walidata", Role.CUSTODIAN), ("", None)):
        context = chromium.new_context(base_url=portal, viewport={"width": 1280, "height": 900}, locale="id-ID")
        if role is not None:
            with demo.database.write() as session:
                address = f"{name}.meja@kantor.example"  # people of other rooms share this home
                user = people.find_user(session, address) or people.add_user(
                    session, email=address, name=name, at=now(), actor=Actor(email="tests")
                )
                first = session.scalars(select(Organization.id).order_by(Organization.id)).first()
                grants = [Grant(role, first if role is Role.STEWARD else None)]
                people.set_grants(session, user, grants, at=now(), actor=Actor(email="tests"))
                secret = sessions.open_session(session, user, Device("Chromium", ""), at=now(), factor=True)
            context.add_cookies([{"name": "lumbung_session", "value": secret, "url": portal}])
        pages.append(context.new_page())
    yield pages[0], pages[1], pages[2]
    for page in pages:
        page.context.close()


def tab_to(page: Page, words: str) -> None:
    """Press Tab until what has the focus is called so."""
    said = "(e => (e.labels?.[0] ?? e).textContent.trim() + ' ' + (e.getAttribute('aria-label') ?? ''))"
    for _ in range(220):
        page.keyboard.press("Tab")
        if words in page.evaluate(f"{said}(document.activeElement)"):
            return
    raise AssertionError(f"nothing called “{words}” can be reached")


def hand_in(page: Page, title: str, path: Path) -> int:
    """A file handed in and submitted; the draft's number."""
    page.goto("/kerja/draf/baru")
    page.fill("#title", title)
    page.keyboard.press("Enter")
    page.wait_for_url("**/berkas")
    page.set_input_files("#file", path)
    page.get_by_role("button", name="Unggah dan baca").click()
    page.wait_for_url("**/bacaan")
    submit(page, int(page.url.split("/")[-2]))
    return int(page.url.rsplit("/", 1)[-1])


def submit(page: Page, number: int) -> None:
    page.goto(f"/kerja/draf/{number}/periksa")
    page.check("#sure")
    page.get_by_role("button", name="Ajukan ke peninjau").click()
    page.wait_for_url(f"**/draf/{number}")


def test_a_messy_workbook_goes_from_its_steward_over_the_custodian_to_the_public(
    desks: tuple[Page, Page, Page], shared_data: Path
) -> None:
    steward, custodian, public = desks
    book = shared_data / "xlsx" / "jateng_penduduk_triwulanan.xlsx"
    number = hand_in(steward, "Penduduk Triwulanan Contoh", book)

    custodian.goto("/kerja")
    tab_to(custodian, "Antrean")
    custodian.keyboard.press("Enter")
    custodian.wait_for_url("**/antrean")
    tab_to(custodian, "Penduduk Triwulanan Contoh")
    tab_to(custodian, "Penduduk Triwulanan Contoh")  # the box first, then the link
    custodian.keyboard.press("Enter")
    custodian.wait_for_url(f"**/tinjau/{number}")
    tab_to(custodian, "Catatan Judul")
    custodian.keyboard.press("Enter")
    tab_to(custodian, "Catatan untuk Judul")
    custodian.keyboard.type("Sebut Jawa Tengah.")
    tab_to(custodian, "Secara keseluruhan")
    custodian.keyboard.type("Selebihnya baik.")
    tab_to(custodian, "Kembalikan")
    custodian.keyboard.press("Enter")
    expect(custodian.locator(".badge").first).to_contain_text("Dikembalikan")

    steward.goto(f"/kerja/draf/{number}")
    steward.get_by_role("link", name="Judul").click()
    expect(steward.locator(".wb-comment")).to_contain_text("Sebut Jawa Tengah.")
    steward.fill("#title", "Penduduk Jawa Tengah Triwulanan Contoh")
    steward.get_by_role("button", name="Simpan dan lanjut").click()
    steward.wait_for_url("**/periksa")
    submit(steward, number)

    custodian.goto(f"/kerja/tinjau/{number}")
    tab_to(custodian, "Terbitkan sekarang")
    tab_to(custodian, "Setujui")
    custodian.keyboard.press("Enter")
    expect(custodian.locator(".badge").first).to_contain_text("Terbit")
    public.goto("/dataset?q=triwulanan+contoh")
    public.get_by_role("link", name="Penduduk Jawa Tengah Triwulanan Contoh").first.click()
    expect(public.locator("h1")).to_have_text("Penduduk Jawa Tengah Triwulanan Contoh")
    expect(public.locator(".score-sum")).to_contain_text("dari 100")


def test_at_its_hour_the_public_sees_it_and_before_only_the_calendar(
    desks: tuple[Page, Page, Page], demo: Installation, tmp_path: Path
) -> None:
    steward, custodian, public = desks
    path = tmp_path / "inflasi.csv"
    path.write_text("bulan,inflasi\n2026-09,0.12\n2026-10,0.2\n2026-11,0.31\n")
    number = hand_in(steward, "Inflasi di Bawah Embargo", path)
    due = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(days=3)
    custodian.goto(f"/kerja/tinjau/{number}")
    custodian.get_by_label("Terbitkan pada waktunya").check()
    custodian.fill("#due", f"{due + timedelta(hours=7):%Y-%m-%dT%H:%M}")
    custodian.get_by_role("button", name="Setujui").click()
    expect(custodian.locator(".notice-good").first).to_contain_text("Terbit sendiri pada")
    steward.goto(f"/kerja/draf/{number}")
    expect(steward.locator(".notice-good")).to_contain_text("Terbit sendiri pada")

    public.goto("/jadwal-rilis")
    expect(public.locator(f"#draf-{number}")).to_contain_text("Inflasi di Bawah Embargo")
    expect(public.locator(f"#draf-{number} a")).to_have_count(1)
    assert public.goto("/dataset/inflasi-di-bawah-embargo").status == 404
    releasing.release_due(demo, at=due)
    assert public.goto("/dataset/inflasi-di-bawah-embargo").status == 200
    public.goto("/jadwal-rilis")
    expect(public.locator(f"#draf-{number}")).to_contain_text("terbit")


def test_a_withdrawal_leaves_its_reason_and_can_be_taken_back(desks: tuple[Page, Page, Page]) -> None:
    _steward, custodian, public = desks
    custodian.goto("/kerja/dataset?q=jembatan")
    custodian.locator(".rv-name a").first.click()
    custodian.fill("#reason", "Titik koordinatnya keliru.")
    custodian.get_by_role("button", name="Tarik dataset ini").click()
    address = custodian.get_by_role("link", name="Yang dilihat masyarakat").get_attribute("href") or ""
    assert public.goto(address).status == 410
    expect(public.locator(".notice-warn")).to_contain_text("Titik koordinatnya keliru.")
    custodian.get_by_role("button", name="Buka kembali untuk umum").click()
    expect(custodian.locator(".badge").first).to_contain_text("Terbuka untuk umum")
    assert public.goto(address).status == 200
