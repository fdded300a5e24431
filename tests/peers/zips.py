"""ZIP archives for tests: plain ones, and each kind of trouble that a stranger may pack."""

from __future__ import annotations

import io
import stat
import zipfile


def packed(files: dict[str, bytes]) -> bytes:
    """A plain archive; names are taken as they are, however they look."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def with_link(name: str, target: str, content: bytes) -> bytes:
    """An archive with a symbolic link in it and one honest file `data.csv`."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo(name)
        link.create_system = 3
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, target)
        archive.writestr("data.csv", content)
    return out.getvalue()


def encrypted(files: dict[str, bytes]) -> bytes:
    """An archive whose members say that they are encrypted."""
    made = bytearray(packed(files))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = made.find(signature)
        while at >= 0:
            made[at + offset] |= 1
            at = made.find(signature, at + 1)
    return bytes(made)


def damaged(files: dict[str, bytes]) -> bytes:
    """An archive whose first member's bytes are not those of its checksum."""
    made = bytearray(packed(files))
    name = next(iter(files)).encode()
    at = made.find(name) + len(name) + 5
    made[at] ^= 0xFF
    return bytes(made)


def bomb(megabytes: int = 64) -> bytes:
    """A small archive with one member of so many megabytes."""
    return packed({"data.csv": b"0" * megabytes * 1024 * 1024})
