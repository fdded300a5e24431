"""The page about adapters keeps its promises."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from peers.hostile_peer import BEHAVIOURS
from peers.http_peer import HttpPeer
from pydantic import BaseModel

from datasets.clock import now
from datasets.installation import Installation
from harvesters.adapter import SourceUnavailable, adapter_class, kinds
from harvesters.declared import SourceEntry, SourcesFile
from harvesters.opening import CommonOptions, split_options
from harvesters.runs.runner import harvest
from harvesters.sources import add_source
from harvesters.wire.fetcher import Fetcher

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


def test_the_example_as_a_package_of_its_own_is_found_and_harvested(
    installation: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As pip would install it: a module, and beside it the metadata with the line that the page shows."""
    said = re.search(r"`lumbung\.adapters = (index = (\w+)\.(\w+):IndexAdapter)`", PAGE)
    assert said
    folder = tmp_path / "terpasang"
    (folder / said[2]).mkdir(parents=True)
    (folder / said[2] / f"{said[3]}.py").write_text(block("python"))
    (folder / f"{said[2]}-1.0.dist-info").mkdir()
    (folder / f"{said[2]}-1.0.dist-info" / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {said[2]}\nVersion: 1.0\n"
    )
    (folder / f"{said[2]}-1.0.dist-info" / "entry_points.txt").write_text(f"[lumbung.adapters]\n{said[1]}\n")
    assert "index" not in kinds()
    monkeypatch.syspath_prepend(folder)
    assert "index" in kinds()
    assert adapter_class("index").__module__ == f"{said[2]}.{said[3]}"
    with HttpPeer() as peer:
        url = peer.on("/1.csv", lambda x: x.reply(b"kecamatan,jumlah\nNgraho,1\nMalo,2\n"))
        entries = [{"id": 1, "title": "Satu", "url": url, "updated": "2025-01-01"}]
        location = peer.on("/index.json", lambda x: x.reply(json.dumps({"daftar": entries}).encode()))
        entry = {
            "name": "tetangga",
            "kind": "index",
            "location": location,
            "organization": "Dinas Contoh",
            "options": {"internal": True, "list_member": "daftar"},
        }
        with installation.database.write() as session:
            add_source(session, SourceEntry.model_validate(entry), at=now())
        assert [item.outcome.value for item in harvest(installation, "tetangga")[0].items] == ["published"]
        assert [item.outcome.value for item in harvest(installation, "tetangga")[0].items] == ["unchanged"]
        assert peer.count("/1.csv") == 1


def test_the_example_is_as_short_as_it_is_said_to_be() -> None:
    assert len([line for line in block("python").splitlines() if line.strip()]) <= 40


def test_the_examples_of_sources_are_right() -> None:
    names = []
    for text in re.findall(r"```toml\n(.*?)```", PAGE, re.S):
        for source in SourcesFile.model_validate(tomllib.loads(text)).source:
            split_options(source.kind, source.options)
            names.append(source.name)
    assert {"dinkes-berkas", "satudata-tetangga"} <= set(names)


def options_in(model: type[BaseModel]) -> Iterator[str]:
    """The names of a model's options, and of those inside of its options."""
    for name, field in model.model_fields.items():
        yield name
        for inner in (field.annotation, *get_args(field.annotation)):
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                yield from options_in(inner)


@pytest.mark.parametrize("kind", [None, *kinds()])
def test_every_kind_and_every_option_is_told_of(kind: str | None) -> None:
    assert kind is None or f"## `{kind}`: " in PAGE
    model = CommonOptions if kind is None else adapter_class(kind).Options
    untold = [name for name in options_in(model) if not re.search(rf"`{name}\b|\b{name} = |\.{name}\]\]", PAGE)]
    assert untold == []


def test_every_hostile_behaviour_is_told_with_its_outcome() -> None:
    assert [name for name in BEHAVIOURS if f"`{name}`" not in PAGE] == []
    for test in re.findall(r"`(test_\w+\.py)`", PAGE):
        assert list(Path(__file__).parent.rglob(test)), test
