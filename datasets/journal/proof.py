"""A proof that can be carried away: an entry, its path to a signed head, and the check that needs nothing else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from datasets.journal import log, notes
from datasets.journal.log import Head
from datasets.journal.notes import PublicKey
from datasets.journal.signing import Signed
from datasets.journal.tree import leaf_hash, proves_inclusion
from datasets.models import JournalEntry
from metadata.errors import LumbungError
from metadata.terms import Bilingual

FORMAT = "lumbung-journal-proof/1"


class ProofUnreadable(LumbungError):
    """What should be a proof is none."""

    code = "journal.proof_unreadable"
    status = 422
    text = Bilingual(
        id="Berkas bukti ini tidak dapat dibaca. Unduh lagi dari halaman versi (bukti jurnal).",
        en="This proof cannot be read. Download it again from the version's page (proof of the journal).",
    )


class ProofWrong(LumbungError):
    """The entry does not lead to the head: it was changed, or was never in that journal."""

    code = "journal.proof_wrong"
    status = 422
    text = Bilingual(
        id="Bukti ini tidak sah: catatannya tidak menuju ke kepala jurnal yang ditandatangani.",
        en="This proof is not valid: its entry does not lead to the journal's signed head.",
    )


@dataclass(frozen=True, slots=True)
class Checked:
    """An entry that was proved: what it says, its number, and the head and key that it was proved with."""

    entry: Mapping[str, Any]
    index: int
    head: Head
    key: PublicKey
    files: Mapping[str, str]
    """The files that the entry names: SHA-256 and what each is."""


def prove(session: Session, entry: JournalEntry, signed: Signed, *, journal: str) -> dict[str, Any]:
    """The proof of one entry under a signed head; `journal` is the address of the journal's page."""
    path = log.inclusion(session, entry.position, signed.head.size)
    return {
        "format": FORMAT,
        "journal": journal,
        "index": entry.position,
        "entry": entry.body,
        "path": [step.hex() for step in path],
        "checkpoint": signed.note,
        "key": str(signed.key),
    }


def check(proof: Mapping[str, Any], *, key: PublicKey | None = None) -> Checked:
    """What a proof proves, by `key` or, without one, by the key that it brings, which the caller must know to trust.

    Raises `ProofUnreadable`, `ProofWrong`, `SignatureWrong`. Nothing is opened or asked.
    """
    try:
        if proof["format"] != FORMAT:
            raise ProofUnreadable
        body, index, path = str(proof["entry"]), proof["index"], [bytes.fromhex(step) for step in proof["path"]]
        note, brought = str(proof["checkpoint"]), str(proof["key"])
        entry, data = json.loads(body), body.encode()
        files = _files(entry)
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise ProofUnreadable from error
    if not isinstance(index, int) or isinstance(index, bool):
        raise ProofUnreadable
    key = key or PublicKey.parse(brought)
    head = notes.read(note, key)
    if not proves_inclusion(leaf_hash(data), index, head.size, path, head.root):
        raise ProofWrong
    return Checked(entry, index, head, key, files)


def _files(entry: Mapping[str, Any]) -> dict[str, str]:
    facts = entry["facts"]
    named = {str(one["sha256"]): f"{one['resource']} ({one['role']})" for one in facts.get("files", ())}
    package = facts.get("package")
    return named | ({str(package["sha256"]): "datapackage.json"} if package else {})
