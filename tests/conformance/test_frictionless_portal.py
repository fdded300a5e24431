"""frictionless reads the catalogue by its CKAN plugin, and judges packages from outside in processes of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from frictionless import Catalog, Package, system
from frictionless.portals import CkanControl
from requests import Session
from served_portal import AGENCIES, CATALOGUE, PRICES, SCHOOLS, SERIES, Served
from shown_tables import BUDGET, KECAMATAN, POPULATION

JUDGED = {
    "the package of now": f"/dataset/{BUDGET}/datapackage.json",
    "the package of a version": f"/dataset/{POPULATION}/v/1/datapackage.json",
    "the zipped package": f"/dataset/{POPULATION}.zip",
    "the whole catalogue": "/catalog.datapackages.json",
}
# In a process of its own, for frictionless leaves the files open that it sends.
PUBLISHING = """
import sys
from frictionless import Package
from frictionless.portals import CkanControl

address, token, organization = sys.argv[1:]
control = CkanControl(baseurl=address, apikey=token, organization_name=organization, dataset="embung-desa")
print(Package("datapackage.json").publish(control=control).url)
"""


@pytest.fixture(scope="module", autouse=True)
def trusting() -> Iterator[None]:
    """Frictionless with a session of its own that may follow absolute addresses."""
    with system.use_context(trusted=True, http_session=Session()):
        yield


@pytest.fixture(scope="module")
def verdicts(portal: Served, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, str]]:
    """What `frictionless validate` says of each: the status and the report."""
    folder = tmp_path_factory.mktemp("zip")
    (folder / "paket.zip").write_bytes(portal.get(f"/dataset/{PRICES}.zip").content)
    asked = {words: [f"{portal.address}{path}"] for words, path in JUDGED.items()}
    asked["the downloaded zip"] = ["--type", "package", "paket.zip"]
    tool = str(Path(sys.executable).parent / "frictionless")
    told = {}
    for words, options in asked.items():
        command = [tool, "validate", "--json", "--trusted", *options]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, cwd=folder)
        told[words] = done.returncode, done.stdout + done.stderr
    return told


@pytest.mark.parametrize("words", [*JUDGED, "the downloaded zip"])
def test_the_judge_finds_it_valid_from_outside(verdicts: dict[str, tuple[int, str]], words: str) -> None:
    status, text = verdicts[words]
    assert status == 0, text
    report = json.loads(text)
    assert (report["valid"], report["stats"]["errors"]) == (True, 0)
    assert report["stats"]["tasks"] >= (2 if words == "the package of now" else 1)


@pytest.mark.parametrize(
    ("control", "expected"),
    [
        (CkanControl(num_packages=100), CATALOGUE),
        (CkanControl(organization_name=AGENCIES[1]), sorted(SERIES)),
        (CkanControl(group_id="kesehatan"), sorted(SERIES)),
        (CkanControl(search={"q": "beras"}), [PRICES]),
        (CkanControl(search={"q": "", "fq": "tags:sekolah"}), [SCHOOLS]),
    ],
    ids=["all", "organization", "group", "search", "filter"],
)
def test_the_plugin_reads_the_catalogue(portal: Served, control: CkanControl, expected: list[str]) -> None:
    control.baseurl = portal.address
    catalog = Catalog(control=control)
    assert sorted(catalog.dataset_names) == expected


def test_the_plugin_pages_through_the_catalogue(portal: Served) -> None:
    met: list[str] = []
    for offset in (0, 6):
        asked = CkanControl(baseurl=portal.address, num_packages=6, results_offset=offset)
        met += Catalog(control=asked).dataset_names
    assert sorted(met) == CATALOGUE


@pytest.mark.parametrize("name", CATALOGUE)
def test_the_plugin_reads_each_dataset_with_its_schemas(portal: Served, name: str) -> None:
    package = Package(f"{portal.address}/dataset/{name}")
    assert package.name == name
    for resource in package.resources:
        if resource.format == "csv":
            assert resource.schema.fields
            assert resource.hash
            assert len(resource.read_rows()) == resource.custom["lumbung:rows"]


def test_the_rows_that_it_reads_are_those_of_the_office(portal: Served) -> None:
    rows = Package(f"{portal.address}/dataset/{SERIES[0]}").resources[0].read_rows()
    assert [row["kecamatan"] for row in rows] == list(KECAMATAN)
    assert [row["kasus_jiwa"] for row in rows] == [place * 3 + 2 for place in range(len(KECAMATAN))]


def test_the_plugin_publishes_a_package_and_reads_it_again(writable: Served, tmp_path: Path) -> None:
    (tmp_path / "embung.csv").write_text("kecamatan,embung\nNgraho,3\nMalo,5\n", encoding="utf-8")
    descriptor = {
        "name": "embung-desa",
        "title": "Embung desa",
        "resources": [{"name": "embung", "path": "embung.csv", "format": "csv"}],
    }
    (tmp_path / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    asked = [writable.address, writable.secrets["walidata"], AGENCIES[1]]
    done = subprocess.run(
        [sys.executable, "-c", PUBLISHING, *asked], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.stdout.strip() == f"{writable.address}/dataset/embung-desa", done.stderr
    again = Package(done.stdout.strip())
    assert (again.title, [row.to_dict() for row in again.resources[0].read_rows()]) == (
        "Embung desa",
        [{"kecamatan": "Ngraho", "embung": 3}, {"kecamatan": "Malo", "embung": 5}],
    )
