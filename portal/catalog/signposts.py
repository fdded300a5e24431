"""The `Link` headers of a dataset's pages: what to cite, under which licence, and the files (https://signposting.org)."""

from __future__ import annotations

from flask import Response

from metadata import licenses
from portal.catalog.addresses import Shown, dataset_url, lasting_url
from portal.explore.citing import absolute
from portal.web.link_headers import link
from portal.web.links import site_root


def with_signposts(response: Response, shown: Shown) -> Response:
    """The response with the links; the relations are IANA's."""
    dataset, version = shown.dataset, shown.version
    fixed = Shown(dataset, version, fixed=True)
    own = lasting_url(dataset, version.number) if shown.fixed else dataset_url(dataset)
    link(response, own, "canonical")
    link(response, lasting_url(dataset, version.number), "cite-as")
    licence = licenses.get(dataset.license_id)
    if licence.url:
        link(response, licence.url, "license")
    link(response, "https://schema.org/Dataset", "type")
    link(response, f"{site_root()}/catalog", "collection")
    link(response, absolute(fixed.archive()), "item", type="application/zip")
    if shown.fixed and not shown.newest:
        link(response, dataset_url(dataset), "latest-version")
    return response
