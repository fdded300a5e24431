"""The letter to a steward: which sources fail and which datasets are late, when that has changed, or once a week."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from datasets import leases, mails, source_health
from datasets.installation import Installation
from datasets.models import Dataset, ItemOutcome, Organization, RunState, Told
from datasets.settings import Settings
from datasets.source_health import Health
from harvesters.runs.schedule import ZONE
from harvesters.runs.spoken import learn
from metadata.dates import format_date
from metadata.notices import Notice
from metadata.terms import LANGUAGES, Bilingual

DIGEST = "digest"
STEWARDS = "stewards"
"""Kind and subject of the job."""
WHEN = "0 7 * * *"
"""At seven, so that the letter lies there when the office opens."""
NOT_AGAIN = timedelta(hours=20)
"""Nobody has two letters within this time: one a day, whatever the minute."""
REMIND = timedelta(days=7)
"""What stays wrong is told again after so long."""
MOST = 10
"""Datasets of one kind that a letter names; the page has all."""

_SUBJECT = Bilingual(id="{site}: {count} hal perlu perhatian Anda", en="{site}: {count} matters need your attention")
_OPENING = Bilingual(
    id="Ringkasan data {region} yang menjadi tanggung jawab Anda, per {day}.",
    en="Where the data of {region} in your care stand, as of {day}.",
)
_FAILED = Bilingual(id="Sumber “{title}” gagal dipanen.", en="Source “{title}” could not be harvested.")
_ITEM = Bilingual(id="“{title}” dari sumber “{source}”:", en="“{title}” from source “{source}”:")
_LATE = Bilingual(id="“{title}” terlambat: terakhir diperbarui {day}.", en="“{title}” is late: last renewed on {day}.")
_MORE = Bilingual(id="… dan {count} lagi.", en="… and {count} more.")
_END = Bilingual(
    id="Surat ini dikirim bila ada perubahan, paling banyak sekali sehari, dan sekali seminggu selama masalahnya ada.",
    en="This letter comes when something changes, at most once a day, and once a week while the trouble lasts.",
)

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Matter:
    """What one steward should know: lines in each language, and the state that makes two letters the same."""

    lines: list[Bilingual] = field(default_factory=list)
    state: set[str] = field(default_factory=set)
    count: int = 0


def write(here: Installation) -> int:
    """Post the letters that are due; how many. Each in a transaction of its own: done again it posts none twice."""
    with here.database.read() as session:
        at = leases.database_time(session)
        matters = _matters(session, here.settings, at)
        known = list(session.scalars(select(Told.address)))
    for address in known:
        matters.setdefault(address, Matter())  # all is well again there
    count = 0
    for address, matter in matters.items():
        try:
            with here.database.write() as session:
                count += _tell(session, here.settings, address, matter, at)
        except mails.AddressWrong:
            _log.warning("a steward's address cannot be used; see the contacts of agencies and sources")
    return count


def _tell(session: Session, settings: Settings, address: str, matter: Matter, at: datetime) -> bool:
    told = session.get(Told, address)
    state = hashlib.sha256("\n".join(sorted(matter.state)).encode()).hexdigest() if matter.state else ""
    if told is None:
        told = Told(address=address, at=at - REMIND, state="")
        session.add(told)
    if at - told.at < NOT_AGAIN:
        return False
    if not matter.state:
        told.state = ""
        return False
    if told.state == state and at - told.at < REMIND:
        return False
    told.at, told.state = at, state
    subject = _SUBJECT.id.format(site=settings.site_title, count=matter.count)
    mails.post(session, to=address, subject=subject, text=_text(settings, matter, at), at=at)
    return True


def _text(settings: Settings, matter: Matter, at: datetime) -> str:
    parts = []
    for language in LANGUAGES:
        opening = _OPENING.say(language).format(region=settings.region_name, day=format_date(_day(at), language))
        lines = "\n".join(line.say(language) for line in matter.lines)
        parts.append(f"{opening}\n\n{lines}\n\n{_END.say(language)}\n")
    return "\n--\n\n".join(parts)


def _matters(session: Session, settings: Settings, at: datetime) -> dict[str, Matter]:
    matters: dict[str, Matter] = {}
    stewards: dict[int, str] = {}
    for health in source_health.every_source(session):
        source = health.source
        address = source.options.get("steward") or source.organization.email
        if isinstance(address, str) and address.strip():
            stewards[source.id] = address = address.strip().lower()
            _of_source(session, matters, address, health, settings)
    for fresh in source_health.freshness(session, at=at):
        _of_late(matters, stewards, fresh.organization, fresh.overdue, settings)
    return {address: matter for address, matter in matters.items() if matter.state}


def _of_source(session: Session, matters: dict[str, Matter], address: str, health: Health, settings: Settings) -> None:
    source, last = health.source, health.last
    learn(source.kind)
    matter = matters.setdefault(address, Matter())
    link = _link(settings, f"/sumber/{source.name}")
    if last is not None and last.state is RunState.FAILED:
        notice = Notice.from_dict(last.notice) if last.notice else None
        matter.lines += [_say(_FAILED, title=source.title), *_words([notice] if notice else []), *link, _same("")]
        matter.state.add(f"source {source.name} {notice.code if notice else ''}")
        matter.count += 1
    items = source_health.troubled(session, source.id)
    for item in items[:MOST]:
        notices = [Notice.from_dict(message) for message in item.messages[:3]]
        matter.lines += [_say(_ITEM, title=item.title, source=source.title), *_words(notices)]
    if items:
        more = [_say(_MORE, count=len(items) - MOST)] if len(items) > MOST else []
        matter.lines += [*more, *link, _same("")]
    for item in items:
        kind = "held" if item.outcome is ItemOutcome.HELD else "failed"
        matter.state.add(f"{kind} {source.name} {item.remote_key}")
    matter.count += len(items)


def _of_late(
    matters: dict[str, Matter],
    stewards: dict[int, str],
    organization: Organization,
    overdue: Iterable[Dataset],
    settings: Settings,
) -> None:
    named: dict[str, list[Dataset]] = {}
    for dataset in overdue:
        own = (organization.email or "").strip().lower()
        address = stewards.get(dataset.source_id, own) if dataset.source_id is not None else own
        if address:
            named.setdefault(address, []).append(dataset)
    for address, late in named.items():
        matter = matters.setdefault(address, Matter())
        for one in late[:MOST]:
            days = {language: format_date(_day(one.modified_at), language) for language in LANGUAGES}
            matter.lines.append(
                Bilingual(
                    id="- " + _LATE.id.format(title=one.title, day=days["id"]),
                    en="- " + _LATE.en.format(title=one.title, day=days["en"]),
                )
            )
            matter.lines += _link(settings, f"/dataset/{one.slug}")
        if len(late) > MOST:
            matter.lines.append(_say(_MORE, count=len(late) - MOST))
        matter.state.update(f"late {one.slug}" for one in late)
        matter.count += len(late)


def _say(text: Bilingual, **params: object) -> Bilingual:
    return Bilingual(id="- " + text.id.format(**params), en="- " + text.en.format(**params))


def _words(notices: Iterable[Notice]) -> Iterator[Bilingual]:
    for notice in notices:
        yield Bilingual(id="  " + notice.say("id"), en="  " + notice.say("en"))


def _link(settings: Settings, path: str) -> list[Bilingual]:
    return [_same(f"  {settings.site_url}{path}")] if settings.site_url else []


def _day(at: datetime) -> date:
    return at.astimezone(ZONE).date()


def _same(text: str) -> Bilingual:
    return Bilingual(id=text, en=text)
