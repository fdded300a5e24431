"""The journal through the front door: entries to read and find, proofs to take, and the mark on each version's page."""

from __future__ import annotations

import base64
import json
import subprocess
from pathlib import Path

from build import AT
from flask.testing import FlaskClient
from sqlalchemy import select

from datasets import journal
from datasets.installation import Installation
from datasets.journal.notes import PublicKey, read
from datasets.journal.proof import check
from datasets.journal.tree import Node, Span, hash_of, joined_by, leaf_hash, new_nodes, proves_consistency
from datasets.models import Dataset
from datasets.withdraw import withdraw


def test_entries_are_listed_found_and_shown_with_their_proof(public: FlaskClient, stocked: Installation) -> None:
    with stocked.database.write() as session:
        dataset = session.scalars(select(Dataset).where(Dataset.slug == "kasus-demam-berdarah")).one()
        withdraw(session, dataset, "Salah satuan.", at=AT)
        for number in range(30):
            journal.append(session, "answer", f"request:{number}/2025", {"decision": "granted"}, at=AT)
    first = public.get("/jurnal").text
    assert "35 catatan" in first
    assert "Permohonan informasi 29/2025" in first
    assert "Kasus demam berdarah" not in first
    found = public.get("/jurnal?q=demam").text
    assert "2 catatan" in found
    assert "Ditarik" in found
    assert "Versi 1 diterbitkan" in found
    assert "1 catatan" in public.get("/jurnal?q=demam&jenis=withdrawal").text
    assert "Kasus demam" in public.get("/jurnal?page=2").text
    assert "Tidak ada catatan yang cocok" in public.get("/jurnal?q=%25_").text
    entry = public.get("/jurnal/1").text
    assert "datapackage.json" in entry
    assert "/jurnal/bukti/1.json" in entry
    for path in ("/jurnal/35", "/jurnal/99999999999999999999", "/jurnal/bukti/35.json"):
        assert public.get(path).status_code == 404
    for path in ("/jurnal?page=9999999", "/jurnal?page=x&jenis=x"):
        assert public.get(path).status_code == 200


def test_each_version_page_names_its_entry_and_gives_its_proof(public: FlaskClient) -> None:
    page = public.get("/dataset/kasus-demam-berdarah/v/1").text
    assert "catatan nomor 1" in page
    told = public.get("/dataset/kasus-demam-berdarah/v/1/bukti.json")
    assert told.headers["Content-Disposition"].endswith('"kasus-demam-berdarah_v1_bukti.json"')
    checked = check(json.loads(told.text))
    assert checked.entry["subject"] == "dataset:kasus-demam-berdarah"
    sha256 = next(sha for sha, name in checked.files.items() if name == "datapackage.json")
    by_file = json.loads(public.get(f"/jurnal/berkas/{sha256}.json").text)
    assert [check(one).index for one in by_file["proofs"]] == [1]
    assert public.get(f"/jurnal/berkas/{'0' * 64}.json").status_code == 404
    assert public.get("/jurnal/berkas/x.json").json["error"]["code"] == "not_found"


def test_the_whole_journal_can_be_copied_and_comes_to_the_signed_root(public: FlaskClient, tmp_path: Path) -> None:
    copy, size = [], 1
    while len(copy) < size:
        part = public.get(f"/jurnal/entri.json?from={len(copy)}&limit=3").json
        size = part["size"]
        copy += [one["entry"] for one in part["entries"]]
    nodes: dict[Node, bytes] = {}
    for position, body in enumerate(copy):
        known = {node: nodes[node] for node in joined_by(position)}
        nodes |= dict(new_nodes(position, leaf_hash(body.encode()), known))
    key = PublicKey.parse(public.get("/jurnal/kunci").text)
    note = public.get("/jurnal/checkpoint").text
    head = read(note, key)
    assert (head.size, head.root) == (4, hash_of(Span(0, 4), nodes))
    told = public.get("/jurnal/konsistensi.json?old=3").json
    path = [bytes.fromhex(step) for step in told["path"]]
    assert proves_consistency(3, 4, bytes.fromhex(told["old_root"]), head.root, path)
    for query in ("old=5", "old=3&new=9", "old=x", "old=-1", "old=4&new=3"):
        assert public.get(f"/jurnal/konsistensi.json?{query}").status_code == 404
    body, _, signature = note.partition("\n\n")
    (tmp_path / "body").write_text(f"{body}\n", "utf-8")
    (tmp_path / "signature").write_bytes(base64.b64decode(signature.split()[-1])[4:])
    (tmp_path / "key.pem").write_text(public.get("/jurnal/kunci.pem").text)
    command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "key.pem", "-rawin", "-in", "body"]
    done = subprocess.run(
        [*command, "-sigfile", "signature"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "Signature Verified Successfully" in done.stdout
