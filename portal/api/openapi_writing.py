"""The parameters of the actions that write, and of those that answer a token with more than the public sees."""

from __future__ import annotations

from collections.abc import Mapping

Parameter = tuple[str, str]

HIDDEN: Mapping[str, Parameter] = {
    "include_private": ("boolean", "With a token: also drafts that the caller may see"),
    "include_drafts": ("boolean", "As include_private"),
    "include_deleted": ("boolean", "With a token: also withdrawn datasets that the caller may see"),
}
_ID: Mapping[str, Parameter] = {"id": ("string", "The name, or where there is one the uuid")}
_FORCE: Mapping[str, Parameter] = {"force": ("boolean", "Publish what would be held; for who decides on that")}
_REASON: Mapping[str, Parameter] = {"reason": ("string", "Why; it is shown at the dataset's address")}
_PACKAGE: Mapping[str, Parameter] = {
    "name": ("string", "The address: small letters, digits, - and _"),
    "owner_org": ("string", "The agency"),
    "title": ("string", "The title"),
    "notes": ("string", "The description, in Markdown"),
    "license_id": ("string", "One of license_list"),
    "url": ("string", "A page about the data"),
    "tags": ("objects", "Objects with a name"),
    "tag_string": ("string", "Tags with commas"),
    "groups": ("objects", "Themes: objects with a name"),
    "extras": ("objects", "Objects with key and value"),
    "resources": ("objects", "Objects with name, description and url; on update with their id"),
    "private": ("boolean", "Keep it a draft"),
}
_RESOURCE: Mapping[str, Parameter] = {
    "name": ("string", "The title"),
    "description": ("string", "What the file is"),
    "url": ("string", "A public address, fetched at once"),
    "upload": ("file", "The file"),
    **_FORCE,
}
_TABLE: Mapping[str, Parameter] = {"resource_id": ("string", "The table")}
_RECORDS: Mapping[str, Parameter] = {"records": ("objects", "Rows: objects of value by column")}
_FILTERS: Mapping[str, Parameter] = {"filters": ("object", "Column and value, or list of values")}
_OWNER: Mapping[str, Parameter] = {
    "title": ("string", "The title"),
    "description": ("string", "What it is"),
    "extras": ("objects", "Agencies: abbreviation, email, homepage; themes: title_en"),
}
_NAMED: Mapping[str, Parameter] = {"name": ("string", "The address, for ever")}
_MEMBER: Mapping[str, Parameter] = {
    "id": ("string", "The theme"),
    "object": ("string", "The dataset"),
    "object_type": ("string", "package"),
    "capacity": ("string", "Taken without effect"),
}
_PERSON: Mapping[str, Parameter] = {
    **_ID,
    "username": ("string", "Taken without effect"),
    "role": ("string", "Taken without effect"),
}

WRITING: Mapping[str, Mapping[str, Parameter]] = {
    "package_create": {**_PACKAGE, "id": ("string", "A uuid for the dataset")},
    "package_update": {**_ID, **_PACKAGE, **_FORCE},
    "package_patch": {**_ID, **_PACKAGE, **_FORCE, "state": ("string", "active takes a withdrawal back")},
    "package_revise": {
        "match": ("object", "What must hold, id or name among it"),
        "filter": ("list", "+path and -path; the first that fits decides"),
        "update": ("object", "What to merge in"),
        "include": ("list", "The paths wanted in the answer"),
        **_FORCE,
    },
    "package_delete": {**_ID, **_REASON},
    "dataset_purge": {**_ID, **_REASON},
    "package_owner_org_update": {**_ID, "organization_id": ("string", "The agency")},
    "package_resource_reorder": {**_ID, "order": ("list", "The ids of its resources")},
    "resource_create": {"package_id": ("string", "The dataset"), **_RESOURCE},
    "resource_update": {**_ID, **_RESOURCE},
    "resource_patch": {**_ID, **_RESOURCE},
    "resource_delete": {**_ID, **_FORCE},
    "datastore_create": {
        **_TABLE,
        "resource": ("object", "In place of resource_id: package_id and name of a new resource"),
        "fields": ("objects", "Columns: id, type, and info with label, notes, unit"),
        **_RECORDS,
        "primary_key": ("list", "The columns by which rows are merged"),
        **_FORCE,
    },
    "datastore_upsert": {
        **_TABLE,
        **_RECORDS,
        "method": ("string", "upsert, insert or update"),
        "dry_run": ("boolean", "Judge and change nothing"),
        **_FORCE,
    },
    "datastore_delete": {**_TABLE, **_FILTERS, **_FORCE},
    "datastore_records_delete": {**_TABLE, **_FILTERS, **_FORCE},
    "organization_create": {**_NAMED, **_OWNER},
    "organization_update": {**_ID, **_OWNER},
    "organization_patch": {**_ID, **_OWNER},
    "organization_delete": _ID,
    "organization_purge": _ID,
    "group_create": {**_NAMED, **_OWNER},
    "group_update": {**_ID, **_OWNER},
    "group_patch": {**_ID, **_OWNER},
    "group_delete": _ID,
    "group_purge": _ID,
    "member_create": _MEMBER,
    "member_delete": _MEMBER,
    "organization_member_create": _PERSON,
    "organization_member_delete": _PERSON,
    "group_member_create": _PERSON,
    "group_member_delete": _PERSON,
    "organization_list_for_user": {"permission": ("string", "edit_group, read, create_dataset, admin, …")},
    "user_show": {"id": ("string", "The caller's own number or e-mail address")},
    "user_list": {"all_fields": ("boolean", "false: the name alone")},
    "api_token_list": {"user_id": ("string", "The caller's own number or e-mail address")},
    "api_token_create": {
        "user": ("string", "The caller's own number or e-mail address"),
        "name": ("string", "What it is for"),
        "scopes": ("list", "Of the scopes of the asking token"),
        "expires_in": ("integer", "How long, in units; never longer than the asking token"),
        "unit": ("integer", "Seconds of a unit"),
    },
    "api_token_revoke": {"jti": ("string", "Its number"), "token": ("string", "The token itself")},
}
