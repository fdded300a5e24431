"""The letter that sets a classification, made of its consequence test: to be signed, and to be attached to refusals."""

from __future__ import annotations

from flask import Response

from datasets.models import Organization
from metadata.errors import NotFound
from portal import context
from portal.kip.letters.facts import LetterFacts
from portal.kip.letters.pdf import letter_pdf
from portal.kip.models import KipExemption
from portal.kip.registers.files import TYPES, handed
from portal.kip.store import emblem
from portal.kip.work.wing import bp, seeing
from portal.policy import NotAllowed


@bp.get("/uji-konsekuensi/<int:number>/surat")
def test_letter(number: int) -> Response:
    """The *Surat Penetapan Klasifikasi* of a test (PerKI 1/2017 Pasal 4); before its approval the one to be signed."""
    where = seeing("exemption.propose")
    session = context.session()
    row = session.get(KipExemption, number)
    if row is None:
        raise NotFound(what="uji konsekuensi")
    if row.organization_id is not None and not where.covers(row.organization_id):
        raise NotAllowed()
    agency = session.get(Organization, row.organization_id) if row.organization_id is not None else None
    head = emblem.letterhead(session, context.installation().settings.region_name)
    content = letter_pdf("surat_penetapan_klasifikasi", _facts(row, agency.title if agency else head.office), head)
    return handed(content, TYPES["pdf"], f"penetapan-{row.number}.pdf".replace("/", "-"))


def _facts(row: KipExemption, unit: str) -> LetterFacts:
    return LetterFacts(
        number=row.classification_letter or row.number,
        dated=row.approved_on or row.decided_on,
        event={
            "ground": row.ground,
            "information": row.information,
            "document": "; ".join(part for part in (row.document, ", ".join(row.of_columns)) if part),
            "unit": unit,
            "article": row.article,
            "expires_on": row.expires_on.isoformat() if row.expires_on else "",
            "expires_when": row.expires_when,
            "review_on": row.review_on.isoformat() if row.review_on else "",
            "date": row.decided_on.isoformat(),
            "place": row.place,
            "consequence_if_open": row.consequence_if_open,
            "consequence_if_closed": row.consequence_if_closed,
            "participants": row.participants,
        },
    )
