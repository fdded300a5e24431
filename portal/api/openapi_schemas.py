"""What CKAN's actions give, as JSON Schemas: each member that is always there is required, none is only promised."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from portal.api.openapi_parts import (
    ADDRESS,
    ANYTHING,
    COUNT,
    FLAG,
    MOMENT,
    NOTHING,
    TEXT,
    WHOLE,
    Schema,
    listed,
    mapped,
    maybe,
    record,
    ref,
)

_TAG = {"display_name": TEXT, "id": TEXT, "name": TEXT, "state": TEXT, "vocabulary_id": NOTHING}
_GROUP_INSIDE = {
    **dict.fromkeys(("id", "name", "title", "display_name", "description", "image_display_url"), TEXT),
}
_ORGANIZATION_INSIDE = {
    **dict.fromkeys(("id", "name", "title", "description", "image_url", "approval_status", "state"), TEXT),
    "type": {"const": "organization"},
    "is_organization": {"const": True},
    "created": maybe(MOMENT),
}
_RESOURCE: Mapping[str, Schema] = {
    **dict.fromkeys(("id", "name", "description", "format", "hash", "package_id", "state"), TEXT),
    "url": ADDRESS,
    "position": COUNT,
    "size": maybe(COUNT),
    "mimetype": maybe(TEXT),
    "created": MOMENT,
    "last_modified": MOMENT,
    "metadata_modified": MOMENT,
    "datastore_active": FLAG,
    "datastore_contains_all_records_of_source_file": FLAG,
    **dict.fromkeys(("cache_last_updated", "cache_url", "mimetype_inner", "resource_type", "url_type"), NOTHING),
}
_RESOURCE_MORE = {"rows": maybe(COUNT), "original_url": ADDRESS, "original_format": TEXT}
_PACKAGE: Mapping[str, Schema] = {
    **dict.fromkeys(("id", "name", "title", "notes", "url", "version", "owner_org", "state"), TEXT),
    **dict.fromkeys(("author", "author_email", "maintainer", "maintainer_email"), TEXT),
    **dict.fromkeys(("license_id", "license_title", "license_url"), TEXT),
    "type": {"const": "dataset"},
    "creator_user_id": NOTHING,
    "isopen": FLAG,
    "private": FLAG,
    "metadata_created": MOMENT,
    "metadata_modified": MOMENT,
    "num_resources": COUNT,
    "num_tags": COUNT,
    "organization": ref("OrganizationInside"),
    "extras": listed(ref("Extra")),
    "groups": listed(ref("GroupInside")),
    "resources": listed(ref("Resource")),
    "tags": listed(ref("Tag")),
    "relationships_as_subject": listed(ANYTHING),
    "relationships_as_object": listed(ANYTHING),
}
_PACKAGE_MORE: Mapping[str, Schema] = {
    "tracking_summary": record({"total": COUNT, "recent": COUNT, "views": COUNT, "downloads": COUNT}),
    "lumbung_pending": {**FLAG, "description": "Whether a person still has to look at it"},
    "lumbung_held": WHOLE,
    "lumbung_reasons": listed(TEXT),
    "lumbung_rejected": TEXT,
}
_OWNER: Mapping[str, Schema] = {
    **dict.fromkeys(("id", "name", "title", "display_name", "description", "image_url", "image_display_url"), TEXT),
    **dict.fromkeys(("approval_status", "state"), TEXT),
    "created": maybe(MOMENT),
    "extras": listed(ref("Extra")),
    "groups": listed(ANYTHING),
    "tags": listed(ANYTHING),
    "users": listed(ANYTHING),
    "num_followers": COUNT,
    "package_count": COUNT,
}
_OWNER_MORE: Mapping[str, Schema] = {"packages": listed(ref("Package")), "capacity": TEXT}
_LICENSE: Mapping[str, Schema] = {
    **dict.fromkeys(("id", "title", "url", "status", "family", "maintainer"), TEXT),
    **dict.fromkeys(("od_conformance", "osd_conformance"), TEXT),
    **dict.fromkeys(("is_generic", "is_okd_compliant", "is_osi_compliant"), FLAG),
    **dict.fromkeys(("domain_content", "domain_data", "domain_software"), FLAG),
    "legacy_ids": listed(TEXT),
}
_ACTIVITY: Mapping[str, Schema] = {
    "id": TEXT,
    "timestamp": MOMENT,
    "user_id": NOTHING,
    "object_id": TEXT,
    "activity_type": {"enum": ["new package", "changed package"]},
    "data": record({"package": record({"id": TEXT, "name": TEXT, "title": TEXT, "version": TEXT})}),
}
_FIELD_MORE: Mapping[str, Schema] = {
    "info": record({}, {"label": TEXT, "notes": TEXT, "unit": TEXT}),
    "schema": record(
        {"native_type": TEXT, "is_index": FLAG, "index_name": maybe(TEXT), "notnull": FLAG, "uniquekey": FLAG}
    ),
}
_ROWS: Mapping[str, Schema] = {
    "include_total": FLAG,
    "limit": COUNT,
    "records_format": {"enum": ["objects", "lists", "csv", "tsv"]},
    "resource_id": TEXT,
    "records": {"anyOf": [listed({"type": ["object", "array"]}), TEXT]},
    "fields": listed(ref("Field")),
}
_ROWS_MORE: Mapping[str, Schema] = {
    "total": COUNT,
    "total_was_estimated": {"const": False},
    "total_estimation_threshold": maybe(COUNT),
    "offset": COUNT,
    "_links": record({"start": TEXT, "next": TEXT}),
    "next_page": record({"filters": mapped(ANYTHING)}),
}
_FACET = record({"title": TEXT, "items": listed(record({"name": TEXT, "display_name": TEXT, "count": COUNT}))})

SCHEMAS: Final[Mapping[str, Schema]] = {
    "Tag": record(_TAG),
    "Extra": record({"key": TEXT, "value": TEXT}),
    "GroupInside": record(_GROUP_INSIDE),
    "OrganizationInside": record(_ORGANIZATION_INSIDE),
    "Resource": record(_RESOURCE, _RESOURCE_MORE),
    "Package": record(_PACKAGE, _PACKAGE_MORE),
    "PackageMembers": record({}, {**_PACKAGE, **_PACKAGE_MORE}),
    "Organization": record({**_OWNER, "type": {"const": "organization"}, "is_organization": FLAG}, _OWNER_MORE),
    "Group": record({**_OWNER, "type": {"const": "group"}, "is_organization": FLAG}, _OWNER_MORE),
    "License": record(_LICENSE),
    "Activity": record(_ACTIVITY),
    "Field": record({"id": TEXT, "type": TEXT}, _FIELD_MORE),
    "Found": record(
        {
            "count": COUNT,
            "sort": TEXT,
            "facets": mapped(mapped(COUNT)),
            "search_facets": mapped(_FACET),
            "results": listed(ref("PackageMembers")),
        }
    ),
    "Rows": record(_ROWS, _ROWS_MORE),
    "Error": record(
        {
            "help": ADDRESS,
            "success": {"const": False},
            "error": record({"__type": TEXT}, {"message": TEXT}),
        }
    ),
    "TooMany": record(
        {"success": {"const": False}, "error": record({"__type": TEXT, "code": TEXT, "message": TEXT})}
    ),
    "Fault": record({"error": record({"code": TEXT, "message": TEXT})}),
}  # fmt: skip
"""`Error` is CKAN's: messages by parameter stand beside `__type`. `Fault` is that of our own addresses."""


def success(result: Schema) -> dict[str, Any]:
    """The envelope around what an action gives."""
    return record({"help": ADDRESS, "success": {"const": True}, "result": result})
