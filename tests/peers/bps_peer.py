"""A BPS WebAPI: both forms of address, pages of ten, limits on years and cells, and every trouble under status 200."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from peers.http_peer import Exchange, HttpPeer

KEY = "kunci0123456789abcdef"
BAD_KEY = {"status": "Error", "message": "You are not Allowed to take this action. Please re-check your key"}
NOTHING = {"status": "OK", "data-availability": "list-not-available", "data": ""}
WAF = b"<!doctype html>\n<head>\n <title>\n Perimeter WAF Block \n </title>\n</head><body>Akses ini ditolak</body>"
_AGENTS = re.compile(r"python-requests|urllib|curl|wget|httpx", re.IGNORECASE)
_NO_TH = "'th' parameter is required and must be an integer, separated by colon (:) for range or semicolon (;)."

Place = tuple[int | str, int | str, int, int]


@dataclass
class Variable:
    """A dynamic table; `values` are by codes of vervar, turvar, tahun and turtahun."""

    number: int
    title: str
    values: dict[Place, Any]
    vervar: dict[int | str, str] = field(default_factory=lambda: {3522010: "Margomulyo", 3522020: "Ngraho"})
    turvar: dict[int | str, str] = field(default_factory=lambda: {0: "Tidak ada"})
    turtahun: dict[int, str] = field(default_factory=lambda: {0: "Tahun"})
    group: str = "Kecamatan"
    labelvervar: str = "Kecamatan"
    unit: str = "Jiwa"
    note: str = ""
    definition: str = ""
    last_update: str = "2025-03-01 08:00:00"
    subject: int = 12
    strange: dict[str, Any] = field(default_factory=dict)
    heeds: tuple[str, ...] = ("vervar", "turvar")

    @property
    def years(self) -> list[int]:
        """Newest first, as BPS lists them."""
        return sorted({place[2] for place in self.values}, reverse=True)


class BpsPeer(HttpPeer):
    """`bps.add(Variable(…))`; `bps.body("data", 1804, b"…")` answers with a recorded body; switches make it behave."""

    def __init__(self, *, domain: str = "3522") -> None:
        super().__init__()
        self.domain = domain
        self.variables: dict[int, Variable] = {}
        self.statics: list[dict[str, Any]] = []
        self.pages: dict[int, str] = {}
        self.publications: list[dict[str, Any]] = []
        self.bodies: dict[tuple[str, int], bytes] = {}
        self.most_years, self.most_cells = 2, 10_000
        self.loops = False
        self.before: Callable[[Exchange, dict[str, str]], bool] = lambda _exchange, _asked: False
        self.asked: list[dict[str, str]] = []
        self.fallback = self._answer

    @property
    def location(self) -> str:
        return f"{self.url}/v1/api"

    def add(self, variable: Variable) -> Variable:
        self.variables[variable.number] = variable
        return variable

    def body(self, model: str, number: int, content: bytes) -> None:
        self.bodies[model, number] = content

    def count_of(self, model: str, **asked: str) -> int:
        return sum(one.get("model") == model and asked.items() <= one.items() for one in self.asked)

    def say(self, exchange: Exchange, value: Any) -> None:
        exchange.reply(json.dumps(value).encode(), Content_Type="application/json")

    def error(self, exchange: Exchange, message: str) -> None:
        self.say(exchange, {"status": "Error", "message": message})

    def _answer(self, x: Exchange) -> None:
        found = re.fullmatch(r"/v1/api/(list|view|domain)(?:/(.*?))?/?", x.seen.path)
        if found is None:
            x.reply(b"Not Found", status=404)
            return
        parts = (found[2] or "").split("/") if found[2] else []
        asked = dict(zip(parts[::2], parts[1::2], strict=False)) | dict(x.seen.query)
        if _AGENTS.search(x.seen.headers.get("User-Agent", "")) or re.search(r"[<>'\"]", "".join(asked.values())):
            x.reply(WAF, status=403, Content_Type="text/html")
            return
        self.asked.append({"call": found[1], **asked})
        if self.before(x, asked):
            return
        if asked.get("key") != KEY:
            self.say(x, BAD_KEY)
            return
        if asked.get("domain") != self.domain or asked.get("lang") not in ("ind", "eng"):
            self.say(x, NOTHING)
            return
        self._model(x, found[1], asked)

    def _model(self, x: Exchange, call: str, asked: dict[str, str]) -> None:
        number = int(asked.get("var") or asked.get("id") or 0)
        model = asked.get("model", "")
        if (model, number) in self.bodies:
            x.reply(self.bodies[model, number], Content_Type="application/json")
        elif call == "view":
            held = [one for one in self.statics if one["table_id"] == number]
            table = {**held[0], "table": self.pages[number]} if held else None
            self.say(x, {"status": "OK", "data-availability": "available", "data": table} if table else NOTHING)
        elif model == "data":
            self._data(x, asked)
        else:
            self._page(x, self._items(model, number, asked), int(asked.get("page", 1)))

    def _items(self, model: str, number: int, asked: dict[str, str]) -> list[dict[str, Any]]:
        if model == "var":
            wanted = asked.get("subject")
            return [_item(one) for one in self.variables.values() if not wanted or str(one.subject) == wanted]
        if model == "subject":
            numbers = sorted({one.subject for one in self.variables.values()})
            names = {12: "Kependudukan", 40: "Gender"}
            of = {"subcat_id": 1, "subcat": "Sosial dan Kependudukan", "ntabel": None}
            return [{"sub_id": one, "title": names.get(one, f"Subjek {one}"), **of} for one in numbers]
        if model in ("statictable", "publication"):
            return self.statics if model == "statictable" else self.publications
        variable = self.variables.get(number)
        if variable is None:
            return []
        if model == "th":  # `th` is text in one record, a number in another
            return [{"th_id": y, "th": str(1900 + y) if y % 2 else 1900 + y} for y in variable.years]
        if model == "turvar":
            return [{"turvar_id": code, "turvar": label} for code, label in variable.turvar.items()]
        return [
            {"kode_ver_id": code, "vervar": label, "group_ver_id": 1, "name_group_ver_id": variable.group}
            for code, label in variable.vervar.items()
        ]

    def _page(self, x: Exchange, items: list[dict[str, Any]], page: int) -> None:
        if not items:
            self.say(x, NOTHING)
            return
        pages = -(-len(items) // 10)
        part = items[:10] if self.loops else items[(page - 1) * 10 : page * 10]
        told = {"page": page, "pages": 10**6 if self.loops else pages, "per_page": 10, "count": len(part)}
        self.say(x, {"status": "OK", "data-availability": "available", "data": [{**told, "total": len(items)}, part]})

    def _data(self, x: Exchange, asked: dict[str, str]) -> None:
        years = _years(asked.get("th", ""))
        if not years:
            self.error(x, _NO_TH)
            return
        if len(years) > self.most_years:
            self.error(
                x,
                f"The maximum allowed number of years for the 'th' parameter is {self.most_years}. "
                f"You provided {len(years)}. Please reduce the number of years accordingly.",
            )
            return
        variable = self.variables.get(int(asked.get("var", 0)))
        if variable is None:
            self.say(x, NOTHING)
            return
        only = {name: asked[name] for name in variable.heeds if name in asked}
        values = {
            (v, t, y, p): value
            for (v, t, y, p), value in variable.values.items()
            if y in years and only.get("vervar", str(v)) == str(v) and only.get("turvar", str(t)) == str(t)
        }
        if len(values) > self.most_cells:
            x.reply(b"null", Content_Type="application/json")
            return
        self.say(x, _body(variable, years, only, values) if values else NOTHING)


def _item(one: Variable) -> dict[str, Any]:
    return {
        "var_id": one.number,
        "title": one.title,
        "sub_id": one.subject,
        "sub_name": "Kependudukan",
        "subcsa_id": 519,
        "subcsa_name": "Kependudukan dan Migrasi",
        "def": one.definition,
        "notes": one.note,
        "vertical": 1,
        "unit": one.unit,
    }


def _body(one: Variable, years: list[int], only: dict[str, str], values: dict[Place, Any]) -> dict[str, Any]:
    def listed(name: str, labels: dict[Any, str], *, text: bool = False) -> list[dict[str, Any]]:
        kept = [(code, label) for code, label in labels.items() if only.get(name, str(code)) == str(code)]
        return [{"val": str(code) if text else code, "label": label} for code, label in kept]

    content = {f"{v}{one.number}{t}{y}{p}": value for (v, t, y, p), value in values.items()}
    return {
        "status": "OK",
        "data-availability": "available",
        "last_update": one.last_update,
        "subject": [{"val": one.subject, "label": "Kependudukan"}],
        "var": [
            {
                "val": one.number,
                "label": one.title,
                "unit": one.unit,
                "subj": "Kependudukan",
                "def": one.definition,
                "decimal": 2,
                "note": one.note,
            }
        ],
        "turvar": listed("turvar", one.turvar, text=True),
        "labelvervar": one.labelvervar,
        "vervar": listed("vervar", one.vervar),
        "tahun": [{"val": year, "label": str(1900 + year)} for year in years if year in one.years],
        "turtahun": [{"val": code, "label": label} for code, label in one.turtahun.items()],
        "datacontent": {**dict(sorted(content.items(), key=lambda pair: hash(pair[0]))), **one.strange},
        "related": [],
    }


def _years(th: str) -> list[int]:
    """`117`, `117;119` or `117:119`."""
    if found := re.fullmatch(r"(\d+):(\d+)", th):
        return list(range(int(found[1]), int(found[2]) + 1))
    return [int(one) for one in th.split(";")] if re.fullmatch(r"\d+(;\d+)*", th) else []
