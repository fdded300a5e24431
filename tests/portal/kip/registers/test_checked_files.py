"""No file of an answer leaves unseen: what it gives away is pointed at, and a cleaned copy is one button away."""

from __future__ import annotations

import io
import re
from pathlib import Path

import openpyxl
from giving_away import CANARIES, workbook
from sqlalchemy import select

from portal.kip.models import KipAttachment, KipCase


def test_a_file_that_gives_something_away_is_sent_cleaned_or_knowingly(records, tmp_path: Path) -> None:
    case = records.cases[3]
    workbook(tmp_path / "buku.xlsx")
    address, page = f"/kerja/permohonan/{case}/berkas", f"/kerja/permohonan/{case}"
    sent = io.BytesIO((tmp_path / "buku.xlsx").read_bytes())
    assert records.ppid.post(address, page=page, file=(sent, "Penerima.xlsx")).status_code == 303
    paper = _papers(records)[0]
    answer = {"decision": "granted", "format": "soft", "answer": "Terlampir.", "file": str(paper.id)}
    refused = records.ppid.post(f"{page}/jawab", page=f"{page}/jawab", **answer)
    assert refused.status_code == 422 and "Penerima.xlsx" in refused.text
    assert f'name="allowed" value="{paper.id}"' in refused.text, "the officer may say that it is right"
    assert _state(records, case) == "in_process" or _state(records, case) == "received"

    told = records.ppid.get(f"{address}/{paper.id}/periksa")
    assert "Gaji" in told.text and "tersembunyi" in told.text
    assert [canary for canary in CANARIES if canary in re.sub(r"<[^>]+>", "", told.text)] == []
    made = records.ppid.post(f"{address}/{paper.id}/bersihkan", page=f"{address}/{paper.id}/periksa")
    copy = _papers(records)[1]
    assert made.location.endswith(f"/{copy.id}/periksa") and copy.name == "Penerima-bersih.xlsx"
    assert copy.cleaned_from == paper.id and copy.sha256 != paper.sha256
    book = openpyxl.load_workbook(io.BytesIO(records.here.blobs.path(copy.blob).read_bytes()))
    assert book.sheetnames == ["Penerima"]

    done = records.ppid.post(f"{page}/jawab", page=f"{page}/jawab", **{**answer, "file": str(copy.id)})
    assert done.status_code == 303 and _state(records, case) in ("answered", "closed")
    assert [one.sent for one in _papers(records)] == [False, True]


def test_a_file_that_is_known_to_be_right_may_be_sent_as_it_is(records, tmp_path: Path) -> None:
    case, page = records.cases[2], f"/kerja/permohonan/{records.cases[2]}"
    workbook(tmp_path / "buku.xlsx")
    sent = io.BytesIO((tmp_path / "buku.xlsx").read_bytes())
    records.ppid.post(f"{page}/berkas", page=page, file=(sent, "Boleh.xlsx"))
    paper = next(one for one in _papers(records) if one.case_id == case)
    from portal.kip.work import checking

    looked = checking.look(records.here, paper)
    checking.must_not_give_away(records.here, [paper], [paper.id])
    assert not looked.safe and checking.look(records.here, paper) == looked, "remembered as it was found"


def _papers(records) -> list[KipAttachment]:
    with records.here.database.read() as session:
        return list(
            session.scalars(select(KipAttachment).where(KipAttachment.kind == "answer").order_by(KipAttachment.id))
        )


def _state(records, case: int) -> str:
    with records.here.database.read() as session:
        return session.get_one(KipCase, case).state
