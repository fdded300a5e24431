"""frictionless reads the packages from outside, over HTTP, by the addresses that the API gives.

Its CKAN plugin does the same: it takes the resource whose address ends in `/datapackage.json`. The plugin itself needs
a package (frictionless-ckan-mapper) that is not among those of this project.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from ckanapi import RemoteCKAN
from frictionless import Package, system, validate
from requests import Session
from shown_tables import BORDERS, KECAMATAN, POPULATION, REPORT, Shown


@pytest.mark.parametrize("name", [POPULATION, BORDERS, REPORT, "anggaran-dua-lembar"])
def test_every_package_that_the_api_names_is_valid_from_outside(here: str, name: str) -> None:
    package = RemoteCKAN(here).action.package_show(id=name)
    address = package["resources"][-1]["url"]
    assert address.endswith("/datapackage.json")
    with system.use_context(trusted=True, http_session=Session()):
        report = validate(address, type="package")
    assert report.valid, report.flatten(["type", "note"])


def test_the_rows_are_those_of_the_table(here: str) -> None:
    with system.use_context(trusted=True, http_session=Session()):
        package = Package(f"{here}/dataset/{POPULATION}/datapackage.json")
        rows = next(resource for resource in package.resources if resource.format == "csv").read_rows()
    assert len(rows) == 140
    assert {row["kecamatan"] for row in rows} == set(KECAMATAN)


def test_every_path_of_a_package_resolves(here: str, shown: Shown) -> None:
    for name in (POPULATION, BORDERS, REPORT):
        address = shown.public.get(f"/dataset/{name}/datapackage.json").headers["Location"]
        package = shown.public.get(address).get_json()
        base = address.rpartition("/")[0]
        for resource in package["resources"]:
            paths = [resource["path"], *(source["path"] for source in resource.get("sources", []) if "path" in source)]
            for path in paths:
                if not path.startswith("http"):
                    assert shown.public.get(f"{base}/{path}").status_code == 200, path
    for odd in ("data/tidak-ada.csv", "source/..%2F..%2Fx", "data/%00"):
        assert shown.public.get(f"/dataset/{POPULATION}/v/2/{odd}").status_code == 404
        assert shown.public.get(f"/dataset/{POPULATION}/{odd}").status_code in (302, 404)


@pytest.fixture(scope="module")
def here(address: str, shown: Shown) -> Iterator[str]:
    """The portal under its own listening address: what it names must be what listens."""
    configured = shown.app.config["LUMBUNG_SITE_URL"]
    shown.app.config["LUMBUNG_SITE_URL"] = address
    yield address
    shown.app.config["LUMBUNG_SITE_URL"] = configured
