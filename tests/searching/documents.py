"""Datasets for the search tests: the least that makes one, and random small catalogues."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from datasets.search.index import SearchDocument

AT = datetime(2024, 5, 1, tzinfo=UTC)

_STOCK = (
    "jumlah penduduk kependudukan warga miskin kemiskinan ipm hdi puskesmas sekolah dasar sd sampah jalan rusak "
    "desa dana kedewan kedungadem 2023 2024 pdrb2024 nama_kecamatan menurut dan di data padi beras banjir covid-19"
)


def a_document(number: int, title: str = "Jumlah Penduduk", **members: Any) -> SearchDocument:
    """A dataset of Dinas Kesehatan, a day newer than the one before, unless said otherwise."""
    values: dict[str, Any] = {
        "description": "",
        "organization": "dinkes",
        "organization_title": "Dinas Kesehatan",
        "modified": AT + timedelta(days=number),
    }
    return SearchDocument(id=number, title=title, **(values | members))


def texts() -> st.SearchStrategy[str]:
    """A few words of a small stock, so that documents and queries meet."""
    return st.lists(st.sampled_from(_STOCK.split()), max_size=5).map(" ".join)


def documents(most: int) -> st.SearchStrategy[SearchDocument]:
    """A random dataset with an id up to `most`."""
    few = {"max_size": 2, "unique": True}
    return st.builds(
        SearchDocument,
        id=st.integers(1, most),
        title=texts(),
        description=texts(),
        organization=st.sampled_from(["dinkes", "disdik", "bps"]),
        organization_title=st.sampled_from(["Dinas Kesehatan", "Dinas Pendidikan", "Badan Pusat Statistik"]),
        modified=st.integers(0, 3).map(lambda days: AT + timedelta(days=days)),
        themes=st.lists(st.sampled_from(["ekonomi", "kesehatan"]), **few).map(tuple),
        tags=st.lists(st.sampled_from(["gizi", "anggaran"]), **few).map(tuple),
        columns=st.lists(st.sampled_from(["nama_desa", "jumlahPenduduk", "tahun2024"]), **few).map(tuple),
        regions=st.lists(st.sampled_from(["35.22.01", "35.22.02"]), **few).map(tuple),
        region_names=st.lists(st.sampled_from(["Kedewan", "Ngasem"]), **few).map(tuple),
        years=st.lists(st.sampled_from([2022, 2023, 2024]), **few).map(tuple),
        formats=st.lists(st.sampled_from(["csv", "xlsx", "geojson"]), **few).map(tuple),
    )
