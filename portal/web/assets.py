"""Static files: style sheets put together from their rooms, addresses that change with the content, long caching."""

from __future__ import annotations

import hashlib
import mimetypes
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, request
from werkzeug.security import safe_join

from portal.web.i18n import root_path

STATIC = Path(__file__).parents[1] / "static"
STYLE, DESK_STYLE = "lumbung.css", "desk.css"
"""The sheet of every page, and what the workbench needs beside it."""
FOREVER = "public, max-age=31536000, immutable"

bp = Blueprint("assets", __name__)


def init_app(app: Flask) -> None:
    """Serve `/static` and give templates `static_url`."""
    app.register_blueprint(bp)
    app.jinja_env.globals.update(static_url=static_url)


@bp.get("/static/<path:name>")
def static(name: str) -> Response:
    """A static file; for ever when the address carries its present hash, else with a question each time."""
    content = _content(name)
    if content is None:
        abort(404)
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    response = Response(content, mimetype="text/javascript" if name.endswith(".js") else kind)
    response.set_etag(digest(name), weak=True)
    response.make_conditional(request)
    current = request.args.get("v") == digest(name)
    response.headers["Cache-Control"] = FOREVER if current else "public, no-cache"
    return response


def static_url(name: str) -> str:
    """The address of a static file, the same in each language, with the hash of its content."""
    return f"{root_path()}/static/{name}?v={digest(name)}"


@lru_cache(maxsize=256)
def digest(name: str) -> str:
    """Twelve hex digits of the SHA-256 of a static file; empty when there is no such file."""
    content = _content(name)
    return "" if content is None else hashlib.sha256(content).hexdigest()[:12]


@lru_cache(maxsize=1)
def style_sheet() -> str:
    """The sheet of every page in one: the layers' order stands in reset.css, fonts are addressed with their hash."""
    folder = STATIC / "css"
    parts = [folder / "reset.css", folder / "tokens.css", folder / "base.css"]
    parts += sorted((folder / "components").glob("*.css")) + sorted((folder / "pages").glob("*.css"))
    return re.sub(r'url\("((?:fonts|img)/[^"]+)"\)', _with_digest, _joined([*parts, folder / "print.css"]))


@lru_cache(maxsize=1)
def desk_style_sheet() -> str:
    """What readers never load: the rooms of the workbench, in the layers that the other sheet has put in order."""
    return _joined(sorted((STATIC / "css" / "desk").glob("*.css")))


@lru_cache(maxsize=128)
def _content(name: str) -> bytes | None:
    """The bytes of a static file, kept in memory: they are few and small. The style sheet's rooms are no files."""
    if name in (STYLE, DESK_STYLE):
        return (style_sheet() if name == STYLE else desk_style_sheet()).encode()
    path = safe_join(str(STATIC), name)
    if path is None or name.startswith("css/") or not Path(path).is_file():
        return None
    return Path(path).read_bytes()


def _with_digest(found: re.Match[str]) -> str:
    return f'url("{found[1]}?v={digest(found[1])}")'


def _joined(paths: Iterable[Path]) -> str:
    return _squeezed("\n".join(path.read_text(encoding="utf-8") for path in paths))


def _squeezed(text: str) -> str:
    """Without comments and blanks around signs: they are for who reads the files, not for a phone."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"\s*\n\s*", "\n", text).strip()
    parts = re.split(r'("[^"\n]*")', text)  # what stands in quotes stays as it is
    parts[::2] = [re.sub(r";?\s*}", "}", re.sub(r"\s*([{;,])\s*|(:) ", r"\1\2", part)) for part in parts[::2]]
    return "".join(parts)
