"""Why something may not be done with a case, in words that tell what to do instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from metadata.errors import LumbungError
from metadata.terms import Bilingual

WORDS: Final[Mapping[str, Bilingual]] = {
    "not_permitted": Bilingual(
        id="Dalam keadaan permohonan sekarang, atau oleh peran Anda, ini tidak dapat dilakukan.",
        en="As the request stands now, or with your role, this cannot be done.",
    ),
    "receipt_in_future": Bilingual(id="Tanggal itu belum tiba.", en="That date has not come yet."),
    "completeness_check_over": Bilingual(
        id="Tiga hari kerja untuk memeriksa kelengkapan sudah lewat: permohonan dianggap lengkap.",
        en="The three working days for checking are over: the request counts as complete.",
    ),
    "correction_over": Bilingual(
        id="Waktu melengkapi sudah lewat; ajukan permohonan baru.",
        en="The time for completing is over; file a new request.",
    ),
    "extension_too_late": Bilingual(
        id="Perpanjangan hanya dapat diberitahukan sampai batas jawaban, yang sudah lewat. Jawablah sekarang.",
        en="An extension can be told until the answer is due, which has passed. Answer now.",
    ),
    "already_extended": Bilingual(id="Sudah diperpanjang satu kali.", en="It was extended once already."),
    "reason_required": Bilingual(id="Alasan tertulis diperlukan.", en="A written reason is needed."),
    "missing_required": Bilingual(id="Sebutkan apa yang belum lengkap.", en="Say what is missing."),
    "decision_required": Bilingual(id="Pilih isi keputusannya.", en="Choose what the decision is."),
    "ground_required": Bilingual(id="Pilih alasannya.", en="Choose the ground."),
    "unknown_ground": Bilingual(id="Alasan itu tidak ada.", en="There is no such ground."),
    "redactions_required": Bilingual(
        id="Sebutkan bagian yang dihitamkan, masing-masing dengan alasan dan uji konsekuensinya.",
        en="Name the parts that are blacked out, each with its ground and consequence test.",
    ),
    "exemption_required": Bilingual(
        id="Alasan ini harus bersandar pada uji konsekuensi yang berlaku; catat dahulu ujinya.",
        en="This ground has to rest on a consequence test in force; record the test first.",
    ),
    "exemption_expired": Bilingual(
        id="Uji konsekuensi ini sudah berakhir: informasinya terbuka.",
        en="This consequence test has ended: the information is open.",
    ),
    "exemption_too_long": Bilingual(
        id="Pengecualian untuk alasan ini paling lama 30 tahun.",
        en="An exemption on this ground lasts 30 years at most.",
    ),
    "expiry_required": Bilingual(
        id="Pengecualian dengan alasan a sampai f tidak boleh permanen: isi kapan berakhir.",
        en="An exemption on grounds a to f is never permanent: say when it ends.",
    ),
    "article_required": Bilingual(
        id="Alasan j memerlukan undang-undang dan pasal yang menutupnya.",
        en="Ground j needs the law and the article that closes it.",
    ),
    "fee_on_softcopy": Bilingual(
        id="Salinan elektronik tidak dikenai biaya.", en="Electronic copies are free of charge."
    ),
    "holder_required": Bilingual(
        id="Sebutkan siapa yang menguasai informasi itu, atau bahwa belum didokumentasikan.",
        en="Say who holds the information, or that it is not documented.",
    ),
    "link_required": Bilingual(
        id="Beri tautan tetap ke informasi yang sudah terbuka.", en="Give the permanent link to what is public."
    ),
    "opd_required": Bilingual(id="Pilih perangkat daerah.", en="Choose an agency."),
    "not_routed": Bilingual(
        id="Permohonan ini tidak sedang di perangkat daerah itu.", en="The request is not with that agency."
    ),
    "payment_required": Bilingual(id="Biayanya belum dibayar.", en="The fee is not paid yet."),
    "nothing_to_pay": Bilingual(id="Tidak ada biaya.", en="There is nothing to pay."),
    "nothing_to_deliver": Bilingual(id="Tidak ada yang harus diserahkan.", en="There is nothing to hand over."),
    "objection_required": Bilingual(
        id="Sengketa memerlukan keberatan lebih dahulu.", en="A dispute needs an objection first."
    ),
    "objection_window_over": Bilingual(
        id="Tiga puluh hari kerja untuk keberatan sudah lewat.",
        en="The thirty working days for an objection are over.",
    ),
    "dispute_premature": Bilingual(
        id="Atasan PPID masih punya waktu untuk memutus keberatan.",
        en="The superior still has time to decide the objection.",
    ),
    "dispute_required": Bilingual(id="Belum ada sengketa.", en="There is no dispute yet."),
    "not_settleable:a": Bilingual(
        id="Keberatan dengan alasan a harus diputus, tidak dapat diselesaikan secara musyawarah.",
        en="An objection on ground a has to be decided; it cannot be settled.",
    ),
    "append_only": Bilingual(
        id="Catatan perkara hanya dapat ditambah, tidak dapat diubah atau didahului.",
        en="The record of a case is only added to, never changed or dated before its last entry.",
    ),
    "ground_not_open": Bilingual(id="Alasan keberatan itu belum terbuka.", en="That ground is not open."),
    "unknown_document": Bilingual(id="Surat itu tidak ada.", en="There is no such letter."),
    "unknown_stage": Bilingual(id="Tahap itu tidak ada.", en="There is no such stage."),
}


class ActionRefused(LumbungError):
    """The law, or the desk's rules, do not allow it; `reason` is the code of docs/kip-events.md."""

    code = "kip.refused"
    status = 422
    text = Bilingual(id="{reason_id}", en="{reason_en}")

    def __init__(self, reason: str) -> None:
        said = WORDS.get(reason) or WORDS.get(reason.partition(":")[0]) or WORDS["not_permitted"]
        super().__init__(reason_id=said.id, reason_en=said.en)
        self.reason = reason


class ChangedMeanwhile(LumbungError):
    """Somebody else has written on the case since the page was opened."""

    code = "kip.changed_meanwhile"
    status = 409
    text = Bilingual(
        id="Sementara itu ada yang menulis pada permohonan ini. Lihat keadaannya yang baru, lalu ulangi.",
        en="Somebody has written on this request meanwhile. Look at how it stands now, then do it again.",
    )
