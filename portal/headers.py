"""The headers of every answer: what a browser may do with it, who may keep it, and its transfer in zstd or gzip."""

from __future__ import annotations

from flask import Flask, Response, request
from werkzeug.wsgi import ClosingIterator

from portal.web.conditional import packed_tag
from portal.web.packing import packed, packed_pieces, preferred

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
"""No script and no style but those from files of this host; a response that needs another policy sets its own."""

FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
    "magnetometer=(), microphone=(), midi=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}

_COMPRESSIBLE = (
    *("text/", "application/json", "application/ld+json", "application/linkset+json", "application/x-ndjson"),
    *("application/xml", "application/rdf+xml", "application/atom+xml", "application/opensearchdescription+xml"),
    *("application/javascript", "application/geo+json", "application/n-triples", "image/svg+xml"),
)
_BODILESS = (204, 206, 304, 416)
_COMPRESS_FROM = 1024


def init_app(app: Flask) -> None:
    """Dress every response. Registered first, so that it runs after the wings' own handlers."""
    app.after_request(_dress)


def public_page(response: Response) -> Response:
    """For `Blueprint.after_request` of public pages: anyone may keep them and asks each time whether they changed.

    The tag is weak: the same page may travel packed or plain.
    """
    if response.status_code == 200 and "Cache-Control" not in response.headers and request.method in ("GET", "HEAD"):
        response.headers["Cache-Control"] = "public, no-cache"
        if not response.is_streamed and not response.direct_passthrough:
            response.add_etag(weak=True)
            response.make_conditional(request)
    return response


def _dress(response: Response) -> Response:
    for name, value in FIXED.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", POLICY)
    if "frame-ancestors *" in response.headers["Content-Security-Policy"]:
        response.headers.pop("X-Frame-Options")  # the older header knows no "everyone"
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    # What does not say that it is public is nobody else's to keep.
    response.headers.setdefault("Cache-Control", "no-store")
    if response.status_code == 200 and response.headers["Cache-Control"] == "public, no-cache":
        # Seconds in nginx' own cache, which takes this line away; it counts only before the other.
        del response.headers["Cache-Control"]
        response.headers["X-Accel-Expires"] = "1"
        response.headers["Cache-Control"] = "public, no-cache"
    return _compressed(response)


def _compressed(response: Response) -> Response:
    """Text bodies in zstd or gzip for who accepts it; kept files, which come packed, and parts of them stay."""
    if not (response.mimetype or "").startswith(_COMPRESSIBLE):
        return response
    response.vary.add("Accept-Encoding")
    encoding = preferred()
    if (
        not encoding
        or response.status_code in _BODILESS
        or "Content-Encoding" in response.headers
        or "X-Accel-Redirect" in response.headers
        or (response.direct_passthrough and response.is_streamed)
    ):
        return response
    if response.is_streamed:
        plain = response.response
        close = getattr(plain, "close", None)
        response.response = ClosingIterator(packed_pieces(plain, encoding), [close] if close else [])
        response.headers.pop("Content-Length", None)
    else:
        response.direct_passthrough = False
        body = response.get_data()
        if len(body) < _COMPRESS_FROM:
            return response
        response.set_data(packed(body, encoding))
    response.headers["Content-Encoding"] = encoding
    tag, weak = response.get_etag()
    if tag and not weak:
        response.set_etag(packed_tag(tag, encoding))
    return response
