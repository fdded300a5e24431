"""What has happened to a draft, a held state or a dataset, told from the audit log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal import context
from portal.accounts.models import AuditEntry
from portal.web import figures
from portal.web.i18n import gettext as _

_MOST = 40
_QUIET = frozenset({"state", "title", "slug"})


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened: when, who, what, and the words that go with it."""

    when: str
    who: str
    what: str
    said: tuple[str, ...]


def history(*subjects: str) -> tuple[Event, ...]:
    """All that is known of these subjects, the newest first."""
    asked = select(AuditEntry).where(AuditEntry.subject.in_(subjects)).order_by(AuditEntry.id.desc()).limit(_MOST)
    rows = context.session().scalars(asked).all()
    return tuple(_event(row) for row in rows)


def _event(row: AuditEntry) -> Event:
    after = row.after or {}
    said = tuple(_shown(name, value) for name, value in after.items() if name not in _QUIET and value not in (None, ""))
    return Event(figures.minute(row.at), row.actor, _words().get(row.action, row.action), said[:12])


def _shown(name: str, value: object) -> str:
    if name == "publish_at":
        return figures.minute(datetime.fromisoformat(str(value)))
    text = ", ".join(map(str, value)) if isinstance(value, Sequence) and not isinstance(value, str) else str(value)
    named = {
        "*": "",
        "reason": _("reason"),
        "remark": _("remark"),
        "version": _("version"),
    }.get(name, name.removeprefix("column."))
    return f"{named}: {text}" if named else text


def _words() -> dict[str, str]:
    return {
        "draft.open": _("Draft begun"),
        "draft.file": _("File handed in"),
        "draft.reading": _("Reading corrected"),
        "draft.about": _("Description changed"),
        "draft.submit": _("Submitted"),
        "draft.take_back": _("Taken back by its steward"),
        "draft.discard": _("Thrown away"),
        "draft.return": _("Returned with comments"),
        "draft.schedule": _("Approved for a later hour"),
        "draft.unschedule": _("Hour taken back"),
        "draft.publish": _("Approved and published"),
        "dataset.publish": _("Published"),
        "dataset.withdraw": _("Withdrawn"),
        "dataset.restore": _("Withdrawal taken back"),
        "dataset.rule": _("Licence, rhythm or themes set"),
        "held.accept": _("Accepted"),
        "held.reject": _("Turned down"),
    }
