"""What other datasets say where a draft is still silent: the agency's own first, then those like it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from datasets.models import Dataset, DeskDraft, Version, published
from datasets.search.index import SearchQuery
from harvesters.protocols.descriptors import about_of
from portal import context
from portal.workbench.about_form import labels, values_of

FIELDS = (
    "license",
    "frequency",
    "contact",
    "contact_email",
    "concept",
    "definition",
    "classification",
    "method",
    "unit",
)
_MOST = 2
_SIMILAR = 5


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A value for a field, and the dataset that has it."""

    value: str
    source: str


def suggestions(draft: DeskDraft, values: dict[str, str]) -> dict[str, tuple[Suggestion, ...]]:
    """For each field that is empty, what similar datasets say there; at most two of each."""
    empty = [name for name in FIELDS if not values.get(name)]
    if not empty:
        return {}
    found: dict[str, dict[str, str]] = {}
    for title, said in _others(draft, values.get("title", "")):
        for name in empty:
            if text := said.get(name):
                found.setdefault(name, {}).setdefault(text, title)
    return {
        name: tuple(Suggestion(value, title) for value, title in list(told.items())[:_MOST])
        for name, told in found.items()
    }


def label_of(name: str) -> str:
    """The label of a field, for messages."""
    return labels().get(name, name.removeprefix("column."))


def _others(draft: DeskDraft, title: str) -> list[tuple[str, dict[str, str]]]:
    session = context.session()
    ids = _alike(title)
    own = published().where(Dataset.organization_id == draft.organization_id)
    ids += session.scalars(own.with_only_columns(Dataset.id).order_by(Dataset.modified_at.desc()).limit(_SIMILAR)).all()
    wanted = [number for number in dict.fromkeys(ids) if number != draft.dataset_id]
    asked = select(Dataset.id, Dataset.title, Version.package).join(Version, Dataset.current_version_id == Version.id)
    rows = {number: (name, package) for number, name, package in session.execute(asked.where(Dataset.id.in_(wanted)))}
    return [
        (name, values_of(about_of(package), title=name, change=""))
        for name, package in (rows[number] for number in wanted if number in rows)
    ]


def _alike(title: str) -> list[int]:
    if not title.strip():
        return []
    question = SearchQuery(text=title[:200], rows=_SIMILAR, facets=())
    return list(context.installation().search.search(question).ids)
