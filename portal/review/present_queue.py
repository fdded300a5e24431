"""The queue as its page shows it: each matter as a line with its reason, its age, and where it is decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from datasets.matters import Kind, Matter, Queue
from datasets.models import DeskDraft, Organization
from metadata import frequencies
from metadata.notices import Notice
from portal.web import figures
from portal.web.i18n import current_language, ngettext
from portal.web.i18n import gettext as _
from portal.web.paging import Paging, pages_of, paging

ROWS = 40


@dataclass(frozen=True, slots=True)
class Line:
    """One matter. `tick` is the number by which it can be ticked for a decision on many, empty when it cannot."""

    kind: str
    icon: str
    title: str
    url: str
    agency: str
    why: str
    waits: str
    late: bool
    tick: str


@dataclass(frozen=True, slots=True)
class Tab:
    """A kind of matter, with how many there are."""

    words: str
    count: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Hour:
    """An approved draft and its hour."""

    title: str
    url: str
    agency: str
    when: str


@dataclass(frozen=True, slots=True)
class QueuePage:
    """The whole page. `agencies` are (slug, words, chosen) to choose from."""

    tabs: tuple[Tab, ...]
    agencies: tuple[tuple[str, str, bool], ...]
    kind: str
    lines: tuple[Line, ...]
    paging: Paging
    hours: tuple[Hour, ...]
    total: int


def queue_page(
    queue: Queue,
    hours: Sequence[DeskDraft],
    owners: Mapping[int, Organization],
    *,
    kind: Kind | None,
    agency: Organization | None,
    page: int,
    at: datetime,
    decides: bool,
) -> QueuePage:
    """The page of a queue; `decides` says that who looks may tick drafts."""
    slug = agency.slug if agency else None
    total = len(queue.matters)
    page = min(max(page, 1), pages_of(total, ROWS))
    chosen = kind.value if kind else None
    shown = queue.matters[(page - 1) * ROWS : page * ROWS]
    return QueuePage(
        tabs=tuple(_tabs(queue, kind, slug)),
        agencies=tuple(
            (one.slug, f"{one.title} ({figures.number(count)})", one.slug == slug)
            for number, one in owners.items()
            if (count := queue.agencies.get(number, 0)) or one.slug == slug
        ),
        kind=kind.value if kind else "",
        lines=tuple(_line(one, owners, at, decides) for one in shown),
        paging=paging(page, pages_of(total, ROWS), lambda to: url_for("review.queue", hal=to, jenis=chosen, opd=slug)),
        hours=tuple(_hour(one, owners) for one in hours),
        total=total,
    )


def kind_words(kind: Kind) -> str:
    """What a kind is called."""
    return {
        Kind.DRAFT: _("Drafts to review"),
        Kind.HELD: _("Held harvests"),
        Kind.SOURCE: _("Failing sources"),
        Kind.OVERDUE: _("Late datasets"),
    }[kind]


def _tabs(queue: Queue, chosen: Kind | None, slug: str | None) -> list[Tab]:
    every = sum(queue.kinds.values())
    tabs = [Tab(_("Everything"), figures.number(every), url_for("review.queue", opd=slug), chosen is None)]
    for kind, count in queue.kinds.items():
        url = url_for("review.queue", jenis=kind.value, opd=slug)
        tabs.append(Tab(kind_words(kind), figures.number(count), url, kind is chosen))
    return tabs


def _line(one: Matter, owners: Mapping[int, Organization], at: datetime, decides: bool) -> Line:
    owner = owners.get(one.organization_id or 0)
    words, icon = {
        Kind.DRAFT: (_("Draft"), "file-spreadsheet"),
        Kind.HELD: (_("Held"), "shield"),
        Kind.SOURCE: (_("Source"), "database"),
        Kind.OVERDUE: (_("Late"), "clock"),
    }[one.kind]
    return Line(
        kind=words,
        icon=icon,
        title=one.title or _("Draft without a title"),
        url=_address(one, decides),
        agency=owner.title if owner else "",
        why=_why(one),
        waits=_waits(one, at),
        late=one.urgency > 1,
        tick=str(one.number) if decides and one.kind is Kind.DRAFT else "",
    )


def _address(one: Matter, decides: bool) -> str:
    if one.kind is Kind.DRAFT:
        return url_for("review.draft", number=one.number)
    if one.kind is Kind.HELD:
        return url_for("review.held", number=one.number)
    if one.kind is Kind.SOURCE:
        return url_for("sources.source", name=one.address)
    return url_for("review.dataset", number=one.number) if decides else url_for("catalog.dataset", slug=one.address)


def _why(one: Matter) -> str:
    if one.kind is Kind.OVERDUE:
        rhythm = frequencies.match(one.by)
        named = rhythm.title.say(current_language()) if rhythm else one.by
        return _("To be renewed: %(rhythm)s", rhythm=named)
    first = said(one.told[0]) if one.told else ""
    more = len(one.told) - 1
    if more > 0:
        first = _("%(first)s (and %(count)s more)", first=first, count=more)
    if one.kind is Kind.DRAFT:
        return first or _("No doubts were found; handed in by %(who)s", who=one.by)
    return first


def said(notice: Mapping[str, Any]) -> str:
    """A notice in words, also of an adapter that this process has not met: then as it was written down."""
    found = Notice.from_dict(notice)
    words = found.say(current_language())
    return words if found.code not in words else str(notice.get(current_language()) or words)


def _waits(one: Matter, at: datetime) -> str:
    days = max(0, (at - one.since).days)
    if one.kind is Kind.OVERDUE:
        return ngettext("%(count)s day late", "%(count)s days late", days)
    if days == 0:
        return _("since today")
    return ngettext("since %(count)s day", "since %(count)s days", days)


def _hour(one: DeskDraft, owners: Mapping[int, Organization]) -> Hour:
    owner = owners.get(one.organization_id)
    when = figures.minute(one.publish_at) if one.publish_at else ""
    return Hour(one.title, url_for("review.draft", number=one.id), owner.title if owner else "", when)
