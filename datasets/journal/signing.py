"""The journal's own key and the heads signed with it, both outside the database: who has only that can sign nothing.

The last signed head is remembered in a file of the home; one that does not continue it is never signed. Who rewrites
the database is found by the next page that shows the journal, by the doctor, and by all who kept an earlier head.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from datasets.db import Database
from datasets.journal import log, notes
from datasets.journal.log import Head
from datasets.journal.notes import PublicKey
from datasets.keys import made_once
from datasets.settings import Settings
from metadata.errors import LumbungError
from metadata.terms import Bilingual

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

KEY_FILE, HEAD_FILE = "journal.key", "journal.head"


class JournalRewritten(LumbungError):
    """What the journal once was is not the beginning of what it is: rows were changed or taken out."""

    code = "journal.rewritten"
    status = 503
    text = Bilingual(
        id="Isi jurnal tidak cocok dengan kepala bertanda tangan terakhir ({size} catatan): ada catatan yang berubah "
        "atau hilang. Jurnal tidak ditandatangani lagi sampai basis data dipulihkan.",
        en="The journal does not continue its last signed head ({size} entries): entries were changed or lost. It is "
        "not signed again until the database is restored.",
    )


@dataclass(frozen=True, slots=True)
class Signed:
    """The journal as it is: its head, the head as a signed note, and the key that checks it."""

    head: Head
    note: str
    key: PublicKey


def origin(settings: Settings) -> str:
    """The journal's name: its address without the scheme, or one made of the region while none is configured."""
    parts = urlsplit(settings.site_url)
    place = f"{parts.netloc}{parts.path}" if parts.netloc else f"lumbung-{settings.region_code}"
    return f"{place.rstrip('/')}/jurnal"


def public_key(settings: Settings) -> PublicKey:
    """The key that checks this installation's heads."""
    return PublicKey(origin(settings), _private(settings.home / KEY_FILE).public_key().public_bytes_raw())


def public_pem(settings: Settings) -> str:
    """The same key as other tools read it."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat  # late: 0.05 s

    public = _private(settings.home / KEY_FILE).public_key()
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")


@contextmanager
def signed(database: Database, settings: Settings) -> Iterator[tuple[Session, Signed]]:
    """A reading session with the signed head of the state that it sees. Raises `JournalRewritten`."""
    known = remembered(settings)  # before the session: what it sees is this old or newer
    with database.read() as session:
        head = log.head(session)
        refuse_rewritten(session, head, known)
        note = notes.write(head, origin(settings), _private(settings.home / KEY_FILE))
        if known is None or head.size > known.size:
            _remember(settings.home / HEAD_FILE, note)
        yield session, Signed(head, note, public_key(settings))


def remembered(settings: Settings) -> Head | None:
    """The last head that was signed here; None before the first. Raises `SignatureWrong` when the file was changed."""
    with suppress(FileNotFoundError):
        note = (settings.home / HEAD_FILE).read_text("utf-8")
        return notes.read(note, PublicKey(note.split("\n", 1)[0], public_key(settings).raw))
    return None


def refuse_rewritten(session: Session, head: Head, known: Head | None) -> None:
    """Raises `JournalRewritten` unless the journal continues the head that is known."""
    if known is None:
        return
    if (
        known.size > head.size
        or (head.root if known.size == head.size else log.head(session, known.size).root) != known.root
    ):
        raise JournalRewritten(size=known.size)


def _private(path: Path) -> Ed25519PrivateKey:
    from cryptography.hazmat.primitives import serialization  # late: 0.05 s
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    try:
        text = path.read_text("ascii")
    except FileNotFoundError:
        made = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        text = made_once(path, made.decode("ascii"))
    return _loaded(text)


@lru_cache(maxsize=2)
def _loaded(text: str) -> Ed25519PrivateKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # late: 0.05 s

    key = load_pem_private_key(text.encode("ascii"), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError(f"{KEY_FILE} holds no Ed25519 key")
    return key


def _remember(path: Path, note: str) -> None:
    """Under its name whole or not at all; of two at once either may win, since both are true."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with draft.open("w", encoding="utf-8") as file:
        file.write(note)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
