"""Reporting a problem with data: what, and where as exactly as one knows; the agency is told at once."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from datasets import mails
from datasets.clock import now
from datasets.keys import sealed
from datasets.models import Dataset
from datasets.response import reports
from datasets.response.reports import Problem
from metadata.errors import LumbungError
from portal import context
from portal.accounts import guard
from portal.response import letters, traps
from portal.response.present import columns_of
from portal.response.wing import bp, dataset_here
from portal.web.forms import Form, typed
from portal.web.i18n import current_language
from portal.web.i18n import gettext as _
from portal.web.links import canonical_url

CONTACT = "report contact"
"""For what the reporter's address is sealed."""
A_DAY = 10
"""Reports from one network, of all datasets together."""


@bp.get("/lapor/<slug>")
def report(slug: str) -> str:
    """The form; `tabel`, `kolom` and `baris` say where, when one comes from there."""
    where = {name: request.args.get(name, "")[:200] for name in ("tabel", "kolom", "baris")}
    values = {"table": where["tabel"], "column": where["kolom"], "row": where["baris"]}
    return _page(dataset_here(slug), Form(values))[0]


@bp.post("/lapor/<slug>")
def send_report(slug: str) -> Response | tuple[str, int]:
    """Keep the report and tell the agency."""
    dataset, at = dataset_here(slug), now()
    values = typed(request.form, "table", "column", "row", "email") | {"text": request.form.get("text", "").strip()}
    errors = _wrong(values)
    if errors:
        return _page(dataset, Form(values, errors))
    try:
        traps.refuse_programs(request.form, at=at)
        contact = sealed(guard.key(), CONTACT, mails.checked_address(values["email"])) if values["email"] else None
        problem = Problem(values["text"], values["table"], values["column"], values["row"])
        version = dataset.current_version.number if dataset.current_version else 0
        with context.installation().database.write() as session:
            traps.count(session, "report", A_DAY, at=at)
            kept = reports.file(
                session, dataset.id, version, problem, contact=contact, language=current_language(), at=at
            )
            address = canonical_url("response_desk.one_report", number=kept.id)
            letters.tell_stewards(session, kept, dataset, link=address, at=at)
    except mails.AddressWrong as error:
        return _page(dataset, Form(values, {"email": error.say(current_language())}))
    except LumbungError as error:
        return _page(dataset, Form(values, {"text": error.say(current_language())}), status=error.status)
    return redirect(url_for("response.thanks", slug=slug, what="lapor"), 303)


def _wrong(values: dict[str, str]) -> dict[str, str]:
    if len(values["text"]) < 10:
        return {"text": _("Say in a sentence what is wrong.")}
    if len(values["text"]) > reports.LONGEST:
        return {"text": _("Write at most 4,000 characters.")}
    return {}


def _page(dataset: Dataset, form: Form, *, status: int | None = None) -> tuple[str, int]:
    tables = columns_of(dataset)
    page = render_template("response/report.html", dataset=dataset, form=form, tables=tables)
    return page, status or form.status
