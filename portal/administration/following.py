"""Puts in force, in every process of the portal, what the administration said."""

from __future__ import annotations

from typing import cast

from flask import Flask, current_app, request

from datasets.installation import Installation
from datasets.kept import Following
from portal import context

_EXTENSION = "lumbung.following"


def init_app(app: Flask, installation: Installation) -> None:
    """Look before each request but those for static files, at most every few seconds."""
    app.extensions[_EXTENSION] = Following(installation)
    app.before_request(_look)


def look(*, now: bool = False) -> None:
    """Take over what was said meanwhile; `now` after having said something."""
    following().look(now=now)
    settings = context.installation().settings
    current_app.jinja_env.globals.update(site_title=settings.site_title)


def following() -> Following:
    """What this process follows."""
    return cast(Following, current_app.extensions[_EXTENSION])


def _look() -> None:
    if request.blueprint not in ("assets", "health"):
        look()
