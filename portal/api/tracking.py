"""`include_tracking`: how often a dataset was viewed and downloaded, beside it as CKAN has it, and each alone."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from datasets import usage
from datasets.clock import now
from datasets.models import Dataset
from portal.api.parameters import Parameters
from portal.context import session


def with_tracking(packages: list[dict[str, Any]], parameters: Parameters) -> list[dict[str, Any]]:
    """These dictionaries, with `tracking_summary` when it is asked for: ever, and in the last thirty days."""
    if not packages or not parameters.flag("include_tracking"):
        return packages
    uuids = [package["id"] for package in packages]
    numbers = {uuid: number for number, uuid in session().execute(
        select(Dataset.id, Dataset.uuid).where(Dataset.uuid.in_(uuids)))}  # fmt: skip
    used = usage.of(session(), list(numbers.values()), today=now().date())
    for package in packages:
        found = used.get(numbers.get(package["id"], 0), usage.Usage())
        package["tracking_summary"] = {
            "total": found.views + found.downloads,
            "recent": found.recent_views + found.recent_downloads,
            "views": found.views,
            "downloads": found.downloads,
        }
    return packages
