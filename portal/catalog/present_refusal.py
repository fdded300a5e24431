"""The page for a question to a table that cannot be answered."""

from __future__ import annotations

from dataclasses import dataclass

from datasets.models import Resource
from metadata.errors import LumbungError
from portal.catalog.addresses import Shown
from portal.catalog.present_tools import columns_url
from portal.web.i18n import current_language

MOST = 60
"""Columns named here; all of them are on the page of columns."""


@dataclass(frozen=True, slots=True)
class RefusalPage:
    """What is wrong in words, columns that can be asked about (the page of all of them), the table unasked."""

    dataset: str
    dataset_url: str
    table: str
    table_url: str
    text: str
    columns: tuple[tuple[str, str], ...]
    all_columns: str


def refusal_page(shown: Shown, resource: Resource, error: LumbungError) -> RefusalPage:
    """The page that says `error` of a question to `resource`."""
    fields = resource.schema.get("fields", [])
    return RefusalPage(
        dataset=shown.dataset.title,
        dataset_url=shown.page(),
        table=resource.title,
        table_url=shown.page(resource, anchor="tabel"),
        text=error.say(current_language()),
        columns=tuple((field["name"], field.get("title") or field["name"]) for field in fields[:MOST]),
        all_columns=columns_url(shown, resource) if len(fields) > MOST and resource.parquet_sha256 else "",
    )
