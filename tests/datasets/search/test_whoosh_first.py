"""The shortest way through the index."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from datasets.search.index import SearchDocument, SearchQuery
from datasets.search.whoosh_index import WhooshIndex


def test_a_dataset_is_found_by_another_word_and_gone_once_deleted(tmp_path: Path) -> None:
    index = WhooshIndex(tmp_path / "search")
    at = datetime(2024, 5, 1, tzinfo=UTC)
    document = SearchDocument(1, "Jumlah Penduduk menurut Kecamatan", "", "dukcapil", "Disdukcapil", at)
    index.rebuild(iter([document]), seq=3)
    assert index.search(SearchQuery("banyaknya warga")).ids == (1,)
    index.apply([], [1], seq=4)
    assert index.search(SearchQuery("penduduk")).total == 0
    assert (index.state().seq, index.state().documents, index.state().healthy) == (4, 0, True)
