"""Datasets as CKAN's dictionaries for those who write them: the working state where it is ahead of the version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from datasets.models import Dataset, Held, HeldState, Theme, Version, Visibility
from metadata import frequencies, licenses, themes
from metadata.about import About
from metadata.notices import Notice
from metadata.profiles.ckan_dicts import CkanPackage, CkanResource, to_package_dict
from portal.api.dictionaries import group_values, organization_values
from portal.api.package_dicts import package_dicts
from portal.api.writing.working import manuscript
from portal.api.written_words import extras_of, uuid_of
from portal.context import session
from portal.web.links import canonical_url

if TYPE_CHECKING:
    from datasets.models import Manuscript
    from harvesters.manuscript import Written, WrittenFile


def answer(dataset_id: int) -> dict[str, Any]:
    """The dataset as the one who has just written it sees it."""
    found = session().scalars(
        select(Dataset).where(Dataset.id == dataset_id).options(joinedload(Dataset.organization))
    ).one()  # fmt: skip
    return working_or_public(found)


def working_or_public(dataset: Dataset) -> dict[str, Any]:
    """What is published, where nothing newer is written; else the working state, with `lumbung_pending`."""
    kept = manuscript(dataset)
    if dataset.visibility is Visibility.PUBLISHED and (kept is None or _is_published(dataset, kept)):
        return package_dicts([dataset.id])[0]
    if kept is None:
        return _tombstone(dataset)
    from harvesters.manuscript import Written  # late: only who writes needs the readers

    return working_dict(dataset, Written.model_validate(kept.said))


def working_dict(dataset: Dataset, written: Written) -> dict[str, Any]:
    """The working state of a dataset."""
    about = written.about
    licence, frequency = licenses.match(about.license), frequencies.match(about.frequency)
    slugs = [known.slug for known in map(themes.match, about.themes) if known] + list(written.groups)
    groups = session().scalars(select(Theme).where(Theme.slug.in_(slugs)).order_by(Theme.position))
    package = CkanPackage(
        id=dataset.uuid,
        name=dataset.slug,
        title=about.title or dataset.slug,
        notes=about.description or "",
        organization=organization_values(dataset.organization),
        created=dataset.created_at,
        modified=dataset.modified_at,
        license=licence.id if licence else licenses.NOT_STATED,
        url=about.homepage or canonical_url("catalog.dataset", slug=dataset.slug),
        author=dataset.organization.title,
        author_email=dataset.organization.email or "",
        maintainer=dataset.organization.title,
        maintainer_email=dataset.organization.email or "",
        groups=[group_values(theme) for theme in groups],
        tags=about.keywords,
        resources=[one for file in written.files for one in _resources(dataset, file)],
        extras=extras_of(about.model_dump()) | ({"frekuensi": frequency.slug} if frequency else {}),
    )
    found = to_package_dict(package) | {"private": dataset.visibility is not Visibility.PUBLISHED}
    found["state"] = {Visibility.DRAFT: "draft", Visibility.WITHDRAWN: "deleted"}.get(dataset.visibility, "active")
    return found | _pending(dataset)


def _resources(dataset: Dataset, file: WrittenFile) -> list[CkanResource]:
    found = []
    for name in file.names:
        identifier = uuid_of(dataset.uuid, name)
        page = canonical_url("catalog.dataset", slug=dataset.slug)
        url = file.url if file.url.startswith("http") else f"{page}/resource/{identifier}/download/{file.filename}"
        found.append(
            CkanResource(
                id=identifier,
                name=file.title if len(file.names) == 1 else name,
                description=file.description,
                url=url,
                format=file.filename.rpartition(".")[2].upper() if "." in file.filename else "",
                mimetype=None,
                created=file.fetched_at or dataset.created_at,
                modified=file.fetched_at or dataset.modified_at,
                size=file.size or None,
                hash=f"sha256:{file.sha256}" if file.sha256 else "",
            )
        )
    return found


def _pending(dataset: Dataset) -> dict[str, Any]:
    """That a person has to look at it and why, or what a person said who turned it down."""
    wanted = select(Held).where(
        Held.source_id.is_not_distinct_from(dataset.source_id),
        Held.remote_key == dataset.remote_key,
    )
    last = session().scalar(wanted.order_by(Held.id.desc()).limit(1))
    if last is not None and last.state is HeldState.WAITING:
        reasons = [Notice.from_dict(reason).say("en") for reason in last.reasons]
        return {"lumbung_pending": True, "lumbung_held": last.id, "lumbung_reasons": reasons}
    if last is not None and last.state is HeldState.REJECTED:
        return {"lumbung_pending": False, "lumbung_rejected": last.remark or ""}
    return {"lumbung_pending": False}


def _is_published(dataset: Dataset, kept: Manuscript) -> bool:
    asked = select(Version.content_key).where(Version.id == dataset.current_version_id)
    return kept.content_key is not None and session().scalar(asked) == kept.content_key


def _tombstone(dataset: Dataset) -> dict[str, Any]:
    """A withdrawn dataset that was never written here."""
    from harvesters.manuscript import Written  # late: as above

    about = About(title=dataset.title, description=dataset.description, license=dataset.license_id)
    return working_dict(dataset, Written(about=about, organization=dataset.organization.slug))
