"""Views and downloads are counted once for each reader, without machines, and without knowing who read."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from datasets import usage
from datasets.installation import Installation
from datasets.models import Dataset, DatasetUsage, Resource, Version
from portal.usage.counting import EXTENSION
from portal.usage.present import yesterday
from portal.usage.tally import Tally

SLUG = "kasus-demam-berdarah"
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
TODAY = date(2026, 7, 6)


@pytest.fixture
def counted(app: Flask, stocked: Installation):  # type: ignore[no-untyped-def]
    def ask(path: str = f"/dataset/{SLUG}", agent: str = BROWSER, address: str = "203.0.113.4", **headers: str) -> None:
        response = app.test_client().get(
            path, headers={"User-Agent": agent, "X-Forwarded-For": address, **headers}, buffered=True
        )
        assert response.status_code < 400

    def figures() -> tuple[int, int]:
        app.extensions[EXTENSION].flush()
        with stocked.database.read() as session:
            found = session.scalars(select(DatasetUsage)).all()
            return sum(each.views for each in found), sum(each.downloads for each in found)

    return ask, figures


def test_readers_are_counted_and_their_reloads_are_not(counted) -> None:  # type: ignore[no-untyped-def]
    ask, figures = counted
    for _ in range(3):
        ask()
    ask(address="203.0.113.5")
    assert figures() == (2, 0)
    ask(f"/dataset/{SLUG}/v/1.zip")
    ask(f"/dataset/{SLUG}/v/1.zip", agent="curl/8.5.0", address="203.0.113.6")
    assert figures() == (2, 2)


@pytest.mark.parametrize(
    ("agent", "headers"),
    [
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", {}),
        ("Mozilla/5.0 (compatible; bingbot/2.0)", {}),
        ("facebookexternalhit/1.1", {}),
        ("WhatsApp/2.23", {}),
        ("curl/8.5.0", {}),
        ("", {}),
        (BROWSER, {"Sec-Purpose": "prefetch;prerender"}),
    ],
)
def test_machines_are_no_readers(counted, agent: str, headers: dict[str, str]) -> None:  # type: ignore[no-untyped-def]
    ask, figures = counted
    ask(agent=agent, **headers)
    assert figures() == (0, 0)


def test_a_file_taken_in_parts_counts_once(counted, stocked: Installation) -> None:  # type: ignore[no-untyped-def]
    ask, figures = counted
    with stocked.database.read() as session:
        resource = session.scalars(select(Resource).where(Resource.raw_filename != "")).first()
        version = session.get_one(Version, resource.version_id)
        slug = session.get_one(Dataset, version.dataset_id).slug
    address = f"/dataset/{slug}/v/1/{resource.name}/original/{resource.raw_filename}"
    ask(address, Range="bytes=5-9")
    assert figures() == (0, 0)
    ask(address, Range="bytes=0-4")
    ask(address)
    assert figures() == (0, 1)


def test_a_database_that_cannot_be_written_loses_no_count(stocked: Installation) -> None:
    written: list[dict[tuple[str, date], tuple[int, int]]] = []

    def write(counts) -> None:  # type: ignore[no-untyped-def]
        if not written:
            written.append({})
            raise OperationalError("", {}, Exception("busy"))
        written.append(dict(counts))

    tally = Tally(write)
    tally.count(SLUG, "one", download=False, day=TODAY, now=0)
    tally.flush()
    tally.count(SLUG, "two", download=True, day=TODAY, now=1)
    tally.flush()
    assert written[1] == {(SLUG, TODAY): (1, 1)}


def test_a_reader_who_comes_back_later_counts_again() -> None:
    written: list[object] = []
    tally = Tally(lambda counts: written.extend(counts.values()))
    for now in (0, 1_799, 3_700):
        tally.count(SLUG, "one", download=False, day=TODAY, now=now)
    tally.flush()
    assert written == [(2, 0)]


def test_sums_know_ever_and_the_last_thirty_days(stocked: Installation) -> None:
    old = TODAY - timedelta(days=40)
    for _ in range(2):
        with stocked.database.write() as session:
            usage.add(session, {(SLUG, TODAY): (3, 1), (SLUG, old): (10, 5), ("gone", TODAY): (1, 1)})
    with stocked.database.read() as session:
        number = session.scalars(select(Dataset.id).where(Dataset.slug == SLUG)).one()
        assert usage.of(session, [number, -1], today=TODAY) == {number: usage.Usage(26, 12, 6, 2)}


def test_a_page_says_by_month_how_often_it_is_used_up_to_yesterday(app: Flask, stocked: Installation) -> None:
    until = yesterday()
    first = until.replace(day=1)
    before = (first - timedelta(days=1)).replace(day=1)
    with stocked.database.write() as session:
        usage.add(
            session, {(SLUG, before): (1200, 34), (SLUG, first): (7, 2), (SLUG, until + timedelta(days=1)): (900, 900)}
        )
    client = app.test_client()
    page = client.get(f"/dataset/{SLUG}")
    part = page.text.partition('id="pakai"')[2].partition("</section>")[0]
    assert "1.207 kali dilihat, 36 kali diunduh" in part, "today's are not whole yet"
    rows = re.findall(
        r'<th scope="row">([^<]+)</th><td class="rs-count">([^<]+)</td>.*?<td class="rs-count">([^<]+)<', part
    )
    assert [row[1:] for row in rows] == [("1.200", "34"), ("7", "2")]
    assert "tidak alamat, tidak kuki" in part
    other = client.get("/dataset/data-pokok-sekolah-dasar").text.partition('id="pakai"')[2].partition("</section>")[0]
    assert "Belum ada yang terhitung" in other and "<table" not in other
    told = client.get(f"/api/3/action/package_show?id={SLUG}&include_tracking=true").get_json()["result"]
    assert told["tracking_summary"] == {
        "total": 3043,
        "recent": told["tracking_summary"]["recent"],
        "views": 2107,
        "downloads": 936,
    }


def test_months_without_readers_stand_between_those_with(stocked: Installation) -> None:
    with stocked.database.write() as session:
        number = session.scalars(select(Dataset.id).where(Dataset.slug == SLUG)).one()
        usage.add(
            session,
            {(SLUG, date(2025, 11, 30)): (1, 0), (SLUG, date(2026, 2, 1)): (2, 3), (SLUG, date(2024, 1, 1)): (9, 9)},
        )
        found = usage.by_month(session, number, until=date(2026, 2, 15), months=5)
        assert usage.by_month(session, number, until=date(2023, 12, 31)) == []
    assert [(month.first_day.month, month.views, month.downloads) for month in found] == [
        (10, 0, 0), (11, 1, 0), (12, 0, 0), (1, 0, 0), (2, 2, 3),
    ]  # fmt: skip
