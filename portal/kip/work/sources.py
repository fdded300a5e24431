"""Where each setting of the desk comes from, in the words that stand beside it; none of them was confirmed yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SOURCES: Final[Mapping[str, str]] = {
    "collective_leave_is_off": "Perpres 21/2023 Pasal 6; cuti bersama mengikat ASN dengan Keppres. Kesimpulan kami.",
    "first_day": "UU 14/2008 Pasal 22(7): sejak diterimanya permohonan. Hari itu sendiri tidak dihitung: kebiasaan.",
    "clock_start_rule": "UU 14/2008 Pasal 22(7) menghitung dari penerimaan; PerKI 1/2021 dari permohonan lengkap.",
    "correction_rounds": "PerKI 1/2021 mengenal satu surat keterangan tidak lengkap.",
    "deemed_complete_after_check": "PerKI 1/2021: pemeriksaan kelengkapan tiga hari kerja.",
    "opd_may_answer": "Permendagri 3/2017: PPID Pembantu menyiapkan, PPID menjawab.",
    "opd_due": "Aturan sendiri: hari kerja bagi perangkat daerah untuk melapor.",
    "delivery_max": "UU 14/2008 tidak menyebut; paling lambat sama dengan batas perpanjangan.",
    "ground_b_needs_request": "UU 14/2008 Pasal 35(1)b berbicara tentang informasi berkala, tanpa permohonan.",
    "late_objection": "UU 14/2008 Pasal 36(1): tiga puluh hari kerja; akibat keterlambatan tidak diatur.",
    "names_public": "Tidak ditemukan aturan tentang nama pemohon; UU 27/2022 melindunginya.",
    "withdrawal": "UU 14/2008 diam; pencabutan oleh pemohon diperbolehkan.",
    "number_format": "Bentuk nomor pendaftaran ditetapkan PPID.",
    "ki": "Komisi Informasi yang berwenang; di Bojonegoro provinsi.",
    "retention_proof_days": "UU 27/2022 Pasal 42-44: dihapus bila tidak diperlukan lagi. Lamanya pilihan sendiri.",
    "retention_identity_years": "UU 27/2022 Pasal 42-44 dan Jadwal Retensi Arsip. Lamanya pilihan sendiri.",
}
