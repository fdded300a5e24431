"""The form of a request: its fields, what is wrong with them, and what they say."""

from __future__ import annotations

import re
from collections.abc import Mapping

from datasets.mails import AddressWrong, checked_address
from portal.kip import spoken
from portal.kip.codes import APPLICANT_KINDS
from portal.kip.store.cases import Asked
from portal.kip.store.identity import Identity
from portal.web.i18n import gettext as _

MANNERS = ("soft", "look", "hard")
DELIVERIES = ("email", "collect", "post", "courier", "fax")
FIELDS = (
    *("applicant_kind", "name", "nik", "address", "phone", "email", "occupation", "attorney"),
    *("question", "purpose", "manner", "delivery", "named"),
)
LONGEST = 5000
_PHONE = re.compile(r"\+?[0-9][0-9 ().-]{5,24}")


def choices() -> dict[str, list[tuple[str, ...]]]:
    """The choices of the form: value, words, and help where there are radio buttons."""
    kinds = {
        "perorangan": _("With your NIK and a photo of your KTP."),
        "badan_hukum": _("A foundation, association, company: with the deed approved by the ministry."),
        "kelompok_orang": _("With a power of attorney and the KTP of who gives and who holds it."),
    }
    return {
        "applicant_kind": [(kind, spoken.applicant_kind(kind).capitalize(), kinds[kind]) for kind in APPLICANT_KINDS],
        "manner": [(one, spoken.manner(one).capitalize(), "") for one in MANNERS],
        "delivery": [(one, spoken.delivery(one).capitalize()) for one in DELIVERIES],
    }


def typed(given: Mapping[str, str]) -> dict[str, str]:
    """The fields as they were typed, without the blanks around them."""
    return {name: given.get(name, "").replace("\r\n", "\n").strip()[:LONGEST] for name in FIELDS}


def mistakes(values: Mapping[str, str], *, by_officer: bool = False) -> dict[str, str]:
    """What is wrong, field by field. An officer writes down what people can tell, so less is asked for then."""
    found: dict[str, str] = {}
    if values.get("applicant_kind") not in APPLICANT_KINDS:
        found["applicant_kind"] = _("Choose who asks.")
    if len(values.get("name", "")) < 2:
        found["name"] = _("Write the full name, as on the KTP or the deed.")
    nik = "".join(values.get("nik", "").split())
    if values.get("applicant_kind") == "perorangan" and nik and not re.fullmatch(r"[0-9]{16}", nik):
        found["nik"] = _("A NIK has 16 digits.")
    elif not nik and not by_officer:
        found["nik"] = _("Write the NIK, or the number of the legal body's approval.")
    if not values.get("address") and not by_officer:
        found["address"] = _("Write the address.")
    found |= _of_contact(values, by_officer=by_officer)
    if len(values.get("question", "")) < 10:
        found["question"] = _("Write what you want to know, as exactly as you can.")
    if not values.get("purpose") and not by_officer:
        found["purpose"] = _("Write what you will use it for; a few words are enough.")
    if values.get("manner") not in MANNERS:
        found["manner"] = _("Choose how you want to have it.")
    if values.get("delivery") not in DELIVERIES:
        found["delivery"] = _("Choose how it is to reach you.")
    return found


def asked(values: Mapping[str, str], language: str, *, complaint: str = "", earlier_id: int | None = None) -> Asked:
    """What is asked."""
    return Asked(
        applicant_kind=values["applicant_kind"],
        question=values["question"],
        purpose=values["purpose"],
        manner=values["manner"],
        delivery=values["delivery"],
        language=language,
        named=values.get("named") == "1",
        complaint=complaint,
        earlier_id=earlier_id,
    )


def identity(values: Mapping[str, str]) -> Identity:
    """Who asks."""
    return Identity(
        name=values["name"],
        nik="".join(values["nik"].split()),
        address=values["address"],
        phone=values["phone"],
        email=values["email"].lower(),
        occupation=values["occupation"],
        attorney=values["attorney"],
    )


def _of_contact(values: Mapping[str, str], *, by_officer: bool) -> dict[str, str]:
    found = {}
    email, phone = values.get("email", ""), values.get("phone", "")
    if email:
        try:
            checked_address(email)
        except AddressWrong:
            found["email"] = _("This is no e-mail address.")
    if phone and not _PHONE.fullmatch(phone):
        found["phone"] = _("This is no telephone number.")
    if not email and not phone and not by_officer:
        found["email"] = _("Leave an e-mail address or a telephone number, so that the answer reaches you.")
    if values.get("delivery") == "email" and not email and not by_officer:
        found.setdefault("email", _("To have it by e-mail, leave an e-mail address."))
    return found
