"""What stands at an address of a dataset, found with one look at the database."""

from __future__ import annotations

from datasets.standing import standing
from portal.catalog.addresses import Shown
from portal.context import installation, session


def stands(slug: str, number: int | None = None) -> Shown:
    """The present version of a dataset, or version `number`, as far as its tables and files go.

    The dataset has its organisation and nothing else around it; the version is shared by all that this process answers
    and holds neither package nor report, run nor evidence. Raises `NotFound`, `Withdrawn`.
    """
    found = standing(session(), slug, number)
    return Shown(found.dataset, installation().versions.get(session(), found), fixed=number is not None)
