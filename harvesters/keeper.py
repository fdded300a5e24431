"""Keeps a lease alive while a long piece of work lasts."""

from __future__ import annotations

import logging
import threading
from types import TracebackType
from typing import Self

from datasets import leases
from datasets.installation import Installation

SECONDS = 120.0
"""How long a lease is taken for: after a kill, that long nobody else may begin."""

_log = logging.getLogger(__name__)


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
