"""A base-data survey as the cadres take it, made up: invented names and numbers, real shape, fixed by its seed."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from pathlib import Path

FLOORS = ("Keramik", "Semen", "Tanah", "Kayu")
SEXES = ("L", "P")
SYLLABLES = ("su", "mar", "ti", "wi", "jo", "yo", "sri", "har", "no", "ka", "di", "las")
HEALTH = 30
"""So many of the indicators are specific data: illness, disability, pregnancy."""


def indicator_names(count: int) -> list[str]:
    return [f"sakit_{n:03d}" if n < HEALTH else f"ind_{n:03d}" for n in range(count)]


def survey_rows(households: int, indicators: int, *, kecamatan: int, desa: int, seed: int = 7) -> Iterator[list[str]]:
    """Rows with a header; `desa` in each kecamatan, of unequal sizes; rates from one in a thousand to nearly all."""
    chance = random.Random(seed)
    places = [(f"Kecamatan {k:02d}", f"Desa {k:02d}-{d:02d}") for k in range(kecamatan) for d in range(desa)]
    sizes = [chance.paretovariate(2.5) for _ in places]
    rates = [chance.choice((0.001, 0.01, 0.03, 0.1, 0.3, 0.6, 0.9, 0.99)) for _ in range(indicators)]
    local = {place: [rate * chance.uniform(0.5, 1.01) for rate in rates] for place in places}
    yield ["no_kk", "nik", "nama_kepala_keluarga", "kecamatan", "desa", "tahun", "jk", "lantai", "pendapatan",
           *indicator_names(indicators)]  # fmt: skip
    for number, (kec, des) in enumerate(chance.choices(places, sizes, k=households)):
        name = "".join(chance.choices(SYLLABLES, k=4)).title()
        birth = f"{chance.randint(1, 28):02d}{chance.randint(1, 12):02d}{chance.randint(50, 99)}"
        answers = ["1" if chance.random() < rate else "0" for rate in local[kec, des]]
        floor = chance.choices(FLOORS, (60, 25, 13, 2))[0]
        income = str(round(chance.lognormvariate(14, 1) / 1000) * 1000)
        yield [f"352299{birth}{number % 9999 + 1:04d}", f"352298{birth}{number % 9998 + 1:04d}", name, kec, des, "2024",
               chance.choice(SEXES), floor, income, *answers]  # fmt: skip


def write_survey(path: Path, households: int, indicators: int, **shape: int) -> Path:
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows(survey_rows(households, indicators, **shape))
    return path
