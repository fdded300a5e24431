"""`/informasi`: the lists of public and of exempted information, the registers without names, the yearly reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request, url_for

from datasets.clock import now
from metadata.errors import NotFound
from portal import context
from portal.catalog.search_query import LONGEST_TEXT, clean
from portal.headers import public_page
from portal.kip import spoken
from portal.kip.calendar import desk_date
from portal.kip.letters.facts import Letterhead
from portal.kip.letters.words import on
from portal.kip.models import KipReport
from portal.kip.registers import figures, files, information, narrowing, objections, report, requests
from portal.kip.registers.files import ListFile
from portal.kip.registers.information import Information
from portal.kip.registers.sheet import Sheet
from portal.kip.store import emblem
from portal.kip.store.rules import load_calendar
from portal.web.figures import day, number
from portal.web.i18n import gettext as _
from portal.web.links import site_root
from portal.web.paging import Paging, pages_of, paging

PAGE = 100

bp = Blueprint("kip_lists", __name__, url_prefix="/informasi")
bp.after_request(public_page)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the DIP as the page shows it."""

    summary: str
    url: str
    unit: str
    details: tuple[tuple[str, str], ...]
    late: bool


@bp.get("")
def lists() -> str:
    """The DIP by class, narrowed to words and a class."""
    today = _today()
    text = clean(request.args.get("q", ""))[:LONGEST_TEXT]
    chosen = request.args.get("kelas", "")
    rows = information.public_information(context.session(), today=today)
    fitting = [row for row in rows if _fits(row, text) and chosen in ("", row.information_class)]
    page, links = _page(len(fitting), "kip_lists.lists", q=text, kelas=chosen)
    shown = fitting[(page - 1) * PAGE : page * PAGE]
    groups = [
        (name, information.TITLES[name], [_row(row, today) for row in shown if row.information_class == name])
        for name in information.CLASSES
    ]
    classes = [(name, spoken.information_class(name), _count(rows, name)) for name in information.CLASSES]
    return render_template(
        "kip/lists/information.html",
        text=text,
        chosen=chosen,
        groups=[group for group in groups if group[2]],
        total=number(len(fitting)),
        classes=classes,
        paging=links,
    )


@bp.get("/dikecualikan")
def exempted() -> str:
    """The DIK: what is closed, on which ground, until when."""
    sheet = information.dik_sheet(information.exempted(context.session(), today=_today()), today=_today())
    return render_template(
        "kip/lists/sheet.html", here="dik", sheet=sheet, rows=sheet.said(), paging=Paging(), years=()
    )


@bp.get("/register")
def register() -> str:
    """The register of requests of a year, without names, the newest first."""
    session, today = context.session(), _today()
    year, month = _year(), narrowing.month()
    total = requests.count(session, year, month)
    page, links = _page(total, "kip_lists.register", tahun=str(year), bulan=str(month or ""))
    cases = requests.cases_of(session, year, month, limit=PAGE, offset=(page - 1) * PAGE, newest_first=True)
    sheet = requests.public_register(
        session, year, load_calendar(session, today), today=today, month=month, cases=cases
    )
    months = narrowing.months(year, requests.count(session, year))
    return _register("register", sheet, year, links, months)


@bp.get("/keberatan")
def objection_register() -> str:
    """The register of objections of a year, without names."""
    year = _year()
    return _register("keberatan", objections.public_register(context.session(), year, today=_today()), year, Paging())


@bp.get("/laporan")
def reports() -> str:
    """The yearly reports that were published."""
    rows = [(row.year, day(row.published_on or row.at)) for row in report.published(context.session())]
    return render_template("kip/lists/reports.html", rows=rows)


@bp.get("/laporan/<int:year>")
def one_report(year: int) -> str:
    """A published report."""
    row = _report(year)
    return render_template(
        "kip/lists/report.html",
        year=year,
        published=day(row.published_on or row.at),
        before=report.typed(row, report.BEFORE),
        sections=_sections(year),
        after=report.typed(row, report.AFTER),
    )


@bp.get("/laporan/<int:year>.<any(xlsx, pdf):form>")
def report_file(year: int, form: str) -> Response:
    """A published report as a file."""
    row = _report(year)
    return files.for_all(files.of_report(form, _head(), year, row, _sections(year), today=_today()))


@bp.get("/<any(dip, dik, register, keberatan):which>.<any(csv, xlsx, pdf):form>")
def list_file(which: str, form: str) -> Response:
    """A list as a file; registers of the year `tahun`."""
    session, today, year = context.session(), _today(), _year()
    if which == "dip":
        sheet = information.dip_sheet(
            information.public_information(session, today=today), today=today, site=site_root()
        )
    elif which == "dik":
        sheet = information.dik_sheet(information.exempted(session, today=today), today=today)
    elif which == "register":
        calendar, month = load_calendar(session, today), narrowing.month()
        sheet = requests.public_register(session, year, calendar, today=today, month=month)
    else:
        sheet = objections.public_register(session, year, today=today)
    name = f"{sheet.name}-{year}" if which in ("register", "keberatan") else f"{sheet.name}-{today}"
    return files.for_all(ListFile(form, name, (sheet,), _head()))


def _register(here: str, sheet: Sheet, year: int, links: Paging, months: list[tuple[int, str]] | None = None) -> str:
    return render_template(
        "kip/lists/sheet.html",
        here=here,
        sheet=sheet,
        rows=sheet.said(),
        paging=links,
        years=figures.years(context.session(), _today()),
        year=year,
        months=months or [],
        month=narrowing.month() if months else None,
    )


def _row(row: Information, today: date) -> Row:
    details = [
        (_("Responsible"), row.responsible if row.responsible != row.unit else ""),
        (_("Made"), row.made),
        (_("Form"), information.MEDIUMS.get(row.medium, row.medium)),
        (_("Kept"), row.retention),
        (_("Licence"), row.license),
        (_("Published"), day(row.published_on) if row.published_on else ""),
        (_("Next"), day(row.next_due) if row.next_due else ""),
        (_("Exempted until"), on(row.since) if row.since else ""),
    ]
    url = url_for("catalog.dataset", slug=row.dataset) if row.dataset else row.url
    return Row(row.summary, url, row.unit, tuple(pair for pair in details if pair[1]), row.is_late(today))


def _fits(row: Information, text: str) -> bool:
    """Whether every word stands somewhere in the row."""
    whole = f"{row.summary} {row.unit} {row.responsible} {row.made}".casefold()
    return all(word in whole for word in text.casefold().split())


def _count(rows: list[Information], name: str) -> str:
    return number(sum(row.information_class == name for row in rows))


def _page(total: int, endpoint: str, **narrowed: str) -> tuple[int, Paging]:
    """The page that is asked for and the links to the others."""
    pages = pages_of(total, PAGE)
    page = narrowing.page(pages)

    def url_of(at: int) -> str:
        query = {name: value for name, value in {**narrowed, "page": str(at) if at > 1 else ""}.items() if value}
        return url_for(endpoint) + (f"?{urlencode(query)}" if query else "")

    return page, paging(page, pages, url_of)


def _report(year: int) -> KipReport:
    """Raises `NotFound` for a year without a published report."""
    row = report.get(context.session(), year)
    if row is None or row.published_on is None:
        raise NotFound(what=f"laporan {year}")
    return row


def _sections(year: int) -> list[figures.Section]:
    session = context.session()
    found = figures.of_year(session, year, load_calendar(session, _today()))
    return [section.public() for section in found]


def _year() -> int:
    return narrowing.year(_today())


def _today() -> date:
    return desk_date(now())


def _head() -> Letterhead:
    return emblem.letterhead(context.session(), context.installation().settings.region_name)
