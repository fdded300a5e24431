"""The doctor's look at the journal: is it what it was when it was written, and do the rows say what it says of them."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from datasets.columns import text_hash
from datasets.doctor.finding import Finding, finding
from datasets.installation import Installation
from datasets.journal import log, signing
from datasets.journal.record import version_facts
from datasets.journal.tree import leaf_hash, node_hash
from datasets.models import DataReport, Dataset, JournalEntry, JournalNode, Version, Visibility
from datasets.response.reports import facts_of
from metadata.errors import LumbungError
from metadata.notices import declare

ENTRY_CHANGED = declare(
    "doctor.journal_changed",
    id="Catatan jurnal nomor {numbers} berubah atau hilang. Pulihkan basis data dari cadangan.",
    en="Entries {numbers} of the journal were changed or lost. Restore the database from a backup.",
)
TREE_WRONG = declare(
    "doctor.journal_tree_wrong",
    id="Pohon jurnal tidak cocok dengan catatannya (tingkat {levels}). Pulihkan basis data dari cadangan.",
    en="The journal's tree does not fit its entries (levels {levels}). Restore the database from a backup.",
)
ROWS_CHANGED = declare(
    "doctor.journal_rows_changed",
    id="Isi {version} tidak lagi seperti yang dicatat jurnal saat terbit. Pulihkan basis data dari cadangan.",
    en="The rows of {version} are not what the journal says was published. Restore the database from a backup.",
)
NOT_ENTERED = declare(
    "doctor.journal_not_entered",
    id="{version} terbit tanpa catatan di jurnal. Pulihkan basis data dari cadangan.",
    en="{version} is published without an entry in the journal. Restore the database from a backup.",
)
STATE_CHANGED = declare(
    "doctor.journal_state_changed",
    id="Dataset {slug} tidak berada dalam keadaan yang dicatat jurnal (terbit, ditarik, alasannya).",
    en="Dataset {slug} is not in the state that the journal tells of (public, withdrawn, the reason).",
)
ANSWER_CHANGED = declare(
    "doctor.journal_answer_changed",
    id="Laporan pembaca nomor {report} atau jawabannya tidak lagi seperti yang diumumkan.",
    en="Report {report} of a reader, or its answer, is not what was made public.",
)
HEAD_WRONG = declare(
    "doctor.journal_head_wrong",
    id="Kepala jurnal bertanda tangan tidak sah: {reason}",
    en="The journal's signed head does not hold: {reason}",
)
KEY_OPEN = declare(
    "doctor.journal_key_open",
    id="Kunci jurnal dapat dibaca pengguna lain ({mode}). Perbaikan: chmod 600 {path}",
    en="Other users can read the journal's key ({mode}). Mend it with: chmod 600 {path}",
)
_PAGE = 500


def check(installation: Installation, repair: bool) -> Iterator[Finding]:
    """The faults of the journal. Repair: its key is closed to others; nothing else may be mended by a machine."""
    yield from _key_faults(installation, repair)
    known, wrong = None, None
    try:
        known = signing.remembered(installation.settings)  # before the session: what it sees is this old or newer
    except LumbungError as error:
        wrong = error
    with installation.database.read() as session:
        yield from _tree_faults(session)
        yield from _row_faults(session)
        yield from _missing(session)
        if wrong is None:
            try:
                signing.refuse_rewritten(session, log.head(session), known)
            except LumbungError as error:
                wrong = error
            except KeyError:
                pass  # nodes are missing, which was said above
    if wrong is not None:
        yield finding(HEAD_WRONG, reason=wrong.notice.say("id"))


def _key_faults(installation: Installation, repair: bool) -> Iterator[Finding]:
    path = installation.settings.home / signing.KEY_FILE
    if not path.exists():
        return
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        found = finding(KEY_OPEN, "warning", path=str(path), mode=f"{mode:o}")
        if repair:
            path.chmod(0o600)
            found = found.mended()
        yield found


def _tree_faults(session: Session) -> Iterator[Finding]:
    """The leaves made anew from the entries' texts, and every node from those, against what is kept."""
    hashes: list[bytes] = []
    changed = set()
    entries = select(JournalEntry.position, JournalEntry.body).order_by(JournalEntry.position)
    for position, body in session.execute(entries.execution_options(yield_per=_PAGE)):
        while len(hashes) < position:
            changed.add(len(hashes))
            hashes.append(b"")
        hashes.append(leaf_hash(body.encode()))
    levels, level = set(), 0
    while hashes:
        nodes = select(JournalNode.position, JournalNode.sha256).where(JournalNode.level == level)
        kept = {number: value for number, value in session.execute(nodes)}  # noqa: C416 - rows are no pairs to mypy
        differ = {number for number, value in enumerate(hashes) if kept.get(number) != value.hex()}
        if level == 0:
            changed |= differ | {number for number in kept if number >= len(hashes)}
        elif differ and not changed:
            levels.add(level)
        if len(kept) > len(hashes) and level:
            levels.add(level)
        hashes = [node_hash(*pair) for pair in zip(hashes[::2], hashes[1::2], strict=False)]
        level += 1
    above = session.scalar(select(func.max(JournalNode.level)))
    if above is not None and above >= level:
        levels.add(above)
    if changed:
        yield finding(ENTRY_CHANGED, numbers=tuple(sorted(changed)[:20]))
    if levels:
        yield finding(TREE_WRONG, levels=tuple(sorted(levels)))


def _row_faults(session: Session) -> Iterator[Finding]:
    """Each published version made into facts once more, and each dataset's state against the last that was entered."""
    last: dict[str, tuple[str, Any]] = {}
    after = -1
    while entries := session.scalars(
        select(JournalEntry).where(JournalEntry.position > after).order_by(JournalEntry.position).limit(_PAGE)
    ).all():
        for entry in entries:
            told = _told(entry)
            facts = told.get("facts", {})
            if entry.version_id is not None and facts != version_facts(session, entry.version_id):
                yield finding(ROWS_CHANGED, version=f"{entry.subject} v{facts.get('version', '?')}")
            if entry.kind != "answer":
                last[entry.subject] = entry.kind, facts.get("reason_sha256")
            elif isinstance(number := facts.get("report"), int):
                report = session.get(DataReport, number)
                if report is None or facts != facts_of(report):
                    yield finding(ANSWER_CHANGED, report=number)
        after = entries[-1].position
        session.expunge_all()
    wanted = select(Dataset.slug, Dataset.visibility, Dataset.withdrawn_reason)
    for slug, visibility, reason in session.execute(wanted.where(Dataset.current_version_id.is_not(None))):
        kind, hashed = last.get(f"dataset:{slug}", ("", None))
        gone = visibility is Visibility.WITHDRAWN
        if kind and (gone != (kind == "withdrawal") or (gone and hashed != text_hash(reason))):
            yield finding(STATE_CHANGED, slug=slug)


def _told(entry: JournalEntry) -> dict[str, Any]:
    try:
        told = json.loads(entry.body)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _missing(session: Session) -> Iterator[Finding]:
    entered = select(JournalEntry.version_id).where(JournalEntry.version_id.is_not(None))
    wanted = select(Dataset.slug, Version.number).join(Dataset, Dataset.id == Version.dataset_id)
    for slug, number in session.execute(wanted.where(Version.id.not_in(entered)).order_by(Version.id).limit(100)):
        yield finding(NOT_ENTERED, version=f"{slug} v{number}")
