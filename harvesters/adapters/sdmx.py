"""Statistics of a service that speaks SDMX-REST 2.1: a table for each dataflow, codes beside their words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from harvesters.adapter import Evidence, FetchFailed, Missed, RemoteDataset, RemoteFile
from harvesters.gathered import as_csv, gathered
from harvesters.protocols.sdmx_structure import (
    CSV,
    Flow,
    data_address,
    describe_flow,
    list_flows,
    only_years,
    with_labels,
)
from harvesters.secrets import Headers, fill
from harvesters.wire.addresses import clean_url
from harvesters.wire.answers import AnswerUnreadable
from harvesters.wire.fetcher import Fetcher
from metadata.names import slug
from metadata.reading.table import FieldType, ReadHints

_Named = Annotated[str, Field(pattern=r"^[\w.-]+,[\w-]+(?:,[\w.~+-]+)?$")]


class SdmxOptions(BaseModel):
    """`dataflows` (`AGENCY,ID` or `AGENCY,ID,VERSION`) are taken; without any, all that `agency` has.

    `key` is an SDMX key (`A.3522..`), `start` the first period. `labels` adds the words of codes.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    agency: str = Field(default="*", pattern=r"^(?:\*|[\w.-]+)$")
    dataflows: tuple[_Named, ...] = ()
    key: str = Field(default="", pattern=r"^[\w.+-]*$")
    start: str | None = Field(default=None, pattern=r"^\d{4}[\dA-Z-]{0,6}$")
    labels: bool = True
    headers: Headers = {}


class SdmxAdapter:
    """Datasets are known as `AGENCY:ID`; versions of a dataflow are states of one dataset."""

    kind: ClassVar[str] = "sdmx"
    Options: ClassVar[type[BaseModel]] = SdmxOptions
    lists_changes: ClassVar[bool] = False

    def __init__(
        self,
        location: str,
        options: SdmxOptions,
        fetcher: Fetcher,
        *,
        since: datetime | None = None,  # noqa: ARG002 - `updatedAfter` leaves out what a whole table needs
    ) -> None:
        self._base, self._options, self._fetcher = location.strip().rstrip("/"), options, fetcher
        self._described: dict[str, Flow] = {}

    def discover(self) -> Iterator[RemoteDataset]:
        """Every dataflow, with its description as far as it can be had."""
        for flow in self._flows():
            try:
                told = describe_flow(self._fetcher, self._base, flow, self._headers()) if self._options.labels else flow
            except (FetchFailed, AnswerUnreadable) as fault:
                title = flow.about.title or flow.id
                yield RemoteDataset(flow.key, title, (), flow.about, fault=fault.notice)
                continue
            self._described[told.key] = told
            title = told.about.title or told.id
            types: dict[str, FieldType] = dict.fromkeys(told.codes, "string")
            file = RemoteFile(
                key=told.key,
                location=data_address(self._base, told, key=self._options.key, start=self._options.start),
                filename=f"{slug(told.id, 80)}.csv",
                title=title,
                declared_format="csv",
                hints=ReadHints(encoding="utf-8", delimiter=",", header_row=1, decimal=".", types=types),
            )
            yield RemoteDataset(told.key, title, (file,), told.about)

    def fetch(self, dataset: RemoteDataset, into: Path) -> Iterator[Evidence | Missed]:
        """The figures as SDMX-CSV, the words of codes added."""
        flow = self._described.pop(dataset.key)
        for file in dataset.files:
            raw = None
            try:
                raw = self._fetcher.download(file, into, headers={**self._headers(), "Accept": CSV}).path
                rows = with_labels(raw, flow, clean_url(file.location))
                evidence = gathered(file, into, as_csv(rows), limit=self._fetcher.limits.body)
                yearly: dict[str, FieldType] = {"TIME_PERIOD": "year"} if only_years(raw) else {}
                yield replace(evidence, file=replace(file, hints=replace(file.hints, types=file.hints.types | yearly)))
            except (FetchFailed, AnswerUnreadable) as fault:
                yield Missed(file, fault.notice)
            finally:
                if raw is not None:
                    raw.unlink(missing_ok=True)

    def _flows(self) -> Iterator[Flow]:
        if self._options.dataflows:
            for named in self._options.dataflows:
                agency, name, *version = named.split(",")
                yield Flow(agency, name, version[0] if version else "~")
        else:
            yield from list_flows(self._fetcher, self._base, self._options.agency, self._headers())

    def _headers(self) -> dict[str, str]:
        return {name: fill(value) for name, value in self._options.headers.items()}
