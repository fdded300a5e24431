"""The pages before and behind an answer of the Action API, as `Link` headers: its envelope has no place for them."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from portal.web.link_headers import window_links

_LISTS = ("package_list", "organization_list", "group_list", "tag_list", "current_package_list_with_resources")


def page_links(response: Response, name: str, result: Any) -> None:
    """Add the links to the answer of a GET that shows a part of more; whatever else it is stays as it is."""
    if request.method not in ("GET", "HEAD"):
        return
    if name == "package_search":
        size = min(_number("rows", 10), 1000)
        window_links(response, ("start", "rows"), start=_number("start", 0), size=size, total=result["count"])
    elif name == "datastore_search":
        size, start, total = result["limit"], _number("offset", 0), result.get("total")
        full = isinstance(result["records"], list) and len(result["records"]) == size
        window_links(response, ("offset", "limit"), start=start, size=size, total=total, more=total is None and full)
    elif name in _LISTS and _number("limit", 0):
        size = _number("limit", 0)
        more = isinstance(result, list) and len(result) == size
        window_links(response, ("offset", "limit"), start=_number("offset", 0), size=size, total=None, more=more)


def _number(name: str, default: int) -> int:
    """An argument that the action has already judged."""
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() else default
