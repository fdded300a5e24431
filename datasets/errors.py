"""What the machine may refuse: the states of disk and database that a person can do something about."""

from __future__ import annotations

from metadata.errors import LumbungError
from metadata.terms import Bilingual


class Busy(LumbungError):
    """Another process has been writing for longer than we wait; nothing was done, so the same may be asked again."""

    code = "database.busy"
    status = 503
    text = Bilingual(
        id="Basis data sedang dipakai proses lain. Tidak ada yang berubah; silakan coba lagi sebentar lagi.",
        en="The database is being written to by another process. Nothing was changed; please try again in a moment.",
    )


class DiskFull(LumbungError):
    """There is no room left for a file or a row; nothing was published, and what was published stays as it is."""

    code = "disk.full"
    status = 507
    text = Bilingual(
        id="Ruang penyimpanan penuh. Tidak ada yang berubah; tambah ruang, lalu ulangi.",
        en="The disk is full. Nothing was changed; make room, then do it again.",
    )
