"""What a file that is taken away says about itself, where its format has a place for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ExportAbout:
    """Where a table is from. Texts are finished and in `language`; empty ones are left out.

    `source` is the address of the version's page, `query` the question in words or as its address, `published` an ISO
    date. Nothing here may change between two downloads of the same question, or the file will be made twice.
    """

    title: str
    organization: str = ""
    version: str = ""
    published: str = ""
    licence: str = ""
    licence_url: str = ""
    source: str = ""
    query: str = ""
    citation: str = ""
    notes: tuple[str, ...] = ()
    language: str = "id"

    def as_dict(self) -> dict[str, Any]:
        """For JSON: the filled fields."""
        fields = (
            "title",
            "organization",
            "version",
            "published",
            "licence",
            "licence_url",
            "source",
            "query",
            "citation",
        )
        found: dict[str, Any] = {name: value for name in fields if (value := getattr(self, name))}
        return found | ({"notes": list(self.notes)} if self.notes else {})

    def lines(self) -> list[tuple[str, str]]:
        """For people: labels and texts in the language of the file."""
        labels = _LABELS["en" if self.language == "en" else "id"]
        found = [(label, text) for name, label in labels.items() if (text := getattr(self, name, ""))]
        return found + [(labels_note, note) for labels_note in [_NOTE[self.language == "en"]] for note in self.notes]


_NOTE = {True: "Note", False: "Catatan"}
_LABELS = {
    "id": {
        "title": "Judul",
        "organization": "Perangkat daerah",
        "version": "Versi",
        "published": "Terbit",
        "licence": "Lisensi",
        "licence_url": "Alamat lisensi",
        "source": "Alamat",
        "query": "Saringan",
        "citation": "Cara mengutip",
    },
    "en": {
        "title": "Title",
        "organization": "Organization",
        "version": "Version",
        "published": "Published",
        "licence": "Licence",
        "licence_url": "Licence address",
        "source": "Address",
        "query": "Filter",
        "citation": "How to cite",
    },
}
