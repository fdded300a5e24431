"""A village's OpenSID database on a real server: the recorded structure and code tables, and invented inhabitants."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

from mariadb_server import Server

DUSUN = ("KRAJAN", "NGLEGOK", "SUMBER AGUNG")


@dataclass(frozen=True)
class Village:
    """Where the database is, and what of its inhabitants must never be seen outside."""

    server: Server
    database: str
    secrets: tuple[str, ...]

    def run(self, script: str) -> None:
        self.server.run(script, self.database)

    def rows(self, question: str) -> list[tuple[object, ...]]:
        connection = self.server.connect(self.database)
        with connection, connection.cursor() as cursor:
            cursor.execute(question)
            return list(cursor.fetchall())


def a_village(server: Server, structure: Path, *, inhabitants: int = 900) -> Village:
    """Load the structure and settle so many invented persons in three hamlets; the same ones every time."""
    database = server.new_database()
    server.run(structure.read_text(encoding="utf-8"), database)
    chance = random.Random(35_22)
    words = [
        "INSERT INTO config (id, nama_desa, kode_desa, kode_pos, nama_kecamatan, kode_kecamatan, nama_kepala_camat, "
        "nip_kepala_camat, nama_kabupaten, kode_kabupaten, nama_propinsi, kode_propinsi) VALUES (1, 'LUWIHAJI', "
        "'3522022001', '62168', 'NGRAHO', '352202', '-', '-', 'BOJONEGORO', '3522', 'JAWA TIMUR', '35');"
    ]
    for number, dusun in enumerate(DUSUN, 1):
        words.append(f"INSERT INTO tweb_wil_clusterdesa (id, rt, rw, dusun) VALUES ({number}, '1', '1', '{dusun}');")
    secrets: list[str] = []
    for number in range(1, inhabitants + 1):
        name, nik = f"REKAAN {chance.getrandbits(40):X}", f"3522{chance.randrange(10**12):012d}"
        phone = f"0812{chance.randrange(10**8):08d}"
        secrets += [name, nik, phone]
        born = f"{chance.randrange(1945, 2026)}-{chance.randrange(1, 13):02d}-{chance.randrange(1, 29):02d}"
        faith = chance.choices(["1", "2", "7", "NULL"], [93, 4, 1, 2])[0]
        work = chance.choices([1, 2, 3, 9, 5, 6], [30, 20, 20, 26, 3, 1])[0]
        alive = chance.choices([1, 2, 3], [95, 3, 2])[0]
        words.append(
            "INSERT INTO tweb_penduduk (id, nama, nik, sex, tanggallahir, agama_id, pendidikan_kk_id, pekerjaan_id, "
            f"status_kawin, id_cluster, status_dasar, telepon, created_by) VALUES ({number}, '{name}', {nik}, "
            f"{chance.choice([1, 2])}, '{born}', {faith}, {chance.choice([1, 2, 3, 3, 3, 4, 5, 8])}, {work}, "
            f"{chance.choice([1, 2, 2, 4])}, {chance.choices([1, 2, 3], [50, 35, 15])[0]}, {alive}, '{phone}', 1);"
        )
    server.run("\n".join(words), database)
    return Village(server, database, tuple(secrets))
