"""Logs for machines: one JSON object a line, without queries, bodies, addresses of readers or anything personal."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from portal.request_ids import HEADER, request_id

_ACCESS = "gunicorn.access"
_SECRET_PATH = re.compile(
    r"(/masuk/(?:sandi|undangan)/|/permohonan/lacak/|/ikuti/(?:konfirmasi|berhenti|berhenti-semua)/)[^\s\"']+"
)
"""Links of letters open an account, a request or a subscription: what follows is nobody's to read."""


class JsonLines(logging.Formatter):
    """A record as one line. A request is its method, path, status, bytes and milliseconds, nothing of who asked."""

    def format(self, record: logging.LogRecord) -> str:
        """The record in JSON; line breaks inside are escaped."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        if record.name == _ACCESS and isinstance(record.args, Mapping):
            line |= _request(record.args)
        else:
            line["message"] = _SECRET_PATH.sub(r"\1…", record.getMessage())
            if request_id():
                line["request"] = request_id()
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def _request(atoms: Mapping[str, Any]) -> dict[str, Any]:
    """gunicorn's atoms (`access_log_format`): m method, U path without query, s status, B bytes, M milliseconds.

    `{name}o` is a header of the answer.
    """
    return {
        "method": atoms.get("m"),
        "path": _SECRET_PATH.sub(r"\1…", str(atoms.get("U"))),
        "status": _number(atoms.get("s")),
        "bytes": _number(atoms.get("B")),
        "milliseconds": _number(atoms.get("M")),
        "request": atoms.get(f"{{{HEADER.lower()}}}o"),
    }


def _number(value: object) -> int | None:
    text = str(value)
    return int(text) if text.isdigit() else None


def logging_config() -> dict[str, Any]:
    """For `logging.config.dictConfig`: everything as JSON lines on standard error."""
    to_stderr = {"level": "INFO", "handlers": ["stderr"], "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "portal.logs.JsonLines"}},
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "stream": "ext://sys.stderr", "formatter": "json"},
        },
        "root": {"level": "INFO", "handlers": ["stderr"]},
        "loggers": {"gunicorn.error": dict(to_stderr), _ACCESS: dict(to_stderr)},
    }
