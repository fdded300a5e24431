"""Taking a dataset away: a tombstone for what was published, nothing at all for a draft."""

from __future__ import annotations

from sqlalchemy import delete, update

from datasets import held
from datasets.alone import alone
from datasets.clock import now
from datasets.draft import Identity
from datasets.models import (
    Dataset,
    DatasetRegion,
    DatasetTag,
    DatasetTheme,
    DatasetUsage,
    Held,
    Manuscript,
    SearchOutbox,
    Visibility,
    WrittenResource,
)
from datasets.search import feed
from datasets.withdraw import withdraw
from portal.accounts import audit
from portal.api.caller import caller, demand
from portal.api.faults import Invalid, NotFoundFault
from portal.context import installation, renew
from portal.policy import of_agency

NO_REASON = "Ditarik oleh pengelolanya lewat API tanpa keterangan."
_LONGEST = 2000


def remove(dataset: Dataset | None, reason: str) -> None:
    """Withdraw what was published, forget a draft. Raises `NotFoundFault`, `Forbidden`, `Invalid`."""
    if dataset is None or dataset.visibility is Visibility.WITHDRAWN:
        raise NotFoundFault("Not found")
    if len(reason) > _LONGEST:
        raise Invalid({"reason": [f"Must be a maximum of {_LONGEST} characters long"]})
    public, agency = dataset.current_version_id is not None, of_agency(dataset.organization_id)
    demand("dataset.withdraw" if public else "draft.write", agency, f"delete package {dataset.uuid}")
    here, at = installation(), now()
    with here.database.write() as writing:
        alone(writing)
        row = writing.get_one(Dataset, dataset.id)
        if (row.current_version_id is not None) != public:
            raise Invalid({"id": ["Somebody else published it at this moment; try again"]})
        identity = Identity(row.source_id, str(row.remote_key))
        held.overtake(writing, identity, at=at)
        subject, before = f"dataset:{row.id}", {"slug": row.slug, "title": row.title}
        verb = "dataset.withdraw" if public else "dataset.forget"
        audit.record(writing, caller(), verb, subject, at=at, before=before, after={"reason": reason or NO_REASON})
        if public:
            withdraw(writing, row, reason or NO_REASON, at=at)
        else:
            writing.execute(update(Held).where(Held.dataset_id == row.id).values(dataset_id=None))
            for record in (
                Manuscript,
                WrittenResource,
                DatasetTheme,
                DatasetTag,
                DatasetRegion,
                DatasetUsage,
                SearchOutbox,
            ):
                writing.execute(delete(record).where(record.dataset_id == row.id))
            writing.delete(row)
    feed.drain(here.database, here.search)
    renew()
