"""The steps from a file to a submitted draft, and how far one has come."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for

from datasets.models import DeskDraft, DeskState
from metadata.about import About
from portal.web.figures import number as in_figures
from portal.web.figures import size
from portal.web.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: `kind` is good (done), warn (look at it), or plain (to be done); without `url` not yet."""

    title: str
    url: str | None
    said: str
    kind: str


def steps(draft: DeskDraft) -> list[Step]:
    """The four steps of a draft, in their order."""
    seen = draft.seen or {}
    has_file = bool(draft.files)
    return [
        Step(_("The file"), url_for("workbench.file_page", number=draft.id), *_file(draft)),
        Step(_("How it was read"), url_for("workbench.reading", number=draft.id) if seen else None, *_reading(draft)),
        Step(_("Description"), url_for("workbench.about", number=draft.id), *_about(draft)),
        Step(
            _("Check and submit"),
            url_for("workbench.check", number=draft.id) if has_file else None,
            *_submitted(draft),
        ),
    ]


def word_of_state(state: DeskState) -> tuple[str, str]:
    """A state in a word, and the kind of badge."""
    return {
        DeskState.DRAFT: (_("Draft"), "river"),
        DeskState.SUBMITTED: (_("With the reviewer"), "teak"),
        DeskState.RETURNED: (_("Returned to you"), "warn"),
        DeskState.APPROVED: (_("Waits for its hour"), "good"),
        DeskState.PUBLISHED: (_("Published"), "good"),
        DeskState.DISCARDED: (_("Thrown away"), "bad"),
    }[state]


def _file(draft: DeskDraft) -> tuple[str, str]:
    if not draft.files:
        return _("Not uploaded yet"), "plain"
    return f"{draft.files[0]['filename']}, {size(draft.files[0]['size'])}", "good"


def _reading(draft: DeskDraft) -> tuple[str, str]:
    seen = draft.seen
    if not seen:
        return _("After the file"), "plain"
    if seen["personal"]:
        return _("Holds something that must not be published"), "bad"
    if seen["error"]:
        return _("The file cannot be read"), "bad"
    if not seen["tables"]:
        return _("No table; it is published as a file"), "warn"
    rows = in_figures(sum(table["rows"] for table in seen["tables"]))
    return _("%(rows)s rows in %(tables)s table(s)", rows=rows, tables=len(seen["tables"])), "good"


def _about(draft: DeskDraft) -> tuple[str, str]:
    about = About.model_validate(draft.about)
    wanted = {
        _("description"): about.description,
        _("licence"): about.license,
        _("update frequency"): about.frequency,
        _("contact"): about.contacts,
    }
    lacking = [name for name, value in wanted.items() if not value]
    if not lacking:
        return _("The most important is said"), "good"
    return _("Still lacking: %(members)s", members=", ".join(lacking)), "plain"


def _submitted(draft: DeskDraft) -> tuple[str, str]:
    if draft.state not in (DeskState.DRAFT, DeskState.RETURNED):
        return word_of_state(draft.state)[0], "good"
    return (_("When the rest is done"), "plain") if draft.files else (_("After the file"), "plain")
