"""The child that draws: reads chart jobs from a socket, answers with pictures, and knows nothing else of the house.

It is run by its path in isolated mode, so that an installation's settings and secrets are not in its environment, and
it ends when the socket closes. A job is one JSON line `{"spec", "config", "format", "scale"}`; the answer is a JSON
line `{"size"}` or `{"error"}`, followed by that many bytes.
"""

from __future__ import annotations

import json
import os
import resource
import socket
import sys
from typing import Any

LOCALE = {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["Rp", ""]}
_MONTHS = [
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
]
_DAYS = ["Minggu", "Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu"]
TIME_LOCALE = {
    "dateTime": "%A, %e %B %Y %X",
    "date": "%d/%m/%Y",
    "time": "%H.%M.%S",
    "periods": ["", ""],
    "days": _DAYS,
    "shortDays": [day[:3] for day in _DAYS],
    "months": _MONTHS,
    "shortMonths": [month[:3] for month in _MONTHS],
}
_MEMORY = 1500 * 2**20
_JOBS = 400


def main(descriptor: int, fonts: str) -> None:
    """Answer jobs until the other side closes, or until enough were drawn that a fresh process is cheaper."""
    _limit()
    import vl_convert

    if fonts:
        vl_convert.register_font_directory(fonts)
    with socket.socket(fileno=descriptor) as line, line.makefile("rwb") as stream:
        for _ in range(_JOBS):
            text = stream.readline()
            if not text:
                return
            _answer(stream, vl_convert, json.loads(text))


def _answer(stream: Any, engine: Any, job: dict[str, Any]) -> None:
    try:
        picture = _draw(engine, job)
        stream.write(json.dumps({"size": len(picture)}).encode() + b"\n" + picture)
    except Exception as error:  # the engine raises whatever its script threw
        stream.write(json.dumps({"error": str(error)[:2000]}).encode() + b"\n")
    stream.flush()


def _draw(engine: Any, job: dict[str, Any]) -> bytes:
    if job["format"] == "vega":
        return json.dumps(engine.vegalite_to_vega(job["spec"], config=job["config"])).encode()
    options = {
        "config": job["config"],
        "allowed_base_urls": [],
        "format_locale": LOCALE,
        "time_format_locale": TIME_LOCALE,
    }
    if job["format"] == "png":
        picture: bytes = engine.vegalite_to_png(job["spec"], scale=job["scale"], **options)
        return picture
    text: str = engine.vegalite_to_svg(job["spec"], **options)
    return text.encode()


def _limit() -> None:
    """No files written, no core left behind, bounded memory; a hang is ended by the parent's clock."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY, _MEMORY))
    os.nice(5)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
