"""What an SDMX service says of its dataflows: names, concepts and the words of codes, read by pysdmx."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harvesters.wire.answers import Answer, AnswerUnreadable, ask
from harvesters.wire.fetcher import Fetcher
from metadata.about import About, ColumnAbout

if TYPE_CHECKING:
    from pysdmx.api.qb import StructureQuery

JSON = "application/vnd.sdmx.structure+json;version=2.0.0"
CSV = "application/vnd.sdmx.data+csv;version=1.0.0;labels=id"
_ENVELOPE = {"DATAFLOW", "STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME", "ACTION"}
"""Columns of SDMX-CSV 1.0 and 2.0 that are the same in every row."""
_NOT_A_NUMBER = ("NaN", "NAN", "nan")
_LABEL = "_LABEL"


@dataclass(frozen=True, slots=True)
class Flow:
    """A dataflow: its identity, what is said of it, and for each coded column the words of its codes."""

    agency: str
    id: str
    version: str
    about: About = field(default_factory=About)
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """By what it is known whatever its version."""
        return f"{self.agency}:{self.id}"


def list_flows(fetcher: Fetcher, base: str, agency: str, headers: Mapping[str, str]) -> list[Flow]:
    """The newest version of every dataflow of an agency (`*`: of all). Raises `AnswerUnreadable`, a `FetchFailed`."""
    from pysdmx.api.qb import StructureQuery, StructureType  # late: 0.3 s

    found = _structures(fetcher, base, StructureQuery(StructureType.DATAFLOW, agency, "*", "~"), headers)
    return [_flow(one) for one in found if type(one).__name__ == "Dataflow"]


def describe_flow(fetcher: Fetcher, base: str, flow: Flow, headers: Mapping[str, str]) -> Flow:
    """The dataflow with its concepts and codes. Raises as `list_flows`."""
    from pysdmx.api.qb import StructureQuery, StructureReference, StructureType  # late: 0.3 s

    query = StructureQuery(
        StructureType.DATAFLOW, flow.agency, flow.id, flow.version, references=StructureReference.DESCENDANTS
    )
    found = _structures(fetcher, base, query, headers)
    named = next((_flow(one) for one in found if type(one).__name__ == "Dataflow" and one.id == flow.id), flow)
    columns: dict[str, ColumnAbout] = {}
    codes: dict[str, dict[str, str]] = {}
    for definition in (one for one in found if type(one).__name__ == "DataStructureDefinition"):
        for component in definition.components:
            title = str(component.name or component.id)
            columns[component.id] = ColumnAbout(title=title, description=component.description or None)
            if component.enumeration is not None:
                codes[component.id] = {code.id: str(code.name or code.id) for code in component.enumeration}
                columns[component.id] = ColumnAbout(title=f"Kode {title}", description=component.description or None)
                columns[component.id + _LABEL] = ColumnAbout(title=title)
    about = named.about.model_copy(update={"columns": columns})
    return Flow(named.agency, named.id, named.version, about, codes)


def data_address(base: str, flow: Flow, *, key: str, start: str | None) -> str:
    """Where the figures of a dataflow are, by SDMX-REST of SDMX 2.1 (API version 1.5)."""
    version = f",{flow.version}" if flow.version not in ("~", "latest") else ""
    asked = f"?startPeriod={start}" if start else ""
    return f"{base}/data/{flow.agency},{flow.id}{version}/{key or 'all'}{asked}"


def with_labels(path: Path, flow: Flow, location: str) -> Iterator[list[str]]:
    """The rows of an SDMX-CSV file with the words of each code beside it. Raises `AnswerUnreadable`."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        reader = csv.reader(stream)
        head = next(reader, [])
        if "OBS_VALUE" not in head or not _ENVELOPE & set(head):
            raise AnswerUnreadable(
                location=location, wanted="SDMX-CSV", reason=",".join(head)[:100] or "kosong / empty"
            )
        kept = [(at, name) for at, name in enumerate(head) if name not in _ENVELOPE]
        yield [column for _, name in kept for column in _columns(name, flow)]
        for row in reader:
            if len(row) != len(head):
                reason = f"baris / row {reader.line_num}: {len(row)} ≠ {len(head)}"
                raise AnswerUnreadable(location=location, wanted="SDMX-CSV", reason=reason)
            yield [cell for at, name in kept for cell in _cells(name, row[at], flow)]


def only_years(path: Path) -> bool:
    """Whether every period of an SDMX-CSV file is a year."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        periods = {row.get("TIME_PERIOD") or "" for row in csv.DictReader(stream)}
    return bool(periods) and all(len(one) == 4 and one.isdecimal() for one in periods)


def _columns(name: str, flow: Flow) -> tuple[str, ...]:
    return (name, name + _LABEL) if name in flow.codes else (name,)


def _cells(name: str, value: str, flow: Flow) -> tuple[str, ...]:
    if name in flow.codes:
        return value, flow.codes[name].get(value, "")
    return ("" if value in _NOT_A_NUMBER else value,)


def _flow(one: Any) -> Flow:
    agency = one.agency if isinstance(one.agency, str) else one.agency.id
    about = About(title=one.name or one.id, description=one.description or None)
    return Flow(agency, one.id, str(one.version or "~"), about)


def _structures(fetcher: Fetcher, base: str, query: StructureQuery, headers: Mapping[str, str]) -> list[Any]:
    from pysdmx.api.qb import ApiVersion  # late: 0.3 s

    answer = ask(fetcher, base + query.get_url(ApiVersion.V1_5_0), headers={**headers, "Accept": JSON})
    return list(_decoded(answer))


def _decoded(answer: Answer) -> Any:
    import msgspec  # late: comes with pysdmx
    from pysdmx.errors import PysdmxError
    from pysdmx.io.json.sdmxjson2.messages.structure import JsonStructureMessage
    from pysdmx.model import decoders

    # pysdmx's reader proper also opens addresses that it is handed; its decoder only decodes.
    decoder = msgspec.json.Decoder(JsonStructureMessage, dec_hook=decoders)
    try:
        return decoder.decode(answer.content).to_model().structures or ()
    except (msgspec.MsgspecError, PysdmxError, ValueError, KeyError, AttributeError, IndexError, TypeError) as error:
        raise AnswerUnreadable(
            location=answer.location, wanted="SDMX-JSON 2.0", reason=str(error)[:200] or type(error).__name__
        ) from error
