"""What keeps a draft on the workbench from being written, submitted or decided on."""

from __future__ import annotations

from metadata.errors import LumbungError
from metadata.terms import Bilingual


class EditedMeanwhile(LumbungError):
    """Somebody else saved the draft since it was looked at; nothing was written, and both can be put together."""

    code = "draft.edited_meanwhile"
    status = 409
    text = Bilingual(
        id="{by} menyimpan perubahan pada draf ini setelah Anda membukanya. Tidak ada yang hilang: bandingkan, lalu "
        "simpan lagi.",
        en="{by} has saved changes to this draft since you opened it. Nothing is lost: compare, then save again.",
    )


class WrongState(LumbungError):
    """What is asked for cannot be done to a draft that stands where this one stands."""

    code = "draft.wrong_state"
    status = 409
    text = Bilingual(
        id="Draf ini tidak dapat diproses begitu karena keadaannya sekarang: {state}.",
        en="This cannot be done to the draft, because it is now: {state}.",
    )


class SeenOtherwise(LumbungError):
    """The draft is not any more what the reviewer looked at."""

    code = "draft.seen_otherwise"
    status = 409
    text = Bilingual(
        id="{by} mengubah draf ini setelah Anda membukanya. Lihat sekali lagi keadaannya sekarang, lalu putuskan.",
        en="{by} has changed this draft since you opened it. Look at it once more as it is now, then decide.",
    )


class NotChecked(LumbungError):
    """What is to be submitted has not been checked as it stands."""

    code = "draft.not_checked"
    status = 409
    text = Bilingual(
        id="Draf ini berubah sejak diperiksa. Periksa sekali lagi, lalu ajukan.",
        en="This draft has changed since it was checked. Check it once more, then submit it.",
    )


class Harvested(LumbungError):
    """A dataset that a source gives cannot be replaced by hand: the next harvest would undo it."""

    code = "draft.harvested"
    status = 409
    text = Bilingual(
        id="“{title}” dipanen otomatis dari sumbernya; perbaiki datanya di sumber itu, lalu panen lagi.",
        en="“{title}” is harvested from its source; mend the data there, then harvest again.",
    )
