"""The wing of readers' forms: open to all, kept by nobody, each form ours; and the dataset that a form is about."""

from __future__ import annotations

from flask import Blueprint

from datasets import catalog
from datasets.clock import now
from datasets.models import Dataset
from portal import context
from portal.accounts import guard
from portal.response import traps

bp = guard.private(Blueprint("response", __name__), open_to_all=True)


@bp.context_processor
def _for_forms() -> dict[str, object]:
    return {"begun": traps.begun(now()), "trap": traps}


def dataset_here(slug: str) -> Dataset:
    """The public dataset of that address. Raises `NotFound`, `Withdrawn`."""
    return catalog.get_published(context.session(), slug)
