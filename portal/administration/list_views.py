"""Pages of code lists: looked at, downloaded, and extended where they are the office's own."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from typing import Any

from flask import redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from datasets import kept
from datasets.clock import now
from metadata import vocabularies
from metadata.errors import NotFound
from portal import context
from portal.accounts import audit, guard
from portal.administration import code_lists
from portal.administration.following import look
from portal.administration.wing import allowed, bp, tried
from portal.policy import PORTAL
from portal.web.figures import number as number_in_words
from portal.web.forms import Form
from portal.web.i18n import current_language
from portal.web.paging import pages_of, paging

PAGE = 100


@bp.get("/daftar-kode")
def lists() -> str:
    """Which lists there are, whose they are, and how long."""
    allowed("theme.write", PORTAL)
    language = current_language()
    lines = [
        (one.title.say(language), one.source.say(language), number_in_words(len(vocabularies.rows(one.name))), one.name)
        for one in code_lists.LISTS
    ]
    return render_template("administration/lists.html", lines=lines)


@bp.get("/daftar-kode/<name>")
def code_list(name: str) -> str:
    """The rows of one list."""
    return _page(_list(name), Form())[0]


@bp.post("/daftar-kode/<name>")
def add_entry(name: str) -> Response | tuple[str, int]:
    """Add a row to a list of the office."""
    which = _list(name, extended=True)
    values = {column: request.form.get(column, "").strip()[:1000] for column in code_lists.columns(name)}
    actor, at = guard.current(), now()

    def work(session: Session) -> None:
        there = _to_change(session, name, at)
        row = code_lists.sound(name, values)
        kept.keep(session, name, [*there, row], at=at)
        audit.record(session, actor, "code_list.add", f"code_list:{name}", at=at, after=row)

    return _answer(which, values, tried(work))


@bp.post("/daftar-kode/<name>/hapus")
def remove_entry(name: str) -> Response | tuple[str, int]:
    """Take back a row that the office added; what was published with it keeps its words."""
    which = _list(name, extended=True)
    wanted = request.form.get("key", "")
    actor, at = guard.current(), now()

    def work(session: Session) -> None:
        before = _to_change(session, name, at)
        left = [row for row in before if row.get(which.key) != wanted]
        if len(left) == len(before):
            raise NotFound(what=wanted[:100])
        kept.keep(session, name, left, at=at)
        gone = next(row for row in before if row.get(which.key) == wanted)
        audit.record(session, actor, "code_list.remove", f"code_list:{name}", at=at, before=gone)

    return _answer(which, {}, tried(work))


@bp.get("/daftar-kode/<name>.csv")
def list_csv(name: str) -> Response:
    """The list as CSV."""
    _list(name)
    rows = vocabularies.rows(name)
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, fieldnames=list(code_lists.columns(name)))
    writer.writeheader()
    writer.writerows(rows)
    response = Response(buffer.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _list(name: str, *, extended: bool = False) -> code_lists.CodeList:
    allowed("theme.write", PORTAL)
    found = code_lists.named(name)
    if found is None or (extended and not found.extended):
        raise NotFound(what=name[:100])
    return found


def _added(session: Session, name: str) -> list[dict[str, str]]:
    return list(kept.value(session, name) or [])


def _to_change(session: Session, name: str, at: datetime) -> list[dict[str, str]]:
    """The office's rows, held until the transaction ends, and in force here, so that another process's are seen."""
    there = list(kept.value_to_change(session, name, at=at) or [])
    vocabularies.extend(name, there)
    return there


def _answer(which: code_lists.CodeList, values: dict[str, str], wrong: str) -> Response | tuple[str, int]:
    if wrong:
        return _page(which, Form(values, {which.key: wrong}))
    look(now=True)
    return redirect(url_for("administration.code_list", name=which.name), 303)


def _page(which: code_lists.CodeList, form: Form) -> tuple[str, int]:
    rows = code_lists.as_rows(which.name, _added(context.session(), which.name))
    wanted = request.args.get("q", "").strip().casefold()[:100]
    shown: list[Any] = [row for row in rows if not wanted or wanted in " ".join(row[0]).casefold()]
    pages = pages_of(len(shown), PAGE)
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    language = current_language()
    told = render_template(
        "administration/list.html",
        which=which,
        title=which.title.say(language),
        source=which.source.say(language),
        columns=[(column, code_lists.column_words(column)) for column in code_lists.columns(which.name)],
        rows=shown[(page - 1) * PAGE : page * PAGE],
        total=number_in_words(len(rows)),
        wanted=request.args.get("q", "").strip()[:100],
        form=form,
        paging=paging(
            page,
            pages,
            lambda other: url_for("administration.code_list", name=which.name, page=other, q=wanted or None),
        ),
    )
    return told, form.status
