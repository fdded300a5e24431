"""The page of settings: of the portal, of the office's letters, of the desk for requests; and what the server says."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from flask import redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from datasets import kept
from datasets.clock import now
from datasets.settings import PREFIX, SECRETS, Settings
from metadata.errors import NotFound
from portal import context
from portal.accounts import audit, guard
from portal.administration import settings_form as form_of
from portal.administration.following import following, look
from portal.administration.settings_form import Field
from portal.administration.wing import allowed, bp, tried
from portal.kip.store import emblem, rules
from portal.policy import PORTAL
from portal.web.forms import Form
from portal.web.i18n import gettext as _

PARTS = ("portal", "kantor", "kip")


@bp.get("/pengaturan")
def settings() -> str:
    """All settings, part by part."""
    allowed("settings.write", PORTAL)
    return _page({}, "")[0]


@bp.post("/pengaturan/<part>")
def change_settings(part: str) -> Response | tuple[str, int]:
    """Change one part of them."""
    allowed("settings.write", PORTAL)
    if part not in PARTS:
        raise NotFound(what=part[:100])
    values, errors = form_of.read(_fields(part), request.form)
    if not errors:
        try:
            wrong = tried(lambda session: _keep(session, part, values))
        except ValueError as error:  # a format of numbers without its number, say
            wrong = str(error)
        if wrong:
            errors["number_format" if part == "kip" else next(iter(values))] = wrong
    if errors:
        return _page(dict(request.form), part, errors)
    look(now=True)
    return redirect(url_for("administration.settings") + f"#{part}", 303)


def _keep(session: Session, part: str, values: Mapping[str, Any]) -> None:
    actor, at = guard.current(), now()
    if part == "kip":
        _numbered(values["number_format"])
        rules.change_settings(session, values, actor=actor, at=at)
        return
    name = kept.SETTINGS if part == "portal" else kept.OFFICE
    before = _said(session, part)
    if part == "kantor":
        emblem.change_letterhead(session, _office_kept(values), at=at)
    else:
        kept.keep(session, name, dict(values), at=at)
    changed = {key: value for key, value in values.items() if before.get(key) != value}
    was = {key: before.get(key) for key in changed}
    if changed:
        audit.record(session, actor, f"settings.{name}", "settings", at=at, before=was, after=changed)


def _numbered(text: str) -> None:
    """Raises ValueError unless the format makes a different number of each request and year."""
    try:
        made = {text.format(number=number, month="XI", year=year) for number in (1, 2) for year in (2026, 2027)}
    except (KeyError, IndexError, ValueError, AttributeError) as error:
        raise ValueError(_("The format may name {number}, {month} and {year} alone.")) from error
    if len(made) < 4 or any(len(one) > 60 for one in made):
        raise ValueError(_("The format must name {number} and {year}."))


def _fields(part: str) -> list[Field]:
    if part == "portal":
        return form_of.portal_fields(following().configured)
    return form_of.office_fields() if part == "kantor" else form_of.kip_fields()


def _said(session: Session, part: str) -> dict[str, Any]:
    """The values in force of one part."""
    if part == "portal":
        return {name: getattr(context.installation().settings, name) for name in kept.SETTABLE}
    if part == "kip":
        return asdict(rules.load_settings(session))
    said = kept.value(session, kept.OFFICE) or {}
    flat = {name: said.get(name, "") for name in form_of.OFFICE}
    for who in form_of.SIGNING:
        of = said.get(who) or {}
        flat |= {f"{who}.{member}": of.get(member, "") for member in form_of.OF_SIGNATORY}
    return flat


def _office_kept(values: Mapping[str, Any]) -> dict[str, Any]:
    """As the letterhead is kept; what is empty is left to its default."""
    said: dict[str, Any] = {name: values[name] for name in form_of.OFFICE}
    for who in form_of.SIGNING:
        said[who] = {member: text for member in form_of.OF_SIGNATORY if (text := values[f"{who}.{member}"])}
    return said


def _page(typed: dict[str, str], part: str, errors: dict[str, str] | None = None) -> tuple[str, int]:
    session = context.session()
    told = {
        one: (
            _fields(one),
            Form(typed, errors or {}) if one == part else Form(form_of.shown(_said(session, one))),
        )
        for one in PARTS
    }
    page = render_template(
        "administration/settings.html",
        parts=told,
        wrong=Form(typed, errors or {}),
        titles={"portal": _("The portal"), "kantor": _("Letters of the office"), "kip": _("Requests for information")},
        server=_server(following().configured),
    )
    return page, 422 if errors else 200


def _server(configured: Settings) -> list[tuple[str, str, bool]]:
    """What the server says: the name of each variable, its value (of a secret only that it is there), whether given."""
    lines = []
    for field in fields(Settings):
        variable, value = PREFIX + field.name.upper(), getattr(configured, field.name)
        hidden = _("kept secret") if value else "–"
        lines.append((variable, hidden if field.name in SECRETS else str(value) or "–", variable in os.environ))
    return lines
