"""Readers are heard without an account: they rate, report and follow; stewards answer; letters end with one click."""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import urlencode

import build
import pytest
from accounts_pages import SECRET, Person, token_in
from flask import Flask
from flask.testing import FlaskClient
from peers.mail_server import MailServer
from sqlalchemy import delete, func, select
from werkzeug.test import TestResponse

from datasets.clock import now
from datasets.draft import Identity
from datasets.installation import Installation
from datasets.models import DataReport, Dataset, Follow, Mail, Organization, ReaderResponse, published
from datasets.publish import plan, publish
from datasets.response import news
from datasets.search import feed
from harvesters.runs.worker import Worker
from portal.accounts.keys import keyed_hash
from portal.policy import Role
from portal.response import traps

SignIn = Callable[..., Person]
ELSEWHERE = {"REMOTE_ADDR": "203.0.113.7"}


@pytest.fixture
def own(stocked: Installation) -> Dataset:
    """A dataset of the agency whose people have their roles there."""
    return of_agency(stocked, first=True)


def of_agency(here: Installation, *, first: bool) -> Dataset:
    with here.database.read() as session:
        order = Organization.id if first else Organization.id.desc()
        agency = session.scalars(select(Organization.id).order_by(order)).first()
        found = session.scalars(published().where(Dataset.organization_id == agency).order_by(Dataset.id)).first()
        assert found is not None
        return found


def begun(seconds: int = 30) -> str:
    moment = str(int(time.time()) - seconds)
    return f"{moment}.{keyed_hash(SECRET, 'form begun', moment)[:32]}"


def send(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    """Fill the form at `path` as a person does."""
    shown = client.get(path, environ_base=ELSEWHERE)
    assert shown.status_code == 200, path
    data = {"form_token": token_in(shown), traps.BEGUN: begun()} | fields
    return client.post(path, data=data, environ_base=ELSEWHERE)


def test_a_reader_rates_with_two_clicks_and_may_change_it(app: Flask, own: Dataset, stocked: Installation) -> None:
    reader = app.test_client()
    page = reader.get(f"/dataset/{own.slug}")
    tag = page.headers["ETag"]
    link = re.search(r'href="(/tanggapan/[^"]*nilai=tidak_puas)"', page.text)
    assert link is not None
    assert 'value="tidak_puas" checked' in reader.get(link[1]).text
    assert send(reader, f"/tanggapan/{own.slug}", rating="tidak_puas", comment="Satuan?").status_code == 303
    assert send(reader, f"/tanggapan/{own.slug}", rating="puas", comment="").status_code == 303
    page = reader.get(f"/dataset/{own.slug}", headers={"If-None-Match": tag})
    assert page.status_code == 200, "the page that a reader keeps has changed"
    assert "1 penilaian" in page.text
    assert "%)" not in page.text.partition('id="tanggapan"')[2], "one is too few for a share"
    with stocked.database.read() as session:
        (row,) = session.scalars(select(ReaderResponse))
        kept = reader.get_cookie("lumbung_reader")
        assert kept is not None
        assert kept.value not in row.voter
    assert reader.get(f"/dataset/{own.slug}").headers.get("Set-Cookie") is None


def test_programs_crowds_and_other_sites_are_kept_out(app: Flask, own: Dataset, stocked: Installation) -> None:
    path = f"/tanggapan/{own.slug}"
    ahead = begun(-3600)  # sent an hour before it was given out: too fast, however slow this machine is
    for spoilt in ({traps.BEGUN: ahead}, {traps.BEGUN: begun(90_000)}, {traps.EMPTY: "x"}, {traps.BEGUN: "1.x"}):
        assert send(app.test_client(), path, rating="puas", **spoilt).status_code == 422
    assert app.test_client().post(path, data={"rating": "puas", traps.BEGUN: begun()}).status_code == 400
    foreign = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    assert app.test_client().post(path, data={"rating": "puas"}, headers=foreign).status_code == 400
    assert send(app.test_client(), path, rating="luar biasa").status_code == 422
    personal = send(app.test_client(), path, rating="puas", comment="NIK 3522151708900001")
    assert personal.status_code == 422
    assert "NIK atau nomor kartu keluarga" in personal.text
    codes = [send(app.test_client(), path, rating="puas").status_code for _ in range(22)]
    assert codes == [303] * 20 + [429] * 2
    with stocked.database.read() as session:
        assert session.scalar(select(func.count()).select_from(ReaderResponse)) == 20
    dump = b"".join(part.read_bytes() for part in stocked.settings.home.glob("catalog.sqlite*"))
    assert b"203.0.113" not in dump, "no address is kept"


def test_a_comment_is_public_once_a_steward_of_that_agency_has_read_it(
    app: Flask, own: Dataset, stocked: Installation, signed_in: SignIn
) -> None:
    reader, steward = app.test_client(), signed_in(Role.STEWARD)
    send(reader, f"/tanggapan/{own.slug}", rating="puas", comment="Mohon tahun 2024.\r\n<b>Terima kasih</b>")
    theirs = of_agency(stocked, first=False)
    send(reader, f"/tanggapan/{theirs.slug}", rating="puas", comment="Bukan urusan dinas ini.")
    assert "Mohon tahun 2024" not in reader.get(f"/dataset/{own.slug}").text
    queue = steward.get("/kerja/tanggapan")
    assert "Mohon tahun 2024" in queue.text
    assert "Bukan urusan" not in queue.text
    with stocked.database.read() as session:
        rows = {row.dataset_id: row for row in session.scalars(select(ReaderResponse))}
    mine, other = rows[own.id], rows[theirs.id]
    words = mine.comment.replace("\n", "\r\n")
    assert steward.post(f"/kerja/tanggapan/{other.id}", words=other.comment, verb="show").status_code == 403
    assert steward.post(f"/kerja/tanggapan/{mine.id}", words=words, verb="show").status_code == 303
    page = reader.get(f"/dataset/{own.slug}").text
    assert "Mohon tahun 2024.\n&lt;b&gt;Terima kasih" in page.replace("\r\n", "\n")


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as running:
        yield running


def letters(here: Installation, server: MailServer) -> list[tuple[str, str]]:
    """All that is delivered now: recipient and text."""
    here.settings = replace(here.settings, smtp_url=server.url, mail_from="Satu Data <data@contoh.go.id>")
    server.got.clear()
    Worker(here, stop=threading.Event()).run(once=True)
    return [(str(letter["to"]), str(letter.get_content())) for letter in server.got]


def test_a_report_reaches_the_steward_and_its_answer_everybody(
    app: Flask, own: Dataset, stocked: Installation, signed_in: SignIn, server: MailServer
) -> None:
    reader, steward, custodian = app.test_client(), signed_in(Role.STEWARD), signed_in(Role.CUSTODIAN)
    where = f"/lapor/{own.slug}?tabel=Penduduk&kolom=2023&baris=Kapas"
    assert 'value="Kapas"' in reader.get(where).text
    assert send(reader, f"/lapor/{own.slug}", text="salah").status_code == 422
    report = {"text": "Angka Kapas sepuluh kali lipat.", "table": "Penduduk", "column": "2023", "row": "Kapas"}
    assert send(reader, f"/lapor/{own.slug}", **report, email="bukan alamat").status_code == 422
    assert send(reader, f"/lapor/{own.slug}", **report, email="warga@contoh.example").status_code == 303
    ((to, text),) = letters(stocked, server)
    assert to == "pengelola@kantor.example"
    assert "Baris: Kapas" in text
    assert "warga@" not in text
    link = re.search(r"/kerja/laporan/\d+", text)
    assert link is not None
    assert "warga@" not in steward.get(link[0]).text
    page = reader.get(f"/dataset/{own.slug}").text
    assert "1 laporan menunggu jawaban" in page
    assert "sepuluh kali lipat" not in page
    assert steward.post(link[0], verb="answer", summary="x", answer="").status_code == 422
    said = {"summary": "Angka Kapas sepuluh kali lipat.", "answer": "Benar, koma hilang. Versi 2 memperbaikinya."}
    assert steward.post(link[0], verb="answer", **said).status_code == 303
    assert custodian.post(link[0], verb="answer", **said).status_code == 409
    ((to, text),) = letters(stocked, server)
    assert to == "warga@contoh.example"
    assert "koma hilang" in text
    page = reader.get(f"/dataset/{own.slug}").text
    assert "koma hilang" in page
    assert "pengelola@" not in page
    with stocked.database.read() as session:
        assert session.scalars(select(DataReport.contact)).all() == [None]
    assert "Laporan masalah dijawab" in reader.get("/jurnal").text


def test_an_agency_without_a_steward_is_written_to_at_its_office_and_then_the_walidata(
    app: Flask, stocked: Installation, server: MailServer
) -> None:
    theirs = of_agency(stocked, first=False)
    send(app.test_client(), f"/lapor/{theirs.slug}", text="Kolom tahun kosong semua.")
    assert [to for to, _ in letters(stocked, server)] == ["walidata@kantor.example"]
    with stocked.database.write() as session:
        session.get_one(Organization, theirs.organization_id).email = "data@disdik.contoh.go.id"
    send(app.test_client(), f"/lapor/{theirs.slug}", text="Kolom tahun masih kosong.")
    assert [to for to, _ in letters(stocked, server)] == ["data@disdik.contoh.go.id"]


def new_version(here: Installation, dataset: Dataset, rows: str) -> None:
    with here.database.write() as session:
        row = session.get_one(Dataset, dataset.id)
        agency = session.get_one(Organization, row.organization_id)
        owner = build.OrganizationDraft(slug=agency.slug, title=agency.title)
        place = plan(session, Identity(row.source_id, str(row.remote_key)), title=row.title)
        publish(session, build.a_draft(place, here.blobs, rows, title=row.title, organization=owner), at=now())
    feed.drain(here.database, here.search)


def test_who_follows_hears_of_new_versions_once_a_day_until_one_click_ends_it(
    app: Flask, own: Dataset, stocked: Installation, server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    reader, to = app.test_client(), "sri@warga.example"
    with stocked.database.read() as session:
        agency = session.get_one(Organization, own.organization_id).slug
    for where in (f"dataset={own.slug}", f"opd={agency}", "q=puskesmas", "q=puskesmas"):
        answer = send(reader, f"/ikuti?{where}", email=to)
        assert "Periksa surel Anda" in answer.text
    new_version(stocked, own, "a,b\n0,0\n")
    assert news.write(stocked) == 0, "nobody has confirmed"
    sent = letters(stocked, server)
    assert {address for address, _ in sent} == {to}
    tokens = [re.search(r"/ikuti/konfirmasi/\S+", text) for _, text in sent]
    assert len(tokens) == 3, "at most three letters an hour to one address"
    for token in tokens:
        assert token is not None
        shown = reader.get(token[0])
        assert "Ya, kabari saya" in shown.text, "looking at a link confirms nothing"
        assert reader.post(token[0], data={"form_token": token_in(shown)}).status_code == 303
    assert news.write(stocked) == 0, "what was there before is no news"
    new_version(stocked, own, "a,b\n1,2\n")
    new_version(stocked, own, "a,b\n1,3\n")
    new_version(stocked, of_agency(stocked, first=False), "a,b\n1,2\n")
    assert news.write(stocked) == 1
    assert news.write(stocked) == 0
    ((address, text),) = letters(stocked, server)
    (letter,) = server.got
    assert address == to
    assert text.count(own.title) == 2, "once as news, once where it is stopped: three reasons make one letter"
    assert "/dataset/" + own.slug in text
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    found = re.fullmatch(r"<http://[^/]+(/ikuti/berhenti-semua/\S+)>", letter["List-Unsubscribe"])
    assert found is not None
    single = re.search(r"/ikuti/berhenti/\S+", text)
    assert single is not None
    assert "Ya, hentikan" in app.test_client().get(single[0]).text
    with stocked.database.read() as session:
        assert len(session.scalars(select(Follow)).all()) == 3
    assert app.test_client().post(single[0]).status_code == 200
    with stocked.database.read() as session:
        assert len(session.scalars(select(Follow)).all()) == 2
    one_click = app.test_client().post(found[1], data={"List-Unsubscribe": "One-Click"})
    assert "alamat Anda telah dihapus" in one_click.text
    assert app.test_client().post(found[1]).status_code == 200, "a second click is no fault"
    with stocked.database.read() as session:
        assert session.scalars(select(Follow)).all() == []
        assert session.scalars(select(Mail).where(Mail.address == to)).all() == []
    new_version(stocked, own, "a,b\n1,4\n")
    assert news.write(stocked) == 0
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("mail.")]
    assert not any(to in line for line in ours), "an address stands in no log; mail.* is the other side's server"


def test_words_of_a_search_carry_nobodys_advertisement_to_a_stranger(app: Flask, stocked: Installation) -> None:
    for words in ("murah https://toko.example", "lihat toko.com/promo", "www.toko", "tulis ke jual@toko.example"):
        path = f"/ikuti?{urlencode({'q': words})}"
        assert send(app.test_client(), path, email="sri@warga.example").status_code == 422, words
    assert send(app.test_client(), "/ikuti?q=dana+desa+2023", email="sri@warga.example").status_code == 200
    with stocked.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Mail)) == 1


def test_a_false_link_does_nothing_and_tells_nothing(app: Flask, own: Dataset, stocked: Installation) -> None:
    browser = app.test_client()
    send(browser, f"/ikuti?dataset={own.slug}", email="sri@warga.example")
    with stocked.database.write() as session:
        number = session.scalars(select(Follow.id)).one()
        session.execute(delete(Mail))
    for token in (f"{number}-{'0' * 40}", f"{number}", "x", "9" * 30, f"{number}-\udce9"):
        path = f"/ikuti/konfirmasi/{token}".encode("utf-8", "replace").decode()
        assert browser.get(path).status_code == 404
        answer = browser.post(path.replace("konfirmasi", "berhenti"))
        assert answer.status_code in (200, 404)
    with stocked.database.read() as session:
        assert session.scalars(select(Follow.id)).all() == [number]
    assert browser.get("/ikuti?dataset=tidak-ada").status_code == browser.get("/ikuti").status_code == 404
