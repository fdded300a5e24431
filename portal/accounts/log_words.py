"""The audit log in words: what was done, to what, with the way there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from datasets.models import Dataset, DeskDraft, Held, Organization, PlannedDataset, Source, Theme
from portal.accounts.models import AuditEntry, User
from portal.accounts.present import agency_names, grant_words, grants_from
from portal.administration import code_lists
from portal.web.figures import minute
from portal.web.i18n import current_language
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
        "abbreviation": _("Abbreviation"),
        "active": _("Active"),
        "added": _("Added"),
        "aliases": _("Other spellings"),
        "base": _("Unit it is a multiple of"),
        "by": _("By way of"),
        "changed": _("Changed"),
        "dataset": _("Dataset"),
        "description": _("Description"),
        "description_en": _("Description in English"),
        "due_on": _("First release"),
        "email": _("E-mail"),
        "enabled": _("Switched on"),
        "expires_at": _("Good until"),
        "factor": _("How many of it"),
        "file": _("File"),
        "frequency": _("Update frequency"),
        "homepage": _("Website"),
        "icon": _("Symbol"),
        "kept": _("Kept"),
        "keywords": _("Keywords"),
        "kind": _("Kind"),
        "license": _("Licence"),
        "location": _("Address"),
        "name": _("Name"),
        "note": _("Note"),
        "of": _("Of"),
        "open": _("Open licence"),
        "options": _("Options"),
        "position": _("Place in the list"),
        "publish_at": _("Hour of publication"),
        "reason": _("Reason"),
        "remark": _("Remark"),
        "roles": _("Roles"),
        "rows": _("Rows"),
        "schedule": _("Schedule"),
        "scopes": _("Purposes"),
        "slug": _("Address"),
        "state": _("State"),
        "symbol": _("Symbol"),
        "themes": _("Themes"),
        "title": _("Title"),
        "title_en": _("Name in English"),
        "title_id": _("Name in Indonesian"),
        "url": _("Address"),
        "version": _("Version"),
        "year": _("Year"),
    }


def action_words(code: str) -> str:
    """A code in words; one that nobody has worded yet says itself."""
    kind, _dot, verb = code.partition(".")
    named, done = kinds().get(kind), verbs().get(verb)
    return f"{named}: {done}" if named and done else code


def log_lines(session: Session, rows: Collection[AuditEntry]) -> list[LogLine]:
    """Rows of the audit log, with what they are about by name."""
    names, agencies = _names(session, [row.subject for row in rows]), agency_names(session)
    return [_line(row, names, agencies) for row in rows]


def _line(row: AuditEntry, names: Mapping[str, tuple[str, str | None]], agencies: Mapping[int, str]) -> LogLine:
    before, after = row.before or {}, row.after or {}
    subject, url = names.get(row.subject) or _room(row.subject)
    worded = members()
    told = (
        (name, _shown(name, before, agencies) if name in after else "", _shown(name, {**before, **after}, agencies))
        for name in {**before, **after}  # what is told of before alone says what it was about; nothing became of it
    )
    changes = tuple((worded.get(name, name), old, new) for name, old, new in told if old or new)
    return LogLine(minute(row.at), row.actor, action_words(row.action), row.action, subject, url, changes)


def _room(subject: str) -> tuple[str, str | None]:
    """The name and the page of what is no row of ours: the settings, a code list, the house."""
    kind, _colon, name = subject.partition(":")
    if kind == "code_list" and (found := code_lists.named(name)) is not None:
        return found.title.say(current_language()), url_for("administration.code_list", name=name)
    if subject == "settings":
        return "", url_for("administration.settings")
    return ("", url_for("administration.system")) if subject == "installation" else (subject, None)


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
    "plan": (PlannedDataset, "title"),
    "held": (Held, "title"),
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
    pages = {"user": "people.person", "draft": "workbench.draft", "plan": "review.line", "held": "review.held"}
    return url_for(pages[kind], number=row.id)


def _shown(name: str, said: Mapping[str, Any], agencies: Mapping[int, str]) -> str:
    """A value in words; empty for none."""
    value = said.get(name)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name == "roles" and isinstance(value, list):
        value = [_role(str(one), agencies) for one in value]
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def _role(told: str, agencies: Mapping[int, str]) -> str:
    """A role as `people.set_grants` writes it down, in words."""
    try:
        return ", ".join(grant_words(grant, agencies) for grant in grants_from([told]))
    except ValueError:  # of an older release
        return told
