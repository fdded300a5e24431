"""The command that checks, from outside, whether a file is what a portal's journal says was published."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from portal.cli.context import print_json

if TYPE_CHECKING:
    from datasets.journal.proof import Checked
    from harvesters.verifying import Verdict
    from metadata.errors import LumbungError

MEMORY = "lumbung/journals.json"


@click.command("verify")
@click.argument("target", metavar="URL|FILE")
@click.option("--journal", help="The journal's address, such as https://data.example.go.id/jurnal.")
@click.option("--proof", "proof_file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Offline.")
@click.option("--key", "key_line", help="The journal's public key, from where you trust it: name+mark+key.")
@click.option("--memory", type=click.Path(dir_okay=False, path_type=Path), help="Where journals are remembered.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON to standard output.")
def verify(
    target: str, journal: str | None, proof_file: Path | None, key_line: str | None, memory: Path | None, as_json: bool
) -> int:
    """Check that the file URL or FILE is what a journal says was published; needs no installation.

    FILE is compared with --proof alone, offline, or with the journal at --journal; URL is downloaded, and its portal's
    journal is asked. Exit code 0 when it is proved, 1 when it is not, 2 when it could not be checked.
    """
    from datasets.journal.matching import NotProved  # late: the database's library, 0.4 s
    from datasets.journal.notes import SignatureWrong
    from datasets.journal.proof import ProofUnreadable, ProofWrong
    from metadata.errors import LumbungError

    try:
        verdict = _verdict(target, journal, proof_file, key_line, memory or _memory())
    except LumbungError as error:
        proved_false = isinstance(error, NotProved | ProofWrong | SignatureWrong | ProofUnreadable)
        _tell_fault(error, as_json, unsound=proved_false)
        return 1 if proved_false else 2
    _tell(verdict, as_json)
    return 0


def _verdict(target: str, journal: str | None, proof_file: Path | None, key_line: str | None, memory: Path) -> Verdict:
    from datasets.journal.notes import PublicKey  # late: see above
    from harvesters import verifying
    from harvesters.wire.fetcher import Fetcher
    from harvesters.wire.session import Limits
    from metadata.errors import NotFound

    key = PublicKey.parse(key_line) if key_line else None
    known = verifying.Memory(memory)
    remote = target.startswith(("http://", "https://"))
    # Whoever types an address at this machine may go there; where it leads on to is judged as always.
    fetcher = Fetcher(internal=[url for url in (target if remote else None, journal) if url], limits=Limits(attempts=2))
    try:
        with tempfile.TemporaryDirectory(prefix="lumbung-verify-") as folder:
            path = verifying.download(target, Path(folder), fetcher) if remote else Path(target)
            if not path.is_file():
                raise NotFound(what=target)
            if proof_file is not None:
                return verifying.verify_offline(path, _read_proof(proof_file), known, key=key)
            asked = journal or (verifying.journal_of(target) if remote else None)
            if asked is None:
                raise verifying.JournalUnknown
            version = verifying.version_of(target) if remote else None
            return verifying.verify_online(path, asked.rstrip("/"), fetcher, known, version=version, key=key)
    finally:
        fetcher.close()


def _read_proof(path: Path) -> dict[str, Any]:
    from datasets.journal.proof import ProofUnreadable  # late: see above

    try:
        told = json.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError) as error:
        raise ProofUnreadable from error
    if not isinstance(told, dict):
        raise ProofUnreadable
    return told


def _memory() -> Path:
    """Where journals are remembered: beside the other state of this person's programs (XDG)."""
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / MEMORY


def _tell(verdict: Verdict, as_json: bool) -> None:
    checked, last = verdict.checked, verdict.last
    if as_json:
        told = {
            "proved": True,
            "journal": checked.key.name,
            "index": checked.index,
            "entry": checked.entry,
            "file": verdict.what,
            "files": verdict.files,
            "head": {"size": checked.head.size, "root": checked.head.root.hex()},
            "first_visit": verdict.first_visit,
            "continues": verdict.since,
            "last": None if last is None else {"index": last.index, "entry": last.entry},
        }
        print_json(told)
        return
    facts = checked.entry.get("facts", {})
    about = f"{str(checked.entry.get('subject', '')).removeprefix('dataset:')} v{facts.get('version', '?')}"
    when = str(checked.entry.get("at", ""))[:19].replace("T", " ")
    click.echo(f"TERBUKTI / PROVED: {verdict.what}, {about}, {when} UTC, {checked.key.name} no. {checked.index}")
    if verdict.files > 1:
        click.echo(f"  {verdict.files} berkas di dalam paket sesuai. / All {verdict.files} files of the package match.")
    if verdict.first_visit:
        click.echo(f"  Kunci jurnal dicatat untuk lain kali; cocokkan. / Key remembered, compare it: {checked.key}")
    elif verdict.since is not None:
        then, now = verdict.since, checked.head.size
        click.echo(f"  Jurnal melanjutkan keadaan terakhir. / The journal continues what it was: {then} → {now}.")
    if last is not None and last.index > checked.index:
        click.echo(f"  {_since(last)}")


def _since(last: Checked) -> str:
    if last.entry.get("kind") == "withdrawal":
        return "Perhatikan: dataset ini kemudian DITARIK. / Note: this dataset was WITHDRAWN since."
    number = last.entry.get("facts", {}).get("version")
    if number is None:
        return "Ada catatan yang lebih baru tentang dataset ini. / There are newer entries about this dataset."
    return f"Sudah ada versi {number}. / There is a version {number} since."


def _tell_fault(error: LumbungError, as_json: bool, *, unsound: bool) -> None:
    if as_json:
        print_json({"proved": False if unsound else None, "error": error.notice.as_dict()})
        return
    head = "TIDAK TERBUKTI / NOT PROVED" if unsound else "TIDAK DAPAT DIPERIKSA / COULD NOT BE CHECKED"
    click.echo(f"{head}\n{error.say('id')}\n{error.say('en')}", err=True)
