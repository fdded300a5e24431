"""The confined process in which a file is examined, or cleaned; `metadata.redaction.examine` asks it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from metadata.notices import Notice, Place
from metadata.reading.errors import Unreadable
from metadata.reading.sniff import sniff
from metadata.reading.wire import error_to_json
from metadata.redaction import delimited, documents, findings, images, pdfs, trees, workbooks
from metadata.redaction.findings import ordered

ALSO = ("openpyxl", "PIL.Image", "PIL.ImageOps", "pypdfium2")
"""What only some files need."""

Finder = Callable[[Path, str], Iterator[Notice]]
Cleaner = Callable[[Path, Path], None]
HANDS: Final[Mapping[str, tuple[Finder, Cleaner]]] = {
    "xlsx": (workbooks.find, workbooks.clean),
    "docx": (documents.find, documents.clean),
    "pdf": (pdfs.find, pdfs.clean),
    "csv": (delimited.find, delimited.clean),
    "tsv": (delimited.find, delimited.clean),
    "txt": (delimited.find_text, delimited.clean_text),
    "json": (trees.find, trees.clean),
    "geojson": (trees.find, trees.clean),
    **dict.fromkeys(images.FORMATS, (images.find, images.clean)),
}


def work(order: dict[str, Any]) -> dict[str, Any]:
    """The findings in the file `path`; with a `target` that too is written, and `left` is what is found in the copy."""
    path, filename = Path(order["path"]), str(order["filename"])
    kind = sniff(path).format
    if kind not in HANDS:
        return _said(kind, [Notice(findings.UNKNOWN, Place(file=filename), {"kind": kind})], cleanable=False)
    find, clean = HANDS[kind]
    try:
        found = ordered(find(path, filename))
        said = _said(kind, found, cleanable=True)
        if order.get("target"):
            target = Path(order["target"])
            clean(path, target)
            said["left"] = [notice.as_dict() for notice in ordered(find(target, filename))]
    except Unreadable as error:
        return {"error": error_to_json(error)}
    except (ValueError, KeyError, IndexError, AttributeError, TypeError, OSError) as error:
        return {"broken": type(error).__name__, "kind": kind}
    return said


def _said(kind: str, found: Any, *, cleanable: bool) -> dict[str, Any]:
    return {"kind": kind, "findings": [notice.as_dict() for notice in found], "cleanable": cleanable}
