"""The description of a draft as fields of a form and back, and two people's saves put together field by field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from metadata import frequencies, licenses, themes, units
from metadata.about import About, ColumnAbout, Contact
from metadata.profiles import sdi
from portal.web.i18n import current_language
from portal.web.i18n import gettext as _

LONGEST = 10_000
_PLAIN = (
    *("description", "period_start", "period_end", "concept", "definition", "classification"),
    *("method", "unit", "measure", "reference_code", "source_title", "license", "frequency"),
)


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field: how it is asked for (`line`, `text`, `select`, `ticks`), its help, and the choices of a code list."""

    name: str
    label: str
    kind: str
    hint: str
    choices: tuple[tuple[str, str], ...] = ()
    listed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that belong together; the first ones are open, the rest folded."""

    title: str
    open: bool
    fields: tuple[FieldView, ...]


@dataclass(frozen=True, slots=True)
class Merged:
    """Two saves put together: what is to be shown, which fields the other changed, and where both changed the same."""

    values: dict[str, str]
    theirs: tuple[str, ...] = ()
    clashes: dict[str, str] = field(default_factory=dict)


def groups() -> tuple[Group, ...]:
    """The fields of the page."""
    language = current_language()
    rhythm = (("", "–"), *((one.slug, one.title.say(language)) for one in frequencies.every()))
    terms = (("", "–"), *((one.id, one.title.say(language)) for one in licenses.every()))
    subjects = tuple((one.slug, one.title.say(language)) for one in themes.every())
    named = tuple(unit.name for unit in units.every())
    return (
        Group(
            _("What it is"),
            True,
            (
                FieldView("title", _("Title"), "line", _member("judul")),
                FieldView("description", _("Summary"), "text", _member("deskripsi")),
                FieldView("themes", _("Themes"), "ticks", _("One or two are enough."), subjects),
                FieldView("keywords", _("Keywords"), "line", _("Words people would search for, divided by commas.")),
            ),
        ),
        Group(
            _("When, how often, on which terms"),
            True,
            (
                FieldView("frequency", _("Update frequency"), "select", _member("frekuensi"), rhythm),
                FieldView("period_start", _("From"), "line", _("A year or a date, such as 2020 or 2020-01-31.")),
                FieldView("period_end", _("To"), "line", _("The same; leave it empty for a single year.")),
                FieldView("license", _("Licence"), "select", _member("lisensi"), terms),
            ),
        ),
        Group(
            _("Whom to ask"),
            True,
            (
                FieldView("contact", _("Office"), "line", _("The office that answers questions, not a person.")),
                FieldView("contact_email", _("E-mail of the office"), "line", _("It is shown to the public.")),
                FieldView("source_title", _("Source"), "line", _("The report or system that the figures are from.")),
            ),
        ),
        Group(
            _("Data standard (Satu Data Indonesia)"),
            False,
            (
                FieldView("concept", _("Concept"), "line", _member("konsep")),
                FieldView("definition", _("Definition"), "text", _member("definisi")),
                FieldView("classification", _("Classification"), "line", _member("klasifikasi")),
                FieldView("measure", _("Measure"), "line", _member("ukuran")),
                FieldView("unit", _("Unit"), "line", _member("satuan"), (), named),
                FieldView("method", _("Method"), "text", _member("metode")),
                FieldView("regions", _("Regions covered"), "line", _member("cakupanWilayah")),
                FieldView("reference_code", _("Reference code"), "line", _member("kodeReferensi")),
            ),
        ),
    )


def labels() -> dict[str, str]:
    """The label of each field by its name."""
    return {one.name: one.label for group in groups() for one in group.fields} | {"change": _("What is new")}


def values_of(about: About, *, title: str, change: str) -> dict[str, str]:
    """The description as the fields of the form hold it; columns as `column.<name>`."""
    values = {name: getattr(about, name) or "" for name in _PLAIN}
    contact = about.contacts[0] if about.contacts else None
    frequency, licence = frequencies.match(about.frequency), licenses.match(about.license)
    values |= {
        "title": title,
        "change": change,
        "keywords": ", ".join(about.keywords),
        "themes": " ".join(theme.slug for theme in map(themes.match, about.themes) if theme),
        "regions": ", ".join(about.regions),
        "frequency": frequency.slug if frequency else "",
        "license": licence.id if licence else "",
        "contact": contact.title if contact else "",
        "contact_email": (contact.email or "") if contact else "",
    }
    return values | {f"column.{name}": one.description or "" for name, one in about.columns.items()}


def about_of(values: Mapping[str, str], before: About) -> About:
    """The description that the fields say; what the form does not ask for stays as it was."""
    columns = dict(before.columns)
    for key, text in values.items():
        if key.startswith("column."):
            name = key.removeprefix("column.")
            columns[name] = columns.get(name, ColumnAbout()).model_copy(update={"description": text or None})
    contact = None
    if values.get("contact"):
        contact = Contact(title=values["contact"], email=values.get("contact_email") or None)
    said: dict[str, object] = {name: values.get(name) or None for name in _PLAIN}
    return before.model_copy(
        update=said
        | {
            "keywords": _listed(values.get("keywords", "")),
            "regions": _listed(values.get("regions", "")),
            "themes": tuple(values.get("themes", "").split()),
            "contacts": (contact, *before.contacts[1:]) if contact else before.contacts[1:],
            "columns": {name: one for name, one in columns.items() if one != ColumnAbout()},
        }
    )


def merged(was: Mapping[str, str], typed: Mapping[str, str], stored: Mapping[str, str]) -> Merged:
    """Three ways: what only one of the two changed is taken over; where both did, what was typed stays and is told.

    `was` is what the page showed when it was opened, `typed` what comes back, `stored` what the other has saved since.
    """
    values, theirs, clashes = dict(stored), [], {}
    for name, text in typed.items():
        before, other = was.get(name, ""), stored.get(name, "")
        if text == before:
            values[name] = other
            if other != before:
                theirs.append(name)
            continue
        values[name] = text
        if other not in (before, text):
            clashes[name] = other
    return Merged(values, tuple(theirs), clashes)


def mistakes(values: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with what was typed, by field."""
    found = {}
    if not values.get("title"):
        found["title"] = _("A dataset needs a title.")
    email = values.get("contact_email", "")
    if email and ("@" not in email.strip("@") or " " in email):
        found["contact_email"] = _("This is no e-mail address.")
    for name in ("period_start", "period_end"):
        text = values.get(name, "")
        if text and not re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", text):
            found[name] = _("Write a year (2023), a month (2023-04) or a day (2023-04-30).")
    return found


def _listed(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip()[:200] for part in text.split(",") if part.strip()))


def _member(key: str) -> str:
    found = sdi.member(key)
    return found.meaning.say(current_language()) if found else ""
