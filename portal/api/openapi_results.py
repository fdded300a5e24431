"""What each action gives, as the schema of its `result`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from portal.api.openapi_parts import (
    ANYTHING,
    COUNT,
    FLAG,
    MOMENT,
    NOTHING,
    TEXT,
    Schema,
    listed,
    mapped,
    maybe,
    record,
    ref,
)

_NAMES = listed(TEXT)
_COMPLETED = listed(record({"id": TEXT, "name": TEXT, "title": TEXT}))
_NOTHING_LISTED: Schema = {"type": "array", "maxItems": 0}
_SITE = record(
    {
        **dict.fromkeys(("ckan_version", "site_url", "site_title", "site_description", "locale_default"), TEXT),
        "about": TEXT,
        "error_emails_to": NOTHING,
        "extensions": _NAMES,
    }
)
_INFO = record(
    {
        "fields": listed(ref("Field")),
        "schema": mapped(TEXT),
        "meta": record(
            {
                **dict.fromkeys(("count", "size", "db_size", "idx_size"), COUNT),
                "id": TEXT,
                "table_type": TEXT,
                "aliases": _NAMES,
            }
        ),
    }
)
_USER = record(
    {
        **dict.fromkeys(("id", "name", "fullname", "display_name", "email", "state", "image_url"), TEXT),
        "image_display_url": TEXT,
        "created": MOMENT,
        "sysadmin": FLAG,
        "about": NOTHING,
        "activity_streams_email_notifications": FLAG,
        "number_created_packages": COUNT,
    }
)
_TOKEN = record(
    {
        **dict.fromkeys(("id", "name", "hint", "user_id"), TEXT),
        "scopes": _NAMES,
        "created_at": MOMENT,
        "expires_at": MOMENT,
        "last_access": maybe(MOMENT),
    }
)
_MEMBER: Schema = {"type": "array", "items": TEXT, "minItems": 3, "maxItems": 3}
_TABLE = {"resource_id": TEXT}
_WRITTEN_PACKAGES = (
    *("package_create", "package_update", "package_patch"),
    "package_owner_org_update",
)

RESULTS: Final[Mapping[str, Schema]] = {
    "status_show": _SITE,
    "site_read": {"const": True},
    "help_show": TEXT,
    "license_list": listed(ref("License")),
    "vocabulary_list": _NOTHING_LISTED,
    "package_relationships_list": _NOTHING_LISTED,
    "dataset_follower_count": COUNT,
    "organization_follower_count": COUNT,
    "group_follower_count": COUNT,
    "package_list": _NAMES,
    "current_package_list_with_resources": listed(ref("Package")),
    "package_show": ref("Package"),
    "package_search": ref("Found"),
    "package_autocomplete": listed(record({"name": TEXT, "title": TEXT, "match_field": TEXT, "match_displayed": TEXT})),
    "resource_show": ref("Resource"),
    "resource_search": record({"count": COUNT, "results": listed(ref("Resource"))}),
    "resource_view_list": _NOTHING_LISTED,
    "organization_list": {"anyOf": [_NAMES, listed(ref("Organization"))]},
    "organization_show": ref("Organization"),
    "organization_autocomplete": _COMPLETED,
    "organization_list_for_user": listed(ref("Organization")),
    "group_list": {"anyOf": [_NAMES, listed(ref("Group"))]},
    "group_show": ref("Group"),
    "group_autocomplete": _COMPLETED,
    "group_list_authz": listed(ref("Group")),
    "group_package_show": listed(ref("Package")),
    "tag_list": {"anyOf": [_NAMES, listed(ref("Tag"))]},
    "tag_search": record({"count": COUNT, "results": listed(ref("Tag"))}),
    "tag_show": {"allOf": [ref("Tag"), record({}, {"packages": listed(ref("Package"))})]},
    "tag_autocomplete": _NAMES,
    "format_autocomplete": _NAMES,
    "member_list": listed(_MEMBER),
    **{
        f"{prefix}_activity_list": listed(ref("Activity"))
        for prefix in ("package", "organization", "group", "recently_changed_packages")
    },
    "user_show": _USER,
    "user_list": {"anyOf": [_NAMES, listed(_USER)]},
    "api_token_list": listed(_TOKEN),
    "api_token_create": record({"token": TEXT, "jti": TEXT, "expires_at": MOMENT}),
    "datastore_search": ref("Rows"),
    "datastore_info": _INFO,
    "datastore_search_sql": record(
        {"sql": TEXT, "records": listed(mapped(ANYTHING)), "fields": listed(ref("Field"))},
        {"records_truncated": {"const": True}},
    ),
    **{name: ref("Package") for name in _WRITTEN_PACKAGES},
    "package_revise": record({"package": mapped(ANYTHING)}),
    "package_resource_reorder": record({"id": TEXT, "order": _NAMES}),
    **{f"resource_{verb}": ref("Resource") for verb in ("create", "update", "patch")},
    **{f"organization_{verb}": ref("Organization") for verb in ("create", "update", "patch")},
    **{f"group_{verb}": ref("Group") for verb in ("create", "update", "patch")},
    "member_create": record(
        dict.fromkeys(("group_id", "table_id", "table_name", "capacity", "state"), TEXT),
    ),
    "datastore_create": record({**_TABLE, "fields": listed(ref("Field")), "primary_key": _NAMES, "method": TEXT}),
    "datastore_upsert": record({**_TABLE, "method": TEXT}),
    "datastore_delete": record(_TABLE),
    "datastore_records_delete": record(_TABLE),
}
"""An action that is not here gives null, as CKAN's do that take something away."""


def result_of(name: str) -> Schema:
    """The schema of what the action gives."""
    return RESULTS.get(name, NOTHING)
