"""What was checked, mended and doubted in a version, in plain words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from datasets.models import Version
from metadata.notices import Notice
from portal.web import figures
from portal.web.i18n import current_language, ngettext
from portal.web.i18n import gettext as _

_MOST = 50
"""Sentences shown of one kind; the whole list stands in the package."""


@dataclass(frozen=True, slots=True)
class Sentences:
    """Things of one kind: how many, and the first of them in words. `more` says how many are left out."""

    title: str
    lines: tuple[str, ...]
    more: str


@dataclass(frozen=True, slots=True)
class Quality:
    """`state` is good when every cell fits its column, warn when some do not, none when there is no table to check."""

    state: Literal["good", "warn", "none"]
    verdict: str
    faults: Sentences
    repairs: Sentences


def quality(version: Version) -> Quality:
    """The validation report and the notices of reading; the version's resources must be loaded."""
    from metadata.validate import plain_words  # late: it may bring frictionless, 0.4 s

    report: Mapping[str, Any] = version.report or {}
    language = current_language()
    titles = {
        field["name"]: field.get("title") or field["name"]
        for resource in version.resources
        for field in resource.schema.get("fields", [])
    }
    findings = plain_words(report, language, titles=titles)
    repairs = [Notice.from_dict(notice).say(language) for notice in version.notices]
    count = sum(finding.count for finding in findings)
    rows = sum(resource.rows or 0 for resource in version.resources)
    checked = bool(report.get("tasks"))
    return Quality(
        state="none" if not checked else "warn" if count else "good",
        verdict=_verdict(count, rows) if checked else _("There is no table in this version that could be checked."),
        faults=_sentences(
            ngettext("%(count)s finding", "%(count)s findings", len(findings)), [str(each) for each in findings]
        ),
        repairs=_sentences(
            ngettext("%(count)s remark from reading the file", "%(count)s remarks from reading the file", len(repairs)),
            repairs,
        ),
    )


def _verdict(count: int, rows: int) -> str:
    if count:
        return ngettext(
            "The tables were checked row by row: %(count)s place does not fit the description.",
            "The tables were checked row by row: %(count)s places do not fit the description.",
            count,
        )
    said = figures.number(rows)
    return _("All %(rows)s rows were checked: every cell fits the description of its column.", rows=said)


def _sentences(title: str, lines: Sequence[str]) -> Sentences:
    """The same sentence twice is said once, with how often it holds."""
    counted = Counter(lines)
    said = [line if often == 1 else f"{line} (×{figures.number(often)})" for line, often in counted.items()]
    left = len(said) - _MOST
    more = ngettext("… and %(count)s more", "… and %(count)s more", left) if left > 0 else ""
    return Sentences(title=title if lines else "", lines=tuple(said[:_MOST]), more=more)
