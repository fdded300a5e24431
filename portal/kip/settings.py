"""What the law leaves open or we could not confirm: each a setting, with the default that the desk begins with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

CHOICES = {
    "first_day": ("next_working_day", "same_day"),
    "clock_start_rule": ("completing_papers", "declared_complete", "first_receipt"),
    "late_objection": ("register_and_flag", "refuse"),
    "names_public": ("never_without_opt_in", "never"),
    "withdrawal": ("allowed", "refused"),
}


BOUNDS = {
    "correction_rounds": (1, 10),
    "opd_due": (1, 60),
    "delivery_max": (1, 250),
    "retention_proof_days": (1, 3_650),
    "retention_identity_years": (1, 100),
}
"""The least and the most of each figure: beyond, no calendar has the day that a clock asks for."""


@dataclass(frozen=True, slots=True)
class KipSettings:
    """The desk's settings; the regency's legal office confirms them once.

    Counts are working days unless the name says otherwise; `clock_start_rule` says from when the ten days of UU 14/2008
    Pasal 22(7) run when papers had to be completed: their arrival, the declaration that all is there, or the first
    receipt.
    """

    collective_leave_is_off: bool = True
    first_day: str = "next_working_day"
    clock_start_rule: str = "completing_papers"
    correction_rounds: int = 1
    deemed_complete_after_check: bool = True
    opd_may_answer: bool = False
    opd_due: int = 5
    delivery_max: int = 17
    ground_b_needs_request: bool = False
    late_objection: str = "register_and_flag"
    names_public: str = "never_without_opt_in"
    withdrawal: str = "allowed"
    number_format: str = "{number:04d}/PI/PPID/{month}/{year}"
    ki: str = "Komisi Informasi Provinsi Jawa Timur"
    retention_proof_days: int = 90
    retention_identity_years: int = 2

    def __post_init__(self) -> None:
        for name, allowed in CHOICES.items():
            if getattr(self, name) not in allowed:
                raise ValueError(f"{name} is one of {', '.join(allowed)}, not {getattr(self, name)!r}")
        for name, (least, most) in BOUNDS.items():
            if not least <= getattr(self, name) <= most:
                raise ValueError(f"{name} lies from {least} to {most}, which {getattr(self, name)!r} does not")

    @classmethod
    def of(cls, values: Mapping[str, Any] | None) -> KipSettings:
        """Settings from a mapping of some of them; ValueError names those that do not exist."""
        values = {name.replace(".", "_"): value for name, value in (values or {}).items()}
        known = {field.name for field in fields(cls)}
        if unknown := sorted(set(values) - known):
            raise ValueError(f"unknown settings of the desk: {', '.join(unknown)}")
        return cls(**values)


CHECK_DAYS = 3
"""Working days to check whether a request is complete, and again for the applicant to complete it (PerKI 1/2021)."""

ANSWER_DAYS = 10
"""UU 14/2008 Pasal 22(7)."""

EXTENSION_DAYS = 7
"""UU 14/2008 Pasal 22(8)."""

OBJECTION_WINDOW_DAYS = 30
"""UU 14/2008 Pasal 36(1)."""

OBJECTION_ANSWER_DAYS = 30
"""UU 14/2008 Pasal 36(2)."""

DISPUTE_WINDOW_DAYS = 14
"""UU 14/2008 Pasal 37(2)."""

COMMISSION_START_DAYS = 14
"""UU 14/2008 Pasal 38(1)."""

EXPIRY_NOTICE_DAYS = 30
"""Working days before an exemption ends by which the PPID declares the information public (PP 61/2010)."""

LONGEST_EXEMPTION_YEARS = {"17.a": 30}
"""PP 61/2010: what serves law enforcement is closed for thirty years at most."""
