"""Agencies and themes: listed, added, changed, and removed once nothing belongs to them."""

from __future__ import annotations

from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from datasets.clock import now
from datasets.models import Dataset, DatasetTheme, Organization, Source, Theme
from metadata.errors import NotFound
from metadata.names import slug
from portal import context
from portal.accounts import guard
from portal.administration import owners
from portal.administration.wing import allowed, bp, remove, tried_on_owner
from portal.policy import PORTAL, of_agency
from portal.web.figures import number as number_in_words
from portal.web.forms import Form
from portal.web.i18n import gettext as _
from portal.web.icons import icon_names

OF_AGENCY = {"title": 300, "abbreviation": 60, "description": 20_000, "homepage": 500, "email": 200}
_SIGNS = ("arrow-", "check", "chevron-", "circle-", "copy", "download", "external-link", "x")
"""Symbols of buttons and states, which would mislead as a theme's."""
OF_THEME = {"title": 200, "title_en": 200, "description": 20_000, "description_en": 20_000, "icon": 40, "position": 4}


@dataclass(frozen=True, slots=True)
class Line:
    """An agency or a theme of the list."""

    title: str
    url: str
    detail: str
    datasets: str
    sources: str


@bp.get("/opd")
def agencies() -> str:
    """All agencies."""
    allowed("organization.write", PORTAL)
    session = context.session()
    owned, fed = _counts(session, Dataset.organization_id), _counts(session, Source.organization_id)
    rows = session.scalars(select(Organization).order_by(Organization.title)).all()
    lines = [
        Line(
            row.title,
            url_for("administration.agency", number=row.id),
            " · ".join(part for part in (row.abbreviation, row.email) if part),
            number_in_words(owned.get(row.id, 0)),
            number_in_words(fed.get(row.id, 0)),
        )
        for row in rows
    ]
    return render_template("administration/agencies.html", lines=lines)


@bp.get("/opd/baru")
def new_agency() -> str:
    """The page to add an agency."""
    allowed("organization.write", PORTAL)
    return _agency_page(None, Form())[0]


@bp.post("/opd/baru")
def add_agency() -> Response | tuple[str, int]:
    """Add an agency."""
    allowed("organization.write", PORTAL)
    values, errors = _given(OF_AGENCY)
    row = Organization(slug=slug(values["abbreviation"] or values["title"] or "opd"), title=values["title"])
    return _agency_kept(row, values, errors, "create")


@bp.get("/opd/<int:number>")
def agency(number: int) -> str:
    """The page to change an agency."""
    row = _agency(number)
    return _agency_page(row, Form({name: getattr(row, name) or "" for name in OF_AGENCY}))[0]


@bp.post("/opd/<int:number>")
def change_agency(number: int) -> Response | tuple[str, int]:
    """Change an agency. Its address stays, for what points there."""
    row = _agency(number)
    values, errors = _given(OF_AGENCY)
    return _agency_kept(row, values, errors, "update")


@bp.post("/opd/<int:number>/hapus")
def remove_agency(number: int) -> Response | tuple[str, int]:
    """Remove an agency that owns nothing."""
    row = _agency(number)
    if wrong := remove(row):
        return _agency_page(row, Form({name: getattr(row, name) or "" for name in OF_AGENCY}, {"remove": wrong}))
    return redirect(url_for("administration.agencies"), 303)


@bp.get("/tema")
def theme_list() -> str:
    """All themes in their order."""
    allowed("theme.write", PORTAL)
    session = context.session()
    filed = _counts(session, DatasetTheme.theme_id)
    rows = session.scalars(select(Theme).order_by(Theme.position, Theme.title)).all()
    lines = [
        (
            row.icon,
            Line(
                row.title,
                url_for("administration.theme", number=row.id),
                row.title_en,
                number_in_words(filed.get(row.id, 0)),
                "",
            ),
        )
        for row in rows
    ]
    return render_template("administration/themes.html", lines=lines)


@bp.get("/tema/baru")
def new_theme() -> str:
    """The page to add a theme."""
    allowed("theme.write", PORTAL)
    last = context.session().scalar(select(func.max(Theme.position))) or 0
    return _theme_page(None, Form({"icon": "folder", "position": str(last + 1)}))[0]


@bp.post("/tema/baru")
def add_theme() -> Response | tuple[str, int]:
    """Add a theme."""
    allowed("theme.write", PORTAL)
    values, errors = _given(OF_THEME)
    title = values["title"]
    row = Theme(slug=slug(title or "tema"), title=title, title_en=values["title_en"] or title)
    return _theme_kept(row, values, errors, "create")


@bp.get("/tema/<int:number>")
def theme(number: int) -> str:
    """The page to change a theme."""
    row = _theme(number)
    return _theme_page(row, _theme_form(row))[0]


@bp.post("/tema/<int:number>")
def change_theme(number: int) -> Response | tuple[str, int]:
    """Change a theme; from then on it no longer follows the list that is shipped."""
    row = _theme(number)
    values, errors = _given(OF_THEME)
    return _theme_kept(row, values, errors, "update")


@bp.post("/tema/<int:number>/hapus")
def remove_theme(number: int) -> Response | tuple[str, int]:
    """Remove a theme in which no dataset is."""
    row = _theme(number)
    if wrong := remove(row):
        return _theme_page(row, _theme_form(row, {"remove": wrong}))
    return redirect(url_for("administration.theme_list"), 303)


def _agency(number: int) -> Organization:
    allowed("organization.write", of_agency(number))
    row = context.session().get(Organization, number)
    if row is None:
        raise NotFound(what=f"organization:{number}")
    return row


def _theme(number: int) -> Theme:
    allowed("theme.write", PORTAL)
    row = context.session().get(Theme, number)
    if row is None:
        raise NotFound(what=f"theme:{number}")
    return row


def _given(limits: dict[str, int]) -> tuple[dict[str, str], dict[str, str]]:
    """What was typed, and what is wrong with it, field by field."""
    values = {name: request.form.get(name, "").strip() for name in limits}
    errors = {
        name: _("At most %(most)s characters.", most=most) for name, most in limits.items() if len(values[name]) > most
    }
    if not values["title"]:
        errors["title"] = _("Give it a name.")
    if values.get("homepage") and not values["homepage"].startswith(("https://", "http://")):
        errors["homepage"] = _("An address begins with https://.")
    if values.get("email") and values["email"].count("@") != 1:
        errors["email"] = _("Write one e-mail address, such as dinas@example.go.id.")
    if "position" in limits and not (values["position"] or "0").isdecimal():
        errors["position"] = _("Write a whole number.")
    if values.get("icon") and values["icon"] not in icon_names():
        errors["icon"] = _("Choose one of these symbols.")
    return values, errors


def _agency_kept(
    row: Organization, values: dict[str, str], errors: dict[str, str], verb: str
) -> Response | tuple[str, int]:
    if errors or (wrong := _written(row, {**values, "title": values["title"]}, verb)):
        return _agency_page(row if row.id else None, Form(values, errors or {"title": wrong}))
    return redirect(url_for("administration.agencies"), 303)


def _theme_kept(row: Theme, values: dict[str, str], errors: dict[str, str], verb: str) -> Response | tuple[str, int]:
    said = {**values, "title_en": values["title_en"] or values["title"], "icon": values["icon"] or "folder"}
    if errors or (wrong := _written(row, said, verb)):
        return _theme_page(row if row.id else None, Form(values, errors or {"title": wrong}))
    return redirect(url_for("administration.theme_list"), 303)


def _written(row: owners.Owner, values: dict[str, str], verb: str) -> str:
    """Empty texts are kept as none; why it was refused, in words."""
    said: dict[str, object] = {name: value or None for name, value in values.items()}
    if "position" in said:
        said["position"] = int(values["position"] or "0")
    actor, at = guard.current(), now()

    def work(session: Session) -> None:
        kept = row if row.id is None else owners.again(session, row)
        owners.write(session, kept, said, verb=verb, actor=actor, at=at)

    return tried_on_owner(work)


def _theme_form(row: Theme, errors: dict[str, str] | None = None) -> Form:
    values = {name: getattr(row, name) for name in OF_THEME}
    return Form({name: "" if value is None else str(value) for name, value in values.items()}, errors or {})


def _agency_page(row: Organization | None, form: Form) -> tuple[str, int]:
    page = render_template(
        "administration/agency.html",
        row=row,
        form=form,
        uses=owners.uses(context.session(), row) if row else owners.Uses(),
    )
    return page, form.status


def _theme_page(row: Theme | None, form: Form) -> tuple[str, int]:
    page = render_template(
        "administration/theme.html",
        row=row,
        form=form,
        uses=owners.uses(context.session(), row) if row else owners.Uses(),
        icons=sorted(name for name in icon_names() if not name.startswith(_SIGNS)),
    )
    return page, form.status


def _counts(session: Session, column: object) -> dict[int, int]:
    rows = session.execute(select(column, func.count()).group_by(column))  # type: ignore[call-overload]
    return {key: count for key, count in rows if key is not None}
