"""Agencies, themes, tags, formats and members through ckanapi: a line is a promise to some client."""

from __future__ import annotations

from typing import Any

import pytest
from ckanapi import RemoteCKAN
from promises import Promise, gives, names
from served_portal import AGENCIES, SCHOOLS, SERIES, Served

HEALTH = AGENCIES[1]
ALL = list(AGENCIES)
FLAGS = {f"include_{what}": True for what in ("dataset_count", "extras", "users", "groups", "tags", "followers")}
ORGANIZATIONS = [
    gives("by title", "organization_list", lambda r: r == ALL),
    gives("all_fields", "organization_list", lambda r: [o["package_count"] for o in r] == [5, 3, 2, 1], all_fields=1),
    gives("sort by count", "organization_list", lambda r: r == ALL[:1], sort="package_count desc", limit=1),
    gives("sort by name, descending", "organization_list", lambda r: r == ALL[::-1], sort="name desc"),
    gives("order_by", "organization_list", lambda r: r[0] == ALL[0], order_by="packages"),
    gives("offset", "organization_list", lambda r: r == ALL[3:], offset=3),
    gives("limit", "organization_list", lambda r: r == ALL[:2], limit=2),
    gives("organizations", "organization_list", lambda r: r == [ALL[2]], organizations=[ALL[2]]),
    gives("include_*", "organization_list", lambda r: len(r) == 4, all_fields=True, **FLAGS),
    gives("one", "organization_show", lambda r: (r["title"], "packages" in r) == ("Dinas Kesehatan", False), id=HEALTH),
    gives("with datasets", "organization_show",
          lambda r: sorted(names(r["packages"])) == list(SERIES), id=HEALTH, include_datasets=True),
    gives("include_* of one", "organization_show", lambda r: r["package_count"] == 3, id=HEALTH, **FLAGS),
    gives("no people are shown", "organization_show", lambda r: r["users"] == [], id=HEALTH, include_users=True),
    gives("completing", "organization_autocomplete", lambda r: names(r) == [ALL[2]], q="didik"),
    gives("completing, limit", "organization_autocomplete", lambda r: len(r) == 2, q="dinas", limit=2),
    gives("nobody's own", "organization_list_for_user", lambda r: r == []),
    gives("nobody's own, by permission", "organization_list_for_user", lambda r: r == [], permission="create_dataset"),
    gives("members are datasets", "member_list", lambda r: len(r) == 3, id=HEALTH, object_type="package"),
    gives("people are not told to strangers", "member_list", lambda r: r == [], id=HEALTH, object_type="user"),
]  # fmt: skip
GROUPS = [
    gives("themes", "group_list", lambda r: {"kesehatan", "pendidikan", "pertanian"} <= set(r)),
    gives("themes as QGIS asks", "group_list",
          lambda r: r[0]["package_count"] >= 3, all_fields=True, sort="package_count desc", limit=1),
    gives("themes chosen", "group_list", lambda r: r == ["kesehatan"], groups=["kesehatan"]),
    gives("a theme", "group_show", lambda r: (r["type"], r["package_count"]) == ("group", 3), id="kesehatan"),
    gives("a theme with datasets", "group_show", lambda r: len(r["packages"]) == 3, id="kesehatan", include_datasets=1),
    gives("its datasets", "group_package_show", lambda r: sorted(names(r)) == list(SERIES), id="kesehatan"),
    gives("its datasets, limit", "group_package_show", lambda r: len(r) == 2, id="kesehatan", limit=2),
    gives("completing themes", "group_autocomplete", lambda r: names(r) == ["kesehatan"], q="sehat"),
    gives("members of a theme", "member_list", lambda r: [m[1] for m in r] == ["package"] * 3, id="kesehatan"),
    gives("nobody's themes", "group_list_authz", lambda r: r == []),
]  # fmt: skip
TAGS = [
    gives("tags", "tag_list", lambda r: {"luas tanah", "penyakit"} <= set(r) and r == sorted(r)),
    gives("tags by a part", "tag_list", lambda r: r == ["luas tanah"], query="TANAH"),
    gives("tags, all_fields", "tag_list", lambda r: r[0]["vocabulary_id"] is None, all_fields=True),
    gives("tags of a vocabulary", "tag_list", lambda r: r == [], vocabulary_id="x"),
    gives("a tag", "tag_show", lambda r: r["name"] == "luas tanah", id="luas tanah"),
    gives("a tag with datasets", "tag_show",
          lambda r: names(r["packages"]) == [SCHOOLS], id="luas tanah", include_datasets=True),
    gives("searching", "tag_search", lambda r: (r["count"], names(r)) == (1, ["demam berdarah"]), query="demam"),
    gives("searching, limit", "tag_search", lambda r: len(r["results"]) == 1 < r["count"], query="a", limit=1),
    gives("completing tags", "tag_autocomplete", lambda r: r == ["penyakit"], query="penya"),
    gives("completing tags by q", "tag_autocomplete", lambda r: r == ["penyakit"], q="penya"),
    gives("completing formats", "format_autocomplete", lambda r: r == ["csv"], q="cs"),
    gives("completing formats, limit", "format_autocomplete", lambda r: len(r) == 1, q="", limit=1),
]  # fmt: skip
PROMISES = [*ORGANIZATIONS, *GROUPS, *TAGS]


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: f"{promise.action} {promise.words}")
def test_the_action_gives_what_is_promised(ckan: RemoteCKAN, document: dict[str, Any], promise: Promise) -> None:
    promise.kept_by(ckan, document)


def test_a_get_gives_the_same(portal: Served, ckan: RemoteCKAN) -> None:
    with portal.client(get_only=True) as by_get:
        for promise in PROMISES:
            assert by_get.call_action(promise.action, promise.asked) == ckan.call_action(promise.action, promise.asked)
