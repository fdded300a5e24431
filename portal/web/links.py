"""Addresses on pages: the page in another language, the address to cite, machine endpoints."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask import Flask, current_app, request, url_for

from metadata.terms import LANGUAGES
from portal.web.i18n import current_language, prefix_of, root_path

FOREIGN = frozenset(
    [
        *("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "utm_id", "_ga", "_gl"),
        *("fbclid", "gclid", "gbraid", "wbraid", "dclid", "msclkid", "ttclid", "twclid", "yclid"),
        *("igsh", "igshid", "mc_cid", "mc_eid"),
    ]
)
"""What other sites hang on links shared through them; no wildcard, since tables have columns like `utm_x`."""


def init_app(app: Flask) -> None:
    """Give templates the links."""
    app.jinja_env.globals.update(
        canonical_url=canonical_url, alternates=alternates, in_language=in_language, plain_url=plain_url
    )


def site_root() -> str:
    """Scheme, host and mount of the portal without a slash at the end, as configured or else as asked."""
    configured: str = current_app.config["LUMBUNG_SITE_URL"]
    return configured.rstrip("/") or request.host_url.rstrip("/") + root_path()


def plain_url(endpoint: str, **values: Any) -> str:
    """The path of an endpoint without a language: for files and the API, whose bytes are the same in each."""
    path = url_for(endpoint, **values)
    return root_path() + path.removeprefix(request.script_root)


def canonical_url(endpoint: str, **values: Any) -> str:
    """The absolute address in the default language: what is cited, and what clients of CKAN recognise."""
    return site_root() + plain_url(endpoint, **values).removeprefix(root_path())


def in_language(language: str) -> str:
    """This page, with its query, in another language."""
    query = request.query_string.decode("latin-1")
    path = quote(request.path, safe="/:@!$&'()*+,;=~")
    return root_path() + prefix_of(language, _default()) + path + (f"?{query}" if query else "")


def alternates() -> list[tuple[str, str]]:
    """Each language with the absolute address of this page in it."""
    return [(language, site_root() + in_language(language).removeprefix(root_path())) for language in LANGUAGES]


def other_language() -> str:
    """The language that a reader may want instead of this one."""
    return next(language for language in LANGUAGES if language != current_language())


def question() -> list[tuple[str, str]]:
    """The arguments of this address without the marks that other sites hang on links shared through them."""
    return [(name, value) for name, value in request.args.items(multi=True) if name not in FOREIGN]


def _default() -> str:
    language: str = current_app.config["LUMBUNG_LANGUAGE"]
    return language
