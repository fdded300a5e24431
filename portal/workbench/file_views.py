"""The file of a draft: uploaded whole, in pieces, or pasted; read at once, as the last file of its kind was."""

from __future__ import annotations

from pathlib import Path

from flask import Response as Answer
from flask import jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from datasets import drafts, habits
from datasets.clock import now
from datasets.models import DeskDraft
from harvesters import desk
from metadata.about import About, ColumnAbout
from metadata.errors import BadInput, LumbungError
from metadata.reading.table import ReadHints
from metadata.reading.wire import hints_from_json, hints_to_json
from portal import context
from portal.accounts import audit, guard
from portal.web.forms import Form
from portal.web.i18n import current_language
from portal.web.i18n import gettext as _
from portal.workbench import uploads
from portal.workbench.wing import CHUNK, bp, draft_here, head, revision_seen


@bp.get("/draf/<int:number>/berkas")
def file_page(number: int) -> str:
    """Where a file is handed in."""
    return _page(draft_here(number, "draft.write", whole=True), Form())[0]


@bp.post("/draf/<int:number>/berkas")
def put_file(number: int) -> Response | tuple[str, int]:
    """Take a file in one go, or a table that was pasted."""
    draft = draft_here(number, "draft.write", whole=True)
    with desk.workshop(context.installation()) as work:
        path = work / "unggahan"
        given, pasted = request.files.get("file"), request.form.get("pasted", "")
        if given is not None and given.filename:
            given.save(path)
            name = _clean(given.filename) or "unggahan"
        elif pasted.strip():
            path.write_text(pasted.replace("\r\n", "\n"), encoding="utf-8")
            name = _clean(request.form.get("name", "")) or "tempelan"
            name = name if name.endswith((".csv", ".tsv")) else f"{name}.csv"
        else:
            return _page(draft, Form({}, {"file": _("Choose a file, or paste a table below.")}))
        try:
            _take_in(draft, path, name)
        except LumbungError as error:
            return _page(draft, Form({}, {"file": error.say(current_language())}))
    return redirect(url_for("workbench.reading", number=number), 303)


@bp.post("/draf/<int:number>/unggah")
def begin_upload(number: int) -> Answer | tuple[Answer, int]:
    """Begin an upload in pieces."""
    draft_here(number, "draft.write")
    told, size = _clean(request.form.get("filename", "")), request.form.get("size", "")
    if not told or not size.isascii() or not size.isdigit() or not 0 < int(size) < 10**15:
        return jsonify(error=BadInput(reason="filename, size").say(current_language())), 422
    limit = context.installation().settings.max_file_megabytes
    try:
        made = uploads.begin(_work(), draft=number, user=_me(), filename=told, size=int(size), limit=limit)
    except uploads.TooMuch as error:
        return jsonify(error=error.say(current_language())), error.status
    answer = jsonify(offset=0, piece=CHUNK // 2)
    answer.headers["Location"] = url_for("workbench.upload_state", number=number, token=made.token)
    return answer, 201


@bp.get("/draf/<int:number>/unggah/<token>")
def upload_state(number: int, token: str) -> Answer:
    """How far an upload has come; asked by HEAD."""
    draft_here(number, "draft.write")
    found = uploads.find(_work(), token, draft=number, user=_me())
    here = uploads.offset(_work(), found)
    answer = jsonify(offset=here, size=found.size, piece=CHUNK // 2)
    answer.headers["Upload-Offset"] = str(here)
    return answer


@bp.patch("/draf/<int:number>/unggah/<token>")
def put_piece(number: int, token: str) -> Answer:
    """Add a piece where the upload has come to."""
    draft_here(number, "draft.write")
    found = uploads.find(_work(), token, draft=number, user=_me())
    said = request.headers.get("Upload-Offset", "")
    try:
        here = uploads.add(_work(), found, int(said) if said.isascii() and said.isdigit() else -1, request.stream)
        status = 204
    except uploads.Elsewhere:
        here, status = uploads.offset(_work(), found), 409
    answer = Answer(status=status)
    answer.headers["Upload-Offset"] = str(here)
    return answer


@bp.post("/draf/<int:number>/unggah/<token>")
def end_upload(number: int, token: str) -> Answer:
    """Make a whole upload the draft's file, and say where to go on."""
    draft = draft_here(number, "draft.write", whole=True)
    found = uploads.find(_work(), token, draft=number, user=_me())
    try:
        _take_in(draft, uploads.whole(_work(), found), found.filename)
    except LumbungError as error:
        answer = jsonify(error=error.say(current_language()))
        answer.status_code = error.status
        return answer
    uploads.drop(_work(), found)
    return jsonify(next=url_for("workbench.reading", number=number))


def _take_in(draft: DeskDraft, path: Path, filename: str) -> None:
    """Read it as the last file of its kind was read; keep it, unless it shows what must not be kept."""
    here, actor, at = context.installation(), guard.current(), now()
    revision = revision_seen()
    shape = desk.shape_of(here, path, filename)
    habit = habits.recall(context.session(), draft.organization_id, shape) if shape else None
    hints = dict(habit.hints) if habit else {}
    if habit is None and draft.seen and shape and draft.seen.get("shape") == shape:
        hints = dict(draft.hints)
    seen = desk.look(here, path, filename, hints_from_json(hints_to_json(ReadHints()) | hints))
    told = seen.told | {"shape": shape, "habit": habit.at.isoformat() if habit else None}
    blob = here.blobs.put_file(path) if seen.may_be_kept else None
    about = with_units(draft.about, habit.units if habit else {})
    title = draft.title or next((str(table["title"]) for table in told["tables"] if table["title"]), "")
    with here.database.write() as session:
        made = drafts.attach(
            session, draft.id, blob, filename, revision=revision, actor=actor.label, at=at, seen=told, hints=hints
        )
        drafts.save(session, draft.id, revision=made.revision, actor=actor.label, at=at, about=about, title=title)
        after = {"file": filename, "kept": blob is not None}
        audit.record(session, actor, "draft.file", f"draft:{draft.id}", at=at, after=after)


def with_units(about: dict[str, object], units: dict[str, str]) -> dict[str, object]:
    """The description with the units of columns, by name; an empty one takes a unit off."""
    whole = About.model_validate(about)
    columns = dict(whole.columns)
    for name, unit in units.items():
        columns[name] = columns.get(name, ColumnAbout()).model_copy(update={"unit": unit or None})
    said = {name: one for name, one in columns.items() if one != ColumnAbout()}
    return whole.model_copy(update={"columns": said}).model_dump(mode="json", exclude_defaults=True)


def _page(draft: DeskDraft, form: Form) -> tuple[str, int]:
    seen = draft.seen or {}
    page = render_template(
        "workbench/file.html",
        head=head(draft),
        form=form,
        current=draft.files[0]["filename"] if draft.files else "",
        refused=[notice[current_language()] for notice in seen.get("personal", [])],
        limit=context.installation().settings.max_file_megabytes,
    )
    return page, form.status


def _clean(name: str) -> str:
    """A file's name without folders or control characters."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable()).strip()[:200]


def _me() -> int:
    return guard.current().user_id or 0


def _work() -> Path:
    return context.installation().settings.home / "work"
