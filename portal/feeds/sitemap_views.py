"""What search engines and browsers look for at known places: robots.txt, the sitemaps, the OpenSearch description."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, Response, redirect
from sqlalchemy import func, select
from werkzeug.wrappers import Response as AnyResponse

from datasets import catalog
from datasets.models import Dataset, published
from metadata.errors import NotFound
from portal.context import installation, session
from portal.feeds.answers import feed
from portal.feeds.atom import attribute, moment, text
from portal.web.assets import static_url
from portal.web.i18n import root_path
from portal.web.links import canonical_url, site_root

bp = Blueprint("sitemap", __name__)

PAGE = 10_000
"""Addresses in one sitemap; the protocol allows 50,000."""

_OPENSEARCH = "application/opensearchdescription+xml"
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


@bp.get("/robots.txt")
def robots() -> Response:
    """Everything may be read; endless combinations of filters and questions need not be."""
    lines = [
        "User-agent: *",
        "Disallow: /api/3/action/",
        "Disallow: /api/1/",
        "Disallow: /datastore/",
        "Disallow: /dataset?*",
        "Disallow: /en/dataset?*",
        *(f"Disallow: {prefix}{path}" for prefix in ("", "/en") for path in ("/kerja", "/akun", "/masuk")),
        "Disallow: /*/sql?",
        "Disallow: /*?*_sort=",
        "Disallow: /*?*_group=",
        f"Sitemap: {site_root()}/sitemap.xml",
        "",
    ]
    return feed("\n".join(lines), "text/plain")


@bp.get("/favicon.ico")
def favicon() -> AnyResponse:
    """For programs that look here rather than into a page's head."""
    return redirect(static_url("img/favicon.svg"), 302)


@bp.get("/sitemap.xml")
def index() -> Response:
    """The list of sitemaps: the pages of the portal, and datasets by ten thousand."""
    total, modified = (
        session().execute(published().with_only_columns(func.count(Dataset.id), func.max(Dataset.modified_at))).one()
    )
    parts = [canonical_url("sitemap.pages")]
    parts += [canonical_url("sitemap.datasets", number=number + 1) for number in range(-(-total // PAGE))]
    stamp = f"<lastmod>{moment(modified)}</lastmod>" if modified else ""
    listed = "\n".join(f"<sitemap><loc>{text(part)}</loc>{stamp}</sitemap>" for part in parts)
    return feed(f'{_HEAD}<sitemapindex xmlns="{_NAMESPACE}">\n{listed}\n</sitemapindex>\n', "application/xml")


@bp.get("/sitemap-halaman.xml")
def pages() -> Response:
    """The pages that are no datasets: the beginning, agencies and themes that have data."""
    addresses = [f"{site_root()}/", canonical_url("home.about"), canonical_url("search.search")]
    addresses += [canonical_url("browse.organizations"), canonical_url("browse.groups")]
    addresses += [
        canonical_url("sources.sources"),
        canonical_url("journal.journal"),
        canonical_url("api_document.page"),
    ]
    for owner, count in catalog.organizations_with_counts(session()):
        addresses += [canonical_url("browse.organization", slug=owner.slug)] if count else []
    for theme, count in catalog.themes_with_counts(session()):
        addresses += [canonical_url("browse.group", slug=theme.slug)] if count else []
    return _urls((address, "") for address in addresses)


@bp.get("/sitemap-dataset-<int:number>.xml")
def datasets(number: int) -> Response:
    """The datasets, a part of them, each with its day of change. Raises `NotFound` behind the last part."""
    if not 1 <= number <= 100_000:
        raise NotFound(what=f"sitemap {number}")
    wanted = select(Dataset.slug, Dataset.modified_at).where(Dataset.id.in_(published().with_only_columns(Dataset.id)))
    rows = session().execute(wanted.order_by(Dataset.id).limit(PAGE).offset((number - 1) * PAGE)).all()
    if not rows:
        raise NotFound(what=f"sitemap {number}")
    start = canonical_url("search.search")
    return _urls((f"{start}/{slug}", moment(modified)) for slug, modified in rows)


@bp.get("/opensearch.xml")
def opensearch() -> Response:
    """How a browser or another portal searches here."""
    settings = installation().settings
    name = f"{settings.site_title} {settings.region_name}"
    page, atom = canonical_url("search.search"), canonical_url("atom.search")
    links = [
        f'<Url type="text/html" template={attribute(page + "?q={searchTerms}")}/>',
        f'<Url type="application/atom+xml" template={attribute(atom + "?q={searchTerms}&page={startPage?}")}/>',
        f'<Url type="{_OPENSEARCH}" rel="self" template={attribute(canonical_url("sitemap.opensearch"))}/>',
    ]
    icon = f"{site_root()}{static_url('img/favicon.svg').removeprefix(root_path())}"
    body = (
        f'{_HEAD}<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">\n'
        f"<ShortName>{text(settings.site_title[:16])}</ShortName>\n<LongName>{text(name[:48])}</LongName>\n"
        f"<Description>{text('Pencarian data terbuka ' + settings.region_name)}</Description>\n"
        f'<Image type="image/svg+xml">{text(icon)}</Image>\n'
        f"<Language>id</Language>\n<InputEncoding>UTF-8</InputEncoding>\n" + "\n".join(links)
    )
    return feed(f"{body}\n</OpenSearchDescription>\n", _OPENSEARCH)


_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'


def _urls(pairs: Iterable[tuple[str, str]]) -> Response:
    listed = "\n".join(
        f"<url><loc>{text(address)}</loc>{f'<lastmod>{at}</lastmod>' if at else ''}</url>" for address, at in pairs
    )
    return feed(f'{_HEAD}<urlset xmlns="{_NAMESPACE}">\n{listed}\n</urlset>\n', "application/xml")
