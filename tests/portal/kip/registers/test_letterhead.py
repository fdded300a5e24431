"""The emblem of the letterhead stays on the letters that were sent with it, whatever is set later."""

from __future__ import annotations

import io
from datetime import date

import desk_records
import pypdfium2
import pytest
from desk_letters import emblem as picture
from desk_letters import words_of
from sqlalchemy import select

from datasets import kept
from datasets.clock import now
from portal.kip.letters.pdf import letter_pdf
from portal.kip.models import KipExemption, KipLetter
from portal.kip.sealing import keyring
from portal.kip.store import emblem, letters

PAGE = "/kerja/permohonan/pengaturan"
HEAD = {"what": "letterhead", "body": "Pemerintah Kabupaten Contoh", "place": "Contoh", "ppid_name": "Dewi Contoh"}


def test_letters_keep_the_emblem_that_they_were_sent_with(records) -> None:
    here = records.here
    with_emblem = HEAD | {"logo": (io.BytesIO(picture()), "lambang.png")}
    assert records.ppid.post(PAGE, page=PAGE, **with_emblem).status_code == 303
    assert records.ppid.post(PAGE, page=PAGE, **HEAD).status_code == 303
    with here.database.read() as session:
        assert emblem.letterhead(session, "x").logo == picture(), "no picture was sent: the one there stays"
    before = _newest(here)
    desk_records.work(here)
    sent = _newest(here)
    pdf = _pdf(here, sent)
    assert _pictures(pdf) == 1 and sent != before
    assert records.ppid.post(PAGE, page=PAGE, **HEAD, no_logo="1").status_code == 303
    with here.database.read() as session:
        assert emblem.letterhead(session, "x").logo == b""
    assert _pdf(here, sent) == pdf, "byte for byte"
    assert _pictures(_pdf(here, before)) == 0
    address = f"/kerja/permohonan/{_case(here, sent)}/surat/{sent}"
    assert records.ppid.get(address).data == pdf
    assert "data:image/png" in records.ppid.get(f"{address}?html=1").text


def test_a_consequence_test_has_its_letter_under_the_letterhead(records) -> None:
    said = {"place": "Bojonegoro", "ground": "17.j", "article": "UU 24/2013 Pasal 84", "document": "Daftar penerima"}
    said |= {"consequence_if_open": "x", "consequence_if_closed": "y", "participants": "Bagian Hukum\nDinas Sosial"}
    with records.here.database.write() as session:
        row = KipExemption(
            number="7/UK/2026", information="Alamat penerima", at=now(), by="t", decided_on=date(2026, 7, 6), **said
        )
        session.add(row)
        session.flush()
        address = f"/kerja/uji-konsekuensi/{row.id}/surat"
    text = words_of(records.agency.get(address).data)
    for told in (
        "7/UK/2026",
        "Alamat penerima",
        "Pasal 17 huruf j",
        "UU 24/2013 Pasal 84",
        "2. Dinas Sosial",
        "Menyetujui",
    ):
        assert told in text, told
    assert records.ppid.get(address).data == records.agency.get(address).data
    assert records.ppid.get("/kerja/uji-konsekuensi/99999/surat").status_code == 404


def test_what_is_no_picture_or_too_large_is_refused_with_words(records) -> None:
    answer = records.ppid.post(PAGE, page=PAGE, **HEAD, logo=(io.BytesIO(b"<svg/>"), "x.svg"))
    assert answer.status_code == 422 and "PNG" in answer.text
    with records.here.database.write() as session, pytest.raises(emblem.EmblemTooLarge):
        emblem.keep(session, picture() + b"\x00" * emblem.LARGEST, by="tests", at=now())


def _newest(here) -> int:
    with here.database.read() as session:
        return session.scalars(select(KipLetter.id).order_by(KipLetter.id.desc())).first()


def _case(here, letter: int) -> int:
    with here.database.read() as session:
        return session.get_one(KipLetter, letter).case_id


def _pdf(here, letter: int) -> bytes:
    with here.database.read() as session:
        row = session.get_one(KipLetter, letter)
        facts, head = letters.read(session, keyring(here.settings), row)
    return letter_pdf(row.kind, facts, head, row.layout)


def _pictures(pdf: bytes) -> int:
    document = pypdfium2.PdfDocument(pdf)
    found = sum(1 for piece in document[0].get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]))
    document.close()
    return found


def test_the_desk_writes_where_an_administrator_does(records) -> None:
    assert records.ppid.post(PAGE, page=PAGE, **HEAD).status_code == 303
    with records.here.database.read() as session:
        assert kept.value(session, kept.OFFICE)["ppid"] == {"name": "Dewi Contoh"}
        assert emblem.letterhead(session, "x").ppid.post == "PPID"
    with records.here.database.write() as session:
        emblem.change_letterhead(session, {"address": "Jalan Contoh 1"}, at=now())
    assert "Jalan Contoh 1" in records.ppid.get(PAGE).text
