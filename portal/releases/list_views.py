"""The data list of the year for everybody: planned beside published, by agency, as a page and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from flask import Response, render_template, request
from sqlalchemy import select

from datasets import plans
from datasets.clock import now
from datasets.models import Organization
from datasets.plans import FIRST_YEAR, LAST_YEAR, Line
from portal.context import session
from portal.feeds.answers import feed, open_to_all
from portal.releases.present import plan_page
from portal.releases.wing import bp
from portal.web.links import canonical_url

COLUMNS = (
    *("tahun", "kode_perangkat_daerah", "perangkat_daerah", "judul", "frekuensi", "tanggal_rencana", "keadaan"),
    *("alamat", "keterangan"),
)


@bp.get("/daftar-data")
def data_list() -> str:
    """What each agency is to publish in a year, and what it has."""
    year = asked_year()
    lines = plans.lines(session(), year, at=now())
    known = sorted({*plans.years(session()), now().year}, reverse=True)
    owners = {one.id: one for one in session().scalars(select(Organization))}
    beside = plans.beside_the_plan(session(), lines, year)
    page = plan_page(lines, beside, owners, year=year, years=known)
    return render_template("releases/list.html", page=page)


@bp.get("/daftar-data.csv")
def data_list_csv() -> Response:
    """The same as CSV."""
    year = asked_year()
    response = feed(_written(plans.lines(session(), year, at=now())), "text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="daftar-data-{year}.csv"'
    return open_to_all(response)


def asked_year() -> int:
    """The year of the address, else this one."""
    text = request.args.get("tahun", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else now().year
    return year if FIRST_YEAR <= year <= LAST_YEAR else now().year


def _written(lines: Sequence[Line]) -> str:
    told = io.StringIO()
    writer = csv.writer(told)
    writer.writerow(COLUMNS)
    for line in lines:
        planned, dataset = line.planned, line.dataset
        public = dataset is not None and dataset.visibility.value == "published"
        writer.writerow(
            _plain(text)
            for text in (
                str(planned.year),
                line.organization.slug,
                line.organization.title,
                planned.title,
                planned.frequency or "",
                planned.due_on.isoformat() if planned.due_on else "",
                line.standing.value,
                canonical_url("catalog.dataset", slug=dataset.slug) if dataset is not None and public else "",
                planned.note,
            )
        )
    return told.getvalue()


def _plain(text: str) -> str:
    """A spreadsheet takes what begins so for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
