"""Icons: references into the one sprite, hidden from screen readers because words stand beside them."""

from __future__ import annotations

import re
from functools import lru_cache

from flask import Flask
from markupsafe import Markup

from portal.web.assets import STATIC, static_url

FALLBACK = "folder"


def init_app(app: Flask) -> None:
    """Give templates `icon`."""
    app.jinja_env.globals.update(icon=icon)


def icon(name: str) -> Markup:
    """The icon `name`; one that the sprite lacks (a theme's, say) shows a folder rather than nothing."""
    shown = name if name in icon_names() else FALLBACK
    return Markup('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>').format(
        static_url("icons.svg"), shown
    )


@lru_cache(maxsize=1)
def icon_names() -> frozenset[str]:
    """The names in the sprite."""
    sprite = (STATIC / "icons.svg").read_text(encoding="utf-8")
    return frozenset(re.findall(r'<symbol id="([^"]+)"', sprite))
