"""The data list of the year on the workbench: lines added, changed, taken out, and imported from a spreadsheet."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from flask import redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from datasets import plans
from datasets.clock import now
from datasets.models import Dataset, Organization, PlannedDataset, published
from datasets.plans import FIRST_YEAR, LAST_YEAR, Wanted
from metadata import frequencies
from metadata.dates import parse_date
from metadata.errors import LumbungError
from portal import context
from portal.accounts import audit, guard
from portal.policy import NotAllowed, can, of_agency, reach, require
from portal.releases.list_views import asked_year
from portal.releases.present import rhythm_words, standing_words
from portal.review import plan_import
from portal.review.wing import agencies_by_id, bp, decided
from portal.web import figures
from portal.web.forms import Form, typed
from portal.web.i18n import current_language
from portal.web.i18n import gettext as _

_FIELDS = ("agency", "title", "frequency", "due", "note", "dataset")


@bp.get("/daftar-data")
def plan() -> str:
    """The list of a year, of the agencies whose list one may write."""
    return _list(asked_year(), Form({"agency": request.args.get("opd", "")[:100]}))[0]


@bp.post("/daftar-data")
def add_line() -> Response | tuple[str, int]:
    """Add a line."""
    year, values = _year(), typed(request.form, *_FIELDS)
    _agencies()
    wanted, errors = _wanted(values)
    if wanted is None:
        return _list(year, Form(values, errors))
    actor, at = guard.current(), now()

    def work(session: Session) -> None:
        line = plans.add(session, year, wanted, by=actor.label, at=at)
        audit.record(session, actor, "plan.add", f"plan:{line.id}", at=at, after=_told(line))

    if wrong := decided(work):
        return _list(year, Form(values, {"title": wrong}))
    return redirect(url_for("review.plan", tahun=year), 303)


@bp.get("/daftar-data/<int:number>")
def line(number: int) -> str:
    """One line, to be changed."""
    found = _line(number)
    owner = agencies_by_id()[found.organization_id]
    dataset = context.session().get(Dataset, found.dataset_id) if found.dataset_id else None
    values = {
        "agency": owner.slug,
        "title": found.title,
        "frequency": found.frequency or "",
        "due": found.due_on.isoformat() if found.due_on else "",
        "note": found.note,
        "dataset": dataset.slug if dataset else "",
    }
    return _one(found, Form(values))[0]


@bp.post("/daftar-data/<int:number>")
def change_line(number: int) -> Response | tuple[str, int]:
    """Change it."""
    found, values = _line(number), typed(request.form, *_FIELDS)
    wanted, errors = _wanted(values)
    if wanted is None:
        return _one(found, Form(values, errors))
    actor, at, before = guard.current(), now(), _told(found)

    def work(session: Session) -> None:
        changed = plans.change(session, number, wanted, by=actor.label, at=at)
        audit.record(session, actor, "plan.change", f"plan:{number}", at=at, before=before, after=_told(changed))

    if wrong := decided(work):
        return _one(_line(number), Form(values, {"title": wrong}))
    return redirect(url_for("review.plan", tahun=found.year), 303)


@bp.post("/daftar-data/<int:number>/hapus")
def remove_line(number: int) -> Response:
    """Take it out of the list."""
    found, actor, at = _line(number), guard.current(), now()
    year, before = found.year, _told(found)

    def work(session: Session) -> None:
        plans.remove(session, number)
        audit.record(session, actor, "plan.remove", f"plan:{number}", at=at, before=before)

    decided(work)
    return redirect(url_for("review.plan", tahun=year), 303)


@bp.get("/daftar-data/impor")
def import_form() -> str:
    """The page to paste or upload a list."""
    _agencies()
    return _import(asked_year(), Form({}), None)[0]


@bp.post("/daftar-data/impor")
def import_lines() -> Response | tuple[str, int]:
    """Show how a list was read; or, when it was seen, write it."""
    year, agencies = _year(), _agencies()
    if "rows" in request.form:
        return _write(year, plan_import.unpacked(request.form["rows"]), agencies)
    upload, pasted = request.files.get("file"), request.form.get("pasted", "")
    name = Path(upload.filename or "").name if upload else ""
    lone = next(iter(agencies)) if len(agencies) == 1 else None
    if not name and not pasted.strip():
        return _import(year, Form({}, {"file": _("Choose a file, or paste the cells.")}), None)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "daftar"
        if upload is not None and name:
            upload.save(path)
        else:
            name = "tempelan.tsv" if "\t" in pasted else "tempelan.csv"
            path.write_text(pasted, encoding="utf-8")
        try:
            rows = plan_import.read_file(context.installation(), path, name, agencies, year=year, lone=lone)
        except LumbungError as error:
            return _import(year, Form({}, {"file": error.say(current_language())}), None)
    return _import(year, Form({}), rows)


def _write(year: int, rows: list[plan_import.Read], agencies: Mapping[int, Organization]) -> Response | tuple[str, int]:
    actor, at, added = guard.current(), now(), 0
    good = [one for one in rows if one.organization_id in agencies and one.title]

    def work(session: Session) -> None:
        nonlocal added
        for one in good:
            _line_of, is_new = plans.put(session, year, one.wanted(), by=actor.label, at=at)
            added += is_new
        after = {"year": year, "added": added, "changed": len(good) - added}
        audit.record(session, actor, "plan.import", f"plan:{year}", at=at, after=after)

    if wrong := decided(work):
        return _import(year, Form({}, {"file": wrong}), None)
    return redirect(url_for("review.plan", tahun=year), 303)


def _agencies() -> dict[int, Organization]:
    """The agencies whose list one may write. Raises `NotAllowed` for none."""
    reached = reach(guard.current(), "plan.write")
    if not reached:
        raise NotAllowed()
    return {number: one for number, one in agencies_by_id().items() if reached.covers(number)}


def _line(number: int) -> PlannedDataset:
    found = plans.get_line(context.session(), number)
    require(guard.current(), "plan.write", of_agency(found.organization_id))
    return found


def _year() -> int:
    text = request.form.get("tahun", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else now().year
    return year if FIRST_YEAR <= year <= LAST_YEAR else now().year


def _wanted(values: Mapping[str, str]) -> tuple[Wanted | None, dict[str, str]]:
    """What was typed as a line; what is wrong with it, by field."""
    errors, session = {}, context.session()
    owner = next((one for one in _agencies().values() if one.slug == values["agency"]), None)
    if owner is None or not can(guard.current(), "plan.write", of_agency(owner.id)):
        errors["agency"] = _("Choose the agency.")
    if not values["title"]:
        errors["title"] = _("A line needs the title of the dataset.")
    due = parse_date(values["due"]) if values["due"] else None
    if values["due"] and due is None:
        errors["due"] = _("This is no day. Write it such as 31-01-2026.")
    dataset_id = None
    if values["dataset"]:
        slug = values["dataset"].rstrip("/").rpartition("/")[2]
        dataset_id = session.scalar(published().with_only_columns(Dataset.id).where(Dataset.slug == slug))
        if dataset_id is None:
            errors["dataset"] = _("There is no public dataset at this address.")
    if errors or owner is None:
        return None, errors
    frequency = values["frequency"] if frequencies.match(values["frequency"]) else None
    return Wanted(owner.id, values["title"], frequency, due, values["note"], dataset_id), {}


def _told(line: PlannedDataset) -> dict[str, object]:
    due = line.due_on.isoformat() if line.due_on else None
    return {"year": line.year, "title": line.title, "frequency": line.frequency, "due_on": due, "note": line.note[:200]}


def _choices() -> dict[str, object]:
    return {
        "agencies": [(one.slug, one.title) for one in _agencies().values()],
        "frequencies": [(one.slug, one.title.say(current_language())) for one in frequencies.every()],
    }


def _list(year: int, form: Form) -> tuple[str, int]:
    agencies, session = _agencies(), context.session()
    lines = plans.lines(session, year, at=now(), agencies=list(agencies))
    rows = [
        (
            url_for("review.line", number=one.planned.id), one.planned.title, one.organization.title,
            rhythm_words(one.planned.frequency),
            figures.short_day(one.planned.due_on) if one.planned.due_on else "–",
            standing_words(one.standing), one.planned.note,
        )
        for one in lines
    ]  # fmt: skip
    if not form.values.get("agency") and len(agencies) == 1:
        form = replace(form, values=dict(form.values) | {"agency": next(iter(agencies.values())).slug})
    years = sorted({*session.scalars(select(PlannedDataset.year).distinct()), now().year, now().year + 1}, reverse=True)
    page = render_template("review/plan.html", year=year, years=years, rows=rows, form=form, **_choices())
    return page, form.status


def _one(found: PlannedDataset, form: Form) -> tuple[str, int]:
    page = render_template(
        "review/line.html", number=found.id, year=found.year, title=found.title, form=form, **_choices()
    )
    return page, form.status


def _import(year: int, form: Form, rows: list[plan_import.Read] | None) -> tuple[str, int]:
    good = [one for one in rows or () if not one.wrong]
    page = render_template(
        "review/plan_import.html",
        year=year,
        form=form,
        rows=rows,
        good=len(good),
        packed=plan_import.packed(good),
        shown=[(one, rhythm_words(one.frequency)) for one in (rows or ())[:500]],
    )
    return page, form.status
