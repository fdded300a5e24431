"""A workbook as offices hand it in: title above the header, rupiah as text, words among figures, a total, a source."""

from __future__ import annotations

from pathlib import Path
from typing import Any

DISTRICTS = (
    *("Ngraho", "Tambakrejo", "Ngambon", "Sekar", "Bubulan", "Gondang"),
    *("Temayang", "Sugihwaras", "Kedungadem", "Kepohbaru", "Baureno"),
)


def messy_book(path: Path, *, year: int = 2024, silent: str = "Ngambon", more: int = 0) -> Path:
    """Visits of eleven districts, of which `silent` has not reported; each year's figures are other ones."""
    from openpyxl import Workbook  # late: tests of pages alone

    book = Workbook()
    sheet: Any = book.active
    sheet.title = "Puskesmas"
    sheet.append([f"DATA KUNJUNGAN PUSKESMAS KABUPATEN BOJONEGORO TAHUN {year}"])
    sheet.append([None])
    sheet.append(["No", "Kecamatan", "Kunjungan", "Biaya (Rp)", "Cakupan"])
    for at, name in enumerate(DISTRICTS, 1):
        visits = "belum lapor" if name == silent else f"{1 + at % 3}.{100 + 7 * at + more:03d}"
        sheet.append([at, name, visits, f"Rp {at + more}.500.000", f"{40 + at},5"])
    sheet.append([None, "JUMLAH", "19.000", "Rp 99.500.000", None])
    sheet.append([f"Sumber: Dinas Kesehatan, {year}"])
    book.save(path)
    return path
