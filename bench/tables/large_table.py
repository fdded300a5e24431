"""The table that all benches of tables ask: any number of rows, always the same."""

from __future__ import annotations

import csv
import random
from pathlib import Path

TYPES = {
    "id": "integer",
    "kecamatan": "string",
    "desa": "string",
    "tahun": "year",
    "indikator": "string",
    "nilai": "number",
    "catatan": "string",
}
SCHEMA = {"fields": [{"name": name, "type": kind} for name, kind in TYPES.items()]}
WORDS = ["jalan", "rusak", "berat", "sedang", "ringan", "jembatan", "irigasi", "sawah", "panen", "padi", "warga"]
KECAMATAN = [f"Kecamatan {n:02d}" for n in range(28)]


def write_csv(path: Path, rows: int) -> None:
    """The test table of the design notes: 28 kecamatan, 430 desa, 16 years, 300 indicators, a number, a remark."""
    chance = random.Random(1)
    places = [(KECAMATAN[n % 28], f"Desa {n:03d}") for n in range(430)]
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(TYPES)
        for number in range(1, rows + 1):
            kecamatan, desa = places[chance.randrange(430)]
            writer.writerow(
                (
                    number,
                    kecamatan,
                    desa,
                    2010 + chance.randrange(16),
                    f"Indikator {chance.randrange(300):03d}, menurut jenis",
                    f"{chance.random() * 1e6:.3f}",
                    " ".join(chance.choices(WORDS, k=6)),
                )
            )
