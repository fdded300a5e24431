"""`/gaya`: every component on one page with sample figures, in debug only; the browser tests photograph it."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for

from portal.catalog.present_cards import DatasetCard, Fact, OrganizationEntry, ThemeEntry
from portal.web.paging import paging

bp = Blueprint("gaya", __name__)


@bp.get("/gaya")
def gaya() -> str:
    """The page of components."""
    here = url_for("gaya.gaya")
    card = DatasetCard(
        title="Produk Domestik Regional Bruto menurut lapangan usaha, Kabupaten Bojonegoro",
        url=here,
        organization="Badan Pusat Statistik Kabupaten Bojonegoro",
        organization_url=here,
        summary="Nilai tambah bruto atas dasar harga berlaku dan harga konstan 2010 dari 17 lapangan usaha, "
        "setiap tahun, dalam miliar rupiah.",
        facts=(Fact("rows-3", "1.234 baris"), Fact("calendar", "2010–2024"), Fact("clock", "diperbarui 3 Nov 2026")),
        formats=("CSV", "XLSX"),
    )
    return render_template(
        "gaya.html",
        cards=(card, card),
        themes=tuple(
            ThemeEntry(title, here, icon, f"{count} dataset")
            for title, icon, count in (
                ("Ekonomi", "chart-line", 12),
                ("Kesehatan", "heart-pulse", 8),
                ("Desa", "house", 31),
            )
        ),
        organization=OrganizationEntry("Dinas Kependudukan dan Pencatatan Sipil", here, "Disdukcapil", "9 dataset"),
        pages=paging(6, 12, lambda page: f"{here}?page={page}"),
    )
