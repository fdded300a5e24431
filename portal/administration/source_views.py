"""Sources from the inside: when they are harvested, run now or stopped, changed, taken away."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from datasets import jobs, source_health
from datasets.clock import now
from datasets.models import Dataset, Run, RunState, Source
from harvesters import trial
from harvesters.opening import split_options
from harvesters.runs import ledger
from harvesters.runs.cron import ScheduleMistaken, parse
from harvesters.runs.schedule import HARVEST
from metadata.errors import LumbungError, NotFound
from metadata.terms import Bilingual
from portal import context
from portal.accounts import audit, guard
from portal.administration.wing import allowed, bp, tried
from portal.policy import PORTAL, can, of_agency, reach
from portal.sources.strip import state, state_words
from portal.web.figures import minute
from portal.web.figures import number as number_in_words
from portal.web.forms import Form
from portal.web.i18n import current_language
from portal.web.i18n import gettext as _

FIELDS = ("title", "schedule", "options")


class Declared(LumbungError):
    """A source that a file on the server declares is changed there."""

    code = "source.declared"
    status = 409
    text = Bilingual(
        id="Sumber ini tertulis dalam sources.toml di peladen; ubah di sana.",
        en="This source stands in the server's sources.toml; change it there.",
    )


class SourceInUse(LumbungError):
    """Datasets came from it."""

    code = "source.in_use"
    status = 409
    text = Bilingual(
        id="Sudah ada {count} dataset dari sumber ini. Hentikan pemanenannya, tetapi sumbernya tetap dicatat.",
        en="{count} datasets came from this source. Stop harvesting it; the source itself stays on record.",
    )


@dataclass(frozen=True, slots=True)
class Line:
    """A source of the list."""

    title: str
    url: str
    agency: str
    kind: str
    how: str
    state: str
    datasets: str


@bp.get("/sumber")
def source_list() -> str:
    """The sources of the agencies for which somebody works here."""
    reached = reach(guard.current(), "source.see")
    allowed("source.see", PORTAL if reached.everywhere else of_agency(next(iter(reached.agencies), None)))
    seen = [
        one
        for one in source_health.every_source(context.session(), also_off=True)
        if reached.covers(one.source.organization_id)
    ]
    lines = [
        Line(
            one.source.title,
            url_for("administration.source", name=one.source.name),
            one.source.organization.title,
            one.source.kind,
            _("%(when)s: %(how)s", when=minute(one.last.started_at), how=state_words(one.last))
            if one.last
            else _("not harvested yet"),
            (state(one.last) if one.last else "none") if one.source.enabled else "off",
            number_in_words(one.published),
        )
        for one in seen
    ]
    return render_template("administration/sources.html", lines=lines)


@bp.get("/sumber/<name>")
def source(name: str) -> str:
    """One source: its settings and what can be done with it."""
    row = _source(name, "source.see")
    return _page(row, _form(row))[0]


@bp.post("/sumber/<name>")
def change_source(name: str) -> Response | tuple[str, int]:
    """Change its title, schedule and options."""
    row = _source(name, "source.write")
    values = {field: request.form.get(field, "").strip()[:20_000] for field in FIELDS}
    errors: dict[str, str] = {}
    options = _options(row, values["options"], errors)
    if not values["title"]:
        errors["title"] = _("Give it a name.")
    if values["schedule"]:
        try:
            parse(values["schedule"])
        except ScheduleMistaken as error:
            errors["schedule"] = error.say(current_language())
    if errors:
        return _page(row, Form(values, errors))
    said = {"title": values["title"][:300], "schedule": values["schedule"] or None, "options": options}
    return _done(row, "source.update", said)


@bp.post("/sumber/<name>/aktif")
def enable_source(name: str) -> Response | tuple[str, int]:
    """Harvest it by its schedule, or no longer."""
    row = _source(name, "source.write")
    return _done(row, "source.enable", {"enabled": request.form.get("enabled") == "1"})


@bp.post("/sumber/<name>/panen")
def run_source(name: str) -> Response | tuple[str, int]:
    """Ask the worker to harvest it now."""
    row = _source(name, "source.run")
    actor, at = guard.current(), now()

    def work(session: Session) -> None:
        jobs.ask(session, HARVEST, row.name, priority=10)
        audit.record(session, actor, "source.run", f"source:{row.id}", at=at)

    return _answer(row, tried(work))


@bp.post("/sumber/<name>/henti")
def stop_source(name: str) -> Response | tuple[str, int]:
    """Ask the harvest that runs to stop; the next one goes on where it was."""
    row = _source(name, "source.run")
    actor, at = guard.current(), now()

    def work(session: Session) -> None:
        ledger.ask_to_stop(session, row.id, at=at)
        audit.record(session, actor, "source.stop", f"source:{row.id}", at=at)

    return _answer(row, tried(work))


@bp.post("/sumber/<name>/hapus")
def remove_source(name: str) -> Response | tuple[str, int]:
    """Take away a source from which nothing came."""
    row = _source(name, "source.write")
    actor, at = guard.current(), now()

    def work(session: Session) -> None:
        _refuse_declared(row)
        count = session.scalar(select(func.count()).select_from(Dataset).where(Dataset.source_id == row.id)) or 0
        runs = session.scalar(select(func.count()).select_from(Run).where(Run.source_id == row.id)) or 0
        if count or runs:
            raise SourceInUse(count=count)
        jobs.forget(session, HARVEST, row.name)
        before = {"name": row.name, "kind": row.kind, "location": row.location}
        audit.record(session, actor, "source.remove", f"source:{row.id}", at=at, before=before)
        session.delete(session.get_one(Source, row.id))

    if wrong := tried(work):
        return _page(row, _form(row, {"remove": wrong}))
    return redirect(url_for("administration.source_list"), 303)


def _source(name: str, action: str) -> Source:
    row = context.session().scalar(select(Source).where(Source.name == name[:100]))
    allowed(action, of_agency(row.organization_id) if row else PORTAL)  # type: ignore[arg-type]
    if row is None:
        raise NotFound(what=f"source:{name[:100]}")
    return row


def _options(row: Source, text: str, errors: dict[str, str]) -> dict[str, object]:
    """Options as JSON, checked as the adapter will check them; what pages may not say is said on the server."""
    try:
        options = json.loads(text or "{}")
        if not isinstance(options, dict):
            raise ValueError
    except ValueError:
        errors["options"] = _('Write the options as a JSON object, such as {"minutes": 30}.')
        return {}
    if options == row.options:
        return options
    try:
        trial.allowed(row.kind, row.location, options)
        split_options(row.kind, options)
    except LumbungError as error:
        errors["options"] = error.say(current_language())
    return options


def _done(row: Source, action: str, said: Mapping[str, object]) -> Response | tuple[str, int]:
    actor, at = guard.current(), now()

    def work(session: Session) -> None:
        _refuse_declared(row)
        kept = session.get_one(Source, row.id)
        before = {name: getattr(kept, name) for name in said}
        for name, value in said.items():
            setattr(kept, name, value)
        session.flush()
        audit.record(session, actor, action, f"source:{row.id}", at=at, before=before, after=said)

    return _answer(row, tried(work))


def _answer(row: Source, wrong: str) -> Response | tuple[str, int]:
    if wrong:
        return _page(row, _form(row, {"title": wrong}))
    return redirect(url_for("administration.source", name=row.name), 303)


def _refuse_declared(row: Source) -> None:
    if row.declared:
        raise Declared()


def _form(row: Source, errors: dict[str, str] | None = None) -> Form:
    options = json.dumps(row.options, ensure_ascii=False, indent=2) if row.options else ""
    return Form({"title": row.title, "schedule": row.schedule or "", "options": options}, errors or {})


def _page(row: Source, form: Form) -> tuple[str, int]:
    session, actor = context.session(), guard.current()
    health = source_health.one_source(session, row.name, also_off=True)
    own = of_agency(row.organization_id)
    page = render_template(
        "administration/source.html",
        row=row,
        form=form,
        agency=health.source.organization.title,
        last=_("%(when)s: %(how)s", when=minute(health.last.started_at), how=state_words(health.last))
        if health.last
        else _("not harvested yet"),
        next_run=minute(health.next_run) if health.next_run else _("when somebody starts it"),
        running=any(run.state is RunState.RUNNING for run in health.runs[:1]),
        may_write=can(actor, "source.write", own) and not row.declared,
        may_run=can(actor, "source.run", own),
    )
    return page, form.status
