"""Checks from outside whether a file is what a journal says was published: over HTTP, or with a proof at hand.

What was learned of a journal, its key and its last head, is kept for the next time: a journal that then shows another
key, or does not continue that head, is told of as rewritten.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from datasets.journal import notes, proof
from datasets.journal.log import Head
from datasets.journal.matching import DESCRIPTOR, NotProved, OtherFile, members_of, named, sha256_of
from datasets.journal.notes import PublicKey
from datasets.journal.proof import Checked, ProofUnreadable
from datasets.journal.tree import proves_consistency
from harvesters import faults
from harvesters.adapter import RemoteFile
from harvesters.wire.answers import AnswerUnreadable, ask
from harvesters.wire.fetcher import Fetcher
from metadata.errors import LumbungError
from metadata.terms import Bilingual


class NotInJournal(NotProved):
    """No publication names a file with these bytes."""

    code = "verify.not_in_journal"
    text = Bilingual(
        id="Berkas ini tidak ada di jurnal (SHA-256 {sha256}). Isinya berubah sejak diterbitkan, atau ia hasil "
        "pilihan, XLSX, atau CSV beramankan rumus yang dibuat saat diunduh: periksa berkas asli, CSV dengan ?exact=1, "
        "atau ZIP.",
        en="This file is not in the journal (SHA-256 {sha256}). It was changed since it was published, or it is a "
        "selection, XLSX or guarded CSV made for the download: check the original, the CSV with ?exact=1, or the ZIP.",
    )


class KeyChanged(NotProved):
    """The journal shows another key than at the last visit."""

    code = "verify.key_changed"
    text = Bilingual(
        id="Kunci jurnal {journal} bukan yang dikenal. Jangan percaya sebelum pengelolanya menjelaskan.",
        en="The key of the journal {journal} is not the one known. Do not trust it before its keepers explain.",
    )


class HistoryRewritten(NotProved):
    """The journal does not continue what it was at the last visit."""

    code = "verify.history_rewritten"
    text = Bilingual(
        id="Jurnal {journal} tidak melanjutkan isinya saat terakhir diperiksa ({size} catatan): isinya ditulis ulang.",
        en="The journal {journal} does not continue what it was at the last visit ({size} entries): it was rewritten.",
    )


class JournalUnknown(LumbungError):
    """Nothing says which journal to ask."""

    code = "verify.journal_unknown"
    status = 400
    text = Bilingual(
        id="Sebutkan jurnalnya dengan --journal ALAMAT/jurnal, atau buktinya dengan --proof BERKAS.",
        en="Name the journal with --journal ADDRESS/jurnal, or the proof with --proof FILE.",
    )


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was proved: the entry, what the file is in it, and how the journal stands to the last visit.

    `since` is None when nothing was known of it or nothing could be asked, else how many entries it had then. `last` is
    the last entry about the dataset, when the journal was asked.
    """

    checked: Checked
    what: str
    files: int
    first_visit: bool
    since: int | None
    last: Checked | None


class Memory:
    """What is known of journals, in one file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._known: dict[str, dict[str, str]] = {}
        with suppress(FileNotFoundError, ValueError):
            told = json.loads(path.read_text("utf-8"))
            self._known = told if isinstance(told, dict) else {}

    def of(self, journal: str) -> tuple[PublicKey, Head] | None:
        """The key and the last head of a journal."""
        known = self._known.get(journal)
        if known is None:
            return None
        key = PublicKey.parse(known.get("key", ""))
        return key, notes.read(known.get("checkpoint", ""), key)

    def keep(self, journal: str, key: PublicKey, note: str) -> None:
        """Remember them; the file is whole at any moment."""
        self._known[journal] = {"key": str(key), "checkpoint": note}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_name(f"{self.path.name}.{secrets.token_hex(6)}")
        draft.write_text(json.dumps(self._known, ensure_ascii=False, indent=1), "utf-8")
        draft.replace(self.path)


def verify_offline(path: Path, told: Mapping[str, Any], memory: Memory, *, key: PublicKey | None = None) -> Verdict:
    """Check a file against a proof that was downloaded with it; nothing is asked of anybody.

    Raises `NotProved` and its kind, `ProofWrong`, `SignatureWrong`, `ProofUnreadable`.
    """
    journal = str(told.get("journal", ""))
    known = memory.of(journal)
    checked = proof.check(told, key=_trusted(told, journal, known, key))
    what, files = named(path, checked)
    if known is not None and known[1].size == checked.head.size and known[1].root != checked.head.root:
        raise HistoryRewritten(journal=journal, size=known[1].size)
    if known is None:
        memory.keep(journal, checked.key, str(told["checkpoint"]))
    return Verdict(checked, what, files, first_visit=known is None, since=None, last=None)


def verify_online(
    path: Path,
    journal: str,
    fetcher: Fetcher,
    memory: Memory,
    *,
    version: tuple[str, int] | None,
    key: PublicKey | None,
) -> Verdict:
    """Ask a journal for the proof of a file, check it, and that the journal continues what it was.

    `version` is the dataset and number that the file should be of. Raises as `verify_offline`, and `FetchFailed`.
    """
    known = memory.of(journal)
    answer = _proofs(path, journal, fetcher)
    checks = [proof.check(one, key=_trusted(one, journal, known, key)) for one in answer["proofs"]]
    chosen = checks[0]
    if version is not None:
        matching = [
            one for one in checks if (one.entry.get("subject"), _number(one)) == (f"dataset:{version[0]}", version[1])
        ]
        if not matching:
            raise OtherFile(what=f"{version[0]} v{version[1]}")
        chosen = matching[0]
    what, files = named(path, chosen)
    last = proof.check(answer["last"], key=chosen.key) if "last" in answer else None
    since = None
    if known is not None:
        since = known[1].size
        _refuse_rewritten(journal, known[1], chosen.head, fetcher)
    if known is None or chosen.head.size >= known[1].size:
        memory.keep(journal, chosen.key, str(answer["proofs"][checks.index(chosen)]["checkpoint"]))
    same = last is not None and last.entry.get("subject") == chosen.entry.get("subject")
    return Verdict(chosen, what, files, known is None, since, last if same else None)


def download(url: str, folder: Path, fetcher: Fetcher) -> Path:
    """The file behind an address; of a page of a dataset, the package with all its files."""
    try:
        return fetcher.download(_remote(url), folder).path
    except faults.PageInsteadOfData:
        parts = urlsplit(url)
        page = parts._replace(path=parts.path.rstrip("/") + ".zip", query="", fragment="").geturl()
        return fetcher.download(_remote(page), folder).path


def journal_of(url: str) -> str | None:
    """The journal of the portal that an address belongs to."""
    parts = urlsplit(url)
    mount, found, _ = parts.path.partition("/dataset/")
    return parts._replace(path=mount.removesuffix("/en") + "/jurnal", query="", fragment="").geturl() if found else None


def version_of(url: str) -> tuple[str, int] | None:
    """The dataset and version that an address names, when it names one."""
    names = urlsplit(url).path.partition("/dataset/")[2].split("/")
    number = names[2].removesuffix(".zip") if len(names) > 2 and names[1] == "v" else ""
    return (names[0], int(number)) if number.isascii() and number.isdigit() else None


def _remote(url: str) -> RemoteFile:
    return RemoteFile(key=url, location=url, filename=urlsplit(url).path.rpartition("/")[2] or "berkas")


def _proofs(path: Path, journal: str, fetcher: Fetcher) -> dict[str, Any]:
    """What the journal has on a file, or on the description inside a package. Raises `NotInJournal`."""
    whole = sha256_of(path)
    hashes = [whole]
    hashes += [sha256 for name, sha256 in members_of(path) if name == DESCRIPTOR][:1]
    for sha256 in hashes:
        try:
            told = ask(fetcher, f"{journal}/berkas/{sha256}.json").json()
        except faults.Refused as error:
            if error.notice.params.get("status") == 404:
                continue
            raise
        if not isinstance(told, dict) or not isinstance(told.get("proofs"), list) or not told["proofs"]:
            raise ProofUnreadable
        return told
    raise NotInJournal(sha256=whole)


def _trusted(
    told: Mapping[str, Any], journal: str, known: tuple[PublicKey, Head] | None, key: PublicKey | None
) -> PublicKey:
    """The key to check with: the one given, else the one known, else the one that comes along the first time."""
    brought = PublicKey.parse(str(told.get("key", "")))
    expected = key or (known[0] if known else None)
    if expected is not None and expected.raw != brought.raw:
        raise KeyChanged(journal=journal)
    return brought


def _refuse_rewritten(journal: str, old: Head, new: Head, fetcher: Fetcher) -> None:
    """Raises `HistoryRewritten` unless the journal shows that the old head is the beginning of the new one."""
    if new.size < old.size:
        raise HistoryRewritten(journal=journal, size=old.size)
    if new.size > old.size:
        try:
            told = ask(fetcher, f"{journal}/konsistensi.json?old={old.size}&new={new.size}").json()
            path = [bytes.fromhex(step) for step in told["path"]]
        except (KeyError, TypeError, ValueError, AnswerUnreadable) as error:
            raise ProofUnreadable from error
    else:
        path = []
    if not proves_consistency(old.size, new.size, old.root, new.root, path):
        raise HistoryRewritten(journal=journal, size=old.size)


def _number(checked: Checked) -> object:
    return checked.entry.get("facts", {}).get("version")
