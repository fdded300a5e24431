"""The press: sets a layout with data as PDF, inside a confined process; it knows nothing of letters or cases."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import typst

STANDARDS: Final = ("ua-1", "a-2a")
"""Tagged for screen readers (PDF/UA-1) and fit for archives (PDF/A-2a)."""
STAND_IN: Final = "□"
"""Printed in place of a sign that the typefaces do not have."""
ROUNDS: Final = 12
"""So many different signs are replaced one by one; with more, all that are beyond the plain ones are."""

_LACKING = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)
_ESCAPE = re.compile(r"\\u\{([0-9a-f]{1,6})\}")
_PLAIN = re.compile("[^\\n\\t -~ -ɏ‐-‧‰-›€Ḁ-ỿ]")


def work(order: Mapping[str, Any]) -> dict[str, Any]:
    """The PDF of an order: `layout` (the source), `data` (JSON values), `logo` (base64 and its suffix), in base64.

    What the typefaces lack is printed as `STAND_IN`. Raises typst.TypstError for a layout that cannot be set.
    """
    Path("main.typ").write_text(order["layout"], encoding="utf-8")
    data = dict(order["data"])
    data["logo"] = ""
    if order.get("logo"):
        name = f"logo.{order['suffix']}"
        Path(name).write_bytes(base64.b64decode(order["logo"]))
        data["logo"] = name
    text = json.dumps(data, ensure_ascii=False)
    for _ in range(ROUNDS):
        try:
            return {"pdf": base64.b64encode(_set(text)).decode()}
        except typst.TypstError as error:
            lacking = _LACKING.search(str(error))
            if lacking is None:
                raise
            for sign in _ESCAPE.sub(lambda found: chr(int(found[1], 16)), lacking[1]):
                text = text.replace(sign, STAND_IN) if not sign.isascii() else text
    return {"pdf": base64.b64encode(_set(_PLAIN.sub(STAND_IN, text))).decode()}


def _set(data: str) -> bytes:
    Path("data.json").write_text(data, encoding="utf-8")
    found = typst.compile("main.typ", root=".", ignore_system_fonts=True, pdf_standards=list(STANDARDS))
    if not isinstance(found, bytes):
        raise TypeError("one PDF was expected")
    return found
