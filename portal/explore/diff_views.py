"""Two versions of a dataset compared: as a page, as JSON, and every changed cell as CSV."""

from __future__ import annotations

import json
from dataclasses import replace

from flask import Blueprint, Response, make_response, render_template, request

from datasets.models import Version
from metadata.errors import NotFound
from portal.catalog.addresses import Shown
from portal.catalog.present_refusal import refusal_page
from portal.catalog.tags import page_tag, tagged, unchanged
from portal.downloads.names import download_name
from portal.downloads.serving import guarded, kept_file, not_modified
from portal.explore.comparing import TooMuchToCompare, changes, comparison, tag_of
from portal.explore.found import shown
from portal.explore.present_diff import Pair, chosen, diff_page, pairs

bp = Blueprint("diff", __name__)

BASE = "/dataset/<slug>/diff/<int:before>..<int:after>"
TABLE, LIST, PAGE = "tabel", "daftar", "hal"
"""Which table, which of its lists (`sel`, `baru`, `hilang`), which page of the list."""
CACHE = "public, max-age=300, stale-while-revalidate=86400"


@bp.get(BASE)
def page(slug: str, before: int, after: int) -> Response:
    """What changed from one version to another, in words, in figures and cell by cell."""
    then, now = shown(slug, before), shown(slug, after)
    tag = page_tag(then.version.id, now.version.id, now.dataset.current_version_id, now.dataset.modified_at)
    if unchanged(tag):
        return tagged(Response(status=304), tag, cache=CACHE)
    table = request.args.get(TABLE, "")
    try:
        made = diff_page(
            then.version,
            now,
            table=table,
            listed=request.args.get(LIST, ""),
            page=request.args.get(PAGE, 1, type=int),
        )
    except TooMuchToCompare as error:
        return _given_up(now, chosen(pairs(then.version, now.version), table), error)
    return tagged(make_response(render_template("explore/diff.html", page=made)), tag, cache=CACHE)


@bp.get(f"{BASE}.json")
def as_json(slug: str, before: int, after: int) -> Response:
    """The comparison of one table, for programs."""
    earlier, later = _versions(slug, before, after)
    pair = _both(earlier, later)
    if pair.before is None or pair.after is None:
        raise NotFound(what=pair.name)
    tag = tag_of(pair.before, pair.after)
    answer = not_modified(tag, cache=CACHE)
    if answer is not None:
        return answer
    said = {"dataset": slug, "table": pair.name, "before": before, "after": after}
    text = json.dumps(said | comparison(pair.before, pair.after), ensure_ascii=False)
    response = Response(text, mimetype="application/json")
    response.set_etag(tag)
    return guarded(response, cache=CACHE)


@bp.get(f"{BASE}.csv")
def as_csv(slug: str, before: int, after: int) -> Response:
    """Every changed cell of one table, the cells of new and removed rows among them."""
    earlier, later = _versions(slug, before, after)
    pair = _both(earlier, later)
    if pair.before is None or pair.after is None:
        raise NotFound(what=pair.name)
    return kept_file(
        changes(pair.before, pair.after),
        tag=tag_of(pair.before, pair.after),
        name=download_name(f"{slug}_{pair.name}_v{before}-ke", later.number, later.published_at, "csv"),
        mediatype="text/csv",
        modified=later.published_at,
        cache=CACHE,
    )


def _given_up(later: Shown, pair: Pair | None, error: TooMuchToCompare) -> Response:
    """The limit in words, and the way to the later table."""
    resource = pair.after if pair and pair.after else later.version.resources[0]
    page = replace(refusal_page(later, resource, error), columns=(), all_columns="")
    response = make_response(render_template("catalog/refused.html", page=page), error.status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _versions(slug: str, before: int, after: int) -> tuple[Version, Version]:
    return shown(slug, before).version, shown(slug, after).version


def _both(earlier: Version, later: Version) -> Pair:
    found = chosen(pairs(earlier, later), request.args.get(TABLE, ""))
    if found is None:
        raise NotFound(what=request.args.get(TABLE, "")[:100])
    return found
