"""A package as bytes: its descriptor in one spelling, the files that belong to it, and its zip."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

_EPOCH = (1980, 1, 1, 0, 0, 0)
_STORED = (".parquet", ".xlsx", ".ods", ".png", ".jpg", ".jpeg", ".pdf", ".zip", ".docx")
"""Files that are compressed already."""


def descriptor_bytes(package: Mapping[str, Any]) -> bytes:
    """The one spelling of `datapackage.json`: the same package always has the same bytes."""
    return (json.dumps(package, ensure_ascii=False, indent=2) + "\n").encode()


def package_files(package: Mapping[str, Any]) -> dict[str, str]:
    """The files that belong to a package: path in it → SHA-256, read from the descriptor alone."""
    files: dict[str, str] = {}
    for resource in package.get("resources", []):
        for entry in (resource, *resource.get("lumbung:alternatives", []), *resource.get("sources", [])):
            digest = str(entry.get("hash") or entry.get("lumbung:hash") or "")
            if digest.startswith("sha256:") and entry.get("path"):
                files[entry["path"]] = digest.removeprefix("sha256:")
    return files


def write_zip(target: Path | IO[bytes], package: Mapping[str, Any], files: Mapping[str, Path]) -> None:
    """Write the package and `files` (path in it → where its bytes are) as a zip; streamed, and always the same bytes.

    The descriptor stands first, the rest in order of paths; times and modes are fixed. `target` may be a stream that
    cannot be rewound.
    """
    with zipfile.ZipFile(target, "w", allowZip64=True) as archive:
        archive.writestr(_entry("datapackage.json"), descriptor_bytes(package))
        for path in sorted(files):
            with files[path].open("rb") as source, archive.open(_entry(path), "w", force_zip64=True) as member:
                while chunk := source.read(1 << 18):
                    member.write(chunk)


def _entry(path: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(path, date_time=_EPOCH)
    entry.compress_type = zipfile.ZIP_STORED if path.lower().endswith(_STORED) else zipfile.ZIP_DEFLATED
    entry.create_system = 3
    entry.external_attr = 0o100644 << 16
    return entry
