"""How many requests one visitor may file in an hour; what keeps programs out of the form is `portal.response.traps`."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from metadata.errors import LumbungError
from metadata.terms import Bilingual
from portal.accounts import limits
from portal.accounts.keys import keyed_hash
from portal.accounts.limits import Limit

FILED = Limit(10, timedelta(hours=1))
"""A village hall behind one address has room."""


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


def count(session: Session, key: str, visitor: str, *, at: datetime) -> None:
    """One more from this visitor. Raises `TooManyFiled`."""
    bucket = keyed_hash(key, "kip filing", visitor)
    try:
        limits.check(session, bucket, FILED, at=at)
    except limits.TooOften:
        raise TooManyFiled(count=FILED.count) from None
    limits.count(session, bucket, FILED, at=at)
