"""An SDMX-REST 2.1 service (API 1.5): structures as SDMX-JSON 2.0, figures as SDMX-CSV 1.0, by content negotiation."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

from peers.http_peer import Exchange, HttpPeer

JSON = "application/vnd.sdmx.structure+json;version=2.0.0"
_URN = "urn:sdmx:org.sdmx.infomodel"


class SdmxPeer(HttpPeer):
    """`sdmx.add("DF_IPM", "Indeks Pembangunan Manusia", rows)`; `bodies` answers a path in its own words."""

    def __init__(self) -> None:
        super().__init__()
        self.flows: dict[str, tuple[str, list[list[str]]]] = {}
        self.areas = {"3522": "Bojonegoro", "3523": "Tuban"}
        self.bodies: dict[str, bytes] = {}
        self.fallback = self._answer

    @property
    def location(self) -> str:
        return f"{self.url}/rest"

    def add(self, name: str, title: str, rows: list[list[str]]) -> None:
        self.flows[name] = (title, rows)

    def _answer(self, x: Exchange) -> None:
        path = unquote(x.seen.path).removeprefix("/rest/")
        parts = path.split("/")
        accepted = x.seen.headers.get("Accept", "")
        if path in self.bodies:
            x.reply(self.bodies[path])
        elif parts[0] == "dataflow" and len(parts) in (3, 4):
            if "structure+json" not in accepted:
                x.reply(b"<?xml version='1.0'?><mes:Structure/>", Content_Type="application/xml")
                return
            self._structure(x, *parts[1:3])
        elif parts[0] == "data":
            self._data(x, parts, accepted)
        else:
            x.reply(b"not here", status=404)

    def _structure(self, x: Exchange, agency: str, name: str) -> None:
        names = [one for one in self.flows if agency in ("all", "BPS") and name in ("all", one)]
        if not names:
            x.reply(b"No results", status=404)
            return
        data: dict[str, Any] = {"dataflows": [_flow(one, self.flows[one][0]) for one in names]}
        if dict(x.seen.query).get("references") == "descendants":
            data |= _definitions(self.areas)
        meta = {"id": "a", "prepared": "2025-01-01T00:00:00Z", "sender": {"id": "BPS"}, "test": False}
        x.reply(json.dumps({"meta": meta, "data": data}).encode(), Content_Type=JSON)

    def _data(self, x: Exchange, parts: list[str], accepted: str) -> None:
        agency, name, *_ = parts[1].split(",")
        if agency != "BPS" or name not in self.flows:
            x.reply(b"No results", status=404)
            return
        if "data+csv" not in accepted:
            x.reply(b"Not acceptable", status=406)
            return
        start = dict(x.seen.query).get("startPeriod", "")
        rows = [row for row in self.flows[name][1] if row[1] >= start]
        lines = ["DATAFLOW,REF_AREA,TIME_PERIOD,OBS_VALUE,OBS_STATUS"]
        lines += [",".join([f"BPS:{name}(1.0)", *row]) for row in rows]
        x.reply("\r\n".join([*lines, ""]).encode(), Content_Type="application/vnd.sdmx.data+csv;version=1.0.0")


def _flow(name: str, title: str) -> dict[str, Any]:
    return {
        "id": name,
        "agencyID": "BPS",
        "version": "1.0",
        "name": title,
        "description": f"Keterangan {title}",
        "isExternalReference": False,
        "structure": f"{_URN}.datastructure.DataStructure=BPS:DSD(1.0)",
    }


def _definitions(areas: dict[str, str]) -> dict[str, Any]:
    def part(name: str, kind: dict[str, Any], **more: Any) -> dict[str, Any]:
        concept = f"{_URN}.conceptscheme.Concept=BPS:CS(1.0).{name}"
        return {"id": name, "conceptIdentity": concept, "localRepresentation": kind, **more}

    area = {"enumeration": f"{_URN}.codelist.Codelist=BPS:CL_AREA(1.0)"}
    components = {
        "dimensionList": {
            "id": "DimensionDescriptor",
            "dimensions": [part("REF_AREA", area, position=0)],
            "timeDimension": part("TIME_PERIOD", {"format": {"dataType": "ObservationalTimePeriod"}}, position=1),
        },
        "measureList": {"id": "MeasureDescriptor", "measures": [part("OBS_VALUE", {"format": {"dataType": "Double"}})]},
    }
    base = {"agencyID": "BPS", "version": "1.0"}
    concepts = {"REF_AREA": "Wilayah", "TIME_PERIOD": "Tahun", "OBS_VALUE": "Nilai"}
    return {
        "dataStructures": [{**base, "id": "DSD", "name": "Struktur", "dataStructureComponents": components}],
        "conceptSchemes": [
            {**base, "id": "CS", "name": "Konsep", "concepts": [{"id": k, "name": v} for k, v in concepts.items()]}
        ],
        "codelists": [
            {**base, "id": "CL_AREA", "name": "Wilayah", "codes": [{"id": k, "name": v} for k, v in areas.items()]}
        ],
    }
