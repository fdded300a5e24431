"""What is held, mended: a person hands in the file as it should have been, and it takes the place of what was held."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.orm import Session

from datasets import held
from datasets.clock import now
from datasets.draft import Draft, OrganizationDraft
from datasets.installation import Installation
from datasets.models import Dataset, Held, ItemOutcome, Organization, Source, Version
from datasets.publish import keep_evidence, plan
from datasets.search import feed
from harvesters import intake
from harvesters.handing_in import read_taken, tables_before, taken, workshop
from harvesters.protocols.descriptors import about_of
from harvesters.runs.judging import judge
from harvesters.runs.reports import ItemReport
from metadata.about import About
from metadata.errors import LumbungError
from metadata.reading.child import warm
from metadata.terms import Bilingual


class RuleMissing(LumbungError):
    """Tables made from base data are to be replaced by rows: the rule that makes tables of them is not at hand."""

    code = "mending.rule_missing"
    status = 422
    text = Bilingual(
        id="“{title}” dibuat dari data dasar, sedangkan aturan [microdata] tidak disertakan. Letakkan berkas TOML "
        "dengan aturan itu di samping berkasnya, lalu coba lagi.",
        en="“{title}” is made from base data, but its rule [microdata] is not at hand. Put the TOML file with that "
        "rule beside the file and try again.",
    )


def mend(here: Installation, number: int, path: Path, *, actor: str, remark: str = "") -> ItemReport:
    """Publish the file at `path` in the place of what is held under `number`; what is said of the dataset stays.

    The next harvest takes the source's own state for settled until it changes. What the gates object to in the mended
    file waits in its turn, to be accepted or mended again; what must not be kept is told, and the old state waits on.
    Raises `NotFound`, `Decided`, `RuleMissing`, what reading raises, and `Overtaken`.
    """
    with here.database.read() as session:
        one = held.get_held(session, number)
        held.refuse_decided(one)
        owner, about, protected = _said(session, one, held.draft_of(one))
    warm()
    with workshop(here) as work:
        remote, evidence = taken(path, work, here.settings)
        subject = intake.Subject(held.identity_of(one), owner, remote.about.over(about), one.title)
        if protected and subject.about.microdata is None:
            raise RuleMissing(title=one.title)
        files, notices = read_taken(evidence, subject, work, here.settings, tables_before(here, subject))
        if reasons := intake.not_to_be_kept(files):
            return ItemReport(one.remote_key, one.title, ItemOutcome.HELD, (*reasons, *notices))
        material, at = intake.prepare(here.blobs, subject, files, work, notices=notices), now()
        verdict = judge(here.database, material)
        if verdict.unchanged:
            with here.database.write() as session:
                held.reject(session, number, actor=actor, remark=remark or str(path.name), at=at)
            return ItemReport(one.remote_key, material.title, ItemOutcome.UNCHANGED)
        draft = intake.draft(here.blobs, material, verdict.place, at=at)
        if verdict.reasons:
            said = (*verdict.reasons, *material.told)
            evidences = list(dict.fromkeys(each.drafted.evidence for each in material.resources))
            with here.database.write() as session:
                keep_evidence(session, subject.identity, evidences, at=at)
                held.hold(
                    session,
                    subject.identity,
                    said,
                    title=material.title,
                    at=at,
                    draft=draft,
                    run_id=one.run_id,
                    fingerprint=one.fingerprint,
                )
            return ItemReport(one.remote_key, material.title, ItemOutcome.HELD, said)
        with here.database.write() as session:
            held.accept(session, number, actor=actor, remark=remark, at=at, mended=draft)
    feed.drain(here.database, here.search)
    return ItemReport(one.remote_key, material.title, ItemOutcome.PUBLISHED, material.told)


def _said(session: Session, one: Held, draft: Draft | None) -> tuple[OrganizationDraft, About, bool]:
    """Whose dataset it is, what was said of it (in what is held, else in what is published), and whether its tables
    were made from base data.
    """
    found = plan(session, held.identity_of(one), title=one.title).dataset_id
    dataset = session.get(Dataset, found) if found else None
    version = session.get(Version, dataset.current_version_id) if dataset and dataset.current_version_id else None
    source = session.get(Source, one.source_id) if one.source_id else None
    number = dataset.organization_id if dataset else source.organization_id if source else None
    owner = session.get_one(Organization, number)
    known = OrganizationDraft(owner.slug, owner.title, homepage=owner.homepage, email=owner.email)
    given = About.model_validate(source.about) if source and source.about else About()
    package = draft.package if draft else version.package if version else {}
    protected = any(each.get("lumbung:disclosure") for each in (package, version.package if version else {}))
    about = about_of(package).over(given) if package else given
    return draft.organization if draft else known, about, protected
