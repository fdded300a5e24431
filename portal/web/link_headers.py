"""`Link` headers (RFC 8288): how a program goes on from an answer without knowing how addresses are made."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Response, request

from portal.web.links import site_root


def link(response: Response, address: str, relation: str, **parameters: str) -> None:
    """Add one link; `parameters` are `type`, `title` and the like."""
    told = "".join(f'; {name}="{value}"' for name, value in parameters.items())
    response.headers.add("Link", f'<{address}>; rel="{relation}"{told}')


def asked_with(**changed: int | None) -> str:
    """The absolute address of this request with other values of these arguments; None takes one away."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name not in changed]
    new = [(name, str(value)) for name, value in changed.items() if value is not None]
    query = urlencode([*kept, *new])
    return site_root() + request.path + (f"?{query}" if query else "")


def window_links(
    response: Response, names: tuple[str, str], *, start: int, size: int, total: int | None, more: bool = False
) -> None:
    """`first`, `prev`, `next` and `last` of an answer that shows `size` of `total` things from `start` on.

    `names` are the arguments for the two. Where nobody counted (`total` None), `more` says whether there is a next.
    """
    if size <= 0:
        return
    pages: dict[str, int] = {"first": 0}
    if start > 0:
        pages["prev"] = max(0, start - size)
    if more or (total is not None and start + size < total):
        pages["next"] = start + size
    if total is not None:
        pages["last"] = max(0, (total - 1) // size * size)
    for relation, offset in pages.items():
        link(response, asked_with(**{names[0]: offset or None, names[1]: size}), relation)
