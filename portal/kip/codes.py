"""The identifiers of the desk: who acts, what they decide, on which grounds; docs/glossary.md has their words."""

from __future__ import annotations

from typing import Final

ACTORS: Final = (
    "applicant",
    "desk_officer",
    "ppid_utama",
    "ppid_pelaksana",
    "atasan_ppid",
    "pimpinan",
    "komisi_informasi",
    "job",
)
"""`job` is the daily work of the machine; all others are people (UU 14/2008, PerKI 1/2021, Permendagri 3/2017)."""

CHANNELS: Final = ("web", "email", "post", "in_person", "phone", "whatsapp")
"""How a request can come in; what is not written the officer writes down (UU 14/2008 Pasal 22(1)-(3))."""

AT_ONCE: Final = frozenset({"web", "email"})
"""Channels by which a letter reaches the applicant on the day it is sent."""

APPLICANT_KINDS: Final = ("perorangan", "badan_hukum", "kelompok_orang")

CLASSES: Final = ("berkala", "serta_merta", "setiap_saat", "dikecualikan")
"""Classes of information (UU 14/2008 Pasal 9, 10, 11 and 17)."""

PASAL_17: Final = tuple(f"17.{letter}" for letter in "abcdefghij")
"""The ten grounds on which information may be closed (UU 14/2008 Pasal 17)."""

NEVER_PERMANENT: Final = frozenset(PASAL_17[:6])
"""Grounds whose exemption must have an end (UU 14/2008 Pasal 20(1))."""

DECISIONS: Final = ("granted", "partially_granted", "refused", "not_held", "already_public")

OBJECTION_GROUNDS: Final = tuple("abcdefg")
"""UU 14/2008 Pasal 35(1), letters a to g."""

OBJECTION_RESULTS: Final = ("upheld", "upheld_partly", "rejected")

DISPUTE_STAGES: Final = ("registered", "mediation", "adjudication", "decided", "in_court", "final")

EXTENSION_REASONS: Final = ("not_yet_held_or_documented", "exemption_undecided")
"""The two reasons for which the answer may take seven working days more."""

REQUEST_STATES: Final = (
    "draft",
    "received",
    "incomplete",
    "in_process",
    "extended",
    "answered",
    "closed",
    "lapsed",
    "withdrawn",
)
