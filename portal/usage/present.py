"""How often a dataset was looked at and taken, month by month, as its page says it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date
from sqlalchemy.orm import Session

from datasets import usage
from datasets.models import Dataset
from portal.config import TIMEZONE
from portal.web import figures
from portal.web.i18n import current_language, ngettext
from portal.web.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class MonthLine:
    """One month: its name, both counts in words, and how wide their bars are, of a hundred."""

    name: str
    views: str
    downloads: str
    views_width: float
    downloads_width: float


@dataclass(frozen=True, slots=True)
class UsagePart:
    """`sums` are empty and there are no months when nothing was counted yet."""

    sums: tuple[str, ...]
    until: str
    months: tuple[MonthLine, ...]


def yesterday() -> date:
    """The last day whose counts are complete, in the portal's own time zone: figures change once a day."""
    return datetime.now(ZoneInfo(TIMEZONE)).date() - timedelta(days=1)


def usage_part(session: Session, dataset: Dataset) -> UsagePart:
    """The counts of the last twelve months, up to yesterday."""
    until = yesterday()
    months = usage.by_month(session, dataset.id, until=until)
    most = max([1, *(max(month.views, month.downloads) for month in months)])
    views, downloads = sum(month.views for month in months), sum(month.downloads for month in months)
    sums = (
        ngettext("%(count)s view", "%(count)s views", views),
        ngettext("%(count)s download", "%(count)s downloads", downloads),
    )
    return UsagePart(
        sums=sums if months else (),
        until=_("in the last twelve months, up to %(day)s", day=figures.day(until)),
        months=tuple(_line(month, most) for month in months),
    )


def _line(month: usage.Month, most: int) -> MonthLine:
    return MonthLine(
        name=format_date(month.first_day, format="MMMM y", locale=current_language()),
        views=figures.number(month.views),
        downloads=figures.number(month.downloads),
        views_width=round(100 * month.views / most, 1),
        downloads_width=round(100 * month.downloads / most, 1),
    )
