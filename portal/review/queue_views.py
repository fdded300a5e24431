"""The queue: everything that waits, in one list, by kind and agency."""

from __future__ import annotations

from flask import render_template, request

from datasets import matters
from datasets.clock import now
from datasets.matters import Kind
from portal import context
from portal.catalog.search_query import page_number
from portal.review.present_queue import queue_page
from portal.review.wing import agencies_by_id, bp, may_everywhere, require_queue, sight


@bp.get("/antrean")
def queue() -> str:
    """What waits for a decision or for help, the most urgent first."""
    require_queue()
    owners, at, seen = agencies_by_id(), now(), sight()
    kind = next((one for one in Kind if one.value == request.args.get("jenis")), None)
    agency = next((one for one in owners.values() if one.slug == request.args.get("opd")), None)
    session = context.session()
    found = matters.queue(session, seen, at=at, kind=kind, organization_id=agency.id if agency else None)
    hours = [
        one
        for one in matters.scheduled(session, seen.drafts)
        if kind in (None, Kind.DRAFT) and agency in (None, owners.get(one.organization_id))
    ]
    page = queue_page(
        found,
        hours,
        owners,
        kind=kind,
        agency=agency,
        page=page_number(request.args.get("hal", "")),
        at=at,
        decides=may_everywhere("draft.review"),
    )
    return render_template("review/queue.html", page=page)
