"""How a draft's file was read, corrected in the page, and remembered for the next file of the same kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from datasets import drafts, habits
from datasets.clock import now
from datasets.models import DeskDraft
from harvesters import desk
from metadata import units
from metadata.about import About
from metadata.errors import LumbungError
from metadata.reading.table import FieldType, ReadHints
from metadata.reading.wire import hints_from_json, hints_to_json
from portal import context
from portal.accounts import audit, guard
from portal.web.forms import Form
from portal.web.i18n import current_language
from portal.web.i18n import gettext as _
from portal.workbench import present_reading
from portal.workbench.file_views import with_units
from portal.workbench.wing import bp, draft_here, head, revision_seen

TYPES: tuple[FieldType, ...] = get_args(FieldType)
_DELIMITERS = (",", ";", "\t", "|")


@bp.get("/draf/<int:number>/bacaan")
def reading(number: int) -> str | Response:
    """The file's rows beside what became of them, and the form to correct it."""
    draft = draft_here(number, whole=True)
    if not draft.seen:
        return redirect(url_for("workbench.file_page", number=number), 303)
    return _page(draft, Form())[0]


@bp.post("/draf/<int:number>/bacaan")
def correct(number: int) -> Response | tuple[str, int]:
    """Read the file anew as it is said to be read, and remember that."""
    draft = draft_here(number, "draft.write", whole=True)
    if not draft.files or not draft.seen:
        return _page(draft, Form({}, {"header_row": _("Upload a file first.")}))
    hints, errors = _hints(draft)
    if errors:
        return _page(draft, Form(_typed(), errors))
    given = {name: request.form.get(f"unit.{name}", "").strip()[:60] for name in _columns(draft)}
    given = {name: units.canonical(unit) or unit for name, unit in given.items()}
    changed = {name: unit for name, unit in given.items() if unit != _unit_read(draft, name)}
    here, actor, at, kept = context.installation(), guard.current(), now(), draft.files[0]
    path = here.blobs.path(kept["sha256"])
    try:
        revision = revision_seen()
        seen = desk.look(here, path, kept["filename"], hints_from_json(hints_to_json(ReadHints()) | hints))
        told = seen.told | {"shape": draft.seen.get("shape", ""), "habit": None}
        with here.database.write() as session:
            drafts.save(
                session, number, revision=revision, actor=actor.label, at=at,
                hints=hints, seen=told, about=with_units(draft.about, changed),
            )  # fmt: skip
            if request.form.get("remember") and told["shape"] and not told["error"]:
                habits.remember(
                    session, draft.organization_id, told["shape"], hints=hints, units=changed, actor=actor.label, at=at
                )
            audit.record(session, actor, "draft.reading", f"draft:{number}", at=at, before=draft.hints, after=hints)
    except LumbungError as error:
        return _page(draft, Form(_typed(), {"header_row": error.say(current_language())}))
    on = "workbench.about" if request.form.get("go") == "on" else "workbench.reading"
    return redirect(url_for(on, number=number, _anchor=None if on == "workbench.about" else "main"), 303)


def _hints(draft: DeskDraft) -> tuple[dict[str, Any], dict[str, str]]:
    """What the form says, only where it says something; and what is wrong with it."""
    form, errors, hints = request.form, {}, dict[str, Any]()
    row = form.get("header_row", "").strip()
    if row and not (row.isascii() and row.isdigit() and 0 < int(row[:7]) <= 100_000):
        errors["header_row"] = _("The row of the titles is a number such as 4, as the file's own row numbers count.")
    elif row:
        hints["header_row"] = int(row)
    sheet = form.get("sheet", "")
    if sheet:
        hints["sheet"] = sheet[:200]
    if (delimiter := form.get("delimiter", "").replace("\\t", "\t")) in _DELIMITERS:
        hints["delimiter"] = delimiter
    if form.get("decimal") in (".", ","):
        hints["decimal"] = form["decimal"]
    if marks := [mark.strip()[:60] for mark in form.get("missing", "").split(";") if mark.strip()][:20]:
        hints["missing"] = marks
    columns = _columns(draft)
    declared = {name: form.get(f"type.{name}", "") for name in columns}
    told = dict(draft.hints.get("types", {}))
    types = {
        name: kind
        for name, kind in declared.items()
        if kind in TYPES and (kind != columns[name]["type"] or name in told)
    }
    if types:
        hints["types"] = types
    return hints, errors


def _columns(draft: DeskDraft) -> dict[str, Mapping[str, Any]]:
    seen = draft.seen or {"tables": []}
    return {column["name"]: column for table in seen["tables"] for column in table["columns"]}


def _unit_read(draft: DeskDraft, name: str) -> str:
    return str(_columns(draft)[name]["unit"] or "")


def _typed() -> dict[str, str]:
    return {
        name: request.form.get(name, "")[:200] for name in ("header_row", "sheet", "delimiter", "decimal", "missing")
    }


def _page(draft: DeskDraft, form: Form) -> tuple[str, int]:
    seen = draft.seen or {"tables": [], "sheets": [], "notices": [], "personal": [], "error": None}
    about, language = About.model_validate(draft.about), current_language()
    said = {name: one.unit for name, one in about.columns.items() if one.unit}
    found, small = present_reading.remarks(seen["notices"])
    shown = present_reading.tables(seen, said)
    values = form.values or {
        "header_row": str(draft.hints.get("header_row", "")),
        "sheet": draft.hints.get("sheet", ""),
        "delimiter": draft.hints.get("delimiter", "").replace("\t", "\\t"),
        "decimal": draft.hints.get("decimal", ""),
        "missing": "; ".join(draft.hints.get("missing", [])),
    }
    page = render_template(
        "workbench/reading.html",
        head=head(draft),
        form=Form(values, form.errors),
        filename=draft.files[0]["filename"] if draft.files else "",
        tables=shown,
        sheets=[(sheet["name"], sheet["name"]) for sheet in seen["sheets"] if sheet["name"]],
        raw=() if shown else present_reading.raw_sheets(seen),
        error=seen["error"][language] if seen["error"] else "",
        personal=[notice[language] for notice in seen["personal"]],
        remarks=found + tuple(one for table in shown for one in table.remarks),
        small=small + tuple(one for table in shown for one in table.repairs),
        habit=bool(seen.get("habit")),
        types=[(kind, type_word(kind)) for kind in TYPES],
        units=[unit.name for unit in units.every()],
        delimiters=[(",", _("comma")), (";", _("semicolon")), ("\\t", _("tab")), ("|", _("bar"))],
        is_text=any(table["delimiter"] for table in seen["tables"]),
    )
    return page, form.status


def type_word(kind: str) -> str:
    """A type as an office calls it."""
    return {
        "string": _("text"),
        "integer": _("whole numbers"),
        "number": _("numbers with decimals"),
        "boolean": _("yes or no"),
        "date": _("date"),
        "datetime": _("date and time"),
        "time": _("time"),
        "year": _("year"),
    }.get(kind, kind)
