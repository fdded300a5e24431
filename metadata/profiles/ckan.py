"""What a CKAN package says about a dataset, in our own words; the figures that some portals hide in `extras`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from metadata import licenses, vocabularies
from metadata.about import About, Contact
from metadata.profiles.ckan_dicts import CkanGroup, CkanPackage, CkanResource, to_package_dict

__all__ = [
    "CkanGroup",
    "CkanPackage",
    "CkanResource",
    "about_from_package",
    "figures_as_csv",
    "figures_from_extras",
    "to_package_dict",
]

LONGEST = 20_000
"""Characters of a text that are taken over; a portal's description is not a place for a book."""

_OFFICE = re.compile(
    r"\b(?:dinas|badan|bidang|seksi|bagian|sekretariat|kantor|balai|upt|uptd|puskesmas|rsud|kecamatan|kelurahan|desa"
    r"|bappeda|bapperida|diskominfo|kominfo|bps|inspektorat|satpol|pemerintah|pemkab|pemprov|pemkot|kementerian|unit"
    r"|walidata|ppid|disdik\w*|dinkes|dpmptsp|bkd|bpkad|dispenduk\w*|disnaker\w*)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:tahun|thn|th)?\.?\s*((?:19|20)\d\d)", re.IGNORECASE)
_FIGURE = re.compile(r"(?:Rp\.?\s*)?-?\d[\d.,]*\s*%?")


def about_from_package(package: Mapping[str, Any]) -> About:
    """The metadata of a CKAN package (`package_show`), whatever of it is missing or of another type than it should be.

    Extras are known by an alias table; those that are not stay under their own key, figures of years apart (see
    `figures_from_extras`). A contact is taken over only when it names an office: private persons are left out.
    """
    said: dict[str, Any] = {}
    unknown: dict[str, str] = {}
    for key, value in _extras(package):
        member = _aliases().get(vocabularies.key(key))
        if member is None:
            if not _is_figure(key, value):
                unknown[key] = value
        else:
            said.setdefault(member, value)
    organization = package.get("organization")
    tags = (tag.get("display_name") or tag.get("name") for tag in _objects(package.get("tags")))
    groups = (
        group.get("title") or group.get("display_name") or group.get("name")
        for group in _objects(package.get("groups"))
    )
    office = _text(organization.get("title")) if isinstance(organization, Mapping) else None
    return About(
        title=_line(package.get("title")) or _line(package.get("name")),
        description=_text(package.get("notes")),
        keywords=_lines([*tags, *re.split(r"[,;]", said.pop("keywords", ""))]),
        themes=_lines([*groups, *re.split(r"[,;]", said.pop("themes", ""))]),
        license=_license(package),
        homepage=_address(package.get("url")),
        version=_line(package.get("version")),
        source_title=said.pop("source_title", None) or office,
        source_path=_address(said.pop("source_path", None)),
        regions=_lines(re.split(r"[,;]", said.pop("regions", ""))),
        contacts=tuple(_contacts(package, said.pop("contact", None), said.pop("contact_email", None))),
        extras=unknown,
        **said,
    )


def figures_from_extras(package: Mapping[str, Any]) -> tuple[tuple[int, str], ...]:
    """The figures that stand in the extras (`{"key": "Tahun 2022", "value": "75"}`), as (year, text) in order.

    The same year twice with different figures says nothing that can be trusted: then there are none.
    """
    found: dict[int, str] = {}
    for key, value in _extras(package):
        if _is_figure(key, value):
            year = int(_year_of(key))
            if found.setdefault(year, value) != value:
                return ()
    return tuple(sorted(found.items()))


def figures_as_csv(package: Mapping[str, Any]) -> str | None:
    """The figures of the extras as a small CSV file with the columns `tahun,nilai`; None when there are none."""
    figures = figures_from_extras(package)
    if not figures:
        return None
    return "tahun,nilai\n" + "".join(f'{year},"{value}"\n' for year, value in figures)


def _license(package: Mapping[str, Any]) -> str | None:
    """The licence's id, or the portal's own words for one that we do not know; None when the portal states none."""
    for key in ("license_id", "license_url", "license_title"):
        known = licenses.match(_line(package.get(key)))
        if known is not None:
            return None if known.id == licenses.NOT_STATED else known.id
    return _line(package.get("license_title")) or _line(package.get("license_id"))


def _contacts(package: Mapping[str, Any], name: str | None, email: str | None) -> Iterator[Contact]:
    pairs = [
        (name, email),
        (package.get("maintainer"), package.get("maintainer_email")),
        (package.get("author"), package.get("author_email")),
    ]
    seen: set[str] = set()
    for title, address in pairs:
        office = _line(title)
        if office and _OFFICE.search(office) and office not in seen:
            seen.add(office)
            mail = _line(address)
            yield Contact(title=office, email=mail if mail and re.fullmatch(r"[^@\s]+@[^@\s]+\.\w+", mail) else None)


def _extras(package: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Key and value of each extra as tidy texts; both shapes that portals use, a list of pairs and a plain object."""
    extras = package.get("extras")
    pairs: list[tuple[Any, Any]] = []
    if isinstance(extras, Mapping):
        pairs = list(extras.items())
    else:
        pairs = [(extra.get("key"), extra.get("value")) for extra in _objects(extras)]
    for key, value in pairs:
        name, text = _line(key), _text(value)
        if name and text:
            yield name, text


def _is_figure(key: str, value: str) -> bool:
    return bool(_year_of(key)) and bool(_FIGURE.fullmatch(value.strip()))


def _year_of(key: str) -> str:
    found = _YEAR.fullmatch(key.strip())
    return found[1] if found else ""


def _objects(value: object) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def _text(value: object) -> str | None:
    """A text with its lines, without blanks at the ends; None for what is no text or number."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = str(value).replace("\0", "").replace("\r\n", "\n").strip()
    return text[:LONGEST] or None


def _line(value: object) -> str | None:
    """A text in one line with single blanks: portals write titles with double ones."""
    text = _text(value)
    return " ".join(text.split())[:500] if text else None


def _lines(values: list[Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line for value in values if (line := _line(value))))


def _address(value: object) -> str | None:
    line = _line(value)
    return line if line and re.match(r"https?://\S+$", line) else None


@cache
def _aliases() -> dict[str, str]:
    return vocabularies.index(
        ((row["member"], *vocabularies.words(row["aliases"])), row["member"])
        for row in vocabularies.rows("ckan_extras")
    )
