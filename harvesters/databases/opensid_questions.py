"""What is asked of an OpenSID database: how many persons there are of a kind in a dusun, and nothing of any person.

`python -m harvesters.databases.opensid_questions` prints views of just these counts, so that our account there can be
given them and nothing else.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

UNSAID = "BELUM MENGISI"
"""The category of those of whom it is not recorded, as OpenSID's own statistics call it."""
_AGE = "GREATEST(TIMESTAMPDIFF(YEAR, p.tanggallahir, MAKEDATE(YEAR(CURDATE()), 1)), 0)"
_BAND = f"LEAST(FLOOR({_AGE} / 5) * 5, 75)"


@dataclass(frozen=True, slots=True)
class Trait:
    """A trait that persons are counted by: its column in the published table, its words, how SQL tells it."""

    name: str
    title: str
    category: str
    join: str = ""


def _of(table: str, column: str) -> str:
    return f"LEFT JOIN {table} r ON r.id = p.{column}"


TRAITS = (
    Trait(
        "kelompok_umur",
        "Kelompok Umur (5 tahunan, per 1 Januari)",
        f"CASE WHEN p.tanggallahir IS NULL THEN '{UNSAID}' WHEN {_BAND} >= 75 THEN '75+' "
        f"ELSE CONCAT(LPAD({_BAND}, 2, '0'), '-', LPAD({_BAND} + 4, 2, '0')) END",
    ),
    Trait("pendidikan", "Pendidikan", "r.nama", _of("tweb_penduduk_pendidikan_kk", "pendidikan_kk_id")),
    Trait("pekerjaan", "Pekerjaan", "r.nama", _of("tweb_penduduk_pekerjaan", "pekerjaan_id")),
    Trait("agama", "Agama", "r.nama", _of("tweb_penduduk_agama", "agama_id")),
    Trait("status_perkawinan", "Status Perkawinan", "r.nama", _of("tweb_penduduk_kawin", "status_kawin")),
)
VILLAGE_VIEW = "lumbung_desa"
VILLAGE = "SELECT id, nama_desa, kode_desa, nama_kecamatan FROM config ORDER BY id"


def view_of(trait: Trait) -> str:
    """The name of the view with the counts by a trait."""
    return f"lumbung_penduduk_{trait.name}"


def counts_by(trait: Trait, village: int | None = None) -> str:
    """How many living inhabitants there are by dusun, sex and the trait; `village` is OpenSID's config_id."""
    only = "" if village is None else f" AND p.config_id = {int(village)}"
    return (
        f"SELECT w.dusun AS dusun, COALESCE({trait.category}, '{UNSAID}') AS kategori, "  # noqa: S608 - our own words
        f"COALESCE(s.nama, '{UNSAID}') AS kelamin, COUNT(*) AS jumlah "
        "FROM tweb_penduduk p JOIN tweb_wil_clusterdesa w ON w.id = p.id_cluster "
        f"LEFT JOIN tweb_penduduk_sex s ON s.id = p.sex {trait.join} "
        f"WHERE p.status_dasar = 1{only} GROUP BY 1, 2, 3"
    )


def view_statements(village: int | None = None) -> list[str]:
    """The statements that make the views; an administrator of the village's database runs them once."""
    views = {VILLAGE_VIEW: VILLAGE} | {view_of(trait): counts_by(trait, village) for trait in TRAITS}
    return [f"CREATE OR REPLACE SQL SECURITY DEFINER VIEW {name} AS {question};" for name, question in views.items()]


if __name__ == "__main__":
    sys.stdout.write("\n".join(view_statements()) + "\n")
