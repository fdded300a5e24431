"""Agencies and themes as CKAN's groups (a slug, which never changes, is the id too), licences and the site."""

from __future__ import annotations

from typing import Any

from datasets.models import Organization, Theme
from metadata.licenses import License
from metadata.profiles.ckan_dicts import CkanGroup
from portal.web.links import canonical_url, site_root


def organization_values(organization: Organization, count: int = 0) -> CkanGroup:
    """An agency; `count` is the number of its published datasets."""
    extras = {
        "abbreviation": organization.abbreviation or "",
        "email": organization.email or "",
        "homepage": organization.homepage or "",
    }
    return CkanGroup(
        id=organization.slug,
        name=organization.slug,
        title=organization.title,
        description=organization.description or "",
        package_count=count,
        extras=extras,
    )


def group_values(theme: Theme, count: int = 0) -> CkanGroup:
    """A theme; `count` is the number of its published datasets."""
    return CkanGroup(
        id=theme.slug,
        name=theme.slug,
        title=theme.title,
        description=theme.description or "",
        package_count=count,
        extras={"title_en": theme.title_en},
    )


def license_dict(license_: License) -> dict[str, Any]:
    """A licence; the flags are booleans, where CKAN's are the texts "True" and "False"."""
    return {
        "id": license_.id,
        "title": license_.title.id,
        "url": license_.url or "",
        "status": "active",
        "family": "",
        "maintainer": "",
        "is_generic": False,
        "is_okd_compliant": license_.is_open,
        "is_osi_compliant": False,
        "domain_content": license_.is_open,
        "domain_data": license_.is_open,
        "domain_software": False,
        "od_conformance": "approved" if license_.is_open else "not reviewed",
        "osd_conformance": "not reviewed",
        "legacy_ids": [],
    }


def site_dict(title: str, region: str) -> dict[str, Any]:
    """What `status_show` says of the portal. The version is that of the CKAN whose API this is."""
    return {
        "ckan_version": "2.11.0",
        "site_url": site_root(),
        "site_title": f"{title} {region}",
        "site_description": "",
        "locale_default": "id",
        "error_emails_to": None,
        "extensions": [],
        "about": canonical_url("home.about"),
    }
