"""A text in the two languages of the interface."""

from __future__ import annotations

from dataclasses import dataclass

LANGUAGES = ("id", "en")


@dataclass(frozen=True, slots=True)
class Bilingual:
    """The same text in Indonesian (`id`, the source of truth) and English (`en`)."""

    id: str
    en: str

    def say(self, language: str) -> str:
        """The text in `language`; anything but "en" gets Indonesian."""
        return self.en if language == "en" else self.id
