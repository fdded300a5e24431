"""The catalogue and each dataset in DCAT: `/catalog.ttl`, `/dataset/<slug>.jsonld`, and by what a client accepts."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, request
from sqlalchemy import func, select

from datasets import catalog
from datasets.models import Dataset, published
from datasets.series import series_of
from metadata.errors import NotFound
from metadata.profiles.dcat import FORMS, Description
from metadata.profiles.dcat_values import DcatAgent, DcatCatalog, DcatService, HydraPage
from portal.context import installation, session
from portal.feeds.answers import feed, page_asked
from portal.feeds.described import described, page_of, service_address, theme_scheme
from portal.web.links import canonical_url, plain_url, site_root

bp = Blueprint("dcat", __name__)

PAGE = 50
"""Datasets on a page: one page is all that is ever in memory, however large the catalogue."""

_FORM = f"any({','.join(FORMS)})"
_MEDIA = {media_type: form for form, (media_type, _) in FORMS.items()}


@bp.get("/catalog")
def whole() -> Response:
    """The catalogue in the form that a client accepts; for people that is the search page."""
    form = accepted_form()
    address = plain_url("search.search") if form is None else plain_url("dcat.catalog_page", form=form)
    response = make_response(redirect(address, 303))
    response.vary.add("Accept")
    response.headers["Cache-Control"] = "public, no-cache"
    return response


@bp.get(f"/catalog.<{_FORM}:form>")
def catalog_page(form: str) -> Response:
    """A page of the catalogue. Raises `NotFound` behind the last one."""
    wanted = published().with_only_columns(Dataset.id).subquery()
    total = session().scalar(select(func.count()).select_from(wanted)) or 0
    last, number = max(1, -(-total // PAGE)), page_asked()
    if number > last:
        raise NotFound(what=f"page {number}")
    datasets = [found for found in page_of((number - 1) * PAGE, PAGE) if found.current_version is not None]
    description = Description()
    series = series_of(session(), datasets)
    values = [
        described(found, found.current_version, series=series.get(found.id))
        for found in datasets
        if found.current_version
    ]
    for value in values:
        description.dataset(value)
    description.catalog(_catalog(), [value.uri for value in values])
    place = _place(form, number, last, total)
    description.page(place)
    response = feed(description.text(form), FORMS[form][0])
    for relation in ("first", "previous", "next", "last"):
        address = getattr(place, relation)
        if address:
            response.headers.add("Link", f'<{address}>; rel="{"prev" if relation == "previous" else relation}"')
    return response


@bp.get(f"/dataset/<slug>.<{_FORM}:form>")
def dataset(slug: str, form: str) -> Response:
    """One dataset with its versions. Raises `NotFound` and `Withdrawn`."""
    found = catalog.get_published(session(), slug)
    if found.current_version is None:
        raise NotFound(what=slug[:100])
    description = Description()
    versions, series = catalog.versions_of(session(), found), series_of(session(), [found])
    description.dataset(described(found, found.current_version, versions, series.get(found.id)))
    response = feed(description.text(form), FORMS[form][0])
    response.headers.add("Link", f'<{canonical_url("catalog.dataset", slug=found.slug)}>; rel="canonical"')
    return response


def accepted_form() -> str | None:
    """The form of DCAT that the client wants more than a page; None for people."""
    best = request.accept_mimetypes.best_match(["text/html", "application/xhtml+xml", *_MEDIA], default="text/html")
    return _MEDIA.get(best)


def _place(form: str, number: int, last: int, total: int) -> HydraPage:
    def address(page: int) -> str:
        start = canonical_url("dcat.catalog_page", form=form)
        return start if page == 1 else f"{start}?page={page}"

    return HydraPage(
        uri=address(number),
        collection=f"{site_root()}/catalog",
        total=total,
        first=address(1),
        last=address(last),
        previous=address(number - 1) if number > 1 else None,
        next=address(number + 1) if number < last else None,
    )


def _catalog() -> DcatCatalog:
    settings, root = installation().settings, site_root()
    title = f"{settings.site_title} {settings.region_name}"
    modified = session().scalar(published().with_only_columns(func.max(Dataset.modified_at)))
    return DcatCatalog(
        uri=f"{root}/catalog",
        title=title,
        description=f"Katalog data terbuka {settings.region_name}",
        homepage=f"{root}/",
        publisher=DcatAgent(f"{root}/#penerbit", title, f"{root}/"),
        modified=modified,
        services=(
            DcatService(
                service_address(),
                "CKAN Action API",
                f"{root}/api/3/action",
                f"{root}/api/openapi.json",
                "https://spec.openapis.org/oas/v3.1.0",
            ),
        ),
        themes=(theme_scheme(),),
    )
