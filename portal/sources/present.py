"""View models of the pages of sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from flask import url_for

from datasets.models import Item, ItemOutcome, Run, Source
from datasets.source_health import Freshness, Health
from metadata.notices import Notice
from portal.sources.strip import Strip, seconds, state, state_words, strip
from portal.web import figures
from portal.web.i18n import current_language, ngettext
from portal.web.i18n import gettext as _

MOST_OVERDUE = 5


@dataclass(frozen=True, slots=True)
class SourceCard:
    """A source in the list."""

    title: str
    url: str
    agency: str
    state: str
    verdict: str
    facts: tuple[str, ...]
    strip: Strip


@dataclass(frozen=True, slots=True)
class FreshnessRow:
    """An agency's figure: in words, as the width of its bar of 100, and its most overdue datasets."""

    agency: str
    url: str
    words: str
    width: int
    overdue: tuple[tuple[str, str, str], ...]
    more: str


@dataclass(frozen=True, slots=True)
class SourcesPage:
    """All sources and agencies."""

    sources: tuple[SourceCard, ...]
    agencies: tuple[FreshnessRow, ...]


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run in the table."""

    started: str
    state: str
    words: str
    took: str
    counts: tuple[str, ...]
    notice: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """A dataset that needs somebody: since when it is held or failed, and in words what its agency should do."""

    title: str
    state: str
    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourcePage:
    """One source."""

    card: SourceCard
    agency_url: str
    next_run: str
    runs: tuple[RunRow, ...]
    troubles: tuple[Trouble, ...]
    changed: tuple[tuple[str, str, str], ...]


def sources_page(health: Sequence[Health], fresh: Sequence[Freshness]) -> SourcesPage:
    """The page of all sources."""
    return SourcesPage(tuple(_card(one) for one in health), tuple(_freshness(one) for one in fresh))


def source_page(health: Health, troubled: Sequence[Item], changed: Sequence[tuple[str, str, datetime]]) -> SourcePage:
    """The page of one source."""
    source = health.source
    return SourcePage(
        card=_card(health),
        agency_url=url_for("browse.organization", slug=source.organization.slug),
        next_run=figures.minute(health.next_run) if health.next_run else _("when somebody starts it"),
        runs=tuple(_run(run, source) for run in health.runs),
        troubles=tuple(_trouble(item, source) for item in troubled),
        changed=tuple((title, url_for("catalog.dataset", slug=slug), figures.day(at)) for slug, title, at in changed),
    )


def _card(health: Health) -> SourceCard:
    last = health.last
    facts = [ngettext("%(count)s dataset", "%(count)s datasets", health.published)]
    if health.held:
        facts.append(
            ngettext("%(count)s change waits for a decision", "%(count)s changes wait for a decision", health.held)
        )
    if health.next_run:
        facts.append(_("next: %(when)s", when=figures.minute(health.next_run)))
    return SourceCard(
        title=health.source.title,
        url=url_for("sources.source", name=health.source.name),
        agency=health.source.organization.title,
        state=state(last) if last else "none",
        verdict=_("%(when)s: %(how)s", when=figures.minute(last.started_at), how=state_words(last))
        if last
        else _("not harvested yet"),
        facts=tuple(facts),
        strip=strip(health.runs),
    )


def _run(run: Run, source: Source) -> RunRow:
    names = {
        "published": _("published"),
        "unchanged": _("unchanged"),
        "held": _("held"),
        "failed": _("failed"),
    }
    counts = tuple(f"{figures.number(run.counts[key])} {name}" for key, name in names.items() if run.counts.get(key))
    notice = said(run.notice, source) if run.notice else ""
    return RunRow(figures.minute(run.started_at), state(run), state_words(run), _took(seconds(run)), counts, notice)


def _took(length: float) -> str:
    if length < 1:
        return _("under a second")
    if length < 90:
        return ngettext("%(count)s second", "%(count)s seconds", round(length))
    return ngettext("%(count)s minute", "%(count)s minutes", round(length / 60))


def _trouble(item: Item, source: Source) -> Trouble:
    words = tuple(said(message, source) for message in item.messages[:6])
    day = figures.day(item.at)
    if item.outcome is not ItemOutcome.HELD:
        told = _("Could not be taken over since %(day)s; it is tried again at each harvest.", day=day)
    elif item.dataset_id is None:
        told = _("Held since %(day)s; nothing of it is published.", day=day)
    else:
        told = _("Held since %(day)s; the last good version stays.", day=day)
    return Trouble(item.title, told, words)


def said(message: dict[str, Any], source: Source) -> str:
    """A notice for the public: of a place that is not public itself (a folder, an inner network) only the name."""
    from harvesters.runs.spoken import learn  # late: 0.3 s, and only these pages need it

    learn(source.kind)
    notice = Notice.from_dict(message)
    if "://" in source.location and not (source.options.get("internal") or source.options.get("internal_hosts")):
        return notice.say(current_language())
    params = {
        key: PurePosixPath(value).name if isinstance(value, str) and "/" in value else value
        for key, value in notice.params.items()
    }
    return Notice(notice.code, notice.place, params).say(current_language())


def _freshness(fresh: Freshness) -> FreshnessRow:
    late = len(fresh.overdue)
    words = _(
        "%(good)s of %(count)s datasets are as fresh as they promise",
        good=figures.number(fresh.promised - late),
        count=figures.number(fresh.promised),
    )
    shown = tuple(
        (one.title, url_for("catalog.dataset", slug=one.slug), figures.day(one.modified_at))
        for one in fresh.overdue[:MOST_OVERDUE]
    )
    left = late - len(shown)
    return FreshnessRow(
        agency=fresh.organization.title,
        url=url_for("browse.organization", slug=fresh.organization.slug),
        words=words,
        width=round(fresh.share * 100),
        overdue=shown,
        more=ngettext("and %(count)s more", "and %(count)s more", left) if left > 0 else "",
    )
