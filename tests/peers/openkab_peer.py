"""An OpenKab on the web, as its public statistics answer: JSON:API, totals among the categories, people uncounted."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterable

from peers.http_peer import Exchange, HttpPeer

Counted = dict[str, tuple[int, int, int]]
"""By category: men, women, and those of whom it is not recorded."""

CATEGORIES = {
    "rentang-umur": ("DI BAWAH 1 TAHUN", "2 S/D 4 TAHUN", "5 S/D 9 TAHUN", "DI ATAS 75 TAHUN"),
    "pendidikan-dalam-kk": ("TIDAK / BELUM SEKOLAH", "TAMAT SD / SEDERAJAT", "SLTP/SEDERAJAT", "STRATA III"),
    "pekerjaan": ("PETANI/PEKEBUN", "PEDAGANG", "MENGURUS RUMAH TANGGA", "DOKTER"),
    "agama": ("ISLAM", "KRISTEN", "KATHOLIK", "BUDHA"),
    "status-perkawinan": ("BELUM KAWIN", "KAWIN", "CERAI HIDUP", "CERAI MATI"),
}


def _three(sexes: Iterable[int]) -> tuple[int, int, int]:
    found = Counter(sexes)
    return found[0], found[1], found[2]


class OpenkabPeer(HttpPeer):
    """`areas` are those that it knows; the counts of each are invented, the same ones every time."""

    def __init__(self, areas: tuple[str, ...]) -> None:
        super().__init__()
        self.token: str | None = None
        chance = random.Random(3522)
        self.counts: dict[tuple[str, str], Counted] = {}
        for area in areas:
            persons = [
                (chance.randrange(2) if chance.random() < 0.99 else 2) for _ in range(chance.randrange(900, 1500))
            ]
            for statistic, categories in CATEGORIES.items():
                of = chance.choices(categories, [60, 25, 14.7, 0.3], k=len(persons))
                self.counts[area, statistic] = {
                    name: _three(sex for sex, one in zip(persons, of, strict=True) if one == name)
                    for name in categories
                }
        self.on("/api/v1/statistik-web/penduduk", self._answer)

    def _answer(self, x: Exchange) -> None:
        asked = dict(x.seen.query)
        if self.token is not None and x.seen.headers.get("Authorization") != f"Bearer {self.token}":
            self._say(x, {"message": "Unauthenticated."}, status=401)
            return
        area = asked.get("filter[kode_kecamatan]") or asked.get("filter[kode_desa]") or ""
        found = self.counts.get((area, asked.get("filter[id]", "")))
        if found is None:
            self._say(x, {"success": False, "message": "Kategori tidak ditemukan"}, status=404)
            return
        rows = [(str(number), name, *three) for number, (name, three) in enumerate(found.items(), 1)]
        rows.append(("666", "JUMLAH", *(sum(column) for column in zip(*found.values(), strict=True))))
        rows.append(("777", "BELUM MENGISI", 0, 0, 0))
        rows.append(("888", "TOTAL", *rows[-2][2:]))
        data = [
            {
                "type": "statistik-penduduk",
                "id": number,
                "attributes": {
                    "nama": name,
                    "jumlah": men + women + unknown,
                    "persentase_jumlah": "1.00%",
                    "laki_laki": men,
                    "perempuan": women,
                },
            }
            for number, name, men, women, unknown in rows
        ]
        self._say(x, {"data": data})

    def _say(self, x: Exchange, value: object, *, status: int = 200) -> None:
        x.reply(json.dumps(value).encode(), status=status, Content_Type="application/vnd.api+json")
