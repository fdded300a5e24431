"""View model of the page about the portal: the addresses that programs use, with an example that is really there."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from datasets import catalog
from portal.web.links import canonical_url, site_root


@dataclass(frozen=True, slots=True)
class AboutPage:
    """Addresses to show; the example's are None while nothing is published."""

    root: str
    package_list: str
    package_search: str
    package_show: str | None
    example_title: str | None
    example_address: str | None
    example_version: str | None
    example_publisher: str | None


def about_page(session: Session) -> AboutPage:
    """The page, with the newest dataset as its example."""
    newest = next(iter(catalog.latest(session, 1)), None)
    action = canonical_url("api.call", version=3, name="package_search").removesuffix("package_search")
    version = newest.current_version if newest else None
    return AboutPage(
        root=site_root(),
        package_list=f"{action}package_list",
        package_search=f"{action}package_search?q=padi",
        package_show=f"{action}package_show?id={newest.slug}" if newest else None,
        example_title=newest.title if newest else None,
        example_address=canonical_url("catalog.dataset", slug=newest.slug) if newest else None,
        example_version=str(version.number) if version else None,
        example_publisher=newest.organization.title if newest else None,
    )
