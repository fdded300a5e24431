"""What people write of a dataset through the API and CKAN's dictionaries repeat, though our catalogue has no column."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from datasets.draft import Identity, Place
from metadata.profiles.ckan_dicts import extras_list

_EXTRAS = {
    "frequency": "frekuensi",
    "period_start": "tahun awal",
    "period_end": "tahun akhir",
    "concept": "konsep",
    "definition": "definisi",
    "classification": "klasifikasi",
    "method": "metode",
    "unit": "satuan",
    "measure": "ukuran",
    "reference_code": "kode referensi",
    "source_title": "sumber",
    "source_path": "url sumber",
}
"""Members of `About` under the names by which `metadata.profiles.ckan` knows them again."""


def uuid_of(dataset_uuid: str, name: str) -> str:
    """The id of the resource `name` of a dataset, the same before and after it is published."""
    return Place(Identity(None, ""), slug="", uuid=dataset_uuid, number=0).resource_uuid(name)


def extras_of(about: Mapping[str, Any]) -> dict[str, object]:
    """What CKAN has no field for, of an `About` as a dictionary."""
    known = {name: about.get(member) for member, name in _EXTRAS.items()}
    return {**about.get("extras", {}), **known, "wilayah": ", ".join(about.get("regions") or ())}


def with_written(package: dict[str, Any], said: Mapping[str, Any] | None) -> dict[str, Any]:
    """A published dataset with the extras, and the descriptions of resources, of the manuscript it was made of."""
    if said is None:
        return package
    extras = {one["key"]: one["value"] for one in package["extras"]}
    own = {key: value for key, value in extras_of(said["about"]).items() if value}
    package["extras"] = extras_list({**own, **extras})
    told = {uuid_of(package["id"], name): file for file in said["files"] for name in file["made"] or [file["name"]]}
    for resource in package["resources"]:
        if file := told.get(resource["id"]):
            resource["description"] = file["description"]
    return package
