"""Charts are drawn by a child whose troubles stay its own."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from xml.etree import ElementTree

import pytest

from portal.web.chart_process import ChartFailed, ChartProcess
from portal.web.chart_theme import config

SPEC: dict[str, Any] = {
    "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
    "data": {"values": [{"tahun": str(2019 + n), "nilai": 1234.5 * (n + 1)} for n in range(5)]},
    "mark": {"type": "line", "point": True},
    "encoding": {
        "x": {"field": "tahun", "type": "ordinal", "title": "Tahun"},
        "y": {"field": "nilai", "type": "quantitative", "title": "Nilai"},
    },
}


@pytest.fixture
def charts() -> Iterator[ChartProcess]:
    process = ChartProcess()
    yield process
    process.close()


def test_a_specification_becomes_a_picture_with_indonesian_figures(charts: ChartProcess) -> None:
    picture = charts.draw(SPEC, config("light", "wide", solid=False), "svg").decode()
    assert picture.startswith("<svg ")
    assert ">2019<" in picture
    assert ">6.000<" in picture


def test_a_png_is_a_png_of_twice_the_size(charts: ChartProcess) -> None:
    once = charts.draw(SPEC, {}, "png")
    twice = charts.draw(SPEC, {}, "png", scale=2)
    assert once[:8] == twice[:8] == b"\x89PNG\r\n\x1a\n"
    width, doubled = (int.from_bytes(picture[16:20], "big") for picture in (once, twice))
    assert abs(doubled - 2 * width) <= 1


def test_one_child_draws_many_pictures(charts: ChartProcess) -> None:
    charts.draw(SPEC, {}, "svg")
    first = charts.pid
    with ThreadPoolExecutor(4) as pool:
        pictures = list(pool.map(lambda _: charts.draw(SPEC, {}, "svg"), range(12)))
    assert len(set(pictures)) == 1
    assert charts.pid == first


def test_a_killed_child_is_replaced_without_anyone_noticing(charts: ChartProcess) -> None:
    before = charts.draw(SPEC, {}, "svg")
    assert charts.pid
    os.kill(charts.pid, signal.SIGKILL)
    assert charts.draw(SPEC, {}, "svg") == before


def test_a_child_that_hangs_is_ended_and_the_next_picture_is_drawn(charts: ChartProcess) -> None:
    charts.draw(SPEC, {}, "svg")
    assert charts.pid
    os.kill(charts.pid, signal.SIGSTOP)
    charts.seconds = 0.5  # type: ignore[misc]
    with pytest.raises(ChartFailed):
        charts.draw(SPEC, {}, "svg")
    assert charts.pid is None
    charts.seconds = 15.0  # type: ignore[misc]
    assert charts.draw(SPEC, {}, "svg")


def test_a_senseless_specification_is_an_error_and_the_child_lives_on(charts: ChartProcess) -> None:
    charts.draw(SPEC, {}, "svg")
    first = charts.pid
    with pytest.raises(ChartFailed):
        charts.draw({"mark": "nonsense"}, {}, "svg")
    assert charts.draw(SPEC, {}, "svg")
    assert charts.pid == first


@pytest.mark.parametrize("address", ["file:///etc/passwd", "http://127.0.0.1:9/x.json", "data:text/csv,a%0A1"])
def test_no_specification_reaches_a_file_or_a_network(charts: ChartProcess, address: str) -> None:
    deep = {"layer": [{**SPEC, "data": {"url": address}}]}
    with pytest.raises(ChartFailed):
        charts.draw(deep, {}, "svg")
    assert charts.pid is None


def test_the_child_is_given_no_secrets(charts: ChartProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LUMBUNG_SECRET_KEY", "very-secret")
    charts.draw(SPEC, {}, "svg")
    with open(f"/proc/{charts.pid}/environ", "rb") as environ:  # noqa: PTH123
        assert b"very-secret" not in environ.read()


def test_names_from_the_data_are_text_in_the_picture_and_nothing_else(charts: ChartProcess) -> None:
    evil = '"><script>alert(1)</script><image href="https://example.org/x"/>'
    spec = SPEC | {
        "title": evil,
        "data": {"values": [{"tahun": evil, "nilai": 1}, {"tahun": "]]>&amp;", "nilai": 2}]},
    }
    root = ElementTree.fromstring(charts.draw(spec, {}, "svg"))
    assert {element.tag.rpartition("}")[2] for element in root.iter()} <= {"svg", "rect", "g", "path", "line", "text"}
    assert any(evil[:10] in (element.text or "") for element in root.iter())


def test_characters_that_no_picture_can_hold_cost_neither_the_picture_nor_the_child(charts: ChartProcess) -> None:
    odd = "awal\x00\x08\x1b\ud83d\uffff akhir \\u0000 😀"
    spec = SPEC | {"title": odd, "data": {"values": [{"tahun": odd, "nilai": 1}]}}
    ElementTree.fromstring(charts.draw(spec, {}, "svg"))
    first = charts.pid
    drawn = charts.draw(spec, {}, "svg").decode()
    assert charts.pid == first
    assert "akhir \\u0000 😀" in drawn
