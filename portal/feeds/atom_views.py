"""Atom feeds at CKAN's addresses: datasets as they change or come, of an agency, a theme, a tag, a search."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urlencode

from flask import Blueprint, Response, request
from sqlalchemy import Select, func, select

from datasets import catalog
from datasets.models import Dataset, DatasetTag, DatasetTheme, Version, published
from metadata.errors import NotFound
from portal.catalog.search_query import asked
from portal.context import installation, session
from portal.feeds.answers import feed, page_asked
from portal.feeds.atom import MEDIA_TYPE, Entry, Feed, written
from portal.feeds.described import by_ids, described
from portal.web.links import canonical_url

bp = Blueprint("atom", __name__)

PAGE = 30
_SUMMARY = 1_000
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


@bp.get("/feeds/dataset.atom")
def changed() -> Response:
    """All datasets, the last changed first."""
    return _listed(published(), "Dataset terbaru dan yang berubah", canonical_url("search.search"))


@bp.get("/feeds/baru.atom")
def new() -> Response:
    """All datasets, the last come first."""
    return _listed(published(), "Dataset baru", canonical_url("search.search"), newest=True)


@bp.get("/feeds/organization/<slug>.atom")
def organization(slug: str) -> Response:
    """The datasets of an agency. Raises `NotFound`."""
    owner = catalog.organization(session(), slug)
    wanted = published().where(Dataset.organization_id == owner.id)
    return _listed(wanted, owner.title, canonical_url("browse.organization", slug=slug))


@bp.get("/feeds/group/<slug>.atom")
def group(slug: str) -> Response:
    """The datasets of a theme. Raises `NotFound`."""
    theme = catalog.theme(session(), slug)
    members = select(DatasetTheme.dataset_id).where(DatasetTheme.theme_id == theme.id)
    return _listed(published().where(Dataset.id.in_(members)), theme.title, canonical_url("browse.group", slug=slug))


@bp.get("/feeds/tag/<tag>.atom")
def tag(tag: str) -> Response:
    """The datasets with a tag. Raises `NotFound` for one that none has."""
    members = select(DatasetTag.dataset_id).where(DatasetTag.tag == tag)
    wanted = published().where(Dataset.id.in_(members))
    if "\x00" in tag or session().scalar(wanted.with_only_columns(Dataset.id).limit(1)) is None:
        raise NotFound(what=tag[:100])
    return _listed(wanted, tag, f"{canonical_url('search.search')}?{urlencode({'q': tag})}")


@bp.get("/feeds/custom.atom")
def search() -> Response:
    """What a search finds, by the arguments of the search page."""
    state = asked(request.args.to_dict(flat=False))
    found = installation().search.search(state.query())
    datasets = sorted(by_ids(found.ids), key=lambda dataset: dataset.modified_at, reverse=True)
    page = state.url(canonical_url("search.search"))
    address = state.url(canonical_url("atom.search"))
    return _feed(datasets, f"Pencarian: {state.text}" if state.text else "Pencarian", page, address, [])


def _listed(wanted: Select[Dataset], title: str, page: str, *, newest: bool = False) -> Response:
    number = page_asked()
    ids = wanted.with_only_columns(Dataset.id)
    total = session().scalar(select(func.count()).select_from(ids.subquery())) or 0
    last = max(1, -(-total // PAGE))
    if number > last:
        raise NotFound(what=f"page {number}")
    order = Dataset.created_at if newest else Dataset.modified_at
    listed = ids.order_by(order.desc(), Dataset.id.desc()).limit(PAGE).offset((number - 1) * PAGE)
    datasets = by_ids(session().scalars(listed).all())
    own = canonical_url(str(request.endpoint), **(request.view_args or {}))

    def address(to: int) -> str:
        return own if to == 1 else f"{own}?page={to}"

    links = [("first", address(1)), ("last", address(last))]
    links += [("previous", address(number - 1))] if number > 1 else []
    links += [("next", address(number + 1))] if number < last else []
    return _feed(datasets, title, page, address(number), links)


def _feed(
    datasets: Sequence[Dataset], title: str, page: str, address: str, links: Sequence[tuple[str, str]]
) -> Response:
    settings = installation().settings
    site = f"{settings.site_title} {settings.region_name}"
    entries = tuple(
        _entry(dataset, dataset.current_version) for dataset in datasets if dataset.current_version is not None
    )
    made = Feed(
        address=address,
        page=page,
        title=f"{title} · {site}",
        subtitle=f"Data terbuka {settings.region_name}",
        updated=max((entry.updated for entry in entries), default=_EPOCH),
        author=site,
        entries=entries,
        links=links,
    )
    response = feed(written(made), MEDIA_TYPE)
    for relation, to in links:
        response.headers.add("Link", f'<{to}>; rel="{"prev" if relation == "previous" else relation}"')
    return response


def _entry(dataset: Dataset, version: Version) -> Entry:
    values = described(dataset, version)
    return Entry(
        id=f"urn:uuid:{dataset.uuid}",
        title=dataset.title,
        address=values.uri,
        published=dataset.created_at,
        updated=dataset.modified_at,
        author=dataset.organization.title,
        summary=(dataset.description or dataset.title)[:_SUMMARY],
        categories=(*(theme.title for theme in dataset.themes), *(tag.tag for tag in dataset.tags)),
        enclosures=tuple((file.address, file.media_type, file.size) for file in values.files),
    )
