"""A table of hundreds of columns, as base data of villages have: light to read, and every column within reach."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from build import AT
from reading_html import read, words
from shown_tables import KECAMATAN, Reader, Shown

from datasets.installation import Installation
from datasets.models import ItemOutcome
from datasets.seed import seed
from datasets.settings import Settings
from harvesters.handing_in import publish_file
from metadata.about import About
from portal.app import create_app
from portal.web import engine

COUNT = 400
PAGE = "/dataset/data-dasar-desa"
COLUMNS = f"{PAGE}/data-dasar/kolom"
WEIGHT = 120_000
"""Bytes of a page before it is packed: what a cheap phone has to read and lay out."""


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Shown]:
    folder = tmp_path_factory.mktemp("wide")
    shutil.copyfile(migrated_sqlite, folder / "catalog.sqlite")
    here = Installation(Settings(home=folder, secret_key="a-secret-of-the-tests"))
    names = [f"Keluarga yang memiliki akses terhadap sarana dan prasarana nomor {n}" for n in range(3, COUNT + 1)]
    lines = [",".join(["Kecamatan", "Tahun", *names])]
    for place, name in enumerate(KECAMATAN):
        lines.append(",".join([name, "2024", *(str((place * 7 + n * 3) % 100) for n in range(COUNT - 2))]))
    (folder / "data dasar.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    with here.database.write() as session:
        seed(session, at=AT)
    report = publish_file(
        here, folder / "data dasar.csv", organization="Dinas PMD", about=About(title="Data dasar desa")
    )
    assert report.outcome is ItemOutcome.PUBLISHED
    app = create_app(here.settings, here)
    app.test_client_class = Reader
    yield Shown(app, app.test_client(), here)
    with app.app_context():
        engine.close()
    here.close()


@pytest.mark.parametrize(
    "path", [PAGE, COLUMNS, f"{PAGE}?nomor=1", f"{PAGE}?_group=tahun&_measure=count", f"{COLUMNS}?_find=nomor"]
)
def test_its_pages_are_light(wide: Shown, path: str) -> None:
    answer = wide.public.get(path)
    assert answer.status_code == (400 if "nomor=" in path and "_find" not in path else 200)
    assert len(answer.data) < WEIGHT


def test_only_columns_that_are_shown_or_asked_about_get_filters(wide: Shown) -> None:
    page = wide.page(PAGE)
    assert len(page.all(".ds-table thead th")) == 13
    offered = {option.get("value") for option in page.all("select[name=_add_column] option")} - {""}
    assert len(offered) == 12
    last = wide.public.get("/api/1" + PAGE).get_json()["tables"][0]["schema"]["fields"][-1]["name"]
    asked = wide.page(f"{PAGE}?{last}__ge=10")
    assert asked.xpath(f"//input[@name='{last}__ge'][@value='10']")


def test_a_column_is_found_by_its_words_ticked_and_shown(wide: Shown) -> None:
    page = wide.page(f"{COLUMNS}?_find=sarana+nomor+{COUNT}&_columns=kecamatan&tahun=2024")
    (entry,) = page.all(".ex-cols input[name=_columns]")
    assert entry.get("checked") is None
    kept = [box.get("value") for box in page.all(".ex-kept input[name=_columns][checked]")]
    assert kept == ["kecamatan"], "what was chosen before stays chosen"
    assert [(box.get("name"), box.get("value")) for box in page.all(".ex-pick input[type=hidden]")] == [
        ("tahun", "2024")
    ]
    sent = f"{PAGE}?tahun=2024&_columns=kecamatan&_find=sarana&_part=1&_columns={entry.get('value')}"
    answer = wide.public.get(sent)
    assert answer.status_code == 302, "where one stood on the page of columns is no part of the question"
    shown = read(wide.public.get(answer.headers["Location"].removeprefix("http://localhost")).text)
    heads = [words(head) for head in shown.all(".ds-table thead th")][1:]
    assert heads == ["Kecamatan", f"Keluarga yang memiliki akses terhadap sarana dan prasarana nomor {COUNT}"]


def test_the_columns_come_in_parts_and_none_is_left_out(wide: Shown) -> None:
    names: list[str] = []
    part = 1
    while part:
        page = wide.page(f"{COLUMNS}?_part={part}")
        names += [str(box.get("value")) for box in page.all(".ex-cols input[name=_columns]")]
        part = next(
            (int(str(b.get("value"))) for b in page.all("button[name=_part]") if int(str(b.get("value"))) > part), 0
        )
    assert len(names) == len(set(names)) == COUNT
    assert wide.public.get(f"{COLUMNS}?_part=x").status_code == 400
    assert "Tidak ada kolom" in words(wide.page(f"{COLUMNS}?_find=gajah").one("main"))
