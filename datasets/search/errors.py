"""What can keep an index from being written; reading never fails, it says that it is not available."""

from __future__ import annotations

from metadata.errors import LumbungError
from metadata.terms import Bilingual


class IndexBusy(LumbungError):
    """Another process writes the index; what was to be written can be tried again."""

    code = "search.busy"
    status = 503
    text = Bilingual(
        id="Indeks pencarian sedang ditulis proses lain; coba lagi sebentar lagi.",
        en="The search index is being written by another process; try again in a moment.",
    )


class IndexNotWritten(LumbungError):
    """Nothing was taken over into the index, which is as it was; the disk may be full."""

    code = "search.not_written"
    status = 503
    text = Bilingual(
        id="Indeks pencarian tidak dapat ditulis ({reason}); isi indeks tetap seperti sebelumnya. Periksa ruang disk.",
        en="The search index could not be written ({reason}); it is as it was before. Check the disk space.",
    )
