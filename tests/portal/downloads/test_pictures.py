"""Charts and outlines as files: drawn once, kept, in every look, and never at the page's expense."""

from __future__ import annotations

import json
import os
import re
import signal
from pathlib import Path

import pytest
from shown_tables import BORDERS, POPULATION, REPORT, Shown

from portal.web import engine
from portal.web.chart_process import ChartFailed, ChartProcess
from portal.web.chart_theme import PALETTES

BASE = f"/dataset/{POPULATION}/v/2/penduduk-kecamatan"


def kept(shown: Shown) -> set[Path]:
    return set((shown.installation.settings.home / "cache" / "pictures").glob("*.svg"))


def test_a_chart_wears_the_colours_of_its_theme(shown: Shown) -> None:
    for theme in ("light", "dark"):
        text = shown.public.get(f"{BASE}/chart/wide-{theme}.svg").get_data(as_text=True)
        assert PALETTES[theme].series[0] in text
        assert PALETTES[theme].ink_soft in text


def test_the_picture_is_as_large_as_the_page_leaves_room_for(shown: Shown) -> None:
    page = shown.public.get(f"/dataset/{POPULATION}").get_data(as_text=True)
    size = re.search(r'<img src="[^"]*wide-light\.svg"[^>]* width="(\d+)" height="(\d+)"', page)
    drawn = re.search(
        r'<svg [^>]*width="(\d+)" height="(\d+)"',
        shown.public.get(f"{BASE}/chart/wide-light.svg").get_data(as_text=True),
    )
    assert size and drawn
    assert [int(n) for n in drawn.groups()] == pytest.approx([int(n) for n in size.groups()], abs=12)


def test_a_picture_carries_its_typeface_and_asks_nobody(shown: Shown) -> None:
    text = shown.public.get(f"{BASE}/chart/wide-light.svg").get_data(as_text=True)
    assert "@font-face" in text
    assert not re.findall(r'(?:href|src)="?https?:', text)
    assert "<script" not in text


def test_a_chart_to_take_away_says_what_it_is_and_where_from(shown: Shown) -> None:
    text = shown.public.get(f"{BASE}/chart.svg").get_data(as_text=True)
    assert "Jumlah penduduk menurut kecamatan" in text
    assert "Dinas Kependudukan" in text
    image = shown.public.get(f"{BASE}/chart.png")
    assert image.mimetype == "image/png"
    assert image.data.startswith(b"\x89PNG")


def test_the_specification_can_be_drawn_by_any_other_tool(shown: Shown) -> None:
    spec = json.loads(shown.public.get(f"{BASE}/chart.json").data)
    assert spec["$schema"].startswith("https://vega.github.io/schema/vega-lite/")
    assert len(spec["data"]["values"]) >= 3


def test_a_picture_is_drawn_once(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    first = shown.public.get(f"{BASE}/chart/narrow-light.svg")
    before = kept(shown)

    def no_more(*_args: object, **_options: object) -> bytes:
        raise AssertionError("drawn again")

    monkeypatch.setattr(ChartProcess, "draw", no_more)
    again = shown.public.get(f"{BASE}/chart/narrow-light.svg")
    assert again.data == first.data
    assert kept(shown) == before
    known = shown.public.get(f"{BASE}/chart/narrow-light.svg", headers={"If-None-Match": first.headers["ETag"]})
    assert known.status_code == 304
    assert "immutable" in first.headers["Cache-Control"]


def test_a_chart_that_cannot_be_drawn_costs_the_picture_and_not_the_page(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in kept(shown):
        path.unlink()

    def fails(*_args: object, **_options: object) -> bytes:
        raise ChartFailed

    with monkeypatch.context() as patched:
        patched.setattr(ChartProcess, "draw", fails)
        assert shown.public.get(f"{BASE}/chart/wide-dark.svg").status_code == 503
        assert shown.public.get(f"/dataset/{POPULATION}").status_code == 200
        assert not kept(shown)
    assert shown.public.get(f"{BASE}/chart/wide-dark.svg").status_code == 200


def test_a_dead_child_is_not_noticed(shown: Shown) -> None:
    for path in kept(shown):
        path.unlink()
    assert shown.public.get(f"{BASE}/chart/wide-light.svg").status_code == 200
    with shown.app.app_context():
        pid = engine.charts().pid
    assert pid
    os.kill(pid, signal.SIGKILL)
    assert shown.public.get(f"{BASE}/chart/wide-dark.svg").status_code == 200


def test_a_disk_that_refuses_costs_the_cache_and_not_the_picture(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("datasets.tables.disk_cache.DiskCache.ready", full)
    assert shown.public.get(f"{BASE}/chart/wide-light.svg").status_code == 200


def test_an_outline_is_drawn_in_both_themes(shown: Shown) -> None:
    for theme in ("light", "dark"):
        response = shown.public.get(f"/dataset/{BORDERS}/v/1/batas/map/wide-{theme}.svg")
        assert response.status_code == 200
        assert PALETTES[theme].series[0] in response.get_data(as_text=True)


@pytest.mark.parametrize(
    "address",
    [
        f"{BASE}/chart/wide-pink.svg",
        f"{BASE}/map/wide-light.svg",
        f"{BASE}/chart.gif",
        f"/dataset/{REPORT}/v/1/lkjip-2024-final/chart.svg",
        f"/dataset/{REPORT}/v/1/lkjip-2024-final/chart.json",
        f"/dataset/{POPULATION}/v/2/nope/chart.svg",
    ],
)
def test_a_picture_that_there_is_not_is_a_404(shown: Shown, address: str) -> None:
    assert shown.public.get(address).status_code == 404
