"""How a dataset served a reader: four answers and room for words, without an account."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from datasets.clock import now
from datasets.models import Rating
from datasets.response import ratings
from metadata.errors import LumbungError
from portal import context
from portal.response import traps
from portal.response.present import RATINGS, rating_words
from portal.response.wing import bp, dataset_here
from portal.web.forms import Form, typed
from portal.web.i18n import current_language
from portal.web.i18n import gettext as _

A_DAY = 20
"""New ratings of one dataset from one network: a village office shares one, a campaign does too."""


@bp.get("/tanggapan/<slug>")
def rating(slug: str) -> str:
    """The form; `nilai` is the answer that was clicked, and what was said before stands there to be changed."""
    dataset = dataset_here(slug)
    voter = traps.known_voter()
    before = ratings.given(context.session(), dataset.id, voter, at=now()) if voter else None
    chosen = request.args.get("nilai", "")
    if chosen not in RATINGS:
        chosen = before.rating.value if before else ""
    form = Form({"rating": chosen, "comment": before.comment if before else ""})
    return _page(slug, form, again=before is not None)[0]


@bp.post("/tanggapan/<slug>")
def rate(slug: str) -> Response | tuple[str, int]:
    """Keep the answer, or change the one of this quarter."""
    dataset, at = dataset_here(slug), now()
    values = typed(request.form, "rating") | {"comment": request.form.get("comment", "").strip()}
    if values["rating"] not in RATINGS:
        return _page(slug, Form(values, {"rating": _("Choose one of the four answers.")}))
    if len(values["comment"]) > ratings.LONGEST:
        return _page(slug, Form(values, {"comment": _("Write at most 1,000 characters.")}))
    try:
        traps.refuse_programs(request.form, at=at)
        with context.installation().database.write() as session:
            voter = traps.voter()
            _row, new = ratings.rate(session, dataset.id, voter, Rating(values["rating"]), values["comment"], at=at)
            if new:
                traps.count(session, f"rating {dataset.id}", A_DAY, at=at)
    except ratings.PersonalWords as error:
        return _page(slug, Form(values, {"comment": error.say(current_language())}))
    except LumbungError as error:
        return _page(slug, Form(values, {"rating": error.say(current_language())}), status=error.status)
    return traps.keep_voter(redirect(url_for("response.thanks", slug=slug, what="nilai"), 303))


@bp.get("/tanggapan/<slug>/terima-kasih")
def thanks(slug: str) -> str:
    """What becomes of what was sent; `what` says which form it was."""
    what = request.args.get("what", "")
    return render_template("response/thanks.html", dataset=dataset_here(slug), what=what)


def _page(slug: str, form: Form, *, again: bool = False, status: int | None = None) -> tuple[str, int]:
    page = render_template(
        "response/rating.html", dataset=dataset_here(slug), form=form, choices=rating_words(), again=again
    )
    return page, status or form.status
