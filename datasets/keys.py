"""The key of the installation, outside the database: what it signs, encrypts and hashes is of no use without it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from pathlib import Path

from datasets.settings import Settings

FILE = "secret.key"


def installation_key(settings: Settings) -> str:
    """`LUMBUNG_SECRET_KEY`, or what the file `secret.key` of the home holds, made at the first need.

    A backup needs it as much as the database: second factors cannot be read without it.
    """
    if settings.secret_key:
        return settings.secret_key
    path = settings.home / FILE
    with suppress(FileNotFoundError):
        return path.read_text("ascii").strip()
    return made_once(path, secrets.token_hex(32))


def derived(key: str, purpose: str) -> bytes:
    """A key for one purpose, so that what is signed for one is nothing in another."""
    return hmac.digest(key.encode(), f"lumbung {purpose}".encode(), hashlib.sha256)


def keyed_hash(key: str, purpose: str, text: str) -> str:
    """A hash that nobody can compute, or try out, without the key."""
    return hmac.new(derived(key, purpose), text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def sealed(key: str, purpose: str, text: str) -> str:
    """The text so that only the key opens it."""
    from cryptography.fernet import Fernet  # late: 0.05 s

    return Fernet(base64.urlsafe_b64encode(derived(key, purpose))).encrypt(text.encode()).decode("ascii")


def opened(key: str, purpose: str, token: str) -> str | None:
    """The text that was sealed; None when this key, or this purpose, does not open it."""
    from cryptography.fernet import Fernet, InvalidToken  # late: 0.05 s

    try:
        return Fernet(base64.urlsafe_b64encode(derived(key, purpose))).decrypt(token.encode()).decode()
    except (InvalidToken, UnicodeError):
        return None


def made_once(path: Path, text: str) -> str:
    """What the file holds, `text` if it was not there: written whole under another name first, for its owner alone.

    A process that starts at the same moment reads all of it or none.
    """
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    try:
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
    return path.read_text("ascii").strip()
