"""The doctor's look at the store: is every blob there with its bytes, and what lies there that nobody names."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from datasets import sweep
from datasets.doctor.finding import Finding, finding
from datasets.installation import Installation
from datasets.models import Blob, Dataset, Evidence, Resource, Version
from metadata.notices import declare

BLOB_MISSING = declare(
    "doctor.blob_missing",
    id="Berkas {sha256} hilang dari penyimpanan; dipakai oleh {used}. Pulihkan dari cadangan.",
    en="File {sha256} is missing from the store; used by {used}. Restore it from the backup.",
)
BLOB_DAMAGED = declare(
    "doctor.blob_damaged",
    id="Isi berkas {sha256} berubah atau rusak; dipakai oleh {used}. Pulihkan dari cadangan.",
    en="The bytes of file {sha256} have changed; used by {used}. Restore it from the backup.",
)
STRAY_LEFTOVERS = declare(
    "doctor.stray_leftovers",
    id="{count} berkas sementara ({bytes} byte) ditinggalkan proses yang terhenti.",
    en="{count} temporary files ({bytes} bytes) were left behind by processes that were killed.",
)
STRAY_BLOBS = declare(
    "doctor.stray_blobs",
    id="{count} berkas ({bytes} byte) tidak dipakai dataset mana pun.",
    en="{count} files ({bytes} bytes) are used by no dataset.",
)


def check(installation: Installation, repair: bool, at: float) -> Iterator[Finding]:
    """The faults of the store. Repair: what nobody names goes when a day old, what was half deleted comes back."""
    database, blobs = installation.database, installation.blobs
    with database.read() as session:
        sizes = {blob.sha256: blob.size for blob in session.scalars(select(Blob))}
    for sha256, size in sizes.items():
        missing = not (blobs.exists(sha256) or (repair and blobs.recover(sha256)))
        if missing or blobs.size(sha256) != size or not blobs.verify(sha256):
            with database.read() as session:
                used = tuple(_used_by(session, sha256))
            yield finding(BLOB_MISSING if missing else BLOB_DAMAGED, sha256=sha256, used=used)
    strays = sweep.strays(database, blobs, at=at)
    if repair:
        sweep.remove(database, blobs, strays)
    for code, sizes_found in (
        (STRAY_LEFTOVERS, [leftover.size for leftover in strays.leftovers]),
        (STRAY_BLOBS, list(strays.blobs.values())),
    ):
        if sizes_found:
            found = finding(code, "warning", count=len(sizes_found), bytes=sum(sizes_found))
            yield found.mended() if repair else found


def _used_by(session: Session, sha256: str) -> Iterator[str]:
    """The versions that name the blob, as people know them."""
    named = or_(
        Version.package_sha256 == sha256,
        *(
            column == sha256
            for column in (Resource.raw_sha256, Resource.csv_sha256, Resource.parquet_sha256, Resource.geo_sha256)
        ),
    )
    wanted = (
        select(Dataset.slug, Version.number)
        .join(Version, Version.dataset_id == Dataset.id)
        .join(Resource, Resource.version_id == Version.id, isouter=True)
        .where(named)
        .distinct()
        .order_by(Dataset.slug, Version.number)
    )
    for slug, number in session.execute(wanted):
        yield f"{slug} v{number}"
    yield from session.scalars(select(Evidence.filename).where(Evidence.sha256 == sha256).distinct())
