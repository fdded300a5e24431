"""Leases: a named right to work that runs out by itself when its holder dies. Time is the database's own."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import cast
from uuid import uuid4

from sqlalchemy import Update, literal_column, select, update
from sqlalchemy.orm import Session

from datasets.columns import UtcDateTime
from datasets.db import add_missing
from datasets.models import Lease
from metadata.errors import LumbungError
from metadata.terms import Bilingual

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class LeaseLost(LumbungError):
    """Someone else has the lease now: this holder was too slow and must write nothing more."""

    code = "lease.lost"
    status = 409
    text = Bilingual(
        id="Pekerjaan “{name}” sudah diambil alih proses lain; hasil proses ini tidak dipakai.",
        en="The work “{name}” was taken over by another process; this one's result is not used.",
    )


class LeaseTaken(LumbungError):
    """Someone else is at this work and has not finished while we waited."""

    code = "lease.taken"
    status = 503
    text = Bilingual(
        id="Pekerjaan “{name}” sedang dilakukan proses lain. Coba lagi sebentar lagi.",
        en="The work “{name}” is being done by another process. Try again in a moment.",
    )


@dataclass(frozen=True, slots=True)
class Holding:
    """A lease in hand: `fence` is higher than that of every earlier holder."""

    name: str
    holder: str
    fence: int
    until: datetime


def of_source(name: str) -> str:
    """The name of the lease under which the source `name` is harvested."""
    return f"harvest:{name}"


def holder_name() -> str:
    """A name for this process and moment that nobody else has: machine, process and a random part."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{uuid4().hex[:8]}"


def is_dead(holder: str) -> bool:
    """Whether it names a process of this machine that is gone. Should that be wrong, the fence stops it."""
    machine, _, process = holder.rpartition(":")[0].rpartition(":")
    if machine != socket.gethostname()[:40] or not process.isdecimal():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):
        return False
    return False


def take(session: Session, name: str, holder: str, *, seconds: float) -> Holding | None:
    """Take the lease for so many seconds when it is free or has run out; None when someone holds it, whoever it is.

    A holder that was a process of this machine and lives no more (see `holder_name`) is not waited for.
    """
    add_missing(session, Lease, [{"name": name, "holder": "", "until": _NEVER, "fence": 0}])
    lease = session.execute(select(Lease.holder, Lease.fence).where(Lease.name == name)).one()
    now = database_time(session)
    until = now + timedelta(seconds=seconds)
    may_have = Lease.until <= now
    if is_dead(lease.holder):
        may_have = may_have | (Lease.fence == lease.fence)
    fence = session.scalar(
        update(Lease)
        .where(Lease.name == name, may_have)
        .values(holder=holder, until=until, fence=Lease.fence + 1)
        .returning(Lease.fence)
        .execution_options(synchronize_session=False)
    )
    return None if fence is None else Holding(name=name, holder=holder, fence=fence, until=until)


def renew(session: Session, holding: Holding, *, seconds: float) -> Holding:
    """Keep it for so many seconds from now; one that ran out but was taken by nobody is still ours.

    Raises `LeaseLost`.
    """
    until = database_time(session) + timedelta(seconds=seconds)
    if session.scalar(_mine(holding).values(until=until).returning(Lease.fence)) is None:
        raise LeaseLost(name=holding.name)
    return replace(holding, until=until)


def release(session: Session, holding: Holding) -> None:
    """Give it back at once; no fault when it is lost already."""
    session.execute(_mine(holding).values(until=_NEVER))


def check(session: Session, holding: Holding) -> None:
    """Make sure, until this transaction ends, that nobody has taken the lease over. Raises `LeaseLost`."""
    mine = select(Lease.fence).where(Lease.name == holding.name, Lease.fence == holding.fence).with_for_update()
    if session.scalar(mine) is None:
        raise LeaseLost(name=holding.name)


def free(session: Session, name: str) -> bool:
    """Whether nobody holds the lease now, or only a process of this machine that lives no more."""
    lease = session.execute(select(Lease.holder, Lease.until).where(Lease.name == name)).one_or_none()
    return lease is None or lease.until <= database_time(session) or is_dead(lease.holder)


def database_time(session: Session) -> datetime:
    """The database's clock, which all processes share."""
    if session.get_bind().dialect.name == "sqlite":
        told = session.scalar(select(literal_column("strftime('%Y-%m-%dT%H:%M:%f', 'now')")))
        return datetime.fromisoformat(str(told)).replace(tzinfo=UTC)
    moment = session.scalar(select(literal_column("clock_timestamp()", UtcDateTime())))
    return cast("datetime", moment)


def _mine(holding: Holding) -> Update:
    return (
        update(Lease)
        .where(Lease.name == holding.name, Lease.fence == holding.fence)
        .execution_options(synchronize_session=False)
    )
