"""Against machines that fill in forms, without a riddle for people: a trap, a signed time, and a limit by visitor."""

from __future__ import annotations

from datetime import datetime, timedelta

from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy.orm import Session

from metadata.errors import LumbungError
from metadata.terms import Bilingual
from portal.accounts import limits
from portal.accounts.keys import derived, keyed_hash
from portal.accounts.limits import Limit

TRAP = "situs_web"
"""A field that no person sees; what fills it in is a machine."""
SOONEST = 2
"""Seconds in which nobody fills in the form."""
LATEST = 7 * 24 * 3600
FILED = Limit(10, timedelta(hours=1))
"""Requests that one visitor may file; a village hall behind one address has room."""


class LooksLikeSpam(LumbungError):
    """A form that was filled in as machines do."""

    code = "kip.looks_like_spam"
    status = 422
    text = Bilingual(
        id="Formulir ini terisi terlalu cepat atau oleh mesin. Tunggu beberapa detik, lalu kirim sekali lagi.",
        en="This form was filled in too fast, or by a machine. Wait some seconds, then send it once more.",
    )


class TooManyFiled(LumbungError):
    """One network has filed as many requests as one may in an hour."""

    code = "kip.too_many_filed"
    status = 429
    text = Bilingual(
        id="Dari jaringan Anda sudah ada {count} permohonan dalam satu jam ini. Simpan isian ini, lalu kirim satu jam "
        "lagi, atau datang ke meja PPID.",
        en="Your network has filed {count} requests within this hour. Save this form and send it in an hour, or come "
        "to the desk.",
    )


def stamp(key: str) -> str:
    """What the form carries: when it was given out, signed."""
    return _signer(key).dumps("form")


def check(key: str, stamped: str, trap: str) -> None:
    """Raises `LooksLikeSpam` for a filled trap, a stamp that is not ours, and a form filled in within `SOONEST`."""
    if trap:
        raise LooksLikeSpam
    try:
        _, given = _signer(key).loads(stamped, max_age=LATEST, return_timestamp=True)
    except (BadSignature, ValueError):
        raise LooksLikeSpam from None
    if (datetime.now(given.tzinfo) - given).total_seconds() < SOONEST:
        raise LooksLikeSpam


def count(session: Session, key: str, visitor: str, *, at: datetime) -> None:
    """One more from this visitor. Raises `TooManyFiled`."""
    bucket = keyed_hash(key, "kip filing", visitor)
    try:
        limits.check(session, bucket, FILED, at=at)
    except limits.TooOften:
        raise TooManyFiled(count=FILED.count) from None
    limits.count(session, bucket, FILED, at=at)


def _signer(key: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(derived(key, "kip form"), salt="kip")
