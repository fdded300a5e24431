"""Signed heads as texts: the checkpoint of C2SP (tlog-checkpoint), in a signed note with Ed25519.

```
data.example.go.id/jurnal          the origin, which is also the signer's name
1024                               how many entries
jRO3k…=                            the root over them

— data.example.go.id/jurnal Az3g…  the signature over the three lines above
```
https://c2sp.org/tlog-checkpoint, https://c2sp.org/signed-note
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from datasets.journal.log import Head
from metadata.errors import LumbungError
from metadata.terms import Bilingual

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_ED25519 = b"\x01"


class SignatureWrong(LumbungError):
    """A head of a journal, or its key, is not what it claims to be."""

    code = "journal.signature_wrong"
    status = 422
    text = Bilingual(
        id="Tanda tangan kepala jurnal tidak sah: {reason}. Jangan percayai bukti ini.",
        en="The signature of the journal's head is not valid: {reason}. Do not trust this proof.",
    )


@dataclass(frozen=True, slots=True)
class PublicKey:
    """The key by which a journal's heads are checked: the journal's name, and 32 bytes of Ed25519."""

    name: str
    raw: bytes

    @property
    def mark(self) -> bytes:
        """The four bytes by which a signature says whose it is."""
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.raw).digest()[:4]

    def __str__(self) -> str:
        """One line, `name+mark+key`, as verifiers take it."""
        return f"{self.name}+{self.mark.hex()}+{base64.b64encode(_ED25519 + self.raw).decode()}"

    @classmethod
    def parse(cls, text: str) -> PublicKey:
        """Read that line. Raises `SignatureWrong`."""
        name, _, rest = text.strip().partition("+")
        mark, _, encoded = rest.partition("+")
        raw = _decoded(encoded)
        if raw is None or len(raw) != 33 or raw[:1] != _ED25519 or not name:
            raise SignatureWrong(reason=Bilingual("kunci publiknya tidak dapat dibaca", "its key cannot be read"))
        key = cls(name, raw[1:])
        if key.mark.hex() != mark:
            raise SignatureWrong(reason=Bilingual("kunci publiknya rusak", "its key is damaged"))
        return key


def write(head: Head, name: str, private: Ed25519PrivateKey) -> str:
    """The signed note over a head. The same head always gives the same text."""
    body = f"{name}\n{head.size}\n{base64.b64encode(head.root).decode()}\n"
    key = PublicKey(name, private.public_key().public_bytes_raw())
    signature = base64.b64encode(key.mark + private.sign(body.encode())).decode()
    return f"{body}\n— {name} {signature}\n"


def read(note: str, key: PublicKey) -> Head:
    """The head that a note tells of, when it is signed with that key. Raises `SignatureWrong`."""
    from cryptography.exceptions import InvalidSignature  # late: 0.05 s
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    body, blank, signatures = note.partition("\n\n")
    lines = body.split("\n")
    root = _decoded(lines[2]) if len(lines) == 3 else None
    if not blank or root is None or len(root) != 32 or not (lines[1].isascii() and lines[1].isdigit()):
        raise SignatureWrong(reason=Bilingual("kepala jurnalnya tidak dapat dibaca", "the head cannot be read"))
    if lines[0] != key.name:
        raise SignatureWrong(reason=Bilingual("kepala itu milik jurnal lain", "it is the head of another journal"))
    for line in signatures.splitlines():
        dash, name, *encoded = (*line.split(" "), "", "")[:3]
        signature = _decoded(encoded[0])
        if dash != "—" or name != key.name or signature is None or signature[:4] != key.mark:
            continue
        try:
            Ed25519PublicKey.from_public_bytes(key.raw).verify(signature[4:], f"{body}\n".encode())
        except InvalidSignature:
            break
        return Head(int(lines[1]), root)
    raise SignatureWrong(reason=Bilingual("tidak cocok dengan kunci publiknya", "it does not fit the public key"))


def size_of(note: str) -> int:
    """How many entries a note of ours speaks of, unchecked; 0 when it cannot be read."""
    lines = note.split("\n")
    return int(lines[1]) if len(lines) > 2 and lines[1].isascii() and lines[1].isdigit() else 0


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
