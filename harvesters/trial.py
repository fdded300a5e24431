"""A connection tried in a process of its own, for a short time: what would be harvested, told as plain JSON.

Run as `python -m harvesters.trial` it takes one JSON object `{"kind", "location", "options", "settings", "limit"}` and
answers with one: `{"found": [{"key", "title", "files", "fault"}], "more"}`, or `{"error": Notice.as_dict()}`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from datasets.settings import SECRETS, Settings
from harvesters.adapter import RemoteDataset, SourceUnavailable
from harvesters.opening import opened_source, split_options
from metadata.errors import LumbungError
from metadata.terms import Bilingual

SECONDS = 40
LIMIT = 20
KINDS = ("ckan", "web", "json", "bps", "opensid", "sdmx", "webdav", "sheets", "datapackage", "dcat")
"""What may be connected from a page: systems on the web. Folders, databases and keys of hosts are an operator's."""
_FORBIDDEN = frozenset({"internal", "internal_hosts", "own_organizations", "hidden_sheets", "steward"})
"""Common options that only an operator sets."""


class NotFromHere(LumbungError):
    """A source that must not be connected from a page."""

    code = "trial.not_from_here"
    status = 422
    text = Bilingual(
        id="Sumber ini tidak dapat disambungkan dari halaman ini: {reason}.",
        en="This source cannot be connected from this page: {reason}.",
    )


class TrialTooSlow(LumbungError):
    """The other side did not tell what it has within the time."""

    code = "trial.too_slow"
    status = 504
    text = Bilingual(
        id="Sumber tidak menjawab dalam {seconds} detik. Periksa alamatnya, atau coba lagi nanti.",
        en="The source did not answer within {seconds} seconds. Check its address, or try again later.",
    )


def allowed(kind: str, location: str, options: Mapping[str, Any]) -> None:
    """Raises `NotFromHere`, `UnknownAdapter`, `OptionMistaken` unless a page may connect this source."""
    parts = urlsplit(location)
    if kind not in KINDS:
        raise NotFromHere(reason=Bilingual(f"jenis {kind}", f"the kind {kind}"))
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
        words = Bilingual("alamatnya harus diawali http:// atau https://", "its address must begin with http(s)://")
        raise NotFromHere(reason=words)
    if set(options) & _FORBIDDEN:
        raise NotFromHere(reason=Bilingual("opsi itu milik operator", "that option is an operator's"))
    split_options(kind, options)


def tried(
    settings: Settings, kind: str, location: str, options: Mapping[str, Any], *, seconds: float = SECONDS
) -> dict[str, Any]:
    """What the source offers: `found` (at most `LIMIT`) and whether there is `more`; or the `error` in its words.

    Nothing is fetched or stored; the process is killed after `seconds`. Raises as `allowed`, and `TrialTooSlow`.
    """
    allowed(kind, location, options)
    told = {
        name: str(value) if isinstance(value, Path) else value
        for name, value in asdict(settings).items()
        if name not in SECRETS
    }
    order = {"kind": kind, "location": location, "options": dict(options), "settings": told, "limit": LIMIT}
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR", "SSL_CERT_FILE") if name in os.environ}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "harvesters.trial"],
            input=json.dumps(order).encode(),
            capture_output=True,
            check=False,
            timeout=seconds,
            cwd=Path(__file__).parents[1],
            env=kept | {"LANG": "C.UTF-8", "PYTHONUTF8": "1"},
        )
    except subprocess.TimeoutExpired:
        raise TrialTooSlow(seconds=int(seconds)) from None
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        raise SourceUnavailable(location=location, reason=f"{done.returncode}") from None
    return answer


def main(text: str) -> dict[str, Any]:
    """Do one trial."""
    order = json.loads(text)
    settings = Settings(**{**order["settings"], "home": Path(order["settings"]["home"])})
    try:
        with opened_source(settings, order["kind"], order["location"], order["options"]) as adapter:
            offered: Iterator[RemoteDataset] = adapter.discover()
            found = [_told(one) for one in islice(offered, order["limit"])]
            return {"found": found, "more": next(offered, None) is not None}
    except LumbungError as error:
        return {"error": error.notice.as_dict()}


def _told(one: RemoteDataset) -> dict[str, Any]:
    return {
        "key": one.key,
        "title": one.title,
        "description": (one.about.description or "")[:300],
        "files": [[file.filename, file.declared_format or ""] for file in one.files[:20]],
        "fault": one.fault.as_dict() if one.fault else None,
        "notices": [notice.as_dict() for notice in one.notices[:5]],
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(sys.stdin.read())))
