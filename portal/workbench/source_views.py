"""A source connected by its agency: the connection tried first, showing what would be harvested."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request, url_for
from pydantic import ValidationError
from sqlalchemy import select
from werkzeug.wrappers import Response

from datasets.clock import now
from datasets.models import Organization
from harvesters import trial
from harvesters.declared import SourceEntry
from harvesters.sources import add_source
from metadata.errors import LumbungError
from metadata.names import slug
from metadata.notices import Notice
from portal import context
from portal.accounts import audit, guard
from portal.policy import of_agency, reach, require
from portal.web.forms import Form, typed
from portal.web.i18n import current_language
from portal.web.i18n import gettext as _
from portal.workbench.wing import bp

FIELDS = ("agency", "kind", "location", "title", "schedule", "options")
SCHEDULES = {"daily": "30 1 * * *", "weekly": "30 1 * * 1", "monthly": "30 1 1 * *"}


@dataclass(frozen=True, slots=True)
class Offered:
    """One dataset that a source offers: `fault` says why it would not be taken."""

    title: str
    description: str
    files: tuple[str, ...]
    fault: str


@bp.get("/sambung")
def connection() -> str:
    """The page to connect a source."""
    _may_somewhere()
    return _page(Form({"schedule": "weekly", "kind": "ckan"}))[0]


@bp.post("/sambung")
def try_connection() -> tuple[str, int]:
    """Show what the source offers. Nothing is stored."""
    _may_somewhere()
    values, errors = _values()
    if errors:
        return _page(Form(values, errors))
    try:
        told = trial.tried(context.installation().settings, values["kind"], values["location"], _options(values))
    except LumbungError as error:
        return _page(Form(values, {"location": error.say(current_language())}))
    if "error" in told:
        return _page(Form(values, {"location": Notice.from_dict(told["error"]).say(current_language())}))
    found = [
        Offered(
            title=one["title"],
            description=one["description"],
            files=tuple(f"{name}" for name, _format in one["files"]),
            fault=Notice.from_dict(one["fault"]).say(current_language()) if one["fault"] else "",
        )
        for one in told["found"]
    ]
    return _page(Form(values), found=found, more=told["more"])


@bp.post("/sambung/simpan")
def connect() -> Response | tuple[str, int]:
    """Store the source; it is harvested by its schedule from now on."""
    _may_somewhere()
    values, errors = _values()
    if errors:
        return _page(Form(values, errors))
    actor, at, agency = guard.current(), now(), _agency(values)
    require(actor, "source.write", of_agency(agency.id))
    try:
        trial.allowed(values["kind"], values["location"], _options(values))
        entry = SourceEntry(
            name=slug(f"{agency.slug} {values['title'] or values['kind']}", 90),
            kind=values["kind"],
            location=values["location"],
            organization=agency.slug,
            title=values["title"] or None,
            schedule=SCHEDULES.get(values["schedule"]),
            options=_options(values),
        )
        with context.installation().database.write() as session:
            made = add_source(session, entry, at=at)
            after = {"kind": made.kind, "location": made.location, "schedule": made.schedule}
            audit.record(session, actor, "source.add", f"source:{made.id}", at=at, after=after)
    except LumbungError as error:
        return _page(Form(values, {"location": error.say(current_language())}))
    except ValidationError:
        return _page(Form(values, {"title": _("Give the source a short name of letters and figures.")}))
    return redirect(url_for("sources.source", name=made.name), 303)


def _values() -> tuple[dict[str, str], dict[str, str]]:
    values, errors = typed(request.form, *FIELDS), {}
    offered = [str(one.id) for one in _agencies()]
    if values["agency"] not in offered and len(offered) == 1:
        values["agency"] = offered[0]
    if values["agency"] not in offered:
        errors["agency"] = _("Choose the agency whose data these are.")
    if values["kind"] not in trial.KINDS:
        errors["kind"] = _("Choose what kind of system it is.")
    if not values["location"]:
        errors["location"] = _("Give the address of the system, such as https://data.example.go.id.")
    return values, errors


def _options(values: dict[str, str]) -> dict[str, Any]:
    """Options written a line each, `name: value`; a value that is JSON is taken as such."""
    found: dict[str, Any] = {}
    for line in values["options"].splitlines():
        name, sign, text = line.partition(":")
        if sign and name.strip():
            try:
                found[name.strip()] = json.loads(text.strip())
            except ValueError:
                found[name.strip()] = text.strip()
    return found


def _agency(values: dict[str, str]) -> Organization:
    return context.session().get_one(Organization, int(values["agency"]))


def _may_somewhere() -> None:
    reached = reach(guard.current(), "source.write")
    require(guard.current(), "source.write", of_agency(next(iter(reached.agencies), None)))


def _agencies() -> Sequence[Organization]:
    reached = reach(guard.current(), "source.write")
    asked = select(Organization).order_by(Organization.title)
    if not reached.everywhere:
        asked = asked.where(Organization.id.in_(reached.agencies))
    return context.session().scalars(asked).all()


def _page(form: Form, *, found: list[Offered] | None = None, more: bool = False) -> tuple[str, int]:
    page = render_template(
        "workbench/connect.html",
        form=form,
        agencies=[(str(one.id), one.title) for one in _agencies()],
        kinds=[(kind, _kind(kind)) for kind in trial.KINDS],
        schedules=[("daily", _("every day")), ("weekly", _("every week")), ("monthly", _("every month"))],
        found=found,
        more=more,
    )
    return page, form.status


def _kind(kind: str) -> str:
    return {
        "ckan": _("CKAN portal"),
        "web": _("Web page with links to files"),
        "json": _("JSON or REST API"),
        "bps": _("Web API of BPS"),
        "opensid": _("OpenSID of villages"),
        "sdmx": _("SDMX service"),
        "webdav": _("WebDAV or Nextcloud folder"),
        "sheets": _("Google Sheets"),
        "datapackage": _("Data Package"),
        "dcat": _("DCAT catalogue"),
    }.get(kind, kind)
