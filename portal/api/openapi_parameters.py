"""The parameters of the actions, for the OpenAPI document and its page: name, kind and meaning."""

from __future__ import annotations

from collections.abc import Mapping

from portal.api.openapi_writing import HIDDEN, WRITING

Parameter = tuple[str, str]

_WITHOUT: Parameter = ("string", "Taken without effect")
_LIMIT: Mapping[str, Parameter] = {
    "limit": ("integer", "How many at most"),
    "offset": ("integer", "How many to pass over"),
}
_ID: Mapping[str, Parameter] = {"id": ("string", "The name, or where there is one the uuid")}
_TYPED: Mapping[str, Parameter] = {"q": ("string", "What is typed"), "limit": ("integer", "How many at most")}
_SHOWN: Mapping[str, Parameter] = {**_ID, "include_datasets": ("boolean", "With the ten newest datasets")}
_ENTRIES: Mapping[str, Parameter] = {
    "all_fields": ("boolean", "Dictionaries and not only names"),
    "sort": ("string", "name, title or package_count, with asc or desc"),
    **_LIMIT,
}
_ROWS: Mapping[str, Parameter] = {
    "resource_id": ("string", "The table"),
    "filters": ("object", 'Field and value, list of values, or {"gte": 1, "lt": 5}; $and, $or'),
    "q": ("object", "Words in any field, or an object of words by field"),
    "plain": ("boolean", "false: read & | ! and word:* in q"),
    "language": ("string", "Taken without effect: words are not stemmed"),
    "distinct": ("boolean", "Equal rows once"),
    "fields": ("list", "The fields wanted"),
    "sort": ("string", "nilai desc, tahun"),
    "limit": ("integer", "Rows: 100, at most 32000"),
    "offset": ("integer", "Rows to pass over"),
    "include_total": ("boolean", "Count all rows that fit"),
    "records_format": ("string", "objects, lists, csv or tsv"),
    "total_estimation_threshold": ("integer", "Taken and not needed: totals are exact"),
}

PARAMETERS: Mapping[str, Mapping[str, Parameter]] = {
    "package_list": {**_LIMIT, **HIDDEN},
    "current_package_list_with_resources": {**_LIMIT, "page": ("integer", "The page, in place of offset")},
    "package_show": {
        **_ID,
        "include_tracking": ("boolean", "With how often it was viewed and downloaded"),
        "use_default_schema": _WITHOUT,
    },
    "package_autocomplete": _TYPED,
    "package_search": {
        "q": ("string", "Words, or field:value"),
        "fq": ("list", "Conditions: organization, groups, tags, res_format, license_id, name, title, region, year, …"),
        "fq_list": ("list", "More conditions"),
        "fl": ("list", "The members wanted of each dataset"),
        "sort": ("string", "metadata_modified desc, name asc, …"),
        "rows": ("integer", "10, at most 1000"),
        "start": ("integer", "Datasets to pass over"),
        "facet": ("boolean", "Whether to count"),
        "facet.field": ("list", "Fields to count: organization, groups, tags, res_format, license_id"),
        "facet.limit": ("integer", "Values of each field: 50, -1 for all"),
        "facet.mincount": ("integer", "The least count that is told"),
        "include_tracking": ("boolean", "With how often each was viewed and downloaded"),
        **HIDDEN,
        **dict.fromkeys(("use_default_schema", "qf", "bf", "boost", "tie", "defType", "mm", "df", "wt"), _WITHOUT),
    },
    "resource_show": _ID,
    "resource_search": {"query": ("list", "field:text"), **_LIMIT},
    "resource_view_list": _ID,
    "organization_list": {**_ENTRIES, "organizations": ("list", "The names wanted")},
    "organization_show": _SHOWN,
    "organization_autocomplete": _TYPED,
    "organization_activity_list": {**_ID, **_LIMIT},
    "group_list": {**_ENTRIES, "groups": ("list", "The names wanted")},
    "group_show": _SHOWN,
    "group_package_show": {**_ID, "limit": ("integer", "How many at most")},
    "group_autocomplete": _TYPED,
    "group_activity_list": {**_ID, **_LIMIT},
    "format_autocomplete": _TYPED,
    "tag_autocomplete": _TYPED,
    "tag_list": {
        "query": ("string", "A part of the name"),
        "all_fields": ("boolean", "Dictionaries"),
        "vocabulary_id": ("string", "There are no vocabularies: nothing is found in one"),
    },
    "tag_search": {"query": ("list", "Parts of the name"), **_LIMIT},
    "tag_show": _SHOWN,
    "package_activity_list": {**_ID, **_LIMIT},
    "recently_changed_packages_activity_list": _LIMIT,
    "help_show": {"name": ("string", "The action")},
    "datastore_search": _ROWS,
    "datastore_info": _ID,
    "datastore_search_sql": {"sql": ("string", "One SELECT over tables named by their id in double quotes")},
    "member_list": {
        **_ID,
        "object_type": ("string", "package or user"),
        "capacity": ("string", "public, editor or member"),
    },
    "dataset_follower_count": _ID,
    "organization_follower_count": _ID,
    "group_follower_count": _ID,
    **WRITING,
}
