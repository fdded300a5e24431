"""The page of reading says what is so."""

from __future__ import annotations

import re
from pathlib import Path

from metadata.notices import declared
from metadata.reading import cell_repairs, repairs
from tools import reading_page


def test_the_table_of_real_files_is_what_reading_finds(shared_data: Path) -> None:
    written = reading_page.PAGE.read_text("utf-8")
    assert reading_page.page_with(reading_page.table_of(shared_data)) == written, "run python tools/reading_page.py"


def test_enough_files_were_compared_by_hand() -> None:
    page = reading_page.PAGE.read_text("utf-8")
    assert len(set(re.findall(r"^\| `([^`]+)` .*✓ \|$", page, re.MULTILINE))) >= 15


def test_every_repair_has_words_in_both_languages_that_fill_the_same_places() -> None:
    own = {code: text for code, text in declared().items() if code.startswith(("read.", "personal."))}
    assert len(own) > 60
    for code, text in own.items():
        assert set(re.findall(r"{\w+}", text.id)) == set(re.findall(r"{\w+}", text.en)), code


def test_every_repair_is_used() -> None:
    folder = Path(repairs.__file__).parent
    used = "".join(path.read_text("utf-8") for path in folder.glob("*.py") if "repairs" not in path.name)
    names = [name for room in (repairs, cell_repairs) for name in vars(room) if name.isupper()]
    assert [name for name in names if f"repairs.{name}" not in used] == []
