"""Languages of the interface: a prefix of the path says which, so that each page in each language has its address.

The default language has no prefix: `/dataset/pdrb` is what CKAN and frictionless clients recognise. Any other
language stands before the path (`/en/dataset/pdrb`) and is moved to SCRIPT_NAME: routes and `url_for` do not know it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import flask_babel
from babel.numbers import format_decimal
from flask import Flask, has_request_context, request

from metadata.terms import LANGUAGES

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_LANGUAGE = "lumbung.language"
_ROOT = "lumbung.root"
_known: dict[str, Any] = {}


class LanguagePrefix:
    """WSGI middleware that takes the language off the path and notes it, with the root without it, in the environ."""

    def __init__(self, application: WSGIApplication, default: str) -> None:
        self._application = application
        self._default = default
        self._others = tuple(language for language in LANGUAGES if language != default)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Pass the request on with the prefix moved from PATH_INFO to SCRIPT_NAME."""
        root = environ.get("SCRIPT_NAME", "")
        environ[_ROOT] = root
        environ[_LANGUAGE] = self._default
        first, slash, rest = environ.get("PATH_INFO", "").lstrip("/").partition("/")
        if first in self._others:
            environ[_LANGUAGE] = first
            environ["SCRIPT_NAME"] = f"{root}/{first}"
            environ["PATH_INFO"] = f"{slash or '/'}{rest}"
        return self._application(environ, start_response)


def init_app(app: Flask, *, default: str) -> None:
    """Install the prefix and Flask-Babel; texts are English sentences in the code, Indonesian in the catalogue."""
    app.wsgi_app = LanguagePrefix(app.wsgi_app, default)  # type: ignore[method-assign]
    flask_babel.Babel(
        app,
        default_locale=default,
        default_timezone=app.config["BABEL_DEFAULT_TIMEZONE"],
        locale_selector=current_language,
    )
    app.jinja_env.add_extension("jinja2.ext.i18n")
    # hundreds of texts stand on a page, and Flask-Babel looks anew for the language of each
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda text: _words().ugettext(text),
        ngettext=lambda one, many, count: _words().ungettext(one, many, count),
        pgettext=lambda context, text: _words().upgettext(context, text),
        npgettext=lambda context, one, many, count: _words().unpgettext(context, one, many, count),
        newstyle=True,
    )


def current_language() -> str:
    """The language of the request at hand; `id` outside of one."""
    if not has_request_context():
        return "id"
    language: str = request.environ.get(_LANGUAGE, "id")
    return language


def gettext(message: str, **values: Any) -> str:
    """The English sentence `message` in the page's language, with its `%(name)s` filled in."""
    text = str(_words().ugettext(message))
    return text % values if values else text


def pgettext(context: str, message: str) -> str:
    """As `gettext`, for a word that means something else in another place: `context` says where it stands."""
    return str(_words().upgettext(context, message))


def ngettext(one: str, many: str, count: int, /, **values: Any) -> str:
    """As `gettext`, for a count; `%(count)s` is the count as the language writes it."""
    values["count"] = format_decimal(count, locale=current_language())
    return str(_words().ungettext(one, many, count)) % values


def root_path() -> str:
    """The path under which the portal is mounted, without the language: "" for a host of its own."""
    root: str = request.environ.get(_ROOT, request.script_root)
    return root


def prefix_of(language: str, default: str) -> str:
    """What stands before the paths of `language`: nothing for the default."""
    return "" if language == default else f"/{language}"


def _words() -> Any:
    """The texts of the page's language; they are files that never change while the portal runs."""
    language = current_language()
    found = _known.get(language)
    if found is None:
        found = flask_babel.get_translations()
        if has_request_context():
            _known[language] = found
    return found
