"""What is personal, sealed with AES-256-GCM under keys that are not in the database.

The file `kip.keys` of the home holds the master keys, one a line (`name hex`), the present one first. They wrap the
keys of cases, by which identities and proofs are sealed: erasing is forgetting a case's key, and a new master key costs
one wrapping for each case and no file.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from datasets.settings import Settings
from metadata.errors import LumbungError
from metadata.terms import Bilingual

FILE = "kip.keys"
_NONCE = 12


class NotSealedHere(LumbungError):
    """What is sealed cannot be opened: by another installation's key, or damaged."""

    code = "kip.not_sealed_here"
    status = 500
    text = Bilingual(
        id="Data pribadi ini tidak dapat dibuka dengan kunci di {file}. Pulihkan berkas kunci dari cadangan.",
        en="These personal data cannot be opened with the keys in {file}. Restore the file of keys from the backup.",
    )


@dataclass(frozen=True, slots=True)
class Keyring:
    """The master keys by name, the first of which seals; `search` is for keyed hashes and never changes."""

    keys: dict[str, bytes]
    search: bytes

    @property
    def current(self) -> str:
        """The name of the key that seals."""
        return next(iter(self.keys))

    def seal(self, content: bytes, bound: str) -> str:
        """Sealed under the present master key; `bound` says what it is and is asked for again when it is opened."""
        return sealed(self.keys[self.current], content, bound)

    def open(self, text: str, master: str, bound: str) -> bytes:
        """What was sealed under the master key of that name. Raises `NotSealedHere`."""
        if master not in self.keys:
            raise NotSealedHere(file=FILE)
        return opened(self.keys[master], text, bound)

    def mac(self, purpose: str, text: str) -> str:
        """A hash by which the same text is found again, and which nobody can try out without the key."""
        return hmac.new(self.search, f"{purpose}\0{text}".encode(), hashlib.sha256).hexdigest()


def new_key() -> bytes:
    """A key of 256 bits."""
    return secrets.token_bytes(32)


def sealed(key: bytes, content: bytes, bound: str) -> str:
    """Base64 of a fresh nonce and the ciphertext with its tag."""
    return base64.b64encode(sealed_bytes(key, content, bound)).decode()


def sealed_bytes(key: bytes, content: bytes, bound: str) -> bytes:
    """The same without Base64, for files."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # late: only the desk seals

    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, content, bound.encode())


def opened(key: bytes, text: str, bound: str) -> bytes:
    """What `sealed` was given. Raises `NotSealedHere`."""
    try:
        return opened_bytes(key, base64.b64decode(text, validate=True), bound)
    except ValueError:
        raise NotSealedHere(file=FILE) from None


def opened_bytes(key: bytes, content: bytes, bound: str) -> bytes:
    """What `sealed_bytes` was given. Raises `NotSealedHere`."""
    from cryptography.exceptions import InvalidTag  # late: see above
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(key).decrypt(content[:_NONCE], content[_NONCE:], bound.encode())
    except (InvalidTag, ValueError):
        raise NotSealedHere(file=FILE) from None


def keyring(settings: Settings) -> Keyring:
    """The keys of the installation, made at the first need, for nobody but the service's user to read."""
    path = settings.home / FILE
    with suppress(FileNotFoundError):
        return _read(path)
    _write(path, {_fresh_name({}): new_key()}, search=new_key(), first=True)
    return _read(path)


def add_master(settings: Settings) -> Keyring:
    """A new master key in front of the old ones, which still open what they sealed."""
    ring = keyring(settings)
    _write(settings.home / FILE, {_fresh_name(ring.keys): new_key(), **ring.keys}, search=ring.search)
    return _read(settings.home / FILE)


def drop_old(settings: Settings) -> None:
    """Forget all master keys but the present one: nothing is sealed by them any more."""
    ring = keyring(settings)
    _write(settings.home / FILE, {ring.current: ring.keys[ring.current]}, search=ring.search)


def _fresh_name(taken: dict[str, bytes]) -> str:
    while (name := secrets.token_hex(4)) in taken:
        pass
    return name


def _read(path: Path) -> Keyring:
    lines = [line.split() for line in path.read_text("ascii").splitlines() if line.strip()]
    keys = {name: bytes.fromhex(text) for name, text in lines}
    return Keyring(search=keys.pop("search"), keys=keys)


def _write(path: Path, keys: dict[str, bytes], *, search: bytes, first: bool = False) -> None:
    """Whole under another name first; two processes that begin at once end with the keys of one of them."""
    draft = path.with_name(f"{FILE}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.writelines(f"{name} {key.hex()}\n" for name, key in {**keys, "search": search}.items())
        file.flush()
        os.fsync(file.fileno())
    try:
        if first:
            with suppress(FileExistsError):
                os.link(draft, path)
        else:
            draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
