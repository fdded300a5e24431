"""What all actions that rewrite a dataset have in common."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from portal.api.writing.files_input import Files
from portal.api.writing.saving import Target
from portal.api.writing.working import Working
from portal.context import installation

if TYPE_CHECKING:
    from harvesters.manuscript import Written


@contextmanager
def workshop() -> Iterator[Path]:
    """A folder on the file system of the blobs, for the time of the call."""
    home = installation().settings.home / "work"
    home.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="api-", dir=home))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def target_of(working: Working, slug: str | None = None) -> Target:
    """The dataset in hand as the one to be saved."""
    dataset = working.dataset
    return Target(working.identity, dataset.uuid, slug or dataset.slug, working.revision, dataset.id)


def rewritten(working: Working, files: Files) -> tuple[Target, Written]:
    """The dataset in hand with these files, as `save` takes it."""
    return target_of(working), working.written.model_copy(update={"files": tuple(files.files)})
