"""What the web application needs beside the settings of the installation, as Flask's configuration."""

from __future__ import annotations

import secrets
from typing import Any

from datasets.settings import Settings

TIMEZONE = "Asia/Jakarta"
"""Dates and times on pages are those of western Indonesia; stored and given to machines is UTC."""

MAX_BODY = 1024 * 1024
"""Bytes of a request's body: the public front takes only small forms and API calls."""


def flask_config(settings: Settings) -> dict[str, Any]:
    """Flask's configuration. Without a configured secret each process makes its own, good enough for public pages."""
    return {
        "SECRET_KEY": settings.secret_key or secrets.token_hex(32),
        "MAX_CONTENT_LENGTH": MAX_BODY,
        "MAX_FORM_MEMORY_SIZE": MAX_BODY,
        "MAX_FORM_PARTS": 100,
        "SESSION_COOKIE_SECURE": settings.site_url.startswith("https:"),
        "SESSION_COOKIE_SAMESITE": "Lax",
        "BABEL_DEFAULT_LOCALE": settings.language,
        "BABEL_DEFAULT_TIMEZONE": TIMEZONE,
        "BABEL_TRANSLATION_DIRECTORIES": "translations",
        "LUMBUNG_LANGUAGE": settings.language,
        "LUMBUNG_SITE_URL": settings.site_url,
        "LUMBUNG_QUOTA_SECRET": settings.secret_key or secrets.token_hex(16),
    }
