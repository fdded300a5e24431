"""A regency's self-made REST API: a list of datasets, records in an envelope, one of several ways to page them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from peers.http_peer import Exchange, HttpPeer


class JsonPeer(HttpPeer):
    """`api.records("/json/3", rows, style="page")`; `api.envelope` makes the answer of the rows of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.envelope: Callable[[list[dict[str, Any]], int], dict[str, Any]] = lambda rows, total: {
            "status": "OK",
            "pesan": "Data Tersedia",
            "data": rows,
            "jumlah": total,
        }

    def value(self, path: str, value: Any, *, status: int = 200) -> str:
        """Answer `path` with a JSON value."""
        return self.on(path, lambda x: self.say(x, value, status=status))

    def say(self, exchange: Exchange, value: Any, *, status: int = 200, **headers: str) -> None:
        exchange.reply(json.dumps(value).encode(), status=status, Content_Type="application/json", **headers)

    def records(self, path: str, rows: list[dict[str, Any]], *, style: str, size: int = 10, cap: int = 1_000) -> None:
        """Answer `path` with `rows`, so many at a time, whatever more is asked for."""

        def serve(x: Exchange) -> None:
            asked = dict(x.seen.query)
            many = min(int(asked.get("limit", size)), cap)
            start = {
                "none": lambda: 0,
                "page": lambda: (int(asked.get("page", 1)) - 1) * many,
                "offset": lambda: int(asked.get("offset", 0)),
                "cursor": lambda: int(asked.get("after", "c0")[1:]),
                "link": lambda: int(asked.get("start", 0)),
            }[style]()
            part = rows if style == "none" else rows[start : start + many]
            more = start + many < len(rows)
            body = self.envelope(part, len(rows))
            headers = {}
            if style == "cursor":
                body["next"] = f"c{start + many}" if more else None
            if style == "link" and more:
                headers["Link"] = f'<{path}?start=0>; rel="first", <{path}?start={start + many}>; rel="next"'
            self.say(x, body, **headers)

        self.on(path, serve)
