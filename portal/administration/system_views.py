"""The system page: versions, storage, queue, index, the last backup, and what the doctor found."""

from __future__ import annotations

from dataclasses import dataclass

from flask import redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from datasets import housekeeping, jobs, kept
from datasets.clock import now
from datasets.models import Job
from metadata.notices import Notice
from portal import context
from portal.accounts import audit, guard
from portal.administration.wing import allowed, bp
from portal.policy import PORTAL
from portal.web.figures import minute, size
from portal.web.figures import number as number_in_words
from portal.web.i18n import current_language
from portal.web.i18n import gettext as _

Terms = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Found:
    """What the doctor said, in words."""

    words: str
    grave: bool


@bp.get("/sistem")
def system() -> str:
    """How the house stands."""
    allowed("system.see", PORTAL)
    here, session = context.installation(), context.session()
    house = housekeeping.look(here, session)
    language = current_language()
    seen = house.examination
    return render_template(
        "administration/system.html",
        versions=house.versions,
        storage=_storage(house),
        queue=_queue(house),
        given_up=[
            (f"{job.kind} · {job.subject}", minute(job.dead_at), _why(job)) for job in house.given_up if job.dead_at
        ],
        index=_index(house),
        healthy=house.index is not None and house.index.healthy,
        backup=_backup(session),
        examined=minute(seen.at) if seen else "",
        took=number_in_words(round(seen.seconds, 1), 1) if seen else "",
        findings=[Found(Notice.from_dict(one).say(language), one.get("severity") == "error") for one in seen.findings]
        if seen
        else [],
    )


@bp.post("/sistem/periksa")
def examine() -> Response:
    """Ask the worker to examine the house."""
    allowed("system.see", PORTAL)
    actor, at = guard.current(), now()
    with context.installation().database.write() as session:
        jobs.ask(session, housekeeping.EXAMINE, housekeeping.INSTALLATION, priority=5)
        audit.record(session, actor, "system.examine", "installation", at=at)
    return redirect(url_for("administration.system"), 303)


def _storage(house: housekeeping.House) -> Terms:
    stored = _("%(count)s files, %(size)s", count=number_in_words(house.blobs), size=size(house.blob_bytes))
    held = [
        (_("Datasets"), number_in_words(house.datasets)),
        (_("Versions"), number_in_words(house.published_versions)),
        (_("Store"), stored),
    ]
    if house.database_bytes is not None:
        held.append((_("Database"), size(house.database_bytes)))
    return [*held, (_("Free on the disk"), size(house.free_bytes))]


def _queue(house: housekeeping.House) -> Terms:
    return [
        (_("Work waiting"), number_in_words(house.waiting)),
        (_("Work in hand"), number_in_words(house.at_work)),
        (_("Letters waiting"), number_in_words(house.letters_waiting)),
        (_("Letters given up"), number_in_words(house.letters_given_up)),
    ]


def _index(house: housekeeping.House) -> Terms:
    if house.index is None:
        return [(_("Documents"), "–")]
    return [
        (_("Documents"), number_in_words(house.index.documents)),
        (_("Changes waiting"), number_in_words(house.outbox)),
        (_("State"), _("sound") if house.index.healthy else _("to be made anew: lumbung reindex")),
    ]


def _backup(session: Session) -> str:
    """When the last backup was made, as the backup itself kept it."""
    last = kept.value(session, "backup")
    return str(last.get("at", "")) if isinstance(last, dict) else ""


def _why(job: Job) -> str:
    return Notice.from_dict(job.error).say(current_language()) if job.error else ""
