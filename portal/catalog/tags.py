"""Entity tags of pages: what a page depends on, hashed, so that an unchanged page costs a look and no rendering.

Behind that stands the hash of the very bytes: whatever else a page shows, two different pages never have the same tag,
which is therefore a strong one. In another encoding it has a tag of its own (`portal.web.conditional`).
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Response, current_app, request

from portal.context import installation
from portal.web.assets import STYLE, digest
from portal.web.conditional import tag_of
from portal.web.i18n import current_language

_MADE_OF = {".py", ".html", ".xml", ".txt", ".mo", ".js", ".csv", ".toml"}
"""Endings of files that decide what pages say: code, templates, words, scripts (their addresses), vocabularies."""


def page_tag(*depends: object) -> str:
    """The tag of a page in the language at hand, with the query at hand, that depends on these values."""
    values = [build(), current_language(), request.full_path, *map(str, depends)]
    return hashlib.sha256("\x00".join(values).encode()).hexdigest()[:32]


def unchanged(tag: str) -> bool:
    """Whether who asks holds the page with this tag already, in whatever encoding."""
    return request.if_none_match.star_tag or _held(tag) is not None


def tagged(response: Response, tag: str, *, cache: str) -> Response:
    """The response with its tag; one of 304 carries the tag by which the page is held."""
    if response.status_code == 304:
        response.set_etag(_held(tag) or tag)
    else:
        response.set_etag(f"{tag}.{tag_of(response.get_data())[:16]}")
    response.headers["Cache-Control"] = cache
    return response


def _held(tag: str) -> str | None:
    return next((one for one in request.if_none_match.as_set(include_weak=True) if one.startswith(f"{tag}.")), None)


def build() -> str:
    """What this portal is made of: its code, templates, words, style and settings that pages show."""
    settings = installation().settings
    shown = (settings.site_title, settings.region_name, settings.site_url, settings.language)
    return _files(current_app.root_path) + digest(STYLE) + repr(shown)


@lru_cache(maxsize=4)
def _files(root: str) -> str:
    hashed = hashlib.sha256()
    for floor in ("metadata", "datasets", Path(root).name):
        for path in sorted((Path(root).parent / floor).rglob("*")):
            if path.suffix in _MADE_OF and path.is_file():
                hashed.update(path.read_bytes())
    return hashed.hexdigest()
