"""An index that is damaged says so, gets out of the way and is made anew; nothing in it has to be mended by hand."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from searching.documents import a_document

from datasets.search import analysis
from datasets.search.errors import IndexNotWritten
from datasets.search.index import SearchQuery
from datasets.search.lexicon import Lexicon
from datasets.search.whoosh_engine import Reader
from datasets.search.whoosh_folder import IndexFolder
from datasets.search.whoosh_index import WhooshIndex

DOCUMENTS = [a_document(n, f"Jumlah Penduduk nomor {n}", description="kata " * 20) for n in range(1, 60)]


@pytest.fixture
def folder(whoosh: WhooshIndex) -> Path:
    """The folder of an index with some datasets in it."""
    whoosh.rebuild(iter(DOCUMENTS), seq=5)
    return whoosh._folder.root


def edition(folder: Path) -> Path:
    current = IndexFolder(folder, "").current()
    assert current is not None
    return current


def the(folder: Path, pattern: str) -> Path:
    return next(edition(folder).glob(pattern))


def garble_toc(folder: Path) -> None:
    the(folder, "*.toc").write_bytes(os.urandom(300))


def cut_toc(folder: Path) -> None:
    os.truncate(the(folder, "*.toc"), 40)


def empty_toc(folder: Path) -> None:
    os.truncate(the(folder, "*.toc"), 0)


def cut_segment(folder: Path) -> None:
    segment = the(folder, "*.seg")
    os.truncate(segment, segment.stat().st_size // 2)


def empty_segment(folder: Path) -> None:
    os.truncate(the(folder, "*.seg"), 0)


def lose_segment(folder: Path) -> None:
    the(folder, "*.seg").unlink()


def lose_toc(folder: Path) -> None:
    the(folder, "*.toc").unlink()


def zero_segment(folder: Path) -> None:
    segment = the(folder, "*.seg")
    segment.write_bytes(bytes(segment.stat().st_size))


def lose_edition(folder: Path) -> None:
    shutil.rmtree(edition(folder))


def lose_pointer(folder: Path) -> None:
    (folder / "current").unlink()


def garble_pointer(folder: Path) -> None:
    (folder / "current").write_bytes(b"\xff\xfe../../etc")


def point_outside(folder: Path) -> None:
    (folder / "current").write_text("../search")


def lose_all(folder: Path) -> None:
    shutil.rmtree(folder)


DAMAGE = [
    garble_toc, cut_toc, empty_toc, cut_segment, empty_segment, lose_segment, lose_toc, zero_segment, lose_edition,
    lose_pointer, garble_pointer, point_outside, lose_all,
]  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda damage: damage.__name__)
def test_a_damaged_index_says_so_and_is_made_anew(folder: Path, damage: Callable[[Path], None]) -> None:
    damage(folder)
    index = WhooshIndex(folder)
    page = index.search(SearchQuery("penduduk"))
    assert (page.ids, page.total, page.available) == ((), 0, False)
    assert index.suggest("pend") == []
    assert not index.state().healthy
    index.rebuild(iter(DOCUMENTS), seq=6)
    assert (index.state().seq, index.state().documents, index.state().healthy) == (6, 59, True)
    assert index.search(SearchQuery("penduduk")).total == 59


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda damage: damage.__name__)
def test_writing_to_a_damaged_index_starts_one_that_asks_for_a_rebuild(
    folder: Path, damage: Callable[[Path], None]
) -> None:
    damage(folder)
    index = WhooshIndex(folder)
    try:
        index.apply([a_document(77, "Luas Sawah")], [], seq=6)
        assert index.search(SearchQuery("sawah")).ids == (77,)
    except IndexNotWritten:
        pass
    assert not index.state().healthy
    index.rebuild(iter(DOCUMENTS), seq=7)
    assert index.state().healthy


def test_damage_to_the_postings_of_one_word_is_noticed_when_the_word_is_asked_for(folder: Path) -> None:
    segment = the(folder, "*.seg")
    content = bytearray(segment.read_bytes())
    place = content.find(b"W3Bl")  # whoosh opens every posting list with it
    assert place > 0
    while place >= 0:
        content[place : place + 4] = b"XXXX"
        place = content.find(b"W3Bl", place)
    segment.write_bytes(content)
    index = WhooshIndex(folder)
    assert index.state().healthy
    assert not index.search(SearchQuery("penduduk")).available
    assert not index.state().healthy
    assert list(folder.glob("damaged-*"))


def test_what_is_damaged_is_kept_for_a_look_but_not_without_end(folder: Path) -> None:
    index = WhooshIndex(folder)
    for seq in range(6):
        index.rebuild(iter(DOCUMENTS[:2]), seq=seq)
        cut_toc(folder)
        assert not WhooshIndex(folder).state().healthy
    assert 1 <= len(list(folder.glob("damaged-*"))) <= 3


def test_a_machine_out_of_files_is_no_damage(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = edition(folder)
    index = WhooshIndex(folder)
    with monkeypatch.context() as patch:

        def refuse(*_: object, **__: object) -> None:
            raise OSError(errno.EMFILE, "Too many open files")

        patch.setattr("datasets.search.whoosh_engine.FileIndex", refuse)
        assert not index.search(SearchQuery("penduduk")).available
    assert edition(folder) == before
    assert index.search(SearchQuery("penduduk")).total == 59


def test_an_edited_lexicon_asks_for_a_rebuild_and_the_old_index_serves_until_then(folder: Path, tmp_path: Path) -> None:
    own = tmp_path / "lexicon.toml"
    own.write_text('[concepts]\nkebo_bule = ["kebo", "penduduk nomor"]\n')
    index = WhooshIndex(folder, lexicon=Lexicon.load(own))
    assert index.search(SearchQuery("penduduk")).total == 59
    assert not index.state().healthy
    index.rebuild(iter(DOCUMENTS), seq=6)
    assert index.state().healthy
    assert index.search(SearchQuery("kebo")).total == 59
    assert not WhooshIndex(folder).state().healthy


def test_other_rules_of_analysis_ask_for_a_rebuild(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert WhooshIndex(folder).state().healthy
    monkeypatch.setattr("datasets.search.whoosh_index.ANALYSIS", analysis.ANALYSIS + 1)
    assert not WhooshIndex(folder).state().healthy


def test_a_folder_that_cannot_be_made_is_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    index = WhooshIndex(tmp_path / "file" / "search")
    assert not index.search(SearchQuery("penduduk")).available
    assert not index.state().healthy
    with pytest.raises(IndexNotWritten):
        index.apply([a_document(1)], [], seq=1)
    with pytest.raises(IndexNotWritten):
        index.rebuild(iter([a_document(1)]), seq=1)


def test_the_folder_is_for_no_other_eyes(folder: Path) -> None:
    assert {path.stat().st_mode & 0o077 for path in (folder, edition(folder))} == {0}


def test_old_editions_are_cleared_away(folder: Path, whoosh: WhooshIndex) -> None:
    for seq in range(4):
        whoosh.rebuild(iter(DOCUMENTS[:1]), seq=seq)
    assert len([path for path in folder.iterdir() if path.is_dir()]) == 2


def test_readers_give_their_files_back(folder: Path) -> None:
    index = WhooshIndex(folder)
    for seq in range(6, 14):
        index.apply([a_document(seq)], [], seq=seq)
        index.search(SearchQuery("penduduk"))
    opened = [str(link.readlink()) for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    assert sum(name.startswith(str(folder)) for name in opened) <= len(list(edition(folder).glob("*.seg")))


def test_a_reader_of_nothing_is_an_error_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="does not exist"):
        Reader(tmp_path)
