"""The release calendar for everybody: a page, and the same for calendars, feed readers and programs."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask import Response, jsonify, render_template, request

from datasets import releases
from datasets.clock import now
from datasets.releases import Release, ReleaseState
from portal.config import TIMEZONE
from portal.context import installation, session
from portal.feeds import atom
from portal.feeds.answers import feed, open_to_all
from portal.releases import icalendar
from portal.releases.present import calendar_page, state_words, when_words
from portal.releases.wing import bp
from portal.web.links import canonical_url

_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


@bp.get("/jadwal-rilis")
def calendar() -> str:
    """What is to be published when, by month."""
    slug = request.args.get("opd", "")[:100]
    found = releases.calendar(session(), at=now(), zone=ZoneInfo(TIMEZONE))
    return render_template("releases/calendar.html", page=calendar_page(found, slug, at=now()))


@bp.get("/jadwal-rilis.ics")
def calendar_ics() -> Response:
    """The same as iCalendar."""
    settings = installation().settings
    name = f"Jadwal rilis {settings.site_title} {settings.region_name}"
    host = canonical_url("releases.calendar").split("/")[2]
    events = [
        icalendar.Event(
            uid=f"{one.uid}@{host}",
            title=one.title,
            text=f"{one.organization.title}. {state_words(one.state)[0]}.",
            address=_address(one),
            day=one.day,
            changed=one.changed,
            sure=one.state in (ReleaseState.SCHEDULED, ReleaseState.PUBLISHED),
            moment=one.moment,
            times=one.times,
        )
        for one in _asked()
    ]
    return _open(feed(icalendar.written(name, settings.site_title, events), icalendar.MEDIA_TYPE))


@bp.get("/jadwal-rilis.atom")
def calendar_atom() -> Response:
    """The same as an Atom feed: an entry is renewed when its day changes or it is kept."""
    settings = installation().settings
    site = f"{settings.site_title} {settings.region_name}"
    entries = tuple(
        atom.Entry(
            id=f"{canonical_url('releases.calendar')}#{one.uid}",
            title=f"{when_words(one)}: {one.title}",
            address=_address(one),
            published=one.changed,
            updated=one.changed,
            author=one.organization.title,
            summary=f"{one.organization.title}. {when_words(one)}. {state_words(one.state)[0]}.",
        )
        for one in sorted(_asked(), key=lambda one: one.changed, reverse=True)
    )
    made = atom.Feed(
        address=canonical_url("releases.calendar_atom"),
        page=canonical_url("releases.calendar"),
        title=f"Jadwal rilis · {site}",
        subtitle=f"Data {settings.region_name} yang akan terbit",
        updated=max((entry.updated for entry in entries), default=_EPOCH),
        author=site,
        entries=entries,
    )
    return _open(feed(atom.written(made), atom.MEDIA_TYPE))


@bp.get("/jadwal-rilis.json")
def calendar_json() -> Response:
    """The same for programs."""
    told = [
        {
            "id": one.uid,
            "title": one.title,
            "organization": {"name": one.organization.slug, "title": one.organization.title},
            "day": one.day.isoformat(),
            "moment": one.moment.isoformat() if one.moment else None,
            "state": one.state.value,
            "dataset": canonical_url("catalog.dataset", slug=one.slug) if one.slug else None,
            "changed": one.changed.isoformat(),
        }
        for one in _asked()
    ]
    return _open(jsonify(releases=told, generated=now().isoformat(timespec="seconds")))


def _asked() -> list[Release]:
    found = releases.calendar(session(), at=now(), zone=ZoneInfo(TIMEZONE))
    slug = request.args.get("opd", "")[:100]
    return releases.of_agency(found, slug) if slug else found


def _address(one: Release) -> str:
    if one.slug is not None:
        return canonical_url("catalog.dataset", slug=one.slug)
    return f"{canonical_url('releases.calendar')}#{one.uid}"


def _open(response: Response) -> Response:
    return open_to_all(response)
