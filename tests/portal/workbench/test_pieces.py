"""Uploads in pieces: they go on where they stopped, keep to their owner, and know the portal's limit."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from accounts_pages import token_in

from datasets import jobs
from portal.workbench import checking

if TYPE_CHECKING:
    Bench = Any

CONTENT = b"desa,jumlah\n" + b"".join(b"Desa %d,%d\n" % (at, at * 3) for at in range(5_000))


def test_a_broken_upload_goes_on_where_it_stopped(bench: Bench) -> None:
    number = bench.begin(bench.ani, "Besar")
    client = bench.ani.client
    headers = {"X-Form-Token": token_in(bench.ani.get(f"/kerja/draf/{number}/berkas"))}
    told = {"filename": "besar.csv", "size": str(len(CONTENT))}
    begun = client.post(f"/kerja/draf/{number}/unggah", data=told, headers=headers)
    where = begun.headers["Location"]
    assert begun.status_code == 201
    first = client.patch(where, data=CONTENT[:30_000], headers=headers | {"Upload-Offset": "0"})
    assert (first.status_code, first.headers["Upload-Offset"]) == (204, "30000")
    assert client.head(where).headers["Upload-Offset"] == "30000"
    again = client.patch(where, data=CONTENT[:30_000], headers=headers | {"Upload-Offset": "0"})
    assert (again.status_code, again.headers["Upload-Offset"]) == (409, "30000"), "nothing is written twice"
    early = client.post(where, data={"revision": "1"}, headers=headers)
    assert early.status_code == 409 and early.json["error"]
    assert client.patch(where, data=CONTENT[30_000:], headers={"Upload-Offset": "30000"}).status_code == 400, "forged"
    assert bench.budi.get(where).status_code == 404, "another person's upload is unknown"
    client.patch(where, data=CONTENT[30_000:], headers=headers | {"Upload-Offset": "30000"})
    done = client.post(where, data={"revision": "1"}, headers=headers)
    assert done.json["next"].endswith(f"/kerja/draf/{number}/bacaan")
    draft = bench.draft(number)
    assert draft.seen["tables"][0]["rows"] == 5_000
    assert bench.here.blobs.path(draft.files[0]["sha256"]).read_bytes() == CONTENT
    assert client.get(where).status_code == 404, "nothing of it is left on the way"


def test_what_is_too_large_is_refused_before_it_is_sent(bench: Bench) -> None:
    number = bench.begin(bench.ani, "Terlalu besar")
    headers = {"X-Form-Token": token_in(bench.ani.get(f"/kerja/draf/{number}/berkas"))}
    told = {"filename": "x.csv", "size": str(5 * 1024 * 1024)}
    answer = bench.ani.client.post(f"/kerja/draf/{number}/unggah", data=told, headers=headers)
    assert answer.status_code == 413 and "4 MB" in answer.json["error"]


def test_a_large_file_is_checked_by_the_worker_while_the_page_waits(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "LARGE", 1_000)
    (tmp_path / "besar.csv").write_bytes(CONTENT)
    number = bench.begin(bench.ani, "Besar sekali")
    bench.upload(bench.ani, number, tmp_path / "besar.csv")
    page = f"/kerja/draf/{number}/periksa"
    for _ in range(2):
        waiting = bench.ani.get(page)
        assert 'data-progress-page="going"' in waiting.text and "Ajukan" not in bench.form_of(waiting)
        assert bench.draft(number).prepared is None
    with bench.here.database.write() as session:
        taken = jobs.take(session, [checking.CHECK], "pekerja", seconds=60)
    assert taken is not None and taken.subject == str(number)
    settle = checking.DUTY.do(bench.here, taken, threading.Event())
    with bench.here.database.write() as session:
        settle(session, taken)
    assert "going" not in bench.ani.get(page).text
    assert bench.send(bench.ani, number, "periksa", sure="1").status_code == 303


def test_why_a_large_file_cannot_be_submitted_is_said_until_the_draft_is_changed(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "LARGE", 5)
    (tmp_path / "rusak.xlsx").write_bytes(b"PK\x03\x04 tidak utuh")
    number = bench.begin(bench.ani, "Buku kerja rusak")
    bench.upload(bench.ani, number, tmp_path / "rusak.xlsx")
    page = f"/kerja/draf/{number}/periksa"
    assert 'data-progress-page="going"' in bench.ani.get(page).text
    checking.run(bench.here, number)
    told = bench.ani.get(page).text
    assert "Belum dapat diajukan" in told and "going" not in told
    assert bench.send(bench.ani, number, "keterangan", description="Diisi").status_code == 303
    assert checking.refusal(bench.draft(number)) is None
