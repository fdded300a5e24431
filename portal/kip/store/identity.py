"""Who asked: sealed with the case, shown masked, opened for the officers of the case, and forgotten in time."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.kip import sealing
from portal.kip.models import KipDraft, KipIdentity, KipJoining
from portal.kip.sealing import Keyring, NotSealedHere

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Identity:
    """An applicant as the form asks for it. `nik` is the person's, or the number of a legal body's approval.

    `attorney` names who acts for the applicant; `secret` is the end of the secret link, kept to be sent again, and
    `pin` goes with the number.
    """

    name: str = ""
    nik: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    occupation: str = ""
    attorney: str = ""
    secret: str = ""
    pin: str = ""

    def masked(self) -> str:
        """The number with nothing but its end."""
        return masked(self.nik)


ERASED = Identity(name="", nik="")


def masked(number: str) -> str:
    """A number of which only the last four characters are seen."""
    return "*" * max(0, len(number) - 4) + number[-4:] if len(number) > 4 else "*" * len(number)


def seal(
    session: Session, ring: Keyring, case_id: int, who: Identity, *, proof_key: bytes | None = None
) -> KipIdentity:
    """Keep an identity with fresh keys; `proof_key` is one by which files were sealed beforehand.

    Raises `NotSealedHere` while identities are here whose master key is not: a lost file of keys is to be restored, not
    begun anew.
    """
    foreign = select(KipIdentity.case_id).where(
        KipIdentity.master.not_in(ring.keys), KipIdentity.identity_key.is_not(None)
    )
    if session.scalar(foreign.limit(1)) is not None:
        raise NotSealedHere(file=sealing.FILE)
    identity_key, proof_key = sealing.new_key(), proof_key or sealing.new_key()
    row = KipIdentity(
        case_id=case_id,
        sealed=sealing.sealed(identity_key, json.dumps(asdict(who)).encode(), _bound(case_id, "identity")),
        identity_key=ring.seal(identity_key, _bound(case_id, "identity key")),
        proof_key=ring.seal(proof_key, _bound(case_id, "proof key")),
        master=ring.current,
    )
    _macs(row, ring, who)
    session.add(row)
    session.flush()
    return row


def unseal(session: Session, ring: Keyring, case_id: int) -> Identity:
    """Who asked; `ERASED` once that is forgotten. Who looks at it in full is written down by the caller."""
    row = session.get(KipIdentity, case_id)
    if row is None or row.sealed is None or (key := key_of(row, ring)) is None:
        return ERASED
    held = json.loads(sealing.opened(key, row.sealed, _bound(case_id, "identity")))
    known = {field.name for field in fields(Identity)}
    return Identity(**{name: value for name, value in held.items() if name in known})


def key_of(row: KipIdentity, ring: Keyring, *, proofs: bool = False) -> bytes | None:
    """The case's own key, for what is sealed with it; None when it was forgotten."""
    wrapped = row.proof_key if proofs else row.identity_key
    what = "proof key" if proofs else "identity key"
    return None if wrapped is None else ring.open(wrapped, row.master, _bound(row.case_id, what))


def seal_text(session: Session, ring: Keyring, case_id: int, text: str, what: str) -> str | None:
    """A text of the case under its own key; None when that is forgotten."""
    row = session.get(KipIdentity, case_id)
    key = key_of(row, ring) if row is not None else None
    return None if key is None else sealing.sealed(key, text.encode(), _bound(case_id, what))


def open_text(session: Session, ring: Keyring, case_id: int, text: str | None, what: str) -> str:
    """What `seal_text` was given; empty when it is forgotten."""
    row = session.get(KipIdentity, case_id)
    key = key_of(row, ring) if row is not None and text is not None else None
    return "" if key is None or text is None else sealing.opened(key, text, _bound(case_id, what)).decode()


def erase_identity(session: Session, case_id: int, *, at: datetime) -> None:
    """Forget who asked: without the key nothing that was sealed with it can ever be read."""
    row = session.get_one(KipIdentity, case_id)
    row.sealed = row.identity_key = row.nik_mac = row.contact_mac = None
    row.identity_erased_at = row.identity_erased_at or at
    erase_proofs(session, case_id, at=at)


def erase_proofs(session: Session, case_id: int, *, at: datetime) -> None:
    """Forget the key of the proofs; their files go with the next sweep of the store."""
    row = session.get_one(KipIdentity, case_id)
    row.proof_key, row.proofs_erased_at = None, row.proofs_erased_at or at
    session.flush()


def rewrap(session: Session, ring: Keyring) -> int:
    """Bring at most `AT_ONCE` of what is wrapped by an older master key under the present one; how many."""
    done = 0
    for row in session.scalars(select(KipIdentity).where(KipIdentity.master != ring.current).limit(AT_ONCE)).all():
        for column, what in (("identity_key", "identity key"), ("proof_key", "proof key")):
            wrapped = getattr(row, column)
            if wrapped is not None:
                key = ring.open(wrapped, row.master, _bound(row.case_id, what))
                setattr(row, column, ring.seal(key, _bound(row.case_id, what)))
        row.master = ring.current
        done += 1
    for draft in session.scalars(select(KipDraft).where(KipDraft.master != ring.current).limit(AT_ONCE)).all():
        held = ring.open(draft.sealed, draft.master, f"draft {draft.digest}")
        draft.sealed, draft.master = ring.seal(held, f"draft {draft.digest}"), ring.current
        done += 1
    wanted = select(KipJoining).where(KipJoining.master != ring.current, KipJoining.sealed_address.is_not(None))
    for joining in session.scalars(wanted.limit(AT_ONCE)).all():
        held = ring.open(str(joining.sealed_address), joining.master, f"joining {joining.digest}")
        joining.sealed_address, joining.master = ring.seal(held, f"joining {joining.digest}"), ring.current
        done += 1
    session.flush()
    return done


def same_person(session: Session, case_id: int) -> list[int]:
    """Other cases of the same number or contact."""
    row = session.get(KipIdentity, case_id)
    if row is None:
        return []
    ways = [(KipIdentity.nik_mac, row.nik_mac), (KipIdentity.contact_mac, row.contact_mac)]
    found: set[int] = set()
    for column, value in ways:
        if value is not None:
            found.update(session.scalars(select(KipIdentity.case_id).where(column == value)))
    return sorted(found - {case_id})


def withdraw_name(session: Session, case_id: int) -> None:
    """The applicant no longer wants to be named in public."""
    from portal.kip.models import KipCase, KipPublication  # late: only this needs them

    session.execute(update(KipCase).where(KipCase.id == case_id).values(named=False))
    session.execute(update(KipPublication).where(KipPublication.case_id == case_id).values(name=None))


def _macs(row: KipIdentity, ring: Keyring, who: Identity) -> None:
    digits = "".join(character for character in who.nik if character.isalnum())
    contact = (who.email or who.phone).strip().lower()
    row.nik_mac = ring.mac("nik", digits) if digits else None
    row.contact_mac = ring.mac("contact", contact) if contact else None


def _bound(case_id: int, what: str) -> str:
    return f"case {case_id} {what}"
