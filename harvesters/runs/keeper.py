"""Takes a lease and keeps it alive while a long piece of work lasts."""

from __future__ import annotations

import logging
import os
import socket
import threading
from types import TracebackType
from typing import Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from datasets import leases
from datasets.installation import Installation
from datasets.models import Lease

SECONDS = 120.0
"""How long a lease is taken for; a holder on another machine that died is waited for that long."""

_log = logging.getLogger(__name__)


def take(session: Session, name: str) -> leases.Holding | None:
    """Take the lease, also from a holder that was a process of this machine and lives no more; None when it is held.

    Should that judgement ever be wrong, the fence stops the old holder: it can publish nothing any more.
    """
    holding = leases.take(session, name, leases.holder_name(), seconds=SECONDS)
    if holding is not None:
        return holding
    lease = session.scalar(select(Lease).where(Lease.name == name))
    if lease is None or not _is_dead(lease.holder):
        return None
    leases.release(session, leases.Holding(name, lease.holder, lease.fence, lease.until))
    return leases.take(session, name, leases.holder_name(), seconds=SECONDS)


def _is_dead(holder: str) -> bool:
    """Whether `host:pid:…` (see `leases.holder_name`) names this machine and a process that is gone."""
    host, _, rest = holder.partition(":")
    pid = rest.partition(":")[0]
    if host != socket.gethostname()[:40] or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


class Keeper:
    """Renews a lease from a thread of its own while a run lasts; a run that lost it is stopped by its fence."""

    def __init__(self, here: Installation, holding: leases.Holding) -> None:
        self._here, self._holding = here, holding
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._keep, name=f"keeper of {holding.name}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _keep(self) -> None:
        while not self._over.wait(SECONDS / 4):
            try:
                with self._here.database.write() as session:
                    leases.renew(session, self._holding, seconds=SECONDS)
            except leases.LeaseLost:
                return
            except Exception:
                _log.exception("lease %s could not be renewed; trying again", self._holding.name)
