"""Settings as fields of a form: what each means in words, its kind, and how what was typed becomes a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from datasets.kept import BOUNDS, SETTABLE, is_given
from datasets.settings import PREFIX, Settings
from portal.kip import settings as kip
from portal.kip.settings import CHOICES, KipSettings
from portal.web.i18n import gettext as _

OFFICE = ("body", "office", "address", "phone", "email", "website", "place")
SIGNING = ("ppid", "superior", "head")
OF_SIGNATORY = ("name", "post", "nip")


@dataclass(frozen=True, slots=True)
class Field:
    """A field: `kind` is text, number, switch or choice; `fixed` says why it cannot be changed here.

    `bounds` are the least and the most of a number, or of the letters of a text.
    """

    name: str
    label: str
    kind: str
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    fixed: str = ""
    bounds: tuple[int, int] = (0, 500)


def portal_fields(configured: Settings) -> list[Field]:
    """The settings of the portal that a page may say."""
    words = {
        "site_title": (_("Name of the portal"), ""),
        "max_file_megabytes": (_("Largest file that is taken in, in megabytes"), ""),
        "asked_per_minute": (_("Calls a minute that one visitor has at the interfaces for programs"), ""),
        "query_seconds": (_("Seconds that one question to a table may take"), ""),
        "query_rows": (_("Rows that one page of a table may have"), ""),
        "sql_enabled": (_("The SQL page of datasets"), ""),
        "sql_seconds": (_("Seconds that one SQL question may take"), ""),
        "factor_for_all": (
            _("A second step at sign-in for everybody who holds a role"),
            _("Administrators always need one."),
        ),
    }
    return [
        Field(
            name,
            words[name][0],
            _kind(getattr(configured, name)),
            words[name][1],
            fixed=_("Set on the server as %(name)s.", name=PREFIX + name.upper()) if is_given(configured, name) else "",
            bounds=BOUNDS.get(name, (0, 500)),
        )
        for name in SETTABLE
    ]


def kip_fields() -> list[Field]:
    """The settings of the desk for requests: what the law leaves open."""
    words = {
        "collective_leave_is_off": _("Collective leave (cuti bersama) is no working day"),
        "first_day": _("From when a term of days is counted"),
        "clock_start_rule": _("From when the ten days run after papers had to be completed"),
        "correction_rounds": _("How often papers may be asked for again"),
        "deemed_complete_after_check": _("A request counts as complete when the check was not done in time"),
        "opd_may_answer": _("A PPID Pelaksana may answer by itself"),
        "opd_due": _("Working days within which an agency hands in what was asked"),
        "delivery_max": _("Working days after registration by which everything is handed over"),
        "ground_b_needs_request": _("An objection for periodic information needs a request before it"),
        "late_objection": _("An objection after its term"),
        "names_public": _("Names of applicants in public"),
        "withdrawal": _("Taking a request back"),
        "number_format": _("How requests are numbered"),
        "ki": _("Information commission in charge"),
        "retention_proof_days": _("Days after the end for which a proof of identity is kept"),
        "retention_identity_years": _("Years after the end for which identities are kept"),
    }
    choices = {
        "next_working_day": _("the working day after"),
        "same_day": _("the same day"),
        "completing_papers": _("the arrival of the completing papers"),
        "declared_complete": _("the day they are declared complete"),
        "first_receipt": _("the first receipt"),
        "register_and_flag": _("is registered and marked as late"),
        "refuse": _("is refused"),
        "never_without_opt_in": _("only who asked for it"),
        "never": _("never"),
        "allowed": _("is allowed"),
        "refused": _("is refused"),
    }
    defaults = asdict(KipSettings())
    return [
        Field(
            one.name,
            words.get(one.name, one.name),
            "choice" if one.name in CHOICES else _kind(defaults[one.name]),
            choices=tuple((value, choices.get(value, value)) for value in CHOICES.get(one.name, ())),
            bounds=kip.BOUNDS.get(one.name, (0, 500)),
        )
        for one in fields(KipSettings)
    ]


def office_fields() -> list[Field]:
    """The head of letters and who signs them."""
    words = {
        "body": _("Public body"),
        "office": _("Office"),
        "address": _("Postal address"),
        "phone": _("Telephone"),
        "email": _("E-mail"),
        "website": _("Website"),
        "place": _("Place in front of the date"),
    }
    whose = {"ppid": "PPID", "superior": "Atasan PPID", "head": _("Head of the public body")}
    what = {"name": _("name"), "post": _("post"), "nip": "NIP"}
    signing = [
        Field(f"{who}.{member}", f"{whose[who]}: {what[member]}", "text") for who in SIGNING for member in OF_SIGNATORY
    ]
    return [Field(name, words[name], "text") for name in OFFICE] + signing


def shown(values: Mapping[str, Any]) -> dict[str, str]:
    """Values as a form shows them."""
    return {name: ("1" if value else "") if isinstance(value, bool) else str(value) for name, value in values.items()}


def read(offered: list[Field], given: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """What was typed as values, and what is wrong, field by field. What is fixed is passed over."""
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for field in offered:
        text = given.get(field.name, "").strip()
        least, most = field.bounds
        if field.fixed:
            continue
        if field.kind == "switch":
            values[field.name] = text == "1"
        elif field.kind == "number":
            if not (text.isascii() and text.isdigit() and least <= int(text[:10]) <= most):
                errors[field.name] = _("Write a whole number from %(least)s to %(most)s.", least=least, most=most)
            else:
                values[field.name] = int(text)
        elif field.kind == "choice" and text not in dict(field.choices):
            errors[field.name] = _("Choose one of these.")
        elif len(text) < least:
            errors[field.name] = _("Give it a name.")
        elif len(text) > most:
            errors[field.name] = _("At most %(most)s characters.", most=most)
        else:
            values[field.name] = text
    return values, errors


def _kind(value: object) -> str:
    return "switch" if isinstance(value, bool) else "number" if isinstance(value, int) else "text"
