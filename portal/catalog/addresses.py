"""The addresses of what a dataset page shows: a dataset as it is now or one fixed version, and one of its resources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlencode

from flask import url_for

from datasets.models import Dataset, Resource, Version
from portal.downloads.names import original_name
from portal.web.links import canonical_url, plain_url

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Shown:
    """A version under the dataset's own address, or `fixed` under the address of that version."""

    dataset: Dataset
    version: Version
    fixed: bool

    @property
    def newest(self) -> bool:
        """Whether this is the version that the dataset's own address shows."""
        return self.version.id == self.dataset.current_version_id

    def page(self, resource: Resource | None = None, query: Pairs = (), anchor: str = "") -> str:
        """The page with `resource` in it (None or the first: the plain address), a query, and a place on it."""
        values: dict[str, Any] = {"slug": self.dataset.slug}
        endpoint = "catalog.dataset"
        if self.fixed:
            endpoint, values["number"] = "catalog.version", self.version.number
        if resource is not None and resource.position > 0:
            endpoint, values["resource"] = f"{endpoint}_resource", resource.name
        address = url_for(endpoint, **values)
        return address + (f"?{urlencode(query)}" if query else "") + (f"#{anchor}" if anchor else "")

    def table(self, resource: Resource, kind: str, query: Pairs = ()) -> str:
        """The download of a table, or of the rows that `query` selects from it, as `kind` (csv, xlsx, json, …)."""
        address = plain_url("downloads.table", kind=kind, **self._place(resource))
        return address + (f"?{urlencode(query)}" if query else "")

    def picture(self, resource: Resource, folder: Literal["chart", "map"], name: str) -> str:
        """A picture of the page, `wide-light.svg` and so on, of the chart or the map."""
        endpoint = {"chart": "downloads.pictures.chart", "map": "downloads.pictures.outline"}[folder]
        return plain_url(endpoint, name=name, **self._place(resource))

    def whole_chart(self, resource: Resource, ending: Literal["svg", "png", "json"]) -> str:
        """The chart to take away, or its specification."""
        if ending == "json":
            return plain_url("downloads.pictures.specification", **self._place(resource))
        return plain_url("downloads.pictures.whole_chart", ending=ending, **self._place(resource))

    def _place(self, resource: Resource) -> dict[str, Any]:
        return {"slug": self.dataset.slug, "number": self.version.number, "resource": resource.name}

    def original(self, resource: Resource) -> str:
        """The file as the office gave it."""
        return plain_url("downloads.original", filename=original_name(resource.raw_filename), **self._place(resource))

    def archive(self) -> str:
        """The whole version as a zipped data package."""
        return plain_url("downloads.archive", slug=self.dataset.slug, number=self.version.number)

    def descriptor(self) -> str:
        """The version's `datapackage.json`."""
        return plain_url("downloads.descriptor", slug=self.dataset.slug, number=self.version.number)


def lasting_url(dataset: Dataset, number: int) -> str:
    """The absolute address of a version, the same in every language: what is cited."""
    return canonical_url("catalog.version", slug=dataset.slug, number=number)


def dataset_url(dataset: Dataset) -> str:
    """The absolute address of a dataset, the same in every language."""
    return canonical_url("catalog.dataset", slug=dataset.slug)
