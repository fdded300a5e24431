"""The tables of the desk; what is personal is sealed in them (portal/kip/sealing.py)."""

from __future__ import annotations

from portal.kip.models.case import KipAttachment, KipCase, KipEvent, KipIdentity, KipLetter, KipObjection, KipRoute
from portal.kip.models.desk import KipCounter, KipDay, KipDraft, KipExemption, KipSetting
from portal.kip.models.lists import KipInformation, KipReport
from portal.kip.models.public import KipJoining, KipMet, KipPublication

__all__ = [
    "KipAttachment",
    "KipCase",
    "KipCounter",
    "KipDay",
    "KipDraft",
    "KipEvent",
    "KipExemption",
    "KipIdentity",
    "KipInformation",
    "KipJoining",
    "KipLetter",
    "KipMet",
    "KipObjection",
    "KipPublication",
    "KipReport",
    "KipRoute",
    "KipSetting",
]
