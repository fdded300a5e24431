"""The beginning of a journal: what was public before there was one is entered in the order in which it happened."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, load_only

from datasets.journal.log import head_size
from datasets.journal.record import publication, withdrawal
from datasets.models import Dataset, Version, Visibility


def begin(session: Session) -> int:
    """Enter every version there is and every dataset that is withdrawn; how many entries. One that has begun stays.

    The order is that of the moments, and of the ids at one moment: the same rows always give the same journal.
    """
    if head_size(session):
        return 0
    few = load_only(
        Dataset.slug,
        Dataset.uuid,
        Dataset.visibility,
        Dataset.withdrawn_reason,
        Dataset.modified_at,
        Dataset.current_version_id,
    )
    datasets = {dataset.id: dataset for dataset in session.scalars(select(Dataset).options(few))}
    versions = session.execute(select(Version.published_at, Version.id, Version.dataset_id)).all()
    events = [(at, 0, version_id, dataset_id) for at, version_id, dataset_id in versions]
    last = {dataset_id: at for at, _, dataset_id in sorted(versions)}
    events += [
        (max(dataset.modified_at, last.get(dataset.id, dataset.modified_at)), 1, 0, dataset.id)
        for dataset in datasets.values()
        if dataset.visibility is Visibility.WITHDRAWN
    ]
    for at, _, version_id, dataset_id in sorted(events):
        if version_id:
            publication(session, datasets[dataset_id], version_id, at=at)
        else:
            withdrawal(session, datasets[dataset_id], at=at)
    return head_size(session)
