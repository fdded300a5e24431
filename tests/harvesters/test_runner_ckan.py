"""A CKAN portal harvested through the whole pipeline, again and again, as it changes and fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from peers.ckan_peer import CkanPeer
from sqlalchemy import select

from datasets.clock import now
from datasets.installation import Installation
from datasets.models import Dataset, Evidence, Organization, RunState, Version
from datasets.settings import Settings
from harvesters.declared import SourceEntry
from harvesters.runs.reports import RunReport
from harvesters.runs.runner import harvest
from harvesters.sources import add_source

ROWS = "kecamatan,tahun,jumlah\n" + "".join(f"Kecamatan {number},2023,{number * 10}\n" for number in range(1, 29))
CSV = ROWS.encode()

Harvest = Callable[..., RunReport]


@pytest.fixture
def portal() -> Iterator[CkanPeer]:
    with CkanPeer() as peer:
        yield peer


@pytest.fixture
def run(installation: Installation, portal: CkanPeer) -> Harvest:
    def once(*, refresh: bool = False, **options: object) -> RunReport:
        entry = {
            "name": "provinsi",
            "kind": "ckan",
            "location": portal.url,
            "organization": "Pemprov",
            "options": {"internal": True, "requests_per_second": 100, **options},
        }
        with installation.database.write() as session:
            add_source(session, SourceEntry.model_validate(entry), at=now())
        (report,) = harvest(installation, "provinsi", refresh=refresh)
        return report

    return once


def outcomes(report: RunReport) -> dict[str, str]:
    return {item.key: item.outcome.value for item in report.items}


def test_a_portal_is_harvested_with_where_everything_came_from(
    installation: Installation, portal: CkanPeer, run: Harvest
) -> None:
    portal.add("penduduk-2023", title="Penduduk 2023", files={"penduduk.csv": CSV})
    assert outcomes(run()) == {"penduduk-2023": "published"}
    with installation.database.read() as session:
        dataset = session.scalars(select(Dataset)).one()
        evidence = session.scalars(select(Evidence)).one()
        version = session.scalars(select(Version)).one()
    assert (dataset.title, dataset.remote_key) == ("Penduduk 2023", "penduduk-2023")
    assert evidence.url == portal.packages[0]["resources"][0]["url"]
    assert evidence.status == 200
    assert evidence.headers["content-type"] == "application/octet-stream"
    assert version.package["resources"][0]["sources"][0]["lumbung:url"] == evidence.url


def test_a_second_run_asks_for_changes_only_and_reports_the_rest_as_unchanged(portal: CkanPeer, run: Harvest) -> None:
    for number in range(3):
        portal.add(f"data-{number}", files={"a.csv": CSV})
    run()
    downloads = len(portal.seen)
    assert set(outcomes(run()).values()) == {"unchanged"}
    assert "fq" not in portal.searches[0]
    assert portal.searches[1]["fq"].startswith("+metadata_modified:[")
    assert len(portal.seen) == downloads + 1
    portal.add("data-1", files={"a.csv": CSV.replace(b",10\n", b",11\n")}, modified="2999-01-01T00:00:00")
    assert outcomes(run()) == {"data-0": "unchanged", "data-1": "published", "data-2": "unchanged"}


def test_a_dataset_that_the_portal_made_anew_is_the_same_dataset(
    installation: Installation, portal: CkanPeer, run: Harvest
) -> None:
    portal.add("ipm", files={"a.csv": CSV}, modified="2025-01-01T00:00:00")
    run()
    portal.add("ipm", files={"a.csv": CSV}, modified="2999-01-01T00:00:00")
    assert outcomes(run(refresh=True)) == {"ipm": "unchanged"}
    with installation.database.read() as session:
        assert len(session.scalars(select(Dataset)).all()) == len(session.scalars(select(Version)).all()) == 1


def test_after_a_failure_everything_is_offered_again(portal: CkanPeer, run: Harvest) -> None:
    package = portal.add("ipm", files={"a.csv": CSV})
    portal.add("apk", files={"a.csv": CSV})
    path = package["resources"][0]["url"].removeprefix(portal.url)
    good = portal.routes[path]
    portal.on(path, lambda x: x.reply(b"hilang", status=404))
    failed = run()
    assert outcomes(failed) == {"apk": "published", "ipm": "failed"}
    portal.on(path, good)
    assert outcomes(run()) == {"apk": "unchanged", "ipm": "published"}
    assert all("fq" not in search for search in portal.searches)


def test_a_file_behind_a_link_is_asked_for_each_time_but_sent_only_when_it_changed(
    portal: CkanPeer, run: Harvest
) -> None:
    package = portal.add("jalan", files={"jalan.csv": CSV})
    package["resources"][0]["url_type"] = None
    path = package["resources"][0]["url"].removeprefix(portal.url)
    sent = []

    def serve(x: object) -> None:
        if x.seen.headers.get("If-None-Match") == '"1"':  # type: ignore[attr-defined]
            x.head(304, ETag='"1"')  # type: ignore[attr-defined]
        else:
            sent.append(1)
            x.reply(CSV, ETag='"1"')  # type: ignore[attr-defined]

    portal.on(path, serve)
    assert outcomes(run()) == {"jalan": "published"}
    assert outcomes(run()) == {"jalan": "unchanged"}
    assert (portal.count(path), len(sent)) == (2, 1)


def test_a_resource_that_fails_is_told_and_does_not_take_a_published_one_away(portal: CkanPeer, run: Harvest) -> None:
    package = portal.add("jalan", files={"jalan.csv": CSV, "jembatan.csv": CSV.replace(b"jumlah", b"panjang")})
    run()
    path = package["resources"][1]["url"].removeprefix(portal.url)
    portal.on(path, lambda x: x.reply(b"<html>masuk dulu</html>"))
    report = run(refresh=True)
    assert outcomes(report) == {"jalan": "held"}
    said = " ".join(notice.say("id") for notice in report.items[0].messages)
    assert "jembatan" in said
    assert "halaman web" in said


def test_a_portal_in_trouble_leaves_everything_as_it_is(
    installation: Installation, portal: CkanPeer, run: Harvest
) -> None:
    portal.add("ipm", files={"a.csv": CSV})
    run()
    portal.before = lambda x: x.reply(b"<html>maaf</html>", status=200) or True
    report = run()
    assert report.state is RunState.FAILED
    assert report.notice is not None
    assert "tidak menjawab seperti portal CKAN" in report.notice.say("id")
    portal.before = lambda x: portal.answer(x, {"count": 0, "results": []}) or True
    emptied = run(refresh=True)
    assert emptied.notice is not None
    assert emptied.notice.code == "gate.listing_empty"
    assert installation.search.state().documents == 1


def test_hostile_words_of_a_package_are_published_harmlessly_on_both_databases(
    database_url: str, home: Path, portal: CkanPeer
) -> None:
    strange = "Judul\0 \ud800 <script>alert(1)</script> " + "panjang " * 200
    extras = [{"key": f"kunci {n} \0", "value": strange} for n in range(50)]
    portal.add("aneh", title=strange, notes=strange * 50, extras=extras, files={"x" * 180 + ".csv": CSV})
    portal.packages[0]["resources"][0].update(name=strange, description=strange)
    portal.packages[0]["tags"] = [{"name": strange}, {"name": "a"}]
    here = Installation(Settings(home=home, database_url=database_url))
    entry = {
        "name": "provinsi",
        "kind": "ckan",
        "location": portal.url,
        "organization": "Pemprov",
        "options": {"internal": True, "requests_per_second": 100},
    }
    with here.database.write() as session:
        add_source(session, SourceEntry.model_validate(entry), at=now())
    (report,) = harvest(here, "provinsi")
    assert outcomes(report) == {"aneh": "published"}, report
    (again,) = harvest(here, "provinsi", refresh=True)
    assert outcomes(again) == {"aneh": "unchanged"}
    assert here.search.state().documents == 1
    here.close()


def test_datasets_belong_to_the_sources_office_unless_it_is_to_keep_their_own(
    installation: Installation, portal: CkanPeer, run: Harvest
) -> None:
    portal.add("ipm", files={"a.csv": CSV}, organization="bps-jatim")
    run()
    with installation.database.read() as session:
        assert session.scalars(select(Organization.slug)).all() == ["pemprov"]
    assert outcomes(run(own_organizations=True)) == {"ipm": "published"}
    with installation.database.read() as session:
        dataset = session.scalars(select(Dataset)).one()
        owner = session.scalars(select(Organization).where(Organization.id == dataset.organization_id)).one()
    assert (owner.slug, owner.title) == ("bps-jatim", "Bps-Jatim")
