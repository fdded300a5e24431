"""Passwords, one-time codes and recovery codes: Flask-Security's, in a small application of their own.

Mounted on the portal it would look for a session on every public page (docs/decisions: accounts on Flask-Security).
"""

from __future__ import annotations

import secrets
from typing import Any

from flask import Flask

from metadata.errors import LumbungError
from metadata.terms import Bilingual
from portal.accounts.keys import derived, keyed_hash
from portal.accounts.models import User

SHORTEST, LONGEST = 12, 128
"""Characters of a password (NIST SP 800-63B: length, not kinds of characters)."""
GUESSED = 8
"""Characters that must be left of it without the person's own name and address."""
ARGON2 = {"argon2__type": "ID", "argon2__memory_cost": 19456, "argon2__time_cost": 2, "argon2__parallelism": 1}
"""What OWASP recommends: 19 MiB, two passes, one core; many who sign in at once do not fill the memory."""
CODES = 10
"""Recovery codes given at one time."""
DRIFT = 30
"""Seconds by which a telephone's clock may be wrong."""


class PasswordWeak(LumbungError):
    """A password that is too short, too long, or easy to guess for this person."""

    code = "account.password_weak"
    status = 422
    text = Bilingual(
        id="Kata sandi harus {shortest} sampai {longest} karakter dan tidak mudah ditebak: "
        "bukan surel atau nama Anda, bukan pengulangan.",
        en="The password must have {shortest} to {longest} characters and be hard to guess: "
        "not your e-mail or name, not a repetition.",
    )


class Credentials:
    """What proves that somebody is who they say. Made once for a process; importing Flask-Security takes 0.3 s."""

    def __init__(self, key: str, *, issuer: str) -> None:
        from flask_security import Security, UserDatastore  # late: only who signs in needs it
        from flask_security.totp import Totp

        self._key = key
        self._app = Flask("lumbung.accounts", static_folder=None, template_folder=None)
        self._app.config.update(
            SECRET_KEY=derived(key, "flask-security").hex(),
            SECURITY_PASSWORD_HASH="argon2",  # noqa: S106 - the name of a method
            SECURITY_PASSWORD_SCHEMES=["argon2"],
            SECURITY_DEPRECATED_PASSWORD_SCHEMES=[],
            SECURITY_PASSWORD_SINGLE_HASH=True,
            SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS=ARGON2,
        )
        Security(self._app, UserDatastore(_NoStore, _NoStore), register_blueprint=False)  # type: ignore[arg-type]
        self._totp: Any = _single_use(Totp)({"1": derived(key, "totp").hex()}, issuer)
        self._nobody = self.hash(secrets.token_hex(16))

    def hash(self, password: str) -> str:
        """The argon2id hash of a password, with its parameters and salt."""
        from flask_security.utils import hash_password  # late: see above

        with self._app.app_context():
            return str(hash_password(self._normal(password)))

    def is_right(self, password: str, password_hash: str | None) -> bool:
        """Whether it is the password of that hash; without one the same work is done, and the answer is no."""
        from flask_security.utils import verify_password  # late: see above

        with self._app.app_context():
            fits = bool(verify_password(self._normal(password[: LONGEST + 1]), password_hash or self._nobody))
        return fits and password_hash is not None

    def check_new(self, password: str, *, email: str, name: str) -> None:
        """Raises `PasswordWeak` when the person should choose another one."""
        low = password.casefold()
        told = [part for part in (*email.casefold().split("@"), *name.casefold().split()) if len(part) >= 4]
        rest = low
        for part in told:
            rest = rest.replace(part, "")
        if not SHORTEST <= len(password) <= LONGEST or len(rest) < GUESSED or len(set(low)) < 5:
            raise PasswordWeak(shortest=SHORTEST, longest=LONGEST)

    def new_secret(self) -> str:
        """A secret for one-time codes, encrypted."""
        return str(self._totp.generate_totp_secret())

    def setup_address(self, secret: str, email: str) -> str:
        """The `otpauth:` address that an authenticator takes, as a picture or typed."""
        return str(self._totp.get_totp_uri(email, secret))

    def setup_key(self, secret: str) -> str:
        """The same secret for typing in, in groups of four."""
        return str(self._totp.get_totp_pretty_key(secret))

    def is_code(self, code: str, user: User, *, secret: str | None = None) -> bool:
        """Whether it is the one-time code of this moment, and was not used yet; `user` remembers that it was."""
        kept = secret or user.totp_secret
        digits = "".join(code.split())
        if kept is None or not (digits.isascii() and digits.isdigit() and len(digits) == 6):
            return False
        return bool(self._totp.verify_totp(digits, kept, user, window=DRIFT))

    def new_recovery_codes(self) -> tuple[list[str], list[str]]:
        """Codes to show once, and what is kept of them."""
        shown = [str(code) for code in self._totp.generate_recovery_codes(CODES)]
        return shown, [self._kept(code) for code in shown]

    def spend_recovery_code(self, code: str, user: User) -> bool:
        """Whether it is one of the person's recovery codes; it is none afterwards."""
        kept = self._kept(code)
        codes = user.recovery_codes or []
        if kept not in codes:
            return False
        user.recovery_codes = [one for one in codes if one != kept]
        return True

    def _kept(self, code: str) -> str:
        return keyed_hash(self._key, "recovery code", "".join(code.lower().replace("-", " ").split()))

    def _normal(self, password: str) -> str:
        from flask_security.password_util import PasswordUtil  # late: see above

        return str(PasswordUtil(self._app).normalize(password))


class _NoStore:
    """What Flask-Security is given as its model: it hashes and checks here, people are kept by us."""

    fs_uniquifier = ""


def _single_use(totp: type) -> type:
    """Flask-Security's codes with what it leaves to its user: a code that was used is used up."""

    class SingleUse(totp):  # type: ignore[misc]
        def get_last_counter(self, user: User) -> int | None:
            return user.totp_counter

        def set_last_counter(self, user: User, match: Any) -> None:
            user.totp_counter = match.counter

    return SingleUse
