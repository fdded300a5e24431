"""The words of the law as letters use them, and Indonesian dates, figures and sums."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

PASAL_17: Final = {
    "17.a": "dapat menghambat proses penegakan hukum",
    "17.b": "dapat mengganggu kepentingan pelindungan hak atas kekayaan intelektual dan pelindungan dari persaingan"
    " usaha tidak sehat",
    "17.c": "dapat membahayakan pertahanan dan keamanan negara",
    "17.d": "dapat mengungkapkan kekayaan alam Indonesia",
    "17.e": "dapat merugikan ketahanan ekonomi nasional",
    "17.f": "dapat merugikan kepentingan hubungan luar negeri",
    "17.g": "dapat mengungkapkan isi akta autentik yang bersifat pribadi dan kemauan terakhir ataupun wasiat seseorang",
    "17.h": "dapat mengungkap rahasia pribadi",
    "17.i": "merupakan memorandum atau surat antar badan publik atau intra badan publik yang menurut sifatnya"
    " dirahasiakan",
    "17.j": "tidak boleh diungkapkan berdasarkan undang-undang",
}
"""What opening the information would do, by the letters of UU 14/2008 Pasal 17."""

OBJECTION_GROUNDS: Final = {
    "a": "penolakan atas permohonan informasi berdasarkan alasan pengecualian (Pasal 17)",
    "b": "tidak disediakannya informasi berkala",
    "c": "tidak ditanggapinya permohonan informasi",
    "d": "permohonan informasi ditanggapi tidak sebagaimana yang diminta",
    "e": "tidak dipenuhinya permohonan informasi",
    "f": "pengenaan biaya yang tidak wajar",
    "g": "penyampaian informasi yang melebihi waktu yang diatur",
}
"""UU 14/2008 Pasal 35(1)."""

RESULTS: Final = {
    "upheld": "menerima keberatan seluruhnya",
    "upheld_partly": "menerima keberatan sebagian",
    "rejected": "menolak keberatan",
}

CHANNELS: Final = {
    "web": "situs web",
    "email": "surel",
    "post": "pos",
    "in_person": "datang langsung",
    "phone": "telepon",
    "whatsapp": "WhatsApp",
}

KINDS: Final = {"perorangan": "perorangan", "badan_hukum": "badan hukum", "kelompok_orang": "kelompok orang"}

MANNERS: Final = {
    "soft": "salinan elektronik (softcopy)",
    "hard": "salinan cetak (hardcopy)",
    "look": "melihat, membaca, mendengarkan, atau mencatat",
}

DELIVERIES: Final = {
    "collect": "diambil langsung",
    "courier": "kurir",
    "post": "pos",
    "email": "surel",
    "fax": "faksimile",
    "web": "halaman permohonan di situs web",
}

DEADLINES: Final = (
    ("completeness_check_due", "pemeriksaan kelengkapan selesai paling lambat"),
    ("correction_due", "kelengkapan diterima paling lambat"),
    ("answer_due", "jawaban paling lambat"),
    ("extended_answer_due", "jawaban setelah perpanjangan paling lambat"),
    ("delivery_due", "informasi diserahkan paling lambat"),
    ("objection_answer_due", "keputusan atas keberatan paling lambat"),
)

DONE: Final = {
    "register": "Permohonan didaftar dan tanda bukti diberikan",
    "send_incomplete": "Surat keterangan tidak lengkap dikirim",
    "complete": "Kelengkapan diterima",
    "accept_complete": "Permohonan dinyatakan lengkap",
    "lapse": "Permohonan tidak dapat diproses karena tidak dilengkapi",
    "route": "Diteruskan ke perangkat daerah",
    "return_from_opd": "Dikembalikan oleh perangkat daerah",
    "extend": "Waktu pemberian jawaban diperpanjang",
    "answer": "Pemberitahuan tertulis dikirim",
    "pay": "Biaya dibayar",
    "deliver": "Informasi diserahkan",
    "withdraw": "Permohonan ditarik kembali",
    "close": "Permohonan ditutup",
    "record_arrival": "Surat diterima oleh pemohon",
    "object": "Keberatan diterima",
    "decide_objection": "Keputusan atas keberatan dikirim",
    "settle": "Keberatan diselesaikan secara musyawarah",
    "refer_dispute": "Sengketa diajukan ke Komisi Informasi",
    "record_decision": "Perkembangan sengketa dicatat",
}
"""The steps that a case file lists, in words; by the actions of its events."""

WHO: Final = {
    "applicant": "Pemohon",
    "desk_officer": "Petugas Pelayanan Informasi",
    "ppid_utama": "PPID",
    "ppid_pelaksana": "PPID Pelaksana",
    "atasan_ppid": "Atasan PPID",
    "pimpinan": "Pimpinan",
    "komisi_informasi": "Komisi Informasi",
    "job": "Sistem",
}

_MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli"),
    *("Agustus", "September", "Oktober", "November", "Desember"),
)
_DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")


def on(day: date | str | None, weekday: bool = False) -> str:
    """`20 Juli 2026`, `Senin, 20 Juli 2026` with its weekday; a dash for none."""
    if day is None or day == "":
        return "–"
    if isinstance(day, str):
        day = date.fromisoformat(day[:10])
    text = f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    return f"{_DAYS[day.weekday()]}, {text}" if weekday else text


def rupiah(amount: int) -> str:
    """`Rp12.500,00`, the way of official letters; `Rp0,00 (tanpa biaya)` for nothing."""
    text = f"Rp{amount:,}".replace(",", ".") + ",00"
    return text if amount else f"{text} (tanpa biaya)"


def pasal_17(ground: str) -> str:
    """`Pasal 17 huruf h UU Nomor 14 Tahun 2008` for `17.h`."""
    return f"Pasal 17 huruf {ground.removeprefix('17.')} UU Nomor 14 Tahun 2008"


def why_closed(ground: str) -> str:
    """The letter of Pasal 17 with what opening the information would do."""
    return f"{pasal_17(ground)}: {PASAL_17.get(ground, 'dikecualikan')}"


def objection_grounds(codes: Iterable[str]) -> tuple[str, ...]:
    """Each ground with its letter of Pasal 35(1)."""
    return tuple(f"Pasal 35 ayat (1) huruf {code}: {OBJECTION_GROUNDS.get(code, code)}" for code in codes)


def ends(exemption: Mapping[str, Any]) -> str:
    """Until when an exemption holds, in words."""
    if exemption.get("expires_on"):
        return f"sampai dengan {on(exemption['expires_on'])}"
    return str(exemption.get("expires_when") or "selama rahasia yang dilindungi belum boleh dibuka")
