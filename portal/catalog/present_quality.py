"""What was checked, mended and doubted in a version, in plain words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
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
    """The validation report and the notices of reading. The report's tables are the version's."""
    from metadata.validate import plain_words  # late: frictionless, 0.4 s

    report: Mapping[str, Any] = version.report or {}
    faults = [str(line) for line in plain_words(dict(report), current_language())] if report else []
    repairs = [Notice.from_dict(notice).say(current_language()) for notice in version.notices]
    count = int(report.get("stats", {}).get("errors", len(faults)))
    checked = sum(int(task.get("stats", {}).get("rows", 0)) for task in report.get("tasks", []))
    return Quality(
        state="none" if not report.get("tasks") else "warn" if count else "good",
        verdict=_verdict(report, count, checked),
        faults=_sentences(ngettext("%(count)s finding", "%(count)s findings", count), faults, count),
        repairs=_sentences(
            ngettext("%(count)s remark from reading the file", "%(count)s remarks from reading the file", len(repairs)),
            repairs,
            len(repairs),
        ),
    )


def _verdict(report: Mapping[str, Any], count: int, rows: int) -> str:
    if not report.get("tasks"):
        return _("There is no table in this version that could be checked.")
    if count:
        return ngettext(
            "The table was checked row by row: %(count)s cell or row does not fit the description.",
            "The table was checked row by row: %(count)s cells or rows do not fit the description.",
            count,
        )
    if rows:
        return _(
            "All %(rows)s rows were checked: every cell fits the description of its column.", rows=figures.number(rows)
        )
    return _("The table was checked: every cell fits the description of its column.")


def _sentences(title: str, lines: Iterable[str], count: int) -> Sentences:
    """The same sentence twice is said once, with how often it holds."""
    counted = Counter(lines)
    said = [line if often == 1 else f"{line} (×{figures.number(often)})" for line, often in counted.items()]
    left = count - sum(list(counted.values())[:_MOST])
    more = ngettext("… and %(count)s more", "… and %(count)s more", left) if left > 0 and said else ""
    return Sentences(title=title if count else "", lines=tuple(said[:_MOST]), more=more)
