"""Whether bytes are those that were announced, by size and by hash."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from harvesters.adapter import FetchFailed
from harvesters.wire.evidence import chunks_of
from metadata.terms import Bilingual

_BY_LENGTH = {32: "md5", 40: "sha1", 64: "sha256", 128: "sha512"}


class NotAsAnnounced(FetchFailed):
    """The bytes are others than the source says."""

    code = "fetch.not_as_announced"
    text = Bilingual(
        id="Isi {location} tidak sama dengan yang dinyatakan sumbernya ({what}). Berkasnya rusak di jalan atau "
        "keterangannya sudah usang.",
        en="The contents of {location} are not what the source says they are ({what}). The file was damaged on its way "
        "or its description is out of date.",
    )


def check_bytes(path: Path, digest: str | None, size: int | None, location: str) -> None:
    """Raises `NotAsAnnounced`. `digest` is `algorithm:hex` or hex alone; of an unknown kind it says nothing."""
    actual = path.stat().st_size
    if size is not None and size != actual:
        raise NotAsAnnounced(location=location, what=f"{actual} ≠ {size} bytes")
    if not digest:
        return
    name, _, value = digest.strip().lower().rpartition(":")
    value = re.sub(r"\s", "", value)
    algorithm = name.replace("-", "") or _BY_LENGTH.get(len(value), "")
    if algorithm not in _BY_LENGTH.values():
        return
    made = hashlib.new(algorithm, usedforsecurity=False)
    for chunk in chunks_of(path):
        made.update(chunk)
    if made.hexdigest() != value:
        raise NotAsAnnounced(location=location, what=algorithm)
