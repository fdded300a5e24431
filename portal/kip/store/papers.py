"""Files of a case: the applicant's, encrypted under the case's key, and the answer's, plain with their checksum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from datasets.alone import alone
from datasets.blobs import BlobRef, BlobStore
from datasets.db import add_missing
from datasets.models import Blob
from metadata.errors import LumbungError, NotFound
from metadata.terms import Bilingual
from portal.kip import sealing
from portal.kip.models import KipAttachment, KipIdentity
from portal.kip.sealing import Keyring
from portal.kip.store import identity

MEGABYTE: Final = 1024 * 1024
LARGEST_PROOF: Final = 5 * MEGABYTE
MOST_PROOFS: Final = 4
KINDS: Final = {
    b"%PDF-": ("application/pdf", "pdf"),
    b"\xff\xd8\xff": ("image/jpeg", "jpg"),
    b"\x89PNG\r\n\x1a\n": ("image/png", "png"),
}
"""What a proof may be, told by its first bytes and by nothing the sender says."""
_BOUND = "proof"
PROOFS: Final = ("proof", "power_of_attorney", "supporting")


class ProofRefused(LumbungError):
    """A proof of identity that is too large, or neither a picture nor a PDF."""

    code = "kip.proof_refused"
    status = 422
    text = Bilingual(
        id="Berkas ini tidak dapat diterima. Yang diperlukan: foto JPG atau PNG, atau PDF, paling besar {limit} MB.",
        en="This file cannot be taken. What is needed: a photo as JPG or PNG, or a PDF, of at most {limit} MB.",
    )


def media_type(content: bytes) -> tuple[str, str]:
    """What a proof is and its ending. Raises `ProofRefused`."""
    if 0 < len(content) <= LARGEST_PROOF:
        for start, kind in KINDS.items():
            if content.startswith(start):
                return kind
    raise ProofRefused(limit=LARGEST_PROOF // MEGABYTE)


@dataclass(frozen=True, slots=True)
class SealedProof:
    """A file of the applicant's that lies sealed in the store and is named by nothing yet."""

    kind: str
    ref: BlobRef
    sealed_name: str
    media: str


def put_away(blobs: BlobStore, key: bytes, content: bytes, name: str, *, kind: str) -> SealedProof:
    """Seal a file with the case's key for proofs and put it into the store. Raises `ProofRefused`."""
    media, _ = media_type(content)
    ref = blobs.put_bytes(sealing.sealed_bytes(key, content, _BOUND))
    return SealedProof(kind, ref, sealing.sealed(key, name[:200].encode("utf-8", "replace"), _BOUND), media)


def key_for(session: Session, ring: Keyring, case_id: int) -> bytes:
    """The key with which files of a case are sealed. Raises `NotFound` when it is forgotten."""
    row = session.get(KipIdentity, case_id)
    key = identity.key_of(row, ring, proofs=True) if row is not None else None
    if key is None:
        raise NotFound(what="kunci bukti")
    return key


def note(session: Session, case_id: int, proof: SealedProof, *, by: str, at: datetime) -> KipAttachment:
    """Name a sealed file as one of the case's."""
    return keep(session, case_id, proof.kind, proof.ref, media=proof.media, by=by, at=at, sealed_name=proof.sealed_name)


def keep(
    session: Session,
    case_id: int,
    kind: str,
    ref: BlobRef,
    *,
    media: str,
    by: str,
    at: datetime,
    name: str = "",
    sealed_name: str | None = None,
    sha256: str | None = None,
    cleaned_from: int | None = None,
) -> KipAttachment:
    """Note a file whose bytes are in the store already; `sha256` is that of a plain one, which is cited."""
    alone(session)
    add_missing(session, Blob, [{"sha256": ref.sha256, "size": ref.size, "created_at": at}])
    row = KipAttachment(
        case_id=case_id,
        kind=kind,
        media_type=media,
        size=ref.size,
        at=at,
        by=by,
        blob=ref.sha256,
        name=name,
        sealed_name=sealed_name,
        sha256=sha256,
        cleaned_from=cleaned_from,
    )
    session.add(row)
    session.flush()
    return row


def open_proof(session: Session, ring: Keyring, blobs: BlobStore, paper: KipAttachment) -> bytes:
    """The bytes of a file of the applicant's. Raises `NotFound` when it is erased."""
    row = session.get(KipIdentity, paper.case_id)
    key = identity.key_of(row, ring, proofs=True) if row is not None else None
    if key is None or paper.blob is None or paper.erased_at is not None:
        raise NotFound(what="berkas")
    return sealing.opened_bytes(key, blobs.path(paper.blob).read_bytes(), _BOUND)


def name_of(session: Session, ring: Keyring, paper: KipAttachment) -> str:
    """What a file is called, for officers of the case and its applicant."""
    if paper.sealed_name is None:
        return paper.name
    row = session.get(KipIdentity, paper.case_id)
    key = identity.key_of(row, ring, proofs=True) if row is not None else None
    if key is None:
        return ""
    return sealing.opened(key, paper.sealed_name, _BOUND).decode()


def of_case(session: Session, case_id: int) -> Sequence[KipAttachment]:
    """The files of a case, in order."""
    return session.scalars(
        select(KipAttachment).where(KipAttachment.case_id == case_id).order_by(KipAttachment.id)
    ).all()


def get(session: Session, case_id: int, paper_id: int) -> KipAttachment:
    """One of them. Raises `NotFound`."""
    found = session.get(KipAttachment, paper_id)
    if found is None or found.case_id != case_id:
        raise NotFound(what="berkas")
    return found
