"""Static files: one style sheet put together from its rooms, addresses that change with the content, long caching."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, request, send_from_directory

from portal.web.i18n import root_path

STATIC = Path(__file__).parents[1] / "static"
STYLE = "lumbung.css"
FOREVER = "public, max-age=31536000, immutable"

bp = Blueprint("assets", __name__)


def init_app(app: Flask) -> None:
    """Serve `/static` and give templates `static_url`."""
    app.register_blueprint(bp)
    app.jinja_env.globals.update(static_url=static_url)


@bp.get("/static/<path:name>")
def static(name: str) -> Response:
    """A static file; for ever when the address carries its present hash, else with a question each time."""
    if name == STYLE:
        response = Response(style_sheet(), mimetype="text/css")
        response.set_etag(digest(STYLE))
        response.make_conditional(request)
    elif name.startswith("css/"):
        abort(404)
    else:
        response = send_from_directory(STATIC, name, conditional=True)
    current = request.args.get("v") == digest(name)
    response.headers["Cache-Control"] = FOREVER if current else "public, no-cache"
    return response


def static_url(name: str) -> str:
    """The address of a static file, the same in each language, with the hash of its content."""
    return f"{root_path()}/static/{name}?v={digest(name)}"


@lru_cache(maxsize=256)
def digest(name: str) -> str:
    """Twelve hex digits of the SHA-256 of a static file; empty when there is no such file."""
    if name == STYLE:
        return hashlib.sha256(style_sheet().encode()).hexdigest()[:12]
    path = (STATIC / name).resolve()
    if not path.is_relative_to(STATIC) or not path.is_file():
        return ""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


@lru_cache(maxsize=1)
def style_sheet() -> str:
    """All of `static/css` in one: the layers' order stands in reset.css, fonts are addressed with their hash."""
    folder = STATIC / "css"
    parts = [folder / "reset.css", folder / "tokens.css", folder / "base.css"]
    parts += sorted((folder / "components").glob("*.css")) + sorted((folder / "pages").glob("*.css"))
    text = "\n".join(path.read_text(encoding="utf-8") for path in [*parts, folder / "print.css"])
    return re.sub(
        r'url\("((?:fonts|img)/[^"]+)"\)', lambda found: f'url("{found[1]}?v={digest(found[1])}")', _squeezed(text)
    )


def _with_digest(found: re.Match[str]) -> str:
    return f'url("{found[1]}?v={digest(found[1])}")'


def _squeezed(text: str) -> str:
    """Without comments and indentation: they are for who reads the files, not for a phone."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r"\s*\n\s*", "\n", text).strip()
