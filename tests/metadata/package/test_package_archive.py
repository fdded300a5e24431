"""The zip of a package is the same bytes whenever it is made, and holds what the descriptor says."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path
from typing import Any

from metadata.package import descriptor_bytes, write_zip

PACKAGE: dict[str, Any] = {"name": "a", "title": "Résumé", "resources": [{"name": "t", "path": "data/t.csv"}]}


def test_the_same_content_has_the_same_bytes(tmp_path: Path) -> None:
    first, second = tmp_path / "1.csv", tmp_path / "2.csv"
    for path in (first, second):
        path.write_bytes(b"a\n1\n")
    os.utime(second, (0, 0))
    write_zip(tmp_path / "1.zip", PACKAGE, {"data/t.csv": first, "source/é.csv": first})
    write_zip(tmp_path / "2.zip", PACKAGE, {"source/é.csv": second, "data/t.csv": second})
    assert (tmp_path / "1.zip").read_bytes() == (tmp_path / "2.zip").read_bytes()


def test_the_descriptor_comes_first_and_names_are_unicode(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"a\n1\n" * 100_000)
    write_zip(tmp_path / "p.zip", PACKAGE, {"source/é.csv": path, "data/t.csv": path})
    with zipfile.ZipFile(tmp_path / "p.zip") as archive:
        assert archive.namelist() == ["datapackage.json", "data/t.csv", "source/é.csv"]
        assert archive.read("datapackage.json") == descriptor_bytes(PACKAGE)
        assert archive.read("data/t.csv") == path.read_bytes()
        assert archive.testzip() is None


def test_it_can_be_streamed_to_where_nothing_can_be_rewound(tmp_path: Path) -> None:
    class OneWay(io.RawIOBase):
        def __init__(self) -> None:
            self.taken = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, chunk: Any) -> int:
            self.taken += bytes(chunk)
            return len(chunk)

    path = tmp_path / "t.csv"
    path.write_bytes(b"a\n1\n")
    target = OneWay()
    write_zip(target, PACKAGE, {"data/t.csv": path})  # type: ignore[arg-type]
    with zipfile.ZipFile(io.BytesIO(bytes(target.taken))) as archive:
        assert archive.read("data/t.csv") == b"a\n1\n"
