"""The audit log in words: what was done, to what, with the way there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from datasets.models import Dataset, DeskDraft, Organization, Source, Theme
from portal.accounts.models import AuditEntry, User
from portal.web.figures import minute
from portal.web.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class LogLine:
    """One row of the audit log; `subject_url` leads to what it is about, where there is a page for it."""

    at: str
    actor: str
    action: str
    code: str
    subject: str
    subject_url: str | None
    changes: tuple[tuple[str, str, str], ...]


def kinds() -> dict[str, str]:
    """What changes can be about, by the first part of their codes."""
    return {
        "account": _("Account"),
        "calendar": _("Working days"),
        "code_list": _("Code list"),
        "comment": _("Comment of a reader"),
        "dataset": _("Dataset"),
        "draft": _("Draft"),
        "held": _("Held change"),
        "kip": _("Requests for information"),
        "member": _("Role"),
        "organization": _("Agency"),
        "plan": _("Data list of the year"),
        "report": _("Report of a problem"),
        "settings": _("Settings"),
        "source": _("Source"),
        "system": _("System"),
        "theme": _("Theme"),
        "token": _("Token"),
        "user": _("Person"),
        "webhook": _("Webhook"),
    }


def verbs() -> dict[str, str]:
    """What can be done, by the second part of the codes."""
    return {
        "about": _("described"),
        "accept": _("accepted"),
        "add": _("added"),
        "answer": _("answered"),
        "calendar": _("working days changed"),
        "change": _("changed"),
        "create": _("added"),
        "disable": _("shut out"),
        "discard": _("thrown away"),
        "enable": _("switched on or off"),
        "examine": _("examination asked for"),
        "exemption.approve": _("exemption set"),
        "exemption.end": _("exemption ended"),
        "exemption.propose": _("exemption proposed"),
        "factor_dropped": _("second step taken off"),
        "factor_set": _("second step set up"),
        "file": _("file put in"),
        "forget": _("removed for good"),
        "import": _("taken from a file"),
        "information": _("list of public information changed"),
        "information.remove": _("taken off the list of public information"),
        "invite": _("invited"),
        "letterhead": _("letterhead changed"),
        "office": _("letterhead changed"),
        "open": _("begun"),
        "password": _("password changed"),
        "patch": _("changed"),
        "publish": _("published"),
        "reading": _("reading corrected"),
        "recovery_code": _("recovery code used"),
        "recovery_codes": _("recovery codes made"),
        "refuse": _("set aside"),
        "register.look": _("register looked at"),
        "reject": _("rejected"),
        "remove": _("removed"),
        "report": _("yearly report changed"),
        "restore": _("put back"),
        "return": _("returned"),
        "revoke": _("revoked"),
        "roles": _("roles changed"),
        "rule": _("ruled for all harvests"),
        "run": _("harvest asked for"),
        "schedule": _("publication planned"),
        "secret": _("secret renewed"),
        "session_ended": _("session ended"),
        "settings": _("changed"),
        "show": _("shown to everybody"),
        "sign_in": _("signed in"),
        "sso_tied": _("tied to single sign-on"),
        "stop": _("stop of the harvest asked for"),
        "submit": _("submitted"),
        "switch": _("switched on or off"),
        "take_back": _("taken back"),
        "unschedule": _("plan of publication cancelled"),
        "update": _("changed"),
        "withdraw": _("withdrawn"),
        "write": _("written"),
    }


def members() -> dict[str, str]:
    """What of a thing was different, by the names that most changes are told with."""
    return {
        "active": _("Active"),
        "by": _("By way of"),
        "description": _("Description"),
        "email": _("E-mail"),
        "file": _("File"),
        "kept": _("Kept"),
        "keywords": _("Keywords"),
        "license": _("Licence"),
        "name": _("Name"),
        "options": _("Options"),
        "reason": _("Reason"),
        "remark": _("Remark"),
        "roles": _("Roles"),
        "rows": _("Rows"),
        "schedule": _("Schedule"),
        "state": _("State"),
        "title": _("Title"),
        "version": _("Version"),
    }


def action_words(code: str) -> str:
    """A code in words; one that nobody has worded yet says itself."""
    kind, _dot, verb = code.partition(".")
    named, done = kinds().get(kind), verbs().get(verb)
    return f"{named}: {done}" if named and done else code


def log_lines(session: Session, rows: Collection[AuditEntry]) -> list[LogLine]:
    """Rows of the audit log, with what they are about by name."""
    names = _names(session, [row.subject for row in rows])
    return [_line(row, names) for row in rows]


def _line(row: AuditEntry, names: Mapping[str, tuple[str, str | None]]) -> LogLine:
    before, after = row.before or {}, row.after or {}
    subject, url = names.get(row.subject, (row.subject, None))
    worded = members()
    changes = tuple(
        (worded.get(name, name), _shown(before.get(name)), _shown(after.get(name))) for name in {**before, **after}
    )
    return LogLine(minute(row.at), row.actor, action_words(row.action), row.action, subject, url, changes)


def _names(session: Session, subjects: Iterable[str]) -> dict[str, tuple[str, str | None]]:
    """The name and the page of each subject (`user:7`) that still exists."""
    asked: dict[str, set[int]] = {}
    for subject in subjects:
        kind, _colon, number = subject.partition(":")
        if number.isdecimal() and len(number) < 10:
            asked.setdefault(kind, set()).add(int(number))
    found: dict[str, tuple[str, str | None]] = {}
    for kind, numbers in asked.items():
        if kind in _NAMED:
            record, name = _NAMED[kind]
            for row in session.scalars(select(record).where(record.id.in_(numbers))):
                found[f"{kind}:{row.id}"] = (getattr(row, name) or f"{kind}:{row.id}", _page(kind, row))
    return found


_NAMED: dict[str, tuple[Any, str]] = {
    "user": (User, "name"),
    "dataset": (Dataset, "title"),
    "draft": (DeskDraft, "title"),
    "organization": (Organization, "title"),
    "theme": (Theme, "title"),
    "source": (Source, "title"),
}


def _page(kind: str, row: Any) -> str | None:
    if kind == "dataset":
        return url_for("catalog.dataset", slug=row.slug) if row.slug else None
    if kind == "source":
        return url_for("administration.source", name=row.name)
    if kind == "organization":
        return url_for("administration.agency", number=row.id)
    if kind == "theme":
        return url_for("administration.theme", number=row.id)
    return url_for("people.person" if kind == "user" else "workbench.draft", number=row.id)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "–"
    return "–" if value in (None, "") else str(value)
