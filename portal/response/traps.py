"""What keeps programs and crowds out of forms that need no account: a field to leave empty, a least time, and counts.

Counted is by a hash of the network's address that changes every day and is forgotten within a day of its last use.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from flask import g, request
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from metadata.errors import LumbungError
from metadata.terms import Bilingual
from portal.accounts import guard, limits
from portal.accounts.keys import keyed_hash
from portal.accounts.limits import Limit, TooOften
from portal.quota.visitors import visitor

EMPTY = "situs"
"""The field that people do not see and programs fill."""
BEGUN = "mulai"
LEAST = timedelta(seconds=2)
MOST = timedelta(hours=12)
VOTER = "reader"
VOTER_SECONDS = 100 * 24 * 3600
"""A little more than a quarter, within which one rating counts."""


class NotByHand(LumbungError):
    """The form was filled as no person does it."""

    code = "response.not_by_hand"
    status = 422
    text = Bilingual(
        id="Formulir terkirim terlalu cepat, terlalu lama dibuka, atau kolom yang harus kosong terisi. Kirim lagi.",
        en="The form came too fast, was open too long, or a field that must stay empty was filled. Send it once more.",
    )


class TooManyToday(LumbungError):
    """From this network enough has come today."""

    code = "response.too_many_today"
    status = 429
    text = Bilingual(
        id="Dari jaringan Anda sudah cukup banyak kiriman hari ini. Coba lagi besok, atau dari jaringan lain.",
        en="Enough has come from your network today. Try again tomorrow, or from another network.",
    )


def begun(at: datetime) -> str:
    """What a form carries to tell when it was given out."""
    moment = str(int(at.timestamp()))
    return f"{moment}.{_mark(moment)}"


def refuse_programs(form: MultiDict[str, str], *, at: datetime) -> None:
    """Raises `NotByHand`."""
    moment, _, mark = form.get(BEGUN, "").partition(".")
    if form.get(EMPTY) or not hmac.compare_digest(mark.encode(), _mark(moment).encode()) or not moment.isdigit():
        raise NotByHand
    if not LEAST.total_seconds() <= at.timestamp() - int(moment) <= MOST.total_seconds():
        raise NotByHand


def count(session: Session, what: str, most: int, *, at: datetime) -> None:
    """One more of `what` from this network today. Raises `TooManyToday` when there are `most` already."""
    network = _network()
    if network is None:
        return  # somebody at this very machine
    day = at.date().isoformat()
    bucket = "reader:" + keyed_hash(guard.key(), f"network {day}", f"{network} {what}")[:48]
    limit = Limit(most, timedelta(days=1))
    try:
        limits.check(session, bucket, limit, at=at)
    except TooOften as error:
        raise TooManyToday from error
    limits.count(session, bucket, limit, at=at)
    limits.forget(session, "", at=at)


def voter() -> str:
    """Who rates, as far as this portal knows: a hash of this browser's random cookie, made now if there is none."""
    held = guard.cookie(VOTER) or g.get("new_voter")
    if held is None:
        held = g.new_voter = secrets.token_urlsafe(24)
    return keyed_hash(guard.key(), VOTER, held)


def known_voter() -> str | None:
    """The same for who has been here; None for who has not."""
    held = guard.cookie(VOTER)
    return keyed_hash(guard.key(), VOTER, held) if held else None


def keep_voter(response: Response) -> Response:
    """Leave the cookie with who has rated; nobody else gets one."""
    if (made := g.get("new_voter")) is not None:
        guard.set_cookie(response, VOTER, made, seconds=VOTER_SECONDS)
    return response


def _mark(moment: str) -> str:
    return keyed_hash(guard.key(), "form begun", moment)[:32]


def _network() -> str | None:
    """The network that asks: 24 bits of IPv4, 48 of IPv6; None for this machine."""
    who = visitor(request)
    if who is None:
        return None
    bits = 24 if ip_address(who).version == 4 else 48
    return str(ip_network(f"{who}/{bits}", strict=False))
