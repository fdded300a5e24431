"""ckanapi's command line as processes: dump, load, search, action, batch and delete, as offices run them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from ckanapi import RemoteCKAN
from served_portal import AGENCIES, CATALOGUE, PRICES, SERIES, Served
from shown_tables import POPULATION

TOOL = Path(sys.executable).parent / "ckanapi"


def ckanapi(portal: Served, *arguments: str, given: str = "", token: str | None = None) -> str:
    """What the command prints; it starts itself again for its workers, so it has to be on the path."""
    command = [str(TOOL), *arguments, "-r", portal.address, *(["-a", portal.secrets[token]] if token else [])]
    there = os.environ | {"PATH": f"{TOOL.parent}:{os.environ['PATH']}"}
    done = subprocess.run(command, input=given, capture_output=True, text=True, timeout=60, check=False, env=there)
    assert done.returncode == 0, done.stderr
    return done.stdout if arguments[0] in ("dump", "search", "action") else done.stdout + done.stderr


def lines(text: str) -> list[Any]:
    """JSON lines."""
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def test_all_datasets_are_dumped_with_the_fields_of_their_tables(portal: Served, ckan: RemoteCKAN) -> None:
    dumped = {one["name"]: one for one in lines(ckanapi(portal, "dump", "datasets", "--all", "-d"))}
    assert sorted(dumped) == CATALOGUE
    for name, package in dumped.items():
        resources = [
            {key: value for key, value in one.items() if key != "datastore_fields"} for one in package["resources"]
        ]
        assert package | {"resources": resources} == ckan.action.package_show(id=name)
    fields = dumped[POPULATION]["resources"][0]["datastore_fields"]
    assert [field["id"] for field in fields][:3] == ["_id", "kecamatan", "tahun"]


def test_agencies_and_themes_are_dumped(portal: Served) -> None:
    organizations = lines(ckanapi(portal, "dump", "organizations", "--all", "-g"))
    assert {one["name"] for one in organizations} == set(AGENCIES)
    themes = lines(ckanapi(portal, "dump", "groups", "kesehatan", "pendidikan"))
    assert [one["package_count"] for one in themes] == [3, 2]


def test_resources_are_downloaded_as_a_package(portal: Served, tmp_path: Path) -> None:
    ckanapi(portal, "dump", "datasets", SERIES[0], "-D", str(tmp_path))
    (descriptor,) = tmp_path.rglob("datapackage.json")
    told = json.loads(descriptor.read_text())
    assert (told["name"], told["title"]) == (SERIES[0], "Kasus demam berdarah 2022")
    assert list(tmp_path.rglob("*.csv")) or list((descriptor.parent / "data").iterdir())


def test_a_search_gives_every_dataset_once(portal: Served) -> None:
    found = lines(ckanapi(portal, "search", "datasets", "q=demam berdarah"))
    assert sorted(one["name"] for one in found) == sorted(SERIES)
    everything = lines(ckanapi(portal, "search", "datasets"))
    assert sorted(one["name"] for one in everything) == CATALOGUE


def test_an_action_is_asked_from_the_shell(portal: Served) -> None:
    assert json.loads(ckanapi(portal, "action", "package_show", f"id={PRICES}", "-j"))["name"] == PRICES
    counted = ckanapi(portal, "action", "package_search", "rows:0", 'facet.field:["organization"]', "-g", "-j")
    assert json.loads(counted)["count"] == len(CATALOGUE)


def test_what_is_dumped_can_be_loaded_and_changed_and_deleted(writable: Served, tmp_path: Path) -> None:
    by = {"token": "walidata"}
    fresh = {"name": "embung", "title": "Embung", "owner_org": AGENCIES[1], "notes": "Dari sebelah."}
    assert " create " in ckanapi(writable, "load", "datasets", given=json.dumps(fresh) + "\n", **by)
    (tmp_path / "embung.csv").write_text("kecamatan,embung\nNgraho,3\nMalo,5\n")
    given = ("package_id=embung", "name=Embung", f"upload@{tmp_path / 'embung.csv'}")
    ckanapi(writable, "action", "resource_create", *given, **by)
    dumped = ckanapi(writable, "dump", "datasets", "embung")
    assert " update " in ckanapi(writable, "load", "datasets", given=dumped, **by)
    batch = [{"action": "package_patch", "data": {"id": "embung", "notes": "Diubah."}}]
    batch.append({"action": "package_show", "data": {"id": "embung"}})
    ckanapi(writable, "batch", given="\n".join(map(json.dumps, batch)) + "\n", **by)
    shown = writable.client().action.package_show(id="embung")
    assert (shown["notes"], shown["title"]) == ("Diubah.", "Embung")
    ckanapi(writable, "delete", "datasets", "embung", **by)
    assert writable.client().action.package_list() == CATALOGUE
