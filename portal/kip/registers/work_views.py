"""`/kerja/register`, with names, for officers of the regency, and `/kerja/laporan-tahunan`, the yearly report."""

from __future__ import annotations

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from datasets.clock import now
from metadata.errors import NotFound
from portal import context
from portal.accounts import guard
from portal.kip import spoken
from portal.kip.clock import report_due
from portal.kip.registers import figures, files, narrowing, objections, report, requests
from portal.kip.registers.files import ListFile
from portal.kip.registers.sheet import Sheet
from portal.kip.registers.wing import bp, everywhere, head, looked, today, who
from portal.kip.store.rules import load_calendar
from portal.policy import reach
from portal.web.figures import day
from portal.web.forms import Form
from portal.web.paging import pages_of, paging

PAGE = 50
FIRST_YEAR = 2010
"""Since UU 14/2008 is in force."""


@bp.get("/register/<any(permohonan, keberatan):which>")
def register(which: str) -> str:
    """A register of a year with those who asked, the newest first; that it was looked at is written down."""
    everywhere("request.see")
    session, year, month = context.session(), _year(), narrowing.month()
    number, pages = 1, 1
    if which == "permohonan":
        pages = pages_of(requests.count(session, year, month), PAGE)
        number = narrowing.page(pages)
        cases = requests.cases_of(session, year, month, limit=PAGE, offset=(number - 1) * PAGE, newest_first=True)
        sheet = requests.officers_register(session, year, who(), today=today(), month=month, cases=cases)
    else:
        sheet = objections.officers_register(session, year, who(), head(), today=today())
    looked(f"register:{which}:{year}", len(sheet.rows))
    return render_template(
        "kip_records/register.html",
        which=which,
        sheet=sheet,
        rows=sheet.said(),
        year=year,
        years=figures.years(session, today()),
        months=narrowing.months(year, requests.count(session, year)) if which == "permohonan" else [],
        month=month,
        paging=paging(
            number, pages, lambda page: url_for("kip_records.register", which=which, tahun=year, bulan=month, page=page)
        ),
    )


@bp.get("/register/<any(permohonan, keberatan):which>.<any(xlsx, pdf):form>")
def register_file(which: str, form: str) -> Response:
    """A register of a year as a file."""
    everywhere("request.see")
    year = _year()
    sheet = _whole(which, year)
    looked(f"register:{which}:{year}.{form}", len(sheet.rows))
    return files.for_officers(ListFile(form, f"{sheet.name}-{year}-petugas", (sheet,), head()))


@bp.get("/laporan-tahunan")
def this_report() -> BaseResponse:
    """To the report that is due next: last year's until it is published, then this year's."""
    everywhere("request.see")
    last = today().year - 1
    row = report.get(context.session(), last)
    asked = requests.count(context.session(), last) > 0 and (row is None or row.published_on is None)
    return redirect(url_for("kip_records.one_report", year=last if asked else last + 1), 303)


@bp.get("/laporan-tahunan/<int:year>")
def one_report(year: int) -> str:
    """A year's report as it is being written, each figure with its cases behind it."""
    everywhere("request.see")
    return _report_page(year, Form(_typed(year)))


@bp.post("/laporan-tahunan/<int:year>")
def write_report(year: int) -> BaseResponse:
    """Keep the typed-in parts, and publish the report or take it back."""
    everywhere("request.answer")
    _possible(year)
    given = {name: request.form.get(name, "") for name in report.PARTS}
    with context.installation().database.write() as session:
        publish = request.form.get("publish") == "yes"
        report.write(session, year, given, publish=publish, actor=guard.current(), at=now())
    return redirect(url_for("kip_records.one_report", year=year), 303)


@bp.get("/laporan-tahunan/<int:year>.<any(xlsx, pdf):form>")
def report_file(year: int, form: str) -> Response:
    """The report as it is being written, as a file."""
    everywhere("request.see")
    _possible(year)
    session, row = context.session(), report.get(context.session(), year)
    sections = figures.of_year(session, year, load_calendar(session, today()))
    return files.for_officers(files.of_report(form, head(), year, row, sections, today=today()))


@bp.get("/laporan-tahunan/<int:year>/<figure>")
def figure_cases(year: int, figure: str) -> str:
    """The cases that a figure of the report counts, a page of them."""
    everywhere("request.see")
    _possible(year)
    session = context.session()
    found = figures.find(figures.of_year(session, year, load_calendar(session, today())), figure)
    if found is None:
        raise NotFound(what=f"angka {figure}")
    ids = sorted(set(found.cases))
    pages = pages_of(len(ids), PAGE)
    number = narrowing.page(pages)
    lines = [
        (
            row.id,
            row.number or "",
            day(row.received_on) if row.received_on else "",
            spoken.state(row.state),
            row.subject,
        )
        for row in figures.cases_behind(session, ids[(number - 1) * PAGE : number * PAGE])
    ]
    links = paging(number, pages, lambda page: url_for("kip_records.figure_cases", year=year, figure=figure, page=page))
    return render_template("kip_records/figure.html", year=year, figure=found, lines=lines, paging=links)


def _report_page(year: int, form: Form) -> str:
    _possible(year)
    session, row = context.session(), report.get(context.session(), year)
    return render_template(
        "kip_records/report.html",
        year=year,
        years=figures.years(session, today()),
        form=form,
        parts=report.PARTS,
        sections=figures.of_year(session, year, load_calendar(session, today())),
        published=day(row.published_on) if row and row.published_on else "",
        due=day(report_due(year)),
        url_of=lambda figure: url_for("kip_records.figure_cases", year=year, figure=figure),
        may_write=reach(guard.current(), "request.answer").everywhere,
    )


def _typed(year: int) -> dict[str, str]:
    row = report.get(context.session(), year)
    return {name: getattr(row, name) if row else "" for name in report.PARTS}


def _whole(which: str, year: int) -> Sheet:
    session = context.session()
    if which == "permohonan":
        return requests.officers_register(session, year, who(), today=today(), month=narrowing.month())
    return objections.officers_register(session, year, who(), head(), today=today())


def _possible(year: int) -> None:
    if not FIRST_YEAR <= year <= today().year:
        raise NotFound(what=f"laporan {year}")


def _year() -> int:
    return narrowing.year(today())
