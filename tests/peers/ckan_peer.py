"""A CKAN portal that speaks the documented Action API over packages the test gives it, well-behaved or not."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from peers.http_peer import Exchange, HttpPeer, Route

_TERM = re.compile(r'\+(\w+):(?:\(((?:"(?:[^"\\]|\\.)*"(?: OR )?)+)\)|\[(\S+) TO \*\])')
ROWS_CAP = 1000


@dataclass
class Table:
    """A table of the DataStore. `cap` is the most rows of one answer; one that does not count names no total."""

    fields: list[dict[str, Any]]
    rows: list[dict[str, Any]]
    cap: int = 32_000
    counts: bool = True


class CkanPeer(HttpPeer):
    """`portal.add("nama", files={"a.csv": b"..."})`; `portal.before` may answer a search in its place and say so."""

    def __init__(self) -> None:
        super().__init__()
        self.packages: list[dict[str, Any]] = []
        self.before: Callable[[Exchange], bool] = lambda _exchange: False
        self.searches: list[dict[str, str]] = []
        self.token: str | None = None
        """When set, the portal is for members only: each path wants it as CKAN does."""
        self.tables: dict[str, Table] = {}
        self.while_paging: Callable[[Table], None] = lambda _table: None
        for base in ("/api/action/", "/api/3/action/"):
            self.on(f"{base}package_search", self._search)
            self.on(f"{base}datastore_search", self._rows)

    def on(self, path: str, route: Route) -> str:
        """A route that only members may take, when there are members."""

        def guarded(exchange: Exchange) -> None:
            if self.token is not None and exchange.seen.headers.get("Authorization") != self.token:
                self.refuse(exchange, 403, "Authorization Error", "Access denied")
            else:
                route(exchange)

        return super().on(path, guarded)

    def add_table(self, package: dict[str, Any], name: str, table: Table, **more: Any) -> dict[str, Any]:
        """A resource of rows without a file, as `datastore_create` makes it."""
        uuid = str(uuid5(NAMESPACE_URL, f"{package['id']}{name}"))
        dump = f"{self.url}/datastore/dump/{uuid}"
        made = {"id": uuid, "name": name, "format": "", "url": dump, "url_type": "datastore", "datastore_active": True}
        package["resources"].append({**made, **more})
        self.tables[uuid] = table
        return package["resources"][-1]

    def _rows(self, exchange: Exchange) -> None:
        asked = dict(exchange.seen.query)
        table = self.tables.get(asked["resource_id"])
        if table is None:
            self.refuse(exchange, 404, "Not Found Error", "Not found: Resource was not found.")
            return
        known = [one["id"] for one in table.fields]
        order = [part.strip().strip('"') for part in asked["sort"].split(",")] if "sort" in asked else []
        if any(column not in known for column in order):
            self.refuse(exchange, 409, "Validation Error", "field not in table")
            return
        rows = sorted(table.rows, key=lambda row: [str(row[column]).zfill(9) for column in order])
        start, limit = int(asked.get("offset", 0)), min(int(asked.get("limit", 100)), table.cap)
        total = {"total": len(rows), "total_was_estimated": False} if table.counts else {}
        self.answer(exchange, {"fields": table.fields, "records": rows[start : start + limit], **total})
        self.while_paging(table)

    def add(
        self,
        name: str,
        *,
        files: dict[str, bytes] | None = None,
        organization: str = "diskominfo",
        modified: str = "2026-03-13T08:34:03.872282",
        **more: Any,
    ) -> dict[str, Any]:
        """One package with its uploaded files; other members are given as they are."""
        uuid = str(uuid5(NAMESPACE_URL, name + modified))
        package: dict[str, Any] = {
            "id": uuid,
            "name": name,
            "title": name.replace("-", " ").title(),
            "notes": "Keterangan dataset.",
            "type": "dataset",
            "state": "active",
            "private": False,
            "license_id": "cc-by",
            "metadata_created": modified,
            "metadata_modified": modified,
            "organization": {"name": organization, "title": organization.title(), "description": ""},
            "groups": [],
            "tags": [],
            "extras": [],
            "resources": [self._upload(uuid, file, content) for file, content in (files or {}).items()],
            **more,
        }
        self.packages = [one for one in self.packages if one["name"] != name] + [package]
        return package

    def _upload(self, package: str, file: str, content: bytes) -> dict[str, Any]:
        uuid = str(uuid5(NAMESPACE_URL, package + file))
        path = f"/dataset/{package}/resource/{uuid}/download/{quote(file)}"
        self.on(path, lambda exchange: exchange.reply(content, Content_Type="application/octet-stream"))
        return {
            "id": uuid,
            "name": file,
            "description": "",
            "format": file.rpartition(".")[2].upper(),
            "mimetype": None,
            "url": self.url + path,
            "url_type": "upload",
            "size": None,
        }

    def _search(self, exchange: Exchange) -> None:
        asked = dict(exchange.seen.query)
        self.searches.append(asked)
        if self.before(exchange):
            return
        found = [one for one in self.packages if self._fits(one, asked.get("fq", ""))]
        if asked.get("sort") == "id asc":
            found.sort(key=lambda one: str(one["id"]))
        start, rows = int(asked.get("start", 0)), min(int(asked.get("rows", 10)), ROWS_CAP)
        self.answer(exchange, {"count": len(found), "results": found[start : start + rows], "sort": asked.get("sort")})

    def answer(self, exchange: Exchange, result: Any) -> None:
        """An envelope of success."""
        body = json.dumps({"help": f"{self.url}/help", "success": True, "result": result}).encode()
        exchange.reply(body, Content_Type="application/json;charset=utf-8")

    def refuse(self, exchange: Exchange, status: int, kind: str, message: str) -> None:
        """An envelope of failure."""
        error = {"__type": kind, "message": message}
        body = json.dumps({"help": f"{self.url}/help", "success": False, "error": error}).encode()
        exchange.reply(body, status=status, Content_Type="application/json;charset=utf-8")

    def _fits(self, package: dict[str, Any], fq: str) -> bool:
        if re.sub(_TERM, "", fq).strip():
            raise AssertionError(f"a filter that Solr would not understand: {fq}")
        for field, quoted, since in _TERM.findall(fq):
            if field == "metadata_modified":
                if package["metadata_modified"] < since.rstrip("Z"):
                    return False
                continue
            wanted = {text.replace('\\"', '"') for text in re.findall(r'"((?:[^"\\]|\\.)*)"', quoted)}
            has = {
                "organization": {(package.get("organization") or {}).get("name")},
                "groups": {one["name"] for one in package["groups"]},
                "tags": {one["name"] for one in package["tags"]},
            }[field]
            if not wanted & has:
                return False
        return True
