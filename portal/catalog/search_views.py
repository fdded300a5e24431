"""Faceted search, and suggestions while one types."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, render_template, request, url_for

from datasets import catalog
from portal.catalog.present_search import search_page
from portal.catalog.search_query import LONGEST_TEXT, asked, clean
from portal.context import installation, session
from portal.headers import public_page
from portal.kip.public.answers import published_answers
from portal.kip.public.views import card

SUGGESTIONS = 8
ANSWERS = 3
"""Answers of the information desk that stand beside the datasets."""

bp = Blueprint("search", __name__)
bp.after_request(public_page)


@bp.get("/dataset")
def search() -> str:
    """Datasets by words and facets, and answers of the desk; the whole state stands in the address."""
    wanted = asked(request.args.to_dict(flat=False))
    page = search_page(session(), installation().search, wanted)
    answered = published_answers(session(), wanted.text, ANSWERS) if wanted.text and wanted.page == 1 else []
    return render_template("search/search.html", page=page, answered=[card(one) for one in answered])


@bp.get("/dataset/saran")
def suggest() -> Response:
    """Completions of `q`: words to search for, and datasets (with their address) to go to."""
    text = clean(request.args.get("q", ""))[:LONGEST_TEXT]
    found = installation().search.suggest(text, limit=SUGGESTIONS) if text else []
    ids = [suggestion.dataset_id for suggestion in found if suggestion.dataset_id is not None]
    slugs = {dataset.id: dataset.slug for dataset in catalog.by_ids(session(), ids)} if ids else {}
    suggestions = []
    for suggestion in found:
        entry = {"text": suggestion.text}
        if suggestion.dataset_id is not None:
            if suggestion.dataset_id not in slugs:
                continue  # withdrawn since the index last looked
            entry["url"] = url_for("catalog.dataset", slug=slugs[suggestion.dataset_id])
        suggestions.append(entry)
    return jsonify(suggestions=suggestions)
