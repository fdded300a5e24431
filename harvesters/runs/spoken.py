"""The words of all that a harvest may say, for a process that harvests nothing but shows what was said."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from harvesters.adapter import adapter_class
from metadata.errors import LumbungError

_ROOMS = (
    "metadata.personal",
    "metadata.reading.errors",
    "metadata.reading.cell_repairs",
    "metadata.reading.repairs",
    "datasets.held",
    "datasets.leases",
    "harvesters.faults",
    "harvesters.gates",
    "harvesters.runs.ending",
    "harvesters.runs.vanishing",
    "harvesters.runs.judging",
    "harvesters.runs.unit",
    "harvesters.runs.runner",
    "harvesters.wire.smtp",
    "harvesters.wire.webhooks",
)


@cache
def learn(kind: str) -> None:
    """See that whatever a harvest of a source of that kind has said can be put into words here."""
    for room in _ROOMS:
        import_module(room)
    try:
        adapter_class(kind)
    except LumbungError:
        return  # an adapter that is not here any more: its own words are gone with it
