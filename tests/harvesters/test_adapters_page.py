"""The page about adapters keeps its promises."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from peers.http_peer import HttpPeer

from harvesters.adapter import SourceUnavailable
from harvesters.adapters.ckan import CkanOptions
from harvesters.adapters.files import FilesOptions
from harvesters.declared import SourcesFile
from harvesters.fetcher import Fetcher
from harvesters.opening import CommonOptions

PAGE = (Path(__file__).parents[2] / "docs" / "adapters.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", PAGE, re.S)
    assert found
    return found[1]


@pytest.fixture
def example() -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(compile(block("python"), "docs/adapters.md", "exec"), names)
    return names


def test_the_example_adapter_lists_and_fetches(example: dict[str, Any], tmp_path: Path) -> None:
    with HttpPeer() as peer:
        url = peer.on("/1.csv", lambda x: x.reply(b"a\n1\n"))
        entries = [{"id": 1, "title": "Satu", "url": url, "updated": "2025-01-01"}]
        index = peer.on("/index.json", lambda x: x.reply(json.dumps({"data": entries}).encode()))
        adapter = example["IndexAdapter"](index, example["IndexOptions"](), Fetcher(internal=[peer.url]))
        (dataset,) = adapter.discover()
        (evidence,) = adapter.fetch(dataset, tmp_path)
        assert (dataset.title, evidence.path.read_bytes()) == ("Satu", b"a\n1\n")
        peer.on("/index.json", lambda x: x.reply(b"<html>maaf</html>"))
        with pytest.raises(SourceUnavailable):
            list(adapter.discover())


def test_the_example_is_as_short_as_it_is_said_to_be() -> None:
    assert len([line for line in block("python").splitlines() if line.strip()]) <= 40


def test_the_example_of_sources_is_right() -> None:
    read = SourcesFile.model_validate(tomllib.loads(block("toml")))
    assert [source.name for source in read.source] == ["dinkes-berkas"]


def test_every_option_is_told_of() -> None:
    for options in (CommonOptions, FilesOptions, CkanOptions):
        for name in options.model_fields:
            assert f"`{name}`" in PAGE
