"""The doors to the journal: its head and key, entries, proofs (docs/journal.md)."""

from __future__ import annotations

from functools import partial
from typing import Final

from portal.api.openapi_doors import Door, of_json, of_media
from portal.api.openapi_parts import COUNT, TEXT, listed, record

_HASH: Final = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_PROOF: Final = record(
    {
        "format": {"const": "lumbung-journal-proof/1"},
        "journal": TEXT,
        "index": COUNT,
        "entry": TEXT,
        "path": listed(_HASH),
        "checkpoint": TEXT,
        "key": TEXT,
    }
)
_CONSISTENCY: Final = record(
    {
        **dict.fromkeys(("old", "new"), COUNT),
        **dict.fromkeys(("old_root", "new_root"), _HASH),
        "path": listed(_HASH),
        "checkpoint": TEXT,
    }
)
_ENTRIES: Final = record({"size": COUNT, "entries": listed(record({"index": COUNT, "entry": TEXT}))})
_TEXT: Final = of_media("text/plain")
_door = partial(Door, fault="Fault", limited=True)

JOURNAL: Final = (
    _door("/jurnal/checkpoint", "The signed head, as C2SP's tlog-checkpoint", _TEXT, errors=("503",)),
    _door("/jurnal/kunci", "The public key, as signed notes take it", _TEXT, errors=("503",)),
    _door("/jurnal/kunci.pem", "The public key, as OpenSSL takes it", of_media("application/x-pem-file"),
          errors=("503",)),
    _door("/jurnal/entri.json", "Entries in their order", of_json(_ENTRIES),
          {"from": ("integer", "The first, from 0"), "limit": ("integer", "How many, at most 500")}),
    _door("/jurnal/bukti/{index}.json", "The proof of an entry", of_json(_PROOF)),
    _door("/jurnal/berkas/{sha256}.json", "The proofs of the publications that name a file, and of the last entry",
          of_json(record({"proofs": listed(_PROOF), "last": _PROOF}))),
    _door("/jurnal/konsistensi.json", "That an earlier journal is the beginning of a later one", of_json(_CONSISTENCY),
          {"old": ("integer", "Entries of the earlier"), "new": ("integer", "Entries of the later")}),
    _door("/dataset/{slug}/v/{number}/bukti.json", "The proof of a version's publication", of_json(_PROOF),
          errors=("404", "410", "503")),
)  # fmt: skip
