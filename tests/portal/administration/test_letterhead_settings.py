"""The letterhead has one place: what an administrator sets there stands on letters, and takes nothing else away."""

from __future__ import annotations

from typing import Any

from desk_letters import emblem as picture

from datasets import kept
from datasets.clock import now
from portal.kip.letters.facts import Letterhead, Signatory
from portal.kip.store import emblem
from portal.kip.store.rules import MACHINE, change_settings


def letterhead(office: Any) -> Letterhead:
    with office.here.database.read() as session:
        return emblem.letterhead(session, "Kabupaten Contoh")


def form(**said: str) -> dict[str, str]:
    """All fields of the form, empty but for these."""
    names = ["body", "office", "address", "phone", "email", "website", "place"]
    names += [f"{who}.{member}" for who in ("ppid", "superior", "head") for member in ("name", "post", "nip")]
    return dict.fromkeys(names, "") | said


def test_what_an_administrator_sets_stands_on_letters_and_nothing_else_is_lost(office: Any) -> None:
    with office.here.database.write() as session:
        checksum = emblem.keep(session, picture(), by="desk", at=now())
        emblem.change_letterhead(session, {"body": "Pemkab Lama", "phone": "0353-1", "logo": checksum}, at=now())
        change_settings(session, {"ki": "Komisi Informasi Kabupaten Contoh"}, actor=MACHINE, at=now())
    answer = office.admin.post(
        "/kerja/pengaturan/kantor",
        **form(body="Pemkab Contoh", **{"ppid.name": "Dewi Contoh", "superior.post": "Sekda"}),
    )
    assert answer.status_code == 303, answer.text
    head = letterhead(office)
    assert (head.body, head.phone) == ("Pemkab Contoh", ""), "what is empty in the form is set to nothing"
    assert head.ppid == Signatory("Dewi Contoh", "PPID"), "a name alone keeps the post"
    assert (head.superior.post, head.head.post) == ("Sekda", "Bupati")
    assert head.logo == picture()
    assert head.commission == "Komisi Informasi Kabupaten Contoh"
    assert office.admin.post("/kerja/pengaturan/kantor", **form()).status_code == 303
    assert letterhead(office).body == "Pemerintah Kabupaten Contoh"
    with office.here.database.write() as session:
        assert set(kept.value(session, kept.OFFICE)) == {"logo"}
        emblem.change_letterhead(session, {"logo": ""}, at=now())
    assert letterhead(office).logo == b""
