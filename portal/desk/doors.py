"""The rooms of the workbench that somebody may enter, grouped by what is done there: the bar and the first page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.accounts import guard
from portal.policy import Action, reach
from portal.web.i18n import gettext as _
from portal.web.i18n import pgettext


@dataclass(frozen=True, slots=True)
class Door:
    """The way into a room; `name` is its word in the bar, where a room without one is not shown.

    `paths` are the beginnings of the addresses that are of this room.
    """

    endpoint: str
    title: str
    note: str
    icon: str
    name: str = ""
    paths: tuple[str, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)

    def holds(self, path: str) -> bool:
        """Whether a page is of this room."""
        return any(path == start or path.startswith(f"{start}/") for start in self.paths)


@dataclass(frozen=True, slots=True)
class Wing:
    """Rooms where the same people do the same kind of work; a `gathered` wing is one word in the bar."""

    anchor: str
    title: str
    doors: tuple[Door, ...]
    gathered: bool = False

    def holds(self, path: str) -> bool:
        """Whether a page is of this wing."""
        return any(door.holds(path) for door in self.doors)


def wings() -> tuple[Wing, ...]:
    """What who is here may enter; a wing without a door for them is left out."""
    all_of_them = (
        Wing("data", _("Data"), _data()),
        Wing("permohonan", _("Requests for information"), _requests()),
        Wing("administrasi", _("Administration"), _administration(), gathered=True),
    )
    return tuple(wing for wing in all_of_them if wing.doors)


def _may(*actions: Action) -> bool:
    return any(reach(guard.current(), action) for action in actions)


def _kept(*doors: tuple[bool, Door]) -> tuple[Door, ...]:
    return tuple(door for allowed, door in doors if allowed)


def _data() -> tuple[Door, ...]:
    hand_in = _("Upload or paste a table, see how it was read, describe it, and submit it.")
    drafts = _("What agencies are handing in, and how far it has come.")
    writes = _may("draft.write")
    return _kept(
        (
            _may("draft.review", "held.see"),
            Door("review.queue", _("Queue"), _("What waits: drafts, held harvests, late datasets, failing sources."),
                 "inbox", _("Queue"), ("/kerja/antrean", "/kerja/tinjau", "/kerja/ditahan")),
        ),
        (
            _may("draft.see"),
            Door("workbench.desk", _("Hand in data") if writes else _("Drafts"), hand_in if writes else drafts,
                 "file-spreadsheet", _("Drafts"), ("/kerja/draf",)),
        ),
        (
            _may("dataset.withdraw"),
            Door("review.datasets", _("Datasets"),
                 _("Withdraw and put back, change many at once, see each quality score."),
                 "layers", _("Datasets"), ("/kerja/dataset", "/kerja/massal")),
        ),
        (
            _may("plan.write"),
            Door("review.plan", _("Data list of the year"),
                 _("What each agency plans to publish, beside what it published."),
                 "calendar", _("Data list"), ("/kerja/daftar-data",)),
        ),
        (
            _may("source.see"),
            Door("administration.source_list", _("Sources"),
                 _("Which systems are harvested, how the last run went; harvest now, change, switch off."),
                 "database", _("Sources"), ("/kerja/sumber", "/kerja/sambung")),
        ),
        (
            _may("report.answer"),
            Door("response_desk.desk", _("Readers"),
                 _("Answer reports of problems with data, read comments before others may."),
                 "users", _("Readers"), ("/kerja/tanggapan", "/kerja/laporan")),
        ),
    )  # fmt: skip


def _requests() -> tuple[Door, ...]:
    lists = ("/kerja/informasi", "/kerja/register", "/kerja/laporan-tahunan")
    writes = _may("information.write")
    return _kept(
        (
            _may("request.see"),
            Door("kip_work.requests", pgettext("navigation", "Requests"),
                 _("What is due, overdue, and will be late; each case with what the law allows."),
                 "inbox", pgettext("navigation", "Requests"), ("/kerja/permohonan",)),
        ),
        (
            _may("exemption.propose"),
            Door("kip_work.tests", _("Consequence tests"), _("What is exempt, why, until when, and who set it."),
                 "scale", "", ("/kerja/uji-konsekuensi",)),
        ),
        (
            writes or _may("request.see"),
            Door("kip_records.information" if writes else "kip_records.register", _("Lists and registers"),
                 _("The list of public information, the registers, the yearly report."),
                 "list", pgettext("navigation", "Lists"), lists, {} if writes else {"which": "keberatan"}),
        ),
        (
            _may("calendar.write"),
            Door("kip_work.calendar", _("Working days"),
                 _("Holidays and days off, by which every time limit is counted."),
                 "calendar", "", ("/kerja/kalender",)),
        ),
    )  # fmt: skip


def _administration() -> tuple[Door, ...]:
    return _kept(
        (
            _may("user.manage"),
            Door("people.people_list", _("People"), _("Invite people, give them roles, shut somebody out."),
                 "users", "", ("/kerja/pengguna",)),
        ),
        (
            _may("organization.write"),
            Door("administration.agencies", _("Agencies"),
                 _("Names, addresses and descriptions of the agencies that own data."),
                 "building", "", ("/kerja/opd",)),
        ),
        (
            _may("theme.write"),
            Door("administration.lists", _("Themes and code lists"),
                 _("Themes, licences, units, frequencies, regions."),
                 "list", "", ("/kerja/daftar-kode", "/kerja/tema")),
        ),
        (
            _may("settings.write"),
            Door("administration.settings", _("Settings"),
                 _("Of the portal, of the office's letters, of requests for information."),
                 "sliders-horizontal", "", ("/kerja/pengaturan",)),
        ),
        (
            _may("system.see"),
            Door("administration.system", _("System"),
                 _("Versions, storage, work in the queue, the index, and what the doctor found."),
                 "heart-pulse", "", ("/kerja/sistem",)),
        ),
        (
            _may("audit.read"),
            Door("log.log", _("Audit log"), _("Every change: who, when, what, before and after."),
                 "scroll-text", "", ("/kerja/catatan",)),
        ),
    )  # fmt: skip
