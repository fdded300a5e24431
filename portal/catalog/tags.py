"""Entity tags of pages: what a page depends on, hashed, so that an unchanged page costs a look and no rendering."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Response, current_app, request

from portal.context import installation
from portal.web.assets import STYLE, digest
from portal.web.i18n import current_language

_PARTS = ("templates", "translations")


def page_tag(*depends: object) -> str:
    """The tag of a page in the language at hand, with the query at hand, that depends on these values."""
    values = [build(), current_language(), request.full_path, *map(str, depends)]
    return hashlib.sha256("\x00".join(values).encode()).hexdigest()[:32]


def unchanged(tag: str) -> bool:
    """Whether who asks holds the page with this tag already."""
    known = request.if_none_match
    return known.star_tag or known.contains_weak(tag)


def tagged(response: Response, tag: str, *, cache: str) -> Response:
    """The response with its tag; weak, because a page may travel in gzip or plain."""
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = cache
    return response


def build() -> str:
    """What this portal is made of: its templates, words, style and settings that pages show."""
    settings = installation().settings
    shown = (settings.site_title, settings.region_name, settings.site_url, settings.language)
    return _files(current_app.root_path) + digest(STYLE) + repr(shown)


@lru_cache(maxsize=4)
def _files(root: str) -> str:
    hashed = hashlib.sha256()
    for part in _PARTS:
        for path in sorted((Path(root) / part).rglob("*")):
            if path.is_file():
                hashed.update(path.read_bytes())
    return hashed.hexdigest()
