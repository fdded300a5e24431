"""A form as a page shows it: what was typed, and what is wrong with it, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict


@dataclass(frozen=True, slots=True)
class Form:
    """`values` are shown again, `errors` stand at their fields and in a summary above them; "" is the whole form."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def status(self) -> int:
        """The status of an answer that shows it."""
        return 422 if self.errors else 200

    def value(self, name: str) -> str:
        """What was typed there."""
        return self.values.get(name, "")

    def error(self, name: str) -> str:
        """What is wrong there; empty when nothing is."""
        return self.errors.get(name, "")


def typed(given: MultiDict[str, str], *names: str) -> dict[str, str]:
    """These fields of a form without the blanks around them; never a password."""
    return {name: given.get(name, "").strip()[:1000] for name in names}
