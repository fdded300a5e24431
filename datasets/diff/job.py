"""A comparison in a process of its own: its memory comes back, and it can be stopped, whatever the web worker does.

Run as `python -m datasets.diff.job` it takes one JSON line `{"before", "after", "examples", "seconds", "target"}` and
answers with one: the comparison as `TableDiff.as_dict()` gives it, or `{"error": code, "params": {…}}`. With a `target`
all changed cells are written there as CSV.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from datasets.diff.compare import Side, compare, write_changes
from datasets.query.errors import TableBroken, TooLarge, TooSlow
from metadata.errors import LumbungError

SECONDS = 30.0
GRACE = 10.0  # for starting and for writing what was found
EXAMPLES = 1_000

_ERRORS: Mapping[str, type[LumbungError]] = {error.code: error for error in (TableBroken, TooLarge, TooSlow)}


def compared(before: Side, after: Side, *, examples: int = EXAMPLES, seconds: float = SECONDS) -> dict[str, Any]:
    """What changed, as `TableDiff.as_dict()`. Raises `TooSlow`, `TooLarge` (422) and `TableBroken` (503)."""
    return _asked(before, after, seconds=seconds, examples=examples)


def changes_written(before: Side, after: Side, target: Path, *, seconds: float = SECONDS) -> None:
    """All changed cells as CSV at `target`. Raises as `compared`."""
    _asked(before, after, seconds=seconds, target=str(target))


def _asked(before: Side, after: Side, *, seconds: float, **options: Any) -> dict[str, Any]:
    sides = {
        name: {"parquet": str(side.parquet.absolute()), "schema": side.schema}
        for name, side in (("before", before), ("after", after))
    }
    job = json.dumps(sides | options | {"seconds": seconds})
    try:
        told = subprocess.run(
            [sys.executable, "-m", "datasets.diff.job"],
            input=job.encode(),
            capture_output=True,
            check=False,
            timeout=seconds + GRACE,
            cwd=Path(__file__).parents[2],
            env={"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "TMPDIR": os.environ.get("TMPDIR", "")},
        )
    except subprocess.TimeoutExpired as error:
        raise TooSlow(seconds=seconds) from error
    try:
        answer: dict[str, Any] = json.loads(told.stdout)
    except ValueError:
        raise TooLarge(megabytes=400) if told.returncode < 0 else TableBroken(reason="diff") from None
    if "error" in answer:
        raise _ERRORS.get(answer["error"], TableBroken)(**answer["params"])
    return answer


def main(text: str) -> dict[str, Any]:
    """Do one job."""
    job = json.loads(text)
    before, after = (Side(Path(job[side]["parquet"]), job[side]["schema"]) for side in ("before", "after"))
    try:
        if "target" in job:
            write_changes(before, after, Path(job["target"]), seconds=job["seconds"])
            return {}
        return compare(before, after, examples=job["examples"], seconds=job["seconds"]).as_dict()
    except LumbungError as error:
        return {"error": error.code, "params": dict(error.notice.params)}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(sys.stdin.read()), allow_nan=False))
