"""A CKAN package as somebody sends it: every fault in it at once, in CKAN's words, or our metadata."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import or_, select

from datasets.models import Dataset, Organization, Theme
from datasets.publish import RESERVED
from metadata import themes
from metadata.about import About
from metadata.profiles.ckan import about_from_package
from portal.api.faults import Invalid
from portal.context import session
from portal.web.links import site_root

NAME = re.compile(r"[a-z0-9_-]*\Z")
LONGEST_NAME = 100
_TAG = re.compile(r"[\w \-.]*\Z")
_TEXTS = ("title", "notes", "url", "license_id", "version")
_LONGEST = {"title": 400, "notes": 20_000, "url": 2000, "license_id": 500, "version": 100}
_OURS = frozenset({"new", "edit", "search", *RESERVED})
MOST_LISTED = 200
"""Of tags, groups, extras and resources; a dataset with more of them is a mistake."""

Faults = dict[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Given:
    """A package that can be written. `resources` is None when nothing is said of them."""

    id: str
    name: str
    about: About
    groups: tuple[str, ...]
    owner: Organization
    private: bool
    resources: list[dict[str, Any]] | None


def read_package(values: Mapping[str, Any], before: Dataset | None = None) -> Given:
    """The package in `values`. Raises `Invalid` with all that is wrong with it."""
    faults: Faults = {}
    identifier = before.uuid if before else _identifier(values.get("id"), faults)
    name = _name(values.get("name"), before, faults)
    owner = _owner(values.get("owner_org"), faults)
    for field in _TEXTS:
        check_text(values, field, _LONGEST[field], faults)
    tags = _tags(values, faults)
    groups = _groups(values.get("groups"), faults)
    extras = _extras(values.get("extras"), faults)
    resources = listed(values, "resources", faults) if values.get("resources") is not None else None
    if faults:
        raise Invalid(faults)
    assert owner is not None  # noqa: S101 - else there were faults
    package = {
        "title": values.get("title") or name,
        "notes": values.get("notes"),
        "license_id": values.get("license_id"),
        "url": values.get("url") if not str(values.get("url") or "").startswith(site_root()) else None,
        "tags": [{"name": tag} for tag in tags],
        "groups": [{"name": group} for group in groups],
        "extras": extras,
        **{field: values.get(field) for field in _contact(values, owner)},
    }
    own = tuple(group for group in groups if themes.match(group) is None)
    about = about_from_package(package)
    about = about.model_copy(update={"themes": tuple(one for one in about.themes if one not in own)})
    return Given(identifier, name, about, own, owner, _private(values), resources)


def check_name(value: object, faults: Faults) -> str:
    """A name as CKAN takes it."""
    if value is None or value == "":
        faults["name"] = ["Missing value"]
    elif not isinstance(value, str):
        faults["name"] = ["Names must be strings"]
    else:
        said = []
        if value in _OURS:
            said.append("That name cannot be used")
        if len(value) < 2:
            said.append("Must be at least 2 characters long")
        if len(value) > LONGEST_NAME:
            said.append(f"Name must be a maximum of {LONGEST_NAME} characters long")
        if not NAME.match(value):
            said.append("Must be purely lowercase alphanumeric (ascii) characters and these symbols: -_")
        if said:
            faults["name"] = said
    return value if isinstance(value, str) else ""


def check_text(values: Mapping[str, Any], field: str, longest: int, faults: Faults) -> None:
    """A text that may be absent."""
    value = values.get(field)
    if isinstance(value, (list, dict)):
        faults[field] = ["Must be a Unicode string value"]
    elif value is not None and len(str(value)) > longest:
        faults[field] = [f"Must be a maximum of {longest} characters long"]


def listed(values: Mapping[str, Any], field: str, faults: Faults) -> list[dict[str, Any]]:
    """A list of objects."""
    value = values.get(field)
    if value is None or value == "":
        return []
    if not isinstance(value, list) or any(not isinstance(item, dict) for item in value):
        faults[field] = ["Only lists of dicts can be placed against subschema"]
        return []
    if len(value) > MOST_LISTED:
        faults[field] = [f"At most {MOST_LISTED} are taken"]
        return []
    return value


def _identifier(value: object, faults: Faults) -> str:
    if value in (None, ""):
        return str(uuid4())
    try:
        identifier = str(UUID(str(value)))
    except ValueError:
        faults["id"] = ["The id is not a valid UUID"]
        return ""
    if session().scalar(select(Dataset.id).where(Dataset.uuid == identifier)) is not None:
        faults["id"] = ["Dataset id already exists"]
    return identifier


def _name(value: object, before: Dataset | None, faults: Faults) -> str:
    if before is not None and value in (None, "", before.slug):
        return before.slug
    name = check_name(value, faults)
    if "name" in faults:
        return ""
    if before is not None and before.current_version_id is not None:
        faults["name"] = ["The address of a published dataset never changes"]
    elif session().scalar(select(Dataset.id).where(Dataset.slug == name)) is not None:
        faults["name"] = ["That URL is already in use."]
    return name


def _owner(value: object, faults: Faults) -> Organization | None:
    if value in (None, ""):
        faults["owner_org"] = ["Missing value"]
        return None
    found = session().scalar(select(Organization).where(Organization.slug == str(value)[:LONGEST_NAME]))
    if found is None:
        faults["owner_org"] = ["Organization does not exist"]
    return found


def _tags(values: Mapping[str, Any], faults: Faults) -> list[str]:
    tags = [str(tag.get("name") or tag.get("display_name") or "") for tag in listed(values, "tags", faults)]
    tags += [part.strip() for part in str(values.get("tag_string") or "").split(",") if part.strip()]
    said = []
    for tag in tags:
        if len(tag) < 2:
            said.append(f'Tag "{tag}" length is less than minimum 2')
        elif len(tag) > LONGEST_NAME:
            said.append(f'Tag "{tag[:20]}…" length is more than maximum {LONGEST_NAME}')
        elif not _TAG.match(tag):
            said.append(f'Tag "{tag}" can only contain alphanumeric characters, spaces, hyphens, underscores or dots')
    if said:
        faults["tags"] = said
    return tags


def _groups(value: object, faults: Faults) -> list[str]:
    named = [str(one.get("name") or one.get("id") or "") for one in listed({"groups": value}, "groups", faults)]
    if not named:
        return []
    asked = select(Theme.slug).where(or_(Theme.slug.in_(named)))
    known = set(session().scalars(asked)) | {theme.slug for theme in themes.every()}
    if unknown := [name for name in named if name not in known]:
        faults["groups"] = [f"Group does not exist: {name[:LONGEST_NAME]}" for name in unknown]
    return [name for name in named if name in known]


def _extras(value: object, faults: Faults) -> list[dict[str, str]]:
    found: dict[str, str] = {}
    said = []
    for one in listed({"extras": value}, "extras", faults):
        key = one.get("key")
        if not isinstance(key, str) or not key.strip():
            said.append("key: Missing value")
        elif key in found:
            said.append(f"{key}: There is a schema field with the same name")
        elif isinstance(one.get("value"), (list, dict)):
            said.append(f"{key}: Must be a Unicode string value")
        else:
            found[key] = "" if one.get("value") is None else str(one["value"])
    if said:
        faults["extras"] = said
    return [{"key": key, "value": text} for key, text in found.items() if text]


def _private(values: Mapping[str, Any]) -> bool:
    private = str(values.get("private", "")).strip().lower() in ("true", "yes", "t", "y", "on", "1")
    return private or values.get("state") == "draft"


def _contact(values: Mapping[str, Any], owner: Organization) -> list[str]:
    """The fields of whom to ask, where they are not those that we would give by ourselves."""
    pairs = (("author", "author_email"), ("maintainer", "maintainer_email"))
    return [field for pair in pairs if values.get(pair[0]) not in (None, "", owner.title) for field in pair]
