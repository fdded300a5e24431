"""What a request stands on: the installation, one reading session, the language."""

from __future__ import annotations

from contextlib import ExitStack

from flask import Flask, current_app, g
from sqlalchemy.orm import Session

from datasets.installation import Installation
from portal.web.i18n import current_language

EXTENSION = "lumbung"


def init_app(app: Flask, installation: Installation) -> None:
    """Keep the installation in the app; its parts open at their first use, so after a fork."""
    app.extensions[EXTENSION] = installation
    app.teardown_appcontext(_close_session)


def installation() -> Installation:
    """The installation this app serves."""
    here: Installation = current_app.extensions[EXTENSION]
    return here


def session() -> Session:
    """The reading session of this request: one state of the catalogue for the whole page, closed when it is done."""
    if "session" not in g:
        g.session_stack = ExitStack()
        g.session = g.session_stack.enter_context(installation().database.read())
    current: Session = g.session
    return current


def renew() -> None:
    """Let the rest of this request see what it has written: the next `session` is a new one."""
    _close_session(None)


def language() -> str:
    """The language of this page, `id` or `en`."""
    return current_language()


def _close_session(_error: BaseException | None) -> None:
    g.pop("session", None)
    stack = g.pop("session_stack", None)
    if stack is not None:
        stack.close()
