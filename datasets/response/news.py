"""The daily letter to followers: which versions were published since the last one, read from the journal."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from datasets import leases, mails
from datasets.installation import Installation
from datasets.journal import log
from datasets.keys import installation_key
from datasets.models import Dataset, Follow, JournalEntry, Organization, Version, Visibility
from datasets.response import follows
from datasets.response.follows import Target
from datasets.search.index import SearchQuery
from metadata.terms import Bilingual

NEWS = "news"
FOLLOWERS = "followers"
"""Kind and subject of the job."""
WHEN = "30 8 * * *"
"""After the night's harvests, once a day."""
MOST = 30
"""Datasets that one letter names."""
_FOUND = 500
"""How far down a search is looked for what is new."""

_SUBJECT = Bilingual(id="{site}: {count} dataset yang Anda ikuti diperbarui", en="{site}: {count} datasets you follow")
_OPENING = Bilingual(
    id="Ada versi baru dari data yang Anda ikuti di {site} {region}:",
    en="There are new versions of data that you follow at {site} {region}:",
)
_LINE = Bilingual(id="- {title} (versi {number}), {agency}", en="- {title} (version {number}), {agency}")
_MORE = Bilingual(id="… dan {count} lagi.", en="… and {count} more.")
_STOP = Bilingual(id="Berhenti mengikuti {name}: {link}", en="Stop following {name}: {link}")
_STOP_ALL = Bilingual(
    id="Berhenti menerima semua surat ini, dan hapus alamat saya: {link}",
    en="Stop all of these letters, and delete my address: {link}",
)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Fresh:
    """A dataset with a version that is news."""

    id: int
    slug: str
    title: str
    number: int
    organization_id: int
    agency: str
    position: int


def write(here: Installation) -> int:
    """Post the letters of today; how many. Each in a transaction with what it remembers: done again, none is double."""
    key = installation_key(here.settings)
    with here.database.write() as session:
        follows.forget_unconfirmed(session, key=key, at=leases.database_time(session))
    with here.database.read() as session:
        size = log.head_size(session)
        wanted = select(Follow.reader).where(Follow.confirmed_at.is_not(None), Follow.position < size).distinct()
        readers = session.scalars(wanted.order_by(Follow.reader)).all()
        first = session.scalar(select(Follow.position).where(Follow.reader.in_(readers)).order_by(Follow.position))
        fresh = _fresh(session, first or 0, size) if readers else []
        targets = session.scalars(select(Follow.target).where(Follow.reader.in_(readers)).distinct()).all()
    asked = {target.value for target in map(Target.parse, targets) if target.kind == "search"} if fresh else set()
    searches = {words: found for words in sorted(asked) if (found := _found(here, words)) is not None}
    count = 0
    for reader in readers:
        with here.database.write() as session:
            count += _tell(here, session, reader, fresh, size, searches, key)
    return count


def _fresh(session: Session, first: int, size: int) -> list[Fresh]:
    """What was published from entry `first` on and is public still: of each dataset its newest version."""
    rows = session.execute(
        select(
            Dataset.id, Dataset.slug, Dataset.title, Version.number, Organization.id, Organization.title,
            JournalEntry.position,
        )
        .join(Version, Version.id == JournalEntry.version_id)
        .join(Dataset, Dataset.id == Version.dataset_id)
        .join(Organization, Organization.id == Dataset.organization_id)
        .where(JournalEntry.position >= first, JournalEntry.position < size, Dataset.visibility == Visibility.PUBLISHED)
        .order_by(JournalEntry.position)
    )  # fmt: skip
    newest = {row[0]: Fresh(*row) for row in rows}
    return sorted(newest.values(), key=lambda one: one.position)


def _tell(
    here: Installation,
    session: Session,
    reader: str,
    fresh: Sequence[Fresh],
    size: int,
    searches: Mapping[str, frozenset[int]],
    key: str,
) -> bool:
    theirs = [follow for follow in follows.of_reader(session, reader) if follow.confirmed_at and follow.position < size]
    matched: dict[int, Fresh] = {}
    because: list[Follow] = []
    for follow in theirs:
        target = Target.parse(follow.target)
        if fresh and target.kind == "search" and target.value not in searches:
            continue  # the index cannot be asked now: tomorrow
        news = [one for one in fresh if one.position >= follow.position and _fits(target, one, searches)]
        matched |= {one.id: one for one in news}
        because += [follow] if news else []
        follow.position = size
    address = follows.address_of(because[0], key) if because else None
    if address is None:
        if because:
            _log.warning("a follower's address cannot be opened: was the secret key changed?")
        return False
    _post(here, session, address, list(matched.values()), because, size, key)
    return True


def _post(
    here: Installation, session: Session, address: str, news: list[Fresh], because: list[Follow], size: int, key: str
) -> None:
    settings, first = here.settings, because[0]
    language, root = first.language, settings.site_url or first.root
    lines = [_OPENING.say(language).format(site=settings.site_title, region=settings.region_name), ""]
    for one in news[:MOST]:
        lines.append(_LINE.say(language).format(title=one.title, number=one.number, agency=one.agency))
        lines.append(f"  {root}/dataset/{one.slug}")
    if len(news) > MOST:
        lines.append(_MORE.say(language).format(count=len(news) - MOST))
    lines += ["", "-- "]
    for follow in because:
        name = follows.name_of(session, Target.parse(follow.target)) or follow.target
        link = f"{root}/ikuti/berhenti/{follows.token_of(follow, 'leave', key=key)}"
        lines.append(_STOP.say(language).format(name=f"“{name}”", link=link))
    everything = f"{root}/ikuti/berhenti-semua/{follows.token_of_all(first.reader, key=key)}"
    lines.append(_STOP_ALL.say(language).format(link=everything))
    mails.post(
        session,
        to=address,
        subject=_SUBJECT.say(language).format(site=settings.site_title, count=len(news)),
        text="\n".join(lines) + "\n",
        at=leases.database_time(session),
        key=f"{follows.LETTERS}{first.reader[:32]}:{size}",
        language=language,
        headers={"List-Unsubscribe": f"<{everything}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
    )


def _fits(target: Target, one: Fresh, searches: Mapping[str, frozenset[int]]) -> bool:
    if target.kind == "search":
        return one.id in searches[target.value]
    return int(target.value) == (one.id if target.kind == "dataset" else one.organization_id)


def _found(here: Installation, words: str) -> frozenset[int] | None:
    """What a search finds with all its words; None while there is no index."""
    page = here.search.search(SearchQuery(text=words, rows=_FOUND, facets=(), repair=False))
    if not page.available:
        return None
    return frozenset() if page.relaxed else frozenset(page.ids)
