"""A comparison in words: what was revised, of which time, the furthest revision; new rows apart from revised."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from datasets.models import Resource
from portal.explore.cells import key_words, said, titled
from portal.web.i18n import gettext as _
from portal.web.i18n import ngettext

_MOST_YEARS = 3
_YEARS = ("tahun", "year")


def summary(before: Resource | None, after: Resource | None, told: Mapping[str, Any]) -> tuple[str, ...]:
    """One sentence for each thing that happened, the gravest first; never empty."""
    if before is None or after is None:
        return ()
    lines = [*_revised(before, after, told), *_rows(told, after)]
    changed = told["schema"]
    columns = sum(len(changed[name]) for name in ("added", "removed", "renamed"))
    if columns:
        lines.append(
            ngettext(
                "%(count)s column came, went or got another name.",
                "%(count)s columns came, went or got other names.",
                columns,
            )
        )
    elif changed["changed"]:
        lines.append(_("The description of columns changed, see below."))
    if not lines:
        lines.append(_("Every figure is the same; rows or columns stand in another order."))
    return tuple(lines)


def column_lines(told: Mapping[str, Any], titles: Mapping[str, str]) -> tuple[str, ...]:
    """What became of the columns, one sentence each."""
    changed = told["schema"]
    words = {"type": _("type"), "title": _("title"), "unit": _("unit"), "description": _("explanation")}
    lines = [_("New column: %(column)s", column=titles.get(name, name)) for name in changed["added"]]
    lines += [_("Column gone: %(column)s", column=titles.get(name, name)) for name in changed["removed"]]
    lines += [
        _("Renamed: %(old)s is now %(new)s", old=titles.get(old, old), new=titles.get(new, new))
        for old, new in changed["renamed"]
    ]
    lines += [
        _(
            "%(column)s: %(what)s was “%(before)s”, is now “%(after)s”",
            column=titles.get(change["column"], change["column"]),
            what=words[change["what"]],
            before=change["before"] or "–",
            after=change["after"] or "–",
        )
        for change in changed["changed"]
    ]
    if changed["reordered"]:
        lines.append(_("The columns stand in another order"))
    return tuple(lines)


def _revised(before: Resource, after: Resource, told: Mapping[str, Any]) -> list[str]:
    if not told["cells"]:
        return []
    cells = told["cells"]
    latest = _latest(before)
    past = [(year, count) for year, count in told["periods"] if latest is None or year < latest]
    now = sum(count for year, count in told["periods"] if latest is not None and year >= latest)
    lines = []
    if past and latest is not None:
        years = ", ".join(str(year) for year, _count in past[:_MOST_YEARS])
        if len(past) > _MOST_YEARS:
            years = f"{years}, …"
        lines.append(
            ngettext(
                "%(count)s figure of past years was revised (%(years)s).",
                "%(count)s figures of past years were revised (%(years)s).",
                sum(count for _year, count in past),
                years=years,
            )
        )
        if now:
            lines.append(
                ngettext(
                    "%(count)s figure of %(year)s, the latest year before, was revised.",
                    "%(count)s figures of %(year)s, the latest year before, were revised.",
                    now,
                    year=latest,
                )
            )
    elif told["periods"]:
        year = told["periods"][0][0]
        lines.append(
            ngettext(
                "%(count)s figure of %(year)s was revised.",
                "%(count)s figures of %(year)s were revised.",
                cells,
                year=year,
            )
            if len(told["periods"]) == 1
            else ngettext("%(count)s cell was revised.", "%(count)s cells were revised.", cells)
        )
    else:
        lines.append(ngettext("%(count)s cell was revised.", "%(count)s cells were revised.", cells))
    largest = _largest(after, told)
    if largest:
        lines.append(largest)
    return lines


def _largest(after: Resource, told: Mapping[str, Any]) -> str:
    """The column revised in most cells, and its furthest revision."""
    found = [column for column in told["by_column"] if column["largest"]]
    if not found:
        return ""
    change = max(found, key=lambda column: column["cells"])["largest"]
    fields = {field["name"]: field for field in after.schema.get("fields", [])}
    field = fields.get(change["column"], {"name": change["column"]})
    where = key_words(told["key"], change["key"], fields)
    return _(
        "The furthest: %(column)s%(where)s from %(before)s to %(after)s.",
        column=titled(field),
        where=f" ({where})" if where else "",
        before=said(field, change["before"]),
        after=said(field, change["after"]),
    )


def _rows(told: Mapping[str, Any], after: Resource) -> list[str]:
    lines = []
    if told["added"]:
        years = _years_of(told, after) if told["added"] <= len(told["added_rows"]) else ""
        text = ngettext("%(count)s row is new", "%(count)s rows are new", told["added"])
        lines.append(f"{text} ({years})." if years else f"{text}.")
    if told["removed"]:
        lines.append(ngettext("%(count)s row was removed.", "%(count)s rows were removed.", told["removed"]))
    return lines


def _years_of(told: Mapping[str, Any], after: Resource) -> str:
    """The years that new rows are about, when they are few."""
    name = _year_column(after)
    if name is None or name not in told["columns"]:
        return ""
    place = told["columns"].index(name)
    years = sorted({row["cells"][place] for row in told["added_rows"] if isinstance(row["cells"][place], int)})
    return ", ".join(map(str, years)) if 0 < len(years) <= _MOST_YEARS else ""


def _latest(resource: Resource) -> int | None:
    """The last year that a table is about; what is revised before it is a revision of the past."""
    name = _year_column(resource)
    found = resource.stats.get("columns", {}).get(name, {}).get("max") if name else None
    return found if isinstance(found, int) else None


def _year_column(resource: Resource) -> str | None:
    """The column by which `TableDiff.periods` counts."""
    for field in resource.schema.get("fields", []):
        if field.get("type") == "year" or (field.get("type") == "integer" and field["name"] in _YEARS):
            return str(field["name"])
    return None
