"""The pages of datasets: as they are now, and as they were in a version."""

from __future__ import annotations

from contextlib import suppress

from flask import Blueprint, Response, make_response, redirect, render_template, url_for

from datasets import catalog
from datasets.models import Dataset, Resource
from datasets.query.errors import BadQuery, NoSuchRow, TableBroken, TooLarge, TooSlow
from datasets.withdraw import Withdrawn
from metadata.errors import LumbungError, NotFound
from portal.catalog.addresses import Shown
from portal.catalog.present import dataset_page
from portal.catalog.present_refusal import refusal_page
from portal.catalog.present_table import asked, with_added
from portal.catalog.signposts import with_signposts
from portal.catalog.tags import page_tag, tagged, unchanged
from portal.catalog.tombstone import tombstone
from portal.context import session
from portal.response.present import heard_of
from portal.usage.present import yesterday
from portal.web.links import question

bp = Blueprint("catalog", __name__)
bp.register_error_handler(Withdrawn, tombstone)

ASK_AGAIN = "public, no-cache"
FIXED = "public, max-age=300, stale-while-revalidate=86400"
"""A version's figures never change, but its page says whether a newer one exists, and the portal itself is mended."""


@bp.get("/dataset/<slug>")
def dataset(slug: str) -> Response:
    """A dataset as it is now, with its first table; a uuid, as CKAN's clients use it, leads to the address."""
    found = catalog.get_published(session(), slug, or_uuid=True)
    if found.slug != slug:
        return _moved(url_for("catalog.dataset", slug=found.slug))
    return _page(_present(found), None)


@bp.get("/dataset/<slug>/<resource>")
def dataset_resource(slug: str, resource: str) -> Response:
    """A dataset as it is now, with another of its tables; `v`, what is left of a version's address, is the history."""
    shown = _present(catalog.get_published(session(), slug))
    if resource == "v" and all(known.name != resource for known in shown.version.resources):
        return _moved(shown.page(anchor="riwayat"))
    return _page(shown, resource)


@bp.get("/dataset/<slug>/v/<int:number>")
def version(slug: str, number: int) -> Response:
    """A dataset as it was in a version."""
    return _page(_then(slug, number), None)


@bp.get("/dataset/<slug>/v/<int:number>/<resource>")
def version_resource(slug: str, number: int, resource: str) -> Response:
    """Another table of a version."""
    return _page(_then(slug, number), resource)


@bp.get("/dataset/<slug>/resource/<uuid>")
def ckan_resource(slug: str, uuid: str) -> Response:
    """Where CKAN has the page of a resource."""
    found = catalog.resource(session(), uuid)
    owner = found.version.dataset
    if slug not in (owner.slug, owner.uuid):
        raise NotFound(what=uuid[:100])
    return _moved(Shown(owner, found.version, fixed=False).page(found, anchor="tabel"))


def _present(found: Dataset) -> Shown:
    if found.current_version is None:
        raise NotFound(what=found.slug)
    return Shown(found, found.current_version, fixed=False)


def _then(slug: str, number: int) -> Shown:
    found = catalog.version(session(), slug, number)
    return Shown(found.dataset, found, fixed=True)


def _page(shown: Shown, name: str | None) -> Response:
    resource = _resource(shown, name)
    if name is not None and resource.position == 0:
        return _moved(shown.page(resource, question()))
    dataset = shown.dataset
    heard = heard_of(session(), dataset.id)
    tag = page_tag(
        shown.version.id, dataset.current_version_id, dataset.modified_at, _around(dataset), heard.mark, yesterday()
    )
    cache = FIXED if shown.fixed else ASK_AGAIN
    if unchanged(tag):
        return with_signposts(tagged(Response(status=304), tag, cache=cache), shown)
    pairs = question()
    query = None
    try:
        if resource.parquet_sha256:
            with suppress(TableBroken):
                added = with_added(resource, pairs)
                if added is not None:
                    return _moved(shown.page(resource, added, anchor="tabel"))
                query = asked(resource, pairs)
        page = dataset_page(session(), shown, resource, query, heard)
    except (BadQuery, NoSuchRow, TooSlow, TooLarge) as error:
        return _refused(shown, resource, error)
    made = make_response(render_template("catalog/dataset.html", page=page))
    return with_signposts(tagged(made, tag, cache=cache), shown)


def _around(dataset: Dataset) -> str:
    """The names around a dataset that its page shows and that change without it."""
    owner, source = dataset.organization, dataset.source
    themes = [(theme.slug, theme.title, theme.title_en) for theme in dataset.themes]
    return repr([owner.slug, owner.title, owner.abbreviation, source and source.title, themes])


def _resource(shown: Shown, name: str | None) -> Resource:
    for resource in shown.version.resources:
        if name in (None, resource.name):
            return resource
    raise NotFound(what=(name or "")[:100])


def _refused(shown: Shown, resource: Resource, error: LumbungError) -> Response:
    """A question that cannot be answered: what is wrong, what would do, and the way back to the table."""
    page = refusal_page(shown, resource, error)
    response = make_response(render_template("catalog/refused.html", page=page), error.status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _moved(address: str) -> Response:
    response = make_response(redirect(address, 302))
    response.headers["Cache-Control"] = ASK_AGAIN
    return response
