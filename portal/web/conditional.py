"""Strong entity tags of answers that also travel packed: each encoding's bytes have a tag of their own."""

from __future__ import annotations

import hashlib

from flask import Response, request

from portal.web.packing import ENCODINGS


def tag_of(body: bytes) -> str:
    """The tag of these bytes."""
    return hashlib.sha256(body).hexdigest()[:32]


def held(tag: str) -> str | None:
    """The tag by which the client holds what `tag` names, plain or packed; None when it does not."""
    known = request.if_none_match
    if known.star_tag:
        return tag
    return next(
        (one for one in (tag, *(packed_tag(tag, each) for each in ENCODINGS)) if known.contains_weak(one)), None
    )


def packed_tag(tag: str, encoding: str) -> str:
    """The tag of the same answer in that encoding."""
    return f"{tag}-{encoding}"


def strong(response: Response, tag: str | None = None) -> Response:
    """The response under its strong tag, that of its bytes unless another is given; 304 for who holds it already."""
    tag = tag or tag_of(response.get_data())
    known = held(tag) if request.method in ("GET", "HEAD") else None
    response.set_etag(known or tag)
    if known is not None and response.status_code == 200:
        response.status_code = 304
        response.set_data(b"")
    return response
