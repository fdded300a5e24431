"""The data list of the year (*daftar data*, Perpres 39/2019 Pasal 17): planned by agency, and what became of it."""

from __future__ import annotations

import calendar
import enum
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from datasets.alone import alone
from datasets.models import Dataset, Organization, PlannedDataset, published
from metadata import frequencies
from metadata.errors import BadInput, LumbungError, NotFound
from metadata.names import slug
from metadata.terms import Bilingual

FIRST_YEAR, LAST_YEAR = 2000, 2100
_MONTHS = {"bulanan": 1, "dua-bulanan": 2, "triwulanan": 3, "caturwulanan": 4, "semesteran": 6, "tahunan": 12}


class PlannedTwice(LumbungError):
    """The agency's list of that year has this dataset already."""

    code = "plan.twice"
    status = 409
    text = Bilingual(
        id="“{title}” sudah ada dalam daftar data tahun {year} dari perangkat daerah itu.",
        en="“{title}” is in that agency's data list of {year} already.",
    )


class Standing(enum.Enum):
    """What became of a line: published in its year, still to come, late, or withdrawn again."""

    PUBLISHED = "published"
    PLANNED = "planned"
    LATE = "late"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the list with its agency, the dataset that fulfils it, and where it stands."""

    planned: PlannedDataset
    organization: Organization
    dataset: Dataset | None
    standing: Standing


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to stand in a line."""

    organization_id: int
    title: str
    frequency: str | None = None
    due_on: date | None = None
    note: str = ""
    dataset_id: int | None = None


def key_of(title: str) -> str:
    """The one form in which two titles are the same."""
    return slug(title, 200)


def lines(session: Session, year: int, *, at: datetime, agencies: Collection[int] | None = None) -> list[Line]:
    """The list of a year by agency and title, of these agencies alone when they are given."""
    asked = select(PlannedDataset, Organization).join(Organization).where(PlannedDataset.year == year)
    if agencies is not None:
        asked = asked.where(PlannedDataset.organization_id.in_(agencies))
    found = session.execute(asked.order_by(Organization.title, Organization.id, PlannedDataset.title)).all()
    known = _datasets(session, {planned.organization_id for planned, _ in found}, {one.dataset_id for one, _ in found})
    return [_line(planned, owner, known, year, at) for planned, owner in found]


def years(session: Session) -> list[int]:
    """The years that have a list, the newest first."""
    return list(session.scalars(select(PlannedDataset.year).distinct().order_by(PlannedDataset.year.desc())))


def beside_the_plan(session: Session, found: Sequence[Line], year: int) -> dict[int, int]:
    """How many datasets each agency published in the year without a line for them, by the agency's number."""
    start, end = _span(year)
    asked = published().with_only_columns(Dataset.id, Dataset.organization_id)
    rows = session.execute(asked.where(Dataset.modified_at >= start, Dataset.created_at < end))
    lined = {line.dataset.id for line in found if line.dataset is not None}
    counts: dict[int, int] = {}
    for number, owner in rows:
        if number not in lined:
            counts[owner] = counts.get(owner, 0) + 1
    return counts


def get_line(session: Session, number: int) -> PlannedDataset:
    """That line. Raises `NotFound`."""
    found = session.get(PlannedDataset, number)
    if found is None:
        raise NotFound(what=f"daftar data {number}")
    return found


def add(session: Session, year: int, wanted: Wanted, *, by: str, at: datetime) -> PlannedDataset:
    """A new line. Raises `BadInput`, `PlannedTwice`."""
    alone(session)
    title = checked(year, wanted)
    if _same(session, year, wanted.organization_id, title) is not None:
        raise PlannedTwice(title=title, year=str(year))
    made = PlannedDataset(
        year=year, organization_id=wanted.organization_id, title=title, key=key_of(title), updated_at=at, updated_by=by
    )
    _write(made, wanted)
    session.add(made)
    session.flush()
    return made


def change(session: Session, number: int, wanted: Wanted, *, by: str, at: datetime) -> PlannedDataset:
    """Another wording, day, rhythm or agency for a line. Raises as `add`, and `NotFound`."""
    alone(session)
    line = get_line(session, number)
    title = checked(line.year, wanted)
    same = _same(session, line.year, wanted.organization_id, title)
    if same is not None and same.id != line.id:
        raise PlannedTwice(title=title, year=str(line.year))
    line.title, line.key, line.organization_id = title, key_of(title), wanted.organization_id
    line.updated_at, line.updated_by = at, by
    _write(line, wanted)
    session.flush()
    return line


def put(session: Session, year: int, wanted: Wanted, *, by: str, at: datetime) -> tuple[PlannedDataset, bool]:
    """Add the line or bring the one of that title up to date, as an import does; whether it is new."""
    same = _same(session, year, wanted.organization_id, wanted.title)
    if same is None:
        return add(session, year, wanted, by=by, at=at), True
    kept = Wanted(
        wanted.organization_id,
        wanted.title,
        wanted.frequency or same.frequency,
        wanted.due_on or same.due_on,
        wanted.note or same.note,
        wanted.dataset_id or same.dataset_id,
    )
    return change(session, same.id, kept, by=by, at=at), False


def remove(session: Session, number: int) -> PlannedDataset:
    """Take a line out of the list. Raises `NotFound`."""
    line = get_line(session, number)
    session.delete(line)
    session.flush()
    return line


def checked(year: int, wanted: Wanted) -> str:
    """The title as it will stand. Raises `BadInput` for what cannot be a line."""
    title = " ".join(wanted.title.split())
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise BadInput(reason="tahun / year")
    if not title:
        raise BadInput(reason="judul / title")
    if wanted.frequency is not None and frequencies.match(wanted.frequency) is None:
        raise BadInput(reason="frekuensi / frequency")
    return title


def days(planned: PlannedDataset) -> Iterator[date]:
    """The days of the year on which a release is planned: the first, and by its rhythm those that follow."""
    if planned.due_on is None:
        return
    step, first = _MONTHS.get(planned.frequency or "", 12), planned.due_on
    yield first
    for number in range(1, 12):
        month = first.month + number * step
        if first.year != planned.year or month > 12:
            return
        yield first.replace(month=month, day=min(first.day, calendar.monthrange(first.year, month)[1]))


def _write(line: PlannedDataset, wanted: Wanted) -> None:
    rhythm = frequencies.match(wanted.frequency)
    line.frequency = rhythm.slug if rhythm else None
    line.due_on, line.note, line.dataset_id = wanted.due_on, wanted.note.strip(), wanted.dataset_id


def _same(session: Session, year: int, organization_id: int, title: str) -> PlannedDataset | None:
    asked = select(PlannedDataset).where(PlannedDataset.year == year, PlannedDataset.key == key_of(title))
    return session.scalar(asked.where(PlannedDataset.organization_id == organization_id))


def _datasets(
    session: Session, agencies: Collection[int], ids: Collection[int | None]
) -> Mapping[int | tuple[int, str], Dataset]:
    """What may fulfil lines: every dataset that was ever public of these agencies, by number, and by agency and key."""
    asked = select(Dataset).where(Dataset.current_version_id.is_not(None))
    named = [number for number in ids if number is not None]
    rows = session.scalars(asked.where(Dataset.organization_id.in_(agencies) | Dataset.id.in_(named))).all()
    known: dict[int | tuple[int, str], Dataset] = {one.id: one for one in rows}
    return known | {(one.organization_id, key_of(one.title)): one for one in rows}


def _line(
    planned: PlannedDataset,
    owner: Organization,
    known: Mapping[int | tuple[int, str], Dataset],
    year: int,
    at: datetime,
) -> Line:
    dataset = known.get(planned.dataset_id or 0) or known.get((planned.organization_id, planned.key))
    if dataset is not None and dataset.visibility.value == "withdrawn":
        return Line(planned, owner, dataset, Standing.WITHDRAWN)
    if dataset is not None and dataset.visibility.value == "published" and dataset.modified_at >= _span(year)[0]:
        return Line(planned, owner, dataset, Standing.PUBLISHED)
    due = next(iter(days(planned)), None)
    over = due < at.date() if due is not None else year < at.year
    return Line(planned, owner, dataset, Standing.LATE if over else Standing.PLANNED)


def _span(year: int) -> tuple[datetime, datetime]:
    return datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
