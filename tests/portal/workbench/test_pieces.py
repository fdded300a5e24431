"""Uploads in pieces: they go on where they stopped, keep to their owner, and know the portal's limit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accounts_pages import token_in

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
