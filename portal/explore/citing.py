"""How to cite a view of a table: the version it was taken from, and the question in its address."""

from __future__ import annotations

from flask import request

from portal.catalog.addresses import Shown
from portal.catalog.present_cite import Citation, citation
from portal.context import installation
from portal.web.i18n import root_path
from portal.web.links import site_root


def view_citation(shown: Shown, path: str, what: str = "") -> Citation:
    """The citation of what stands under `path`, an address of the version `shown`; `what` says which part it is."""
    settings = installation().settings
    dataset, version = shown.dataset, shown.version
    return citation(
        title=f"{dataset.title}: {what}" if what else dataset.title,
        author=dataset.organization.title,
        portal=f"{settings.site_title} {settings.region_name}",
        slug=dataset.slug,
        number=version.number,
        published=version.published_at,
        url=site_root() + path.removeprefix(request.script_root),  # the same in each language
    )


def absolute(path: str) -> str:
    """The address with scheme and host of a path of this portal."""
    return site_root() + path.removeprefix(root_path())
