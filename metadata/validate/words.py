"""A frictionless report in sentences that an office can act on: what is wrong, in which rows, and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from metadata import vocabularies
from metadata.terms import Bilingual

SHOWN_ROWS = 5
_LONGEST_CELL = 60
_KINDS = {
    "integer": Bilingual("bilangan bulat", "whole numbers"),
    "number": Bilingual("angka", "numbers"),
    "boolean": Bilingual("ya atau tidak (true/false)", "yes or no (true/false)"),
    "date": Bilingual("tanggal (2024-08-17)", "dates (2024-08-17)"),
    "datetime": Bilingual("tanggal dan waktu", "dates and times"),
    "time": Bilingual("waktu", "times"),
    "year": Bilingual("tahun (empat angka)", "years (four digits)"),
    "yearmonth": Bilingual("tahun dan bulan (2024-08)", "years and months (2024-08)"),
    "geopoint": Bilingual("titik peta (bujur, lintang)", "map points (longitude, latitude)"),
    "string": Bilingual("teks", "text"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Errors of one kind in one column: how many, the first rows (as a spreadsheet counts, header included), the words.

    `where` names the rows in words; `resource` names the table, `column` the field, both None when the whole package or
    table is meant. As a text a finding is one line that says all of it.
    """

    type: str
    count: int
    text: str
    advice: str
    where: str = ""
    resource: str | None = None
    column: str | None = None
    rows: tuple[int, ...] = ()

    def __str__(self) -> str:
        """All in one line: the text, where, and what to do."""
        return " ".join(part for part in (self.text, self.where, self.advice) if part)


def plain_words(report: Mapping[str, Any], language: str, *, titles: Mapping[str, str] | None = None) -> list[Finding]:
    """The findings of a report (as a dict), the most frequent first within each table; empty when it is valid.

    `titles` are the printed headers of columns by their names, which a reader knows better.
    """
    findings = _grouped(report.get("errors", []), None, language, titles or {})
    for task in report.get("tasks", []):
        findings += _grouped(task.get("errors", []), task.get("name"), language, titles or {})
    return findings


def _grouped(
    errors: Iterable[Mapping[str, Any]], resource: str | None, language: str, titles: Mapping[str, str]
) -> list[Finding]:
    groups: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for error in errors:
        broken = _constraint(error)[0] if error.get("type") == "constraint-error" else ""
        column = str(error.get("fieldName") or "")
        # What has no row stands for itself: two missing columns are two things to do.
        alone = "" if error.get("rowNumber") else str(error.get("note", "")) + str(error.get("fieldNumber", ""))
        groups.setdefault((str(error.get("type", "error")), broken, column, alone), []).append(error)
    findings = [_finding(group, resource, language, titles) for group in groups.values()]
    return sorted(findings, key=lambda finding: -finding.count)


def _finding(
    errors: list[Mapping[str, Any]], resource: str | None, language: str, titles: Mapping[str, str]
) -> Finding:
    first = errors[0]
    column = str(first.get("fieldName") or "")
    type_ = str(first.get("type", "error"))
    constraint, limit = _constraint(first)
    words = _words().get(f"{type_}:{constraint}") or _words().get(type_) or _words()["error"]
    kind = re.search(r'type is "([a-z]+)', str(first.get("note", "")))
    known = _KINDS.get(kind[1]) if kind else None
    values = {
        "column": titles.get(column, column) or str(first.get("fieldNumber") or ""),
        "number": str(first.get("fieldNumber") or ""),
        "label": str(first.get("label") or ""),
        "cell": _short(str(first.get("cell", ""))),
        "note": str(first.get("note") or first.get("message") or "").strip().rstrip("."),
        "limit": _short(limit),
        "kind": known.say(language) if known else (kind[1] if kind else ""),
    }
    rows = dict.fromkeys(int(error["rowNumber"]) for error in errors if error.get("rowNumber"))
    return Finding(
        type=type_,
        count=len(errors),
        text=words[0].say(language).format_map(values),
        advice=words[1].say(language).format_map(values),
        where=_where(tuple(rows)[:SHOWN_ROWS], len(errors), language),
        resource=resource,
        column=column or None,
        rows=tuple(rows)[:SHOWN_ROWS],
    )


def _where(rows: tuple[int, ...], count: int, language: str) -> str:
    """The rows in words, e.g. `Baris 4, 9, 12 dan 7 lainnya.`; empty for what is not in a row."""
    if not rows:
        return ""
    shown, rest = ", ".join(map(str, rows)), count - len(rows)
    if language == "en":
        return f"{'Row' if count == 1 else 'Rows'} {shown}" + (f" and {rest} more." if rest > 0 else ".")
    return f"Baris {shown}" + (f" dan {rest} lainnya." if rest > 0 else ".")


def _constraint(error: Mapping[str, Any]) -> tuple[str, str]:
    """The name and the value of the constraint that an error's note speaks of."""
    found = re.match(r'constraint "(\w+)" is "(.*)"$', str(error.get("note", "")), re.DOTALL)
    return (found[1], found[2]) if found else ("", "")


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_CELL else f"{line[: _LONGEST_CELL - 1]}…"


@cache
def _words() -> dict[str, tuple[Bilingual, Bilingual]]:
    return {
        row["type"]: (Bilingual(row["text_id"], row["text_en"]), Bilingual(row["advice_id"], row["advice_en"]))
        for row in vocabularies.rows("report_words")
    }
