"""What an examination finds: a fault, how grave it is, and whether it was mended on the spot."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from metadata.notices import Notice, Param, declare

Severity = Literal["error", "warning"]
"""An error has harmed or hides something; a warning may come to that."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault, with its words in both languages."""

    notice: Notice
    severity: Severity = "error"
    repaired: bool = False

    @property
    def code(self) -> str:
        """The fault's stable name."""
        return self.notice.code

    def say(self, language: str) -> str:
        """The fault in words, with what to do about it."""
        return self.notice.say(language)

    def as_dict(self) -> dict[str, Any]:
        """A JSON-ready form: code, params and texts of the notice, `severity` and `repaired`."""
        return self.notice.as_dict() | {"severity": self.severity, "repaired": self.repaired}

    def mended(self) -> Finding:
        """The same, mended."""
        return replace(self, repaired=True)


def finding(code: str, severity: Severity = "error", **params: Param) -> Finding:
    """A finding with a declared code."""
    return Finding(Notice(code=code, params=params), severity)


CHECK_FAILED = declare(
    "doctor.check_failed",
    id="Pemeriksaan {check} tidak dapat diselesaikan: {reason}",
    en="The examination of {check} could not be completed: {reason}",
)
