"""Numbers in addresses: one way to write each, so that one thing has one address."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import IntegerConverter


class Number(IntegerConverter):
    """`1`, never `01`: the address of a version is what people cite, and caches would keep it twice."""

    regex = r"(?:0|[1-9][0-9]{0,11})"


def init_app(app: Flask) -> None:
    """Read `<int:…>` of every address so. Before the wings are registered."""
    app.url_map.converters["int"] = Number
