"""From a source's kind, location and options to an adapter with its fetcher, every option checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from datasets.settings import Settings
from harvesters.adapter import Adapter, adapter_class
from harvesters.wire.circuit import Circuit
from harvesters.wire.fetcher import AGENT, Fetcher, Memory
from harvesters.wire.pace import EVERYBODYS, Pace
from harvesters.wire.session import Limits
from metadata.errors import LumbungError
from metadata.mistakes import first_mistake
from metadata.terms import Bilingual


class OptionMistaken(LumbungError):
    """An option of a source is unknown or has a value of the wrong kind."""

    code = "source.option_mistaken"
    status = 422
    text = Bilingual(
        id="Opsi “{member}” untuk sumber jenis “{kind}” salah: {reason}. Opsi yang dikenal: {known}.",
        en="Option “{member}” of a source of kind “{kind}” is wrong: {reason}. Known options: {known}.",
    )


class CommonOptions(BaseModel):
    """Options that every kind of source has.

    `internal` lets the source's own address lie in an inner network, and so do the addresses in `internal_hosts`; only
    an administrator sets them. `own_organizations` files each dataset under the office that the source names instead of
    the source's. `may_lose` is the share of its rows that a table may lose at once. `hidden_sheets` lets workbooks with
    hidden sheets through, which are held otherwise.
    `requests_per_second` and `minutes` (for one file) say how the other side is to be treated, the others what a
    dataset and a run may take at most. `steward` is the e-mail address of who is told when the source fails or its
    datasets are late, instead of the agency's.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    internal: bool = False
    internal_hosts: tuple[str, ...] = ()
    own_organizations: bool = False
    hidden_sheets: bool = False
    may_lose: float = Field(default=0.5, ge=0, le=1)
    requests_per_second: float = Field(default=2.0, gt=0, le=100)
    minutes: float = Field(default=15.0, gt=0, le=240)
    dataset_minutes: float = Field(default=60.0, gt=0, le=1440)
    dataset_megabytes: int = Field(default=4096, gt=0)
    hours: float = Field(default=12.0, gt=0, le=168)
    gigabytes: float = Field(default=100.0, gt=0)
    steward: str | None = Field(default=None, max_length=254, pattern=r"^[^\s@<>,;]+@[^\s@<>,;]+$")


def split_options(kind: str, options: Mapping[str, Any]) -> tuple[CommonOptions, BaseModel]:
    """The common options and the adapter's own. Raises `UnknownAdapter`, `OptionMistaken`."""
    own = adapter_class(kind).Options
    common = {key: value for key, value in options.items() if key in CommonOptions.model_fields}
    rest = {key: value for key, value in options.items() if key not in common}
    known = (*own.model_fields, *CommonOptions.model_fields)
    try:
        return CommonOptions.model_validate(_listed(CommonOptions, common)), own.model_validate(_listed(own, rest))
    except ValidationError as error:
        where, reason = first_mistake(error)
        member = ".".join(str(part) for part in where)
        raise OptionMistaken(kind=kind, member=member, reason=reason, known=known) from error


@contextmanager
def opened_source(
    settings: Settings,
    kind: str,
    location: str,
    options: Mapping[str, Any],
    *,
    since: datetime | None = None,
    memory: Memory | None = None,
    pace: Pace | None = None,
    circuit: Circuit | None = None,
) -> Iterator[Adapter]:
    """The adapter of a source, ready to discover; its connections are closed at the end. Raises as `split_options`."""
    common, own = split_options(kind, options)
    fetcher = Fetcher(
        internal=(*([location] if common.internal and "://" in location else []), *common.internal_hosts),
        limits=Limits(total=common.minutes * 60, body=settings.max_file_megabytes * 1024**2),
        pace=pace or Pace(common.requests_per_second, turns=EVERYBODYS),
        agent=f"{AGENT}; {settings.site_url}" if settings.site_url.isascii() and settings.site_url else AGENT,
        memory=memory,
        circuit=circuit,
    )
    try:
        yield adapter_class(kind)(location, own, fetcher, since=since)
    finally:
        fetcher.close()


def _listed(model: type[BaseModel], values: Mapping[str, Any]) -> dict[str, Any]:
    """A single value for an option that is a list is a list of one."""
    lists = {name for name, field in model.model_fields.items() if get_origin(field.annotation) is tuple}
    return {key: [value] if key in lists and isinstance(value, str) else value for key, value in values.items()}
