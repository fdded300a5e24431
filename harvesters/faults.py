"""What can go wrong on the way to a file: one class for each thing a person can do something about."""

from __future__ import annotations

from datetime import datetime

from harvesters.adapter import FetchFailed, SourceUnavailable
from metadata.terms import Bilingual


class AddressForbidden(FetchFailed):
    """The address is not http(s) or leads into an inner network."""

    code = "fetch.address_forbidden"
    text = Bilingual(
        id="Alamat {location} tidak boleh dibuka: hanya alamat http atau https di internet publik yang diizinkan. "
        "Jika sistem ini memang berada di jaringan internal, administrator dapat menandai sumbernya “internal”.",
        en="Address {location} may not be opened: only http or https addresses on the public internet are allowed. "
        "If this system does stand in the internal network, an administrator can mark its source “internal”.",
    )


class Transient(FetchFailed):
    """A fault that may be gone in a moment: the exchange is tried again. `wait` is what the other side asks for."""

    code = "fetch.transient"
    wait: float | None = None


class CannotConnect(Transient):
    """Nobody answers there."""

    code = "fetch.cannot_connect"
    text = Bilingual(
        id="Tidak dapat tersambung ke {location}. Periksa apakah alamatnya benar dan sistemnya sedang menyala.",
        en="Cannot connect to {location}. Check that the address is right and the system is up.",
    )


class TooSlow(Transient):
    """No byte for too long."""

    code = "fetch.too_slow"
    text = Bilingual(
        id="{location} tidak menjawab selama {seconds} detik. Sistemnya mungkin sedang sibuk atau mati.",
        en="{location} gave no answer for {seconds} seconds. The system may be busy or down.",
    )


class TookTooLong(FetchFailed):
    """Bytes kept coming, but not all of them within the total limit; once more would take as long."""

    code = "fetch.took_too_long"
    text = Bilingual(
        id="{location} belum selesai terkirim setelah {seconds} detik, lalu dihentikan.",
        en="{location} was not done after {seconds} seconds and was cut off.",
    )


class Dripping(FetchFailed):
    """Bytes keep coming, but too few; once more would take as long."""

    code = "fetch.dripping"
    text = Bilingual(
        id="{location} mengirim kurang dari {speed} byte per detik selama {seconds} detik, lalu dihentikan. "
        "Sambungan atau sistemnya sedang terlalu lambat.",
        en="{location} sent fewer than {speed} bytes a second for {seconds} seconds and was cut off. "
        "The line or the system is too slow at present.",
    )


class HostResting(FetchFailed):
    """The host failed again and again, or asked to be left alone; until then nobody asks it anything."""

    code = "fetch.host_resting"
    text = Bilingual(
        id="{location} berulang kali gagal atau meminta jeda, sehingga tidak dihubungi lagi sampai {until}. "
        "Jika sistemnya sudah pulih, panen sumber ini dengan --retry.",
        en="{location} failed again and again or asked for a pause, and is not contacted until {until}. "
        "If the system is well again, harvest this source with --retry.",
    )

    def __init__(self, *, origin: str, location: str, until: datetime) -> None:
        super().__init__(location=location, until=until.strftime("%Y-%m-%d %H:%M UTC"))
        self.origin = origin


class Incomplete(Transient):
    """Fewer bytes than announced, or bytes that cannot be unpacked."""

    code = "fetch.incomplete"
    text = Bilingual(
        id="Isi {location} terputus di tengah jalan sehingga tidak lengkap.",
        en="The contents of {location} broke off on the way and are incomplete.",
    )


class ServerTrouble(Transient):
    """429 or 5xx: busy or broken, not our asking."""

    code = "fetch.server_trouble"
    text = Bilingual(
        id="{location} sedang bermasalah atau sibuk (status {status}). "
        "Coba lagi nanti; jika berulang, hubungi pengelolanya.",
        en="{location} is in trouble or busy (status {status}). Try again later; if it persists, tell its operator.",
    )


class Refused(FetchFailed):
    """Any other status that is not success."""

    code = "fetch.refused"
    text = Bilingual(
        id="{location} menolak permintaan (status {status}). Periksa apakah berkasnya masih ada dan boleh diakses.",
        en="{location} refused the request (status {status}). Check that the file still exists and may be read.",
    )


class Untrusted(FetchFailed):
    """The certificate cannot be verified."""

    code = "fetch.untrusted"
    text = Bilingual(
        id="Sertifikat keamanan {location} tidak sah atau kedaluwarsa. Minta pengelolanya memperbarui sertifikat.",
        en="The security certificate of {location} is invalid or expired. Ask its operator to renew it.",
    )


class RedirectedTooOften(FetchFailed):
    """More redirects than are followed, or one from https to http."""

    code = "fetch.redirected"
    text = Bilingual(
        id="{location} terus mengalihkan ke alamat lain, atau mengalihkan ke alamat yang tidak aman.",
        en="{location} keeps redirecting, or redirects to an unsafe address.",
    )


class TooLargeToFetch(FetchFailed):
    """More bytes than an installation takes in."""

    code = "fetch.too_large"
    text = Bilingual(
        id="{location} lebih besar dari batas {megabytes} MB.",
        en="{location} is larger than the limit of {megabytes} MB.",
    )


class PageInsteadOfData(FetchFailed):
    """An HTML page, often a login, where a data file was expected."""

    code = "fetch.page_instead_of_data"
    text = Bilingual(
        id="{location} memberikan halaman web, bukan berkas data (sering kali halaman masuk/login atau halaman galat). "
        "Pastikan berkasnya dibagikan untuk umum.",
        en="{location} gave a web page instead of a data file (often a login or error page). "
        "Make sure that the file is shared publicly.",
    )


class NothingCame(FetchFailed):
    """The source has nothing for this at present, though it lists it."""

    code = "fetch.nothing_came"
    text = Bilingual(
        id="Sumber saat ini tidak menyediakan apa pun untuk {location}. Versi terakhir dipertahankan.",
        en="The source has nothing for {location} at present. The last version is kept.",
    )


class FolderMissing(SourceUnavailable):
    """There is nothing at the location."""

    code = "files.folder_missing"
    text = Bilingual(
        id="Folder atau berkas {location} tidak ada. Periksa penulisannya, atau apakah diskanya sudah terpasang.",
        en="Folder or file {location} does not exist. Check its spelling, or whether its disk is mounted.",
    )


class BeingWritten(FetchFailed):
    """The file changed while it was copied."""

    code = "files.being_written"
    text = Bilingual(
        id="Berkas {location} sedang ditulis orang lain. Panen berikutnya akan mengambilnya.",
        en="File {location} is being written by somebody. The next harvest will take it.",
    )


class NotCkan(SourceUnavailable):
    """What answers is no CKAN portal, or one in trouble: not the JSON of the Action API."""

    code = "ckan.not_ckan"
    text = Bilingual(
        id="{location} tidak menjawab seperti portal CKAN. Periksa alamatnya (halaman depan portal, tanpa /dataset); "
        "jika sudah benar, portalnya sedang bermasalah atau menolak permintaan otomatis.",
        en="{location} does not answer like a CKAN portal. Check its address (the front page, without /dataset); "
        "if it is right, the portal is in trouble or refuses automatic requests.",
    )


class PortalRefuses(SourceUnavailable):
    """The portal says that the listing is not for us."""

    code = "ckan.refuses"
    text = Bilingual(
        id="Portal {location} tidak mengizinkan daftar datasetnya dibaca. Minta akses kepada pengelolanya.",
        en="Portal {location} does not allow its listing to be read. Ask its operator for access.",
    )
