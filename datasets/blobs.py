"""Bytes kept by their SHA-256: durable before anything names them, and never changed."""

from __future__ import annotations

import errno
import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol
from uuid import uuid4

from datasets.errors import DiskFull
from metadata.errors import LumbungError
from metadata.terms import Bilingual

_CHUNK = 1 << 20
_ASIDE = "aside-"
_NAME = re.compile(r"[0-9a-f]{64}")


class BlobMissing(LumbungError):
    """A hash is asked for that the store does not hold: a fault of the installation, `lumbung doctor` says more."""

    code = "blob.missing"
    status = 500
    text = Bilingual(
        id="Berkas {sha256} tidak ada di penyimpanan. Jalankan: lumbung doctor",
        en="File {sha256} is not in the store. Run: lumbung doctor",
    )


@dataclass(frozen=True, slots=True)
class BlobRef:
    """Bytes that are durable: their SHA-256 (64 lower-case hex digits) and size in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Leftover:
    """Something unfinished in the store: its name, size in bytes, and last change in seconds since 1970."""

    name: str
    size: int
    touched: float


class BlobStore(Protocol):
    """Where blobs are kept. Putting bytes twice is the same as once; what `put_…` has returned survives a power cut.

    `put_…` raises `DiskFull` and leaves nothing behind then.
    """

    def put_file(self, path: Path, *, known: BlobRef | None = None) -> BlobRef:
        """Keep a copy of the file's bytes; the file itself stays as it is.

        With `known` the caller hands the file over: it knows its hash and size, has it to itself and changes it never
        again, so that it need not be copied.
        """
        ...

    def put_bytes(self, content: bytes) -> BlobRef:
        """Keep these bytes."""
        ...

    def path(self, sha256: str) -> Path:
        """A local file with these bytes, for reading only. Raises `BlobMissing`."""
        ...

    def open(self, sha256: str) -> BinaryIO:
        """The bytes as a seekable stream, for reading only. Raises `BlobMissing`."""
        ...

    def exists(self, sha256: str) -> bool:
        """Whether the store holds this hash."""
        ...

    def size(self, sha256: str) -> int:
        """The size in bytes. Raises `BlobMissing`."""
        ...

    def verify(self, sha256: str) -> bool:
        """Whether the bytes are there and still have this hash; reads them all."""
        ...

    def all(self) -> Iterator[str]:
        """Every hash held, in no order."""
        ...

    def touched(self, sha256: str) -> float:
        """When the bytes were last put, in seconds since 1970. Raises `BlobMissing`."""
        ...

    def delete(self, sha256: str, *, before: float) -> bool:
        """Remove a blob unless it was put at or after the moment `before`; whether it is gone now.

        For the sweep alone, which asks the database first.
        """
        ...

    def recover(self, sha256: str) -> bool:
        """Give a blob back that a `delete` was killed over; whether there was one to give back."""
        ...

    def leftovers(self) -> Iterator[Leftover]:
        """What killed writers left behind, and writers at this moment have in hand."""
        ...

    def discard(self, leftover: Leftover) -> None:
        """Remove one of them; no fault when it is gone already."""
        ...


class LocalBlobs:
    """Blobs as read-only files `ab/cd/<sha256>` below `root`; temporaries in `root/tmp`, on the same file system."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._temporary = root / "tmp"

    def put_file(self, path: Path, *, known: BlobRef | None = None) -> BlobRef:
        """Copy, hash and count in one pass, or give a file that is handed over its second name; durable on return."""
        with path.open("rb") as source:
            if known is not None and self._adopt(source, path, known):
                return known
            return self._put(source)

    def put_bytes(self, content: bytes) -> BlobRef:
        """Durable on return."""
        with self._writing() as (handle, temporary):
            handle.write(content)
            return self._keep(handle, temporary, BlobRef(hashlib.sha256(content).hexdigest(), len(content)))

    def path(self, sha256: str) -> Path:
        """The file itself; never write to it."""
        path = self._final(sha256)
        if not path.is_file():
            raise BlobMissing(sha256=sha256)
        return path

    def open(self, sha256: str) -> BinaryIO:
        """Opened for reading; the caller closes it."""
        try:
            return self._final(sha256).open("rb")
        except FileNotFoundError as error:
            raise BlobMissing(sha256=sha256) from error

    def exists(self, sha256: str) -> bool:
        """Whether the file is there."""
        return self._final(sha256).is_file()

    def size(self, sha256: str) -> int:
        """By the file system."""
        return self._stat(sha256).st_size

    def touched(self, sha256: str) -> float:
        """The file's modification time, which a repeated put renews."""
        return self._stat(sha256).st_mtime

    def verify(self, sha256: str) -> bool:
        """Reads the whole file, about 1 s a gigabyte."""
        try:
            with self._final(sha256).open("rb") as handle:
                return hashlib.file_digest(handle, "sha256").hexdigest() == sha256
        except FileNotFoundError:
            return False

    def all(self) -> Iterator[str]:
        """Walks the folders; what is not named like a blob is not one."""
        for path in self.root.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*"):
            if _NAME.fullmatch(path.name):
                yield path.name

    def delete(self, sha256: str, *, before: float) -> bool:
        """Takes the name away first and looks at the age then: a put at the same moment either renews the age in time
        (and gets its name back) or finds no name (and makes its own)."""
        final, aside = self._final(sha256), self._temporary / f"{_ASIDE}{sha256}"
        self._temporary.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            final.rename(aside)
            if aside.stat().st_mtime >= before:
                self.recover(sha256)
                return False
            aside.unlink()
        return True

    def recover(self, sha256: str) -> bool:
        """Link the file that was set aside back to its name."""
        final, aside = self._final(sha256), self._temporary / f"{_ASIDE}{sha256}"
        try:
            os.link(aside, final)
            _sync_folder(final.parent)
        except FileNotFoundError:
            return False
        except FileExistsError:
            pass  # put again in the meantime
        aside.unlink(missing_ok=True)
        return True

    def leftovers(self) -> Iterator[Leftover]:
        """The files in the folder of temporaries."""
        if self._temporary.is_dir():
            for path in self._temporary.iterdir():
                with suppress(FileNotFoundError):
                    status = path.stat()
                    yield Leftover(name=path.name, size=status.st_size, touched=status.st_mtime)

    def discard(self, leftover: Leftover) -> None:
        """Unlink the temporary."""
        (self._temporary / leftover.name).unlink(missing_ok=True)

    def _adopt(self, source: BinaryIO, path: Path, known: BlobRef) -> bool:
        """Link the file itself into the store; False where that is not possible, as from another file system."""
        status = os.fstat(source.fileno())
        if status.st_size != known.size or status.st_nlink != 1 or path.is_symlink() or self.exists(known.sha256):
            return False
        try:
            os.fchmod(source.fileno(), 0o444)
            os.utime(source.fileno())
            self._keep(source, path, known)
        except OSError:
            return False
        return True

    def _put(self, source: BinaryIO) -> BlobRef:
        digest, size = hashlib.sha256(), 0
        with self._writing() as (handle, temporary):
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
                handle.write(chunk)
            return self._keep(handle, temporary, BlobRef(digest.hexdigest(), size))

    @contextmanager
    def _writing(self) -> Iterator[tuple[BinaryIO, Path]]:
        self._temporary.mkdir(mode=0o700, parents=True, exist_ok=True)
        temporary = self._temporary / uuid4().hex
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o444)
        try:
            with os.fdopen(descriptor, "wb") as handle:
                yield handle, temporary
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise DiskFull from error
            raise
        finally:
            temporary.unlink(missing_ok=True)

    def _keep(self, handle: BinaryIO, temporary: Path, ref: BlobRef) -> BlobRef:
        final = self._final(ref.sha256)
        self._make_folders(final.parent)
        handle.flush()
        os.fsync(handle.fileno())  # first the bytes, then the name: a name never stands for half a file
        while True:
            try:
                os.link(temporary, final)
                break
            except FileExistsError:
                with suppress(FileNotFoundError):  # swept away in between: link again
                    os.utime(final)  # young again, so that no sweep takes what is about to be named
                    if not self.verify(ref.sha256):
                        temporary.replace(final)  # spoilt by a fault of the disk: heal it
                    break
        _sync_folder(final.parent)
        return ref

    def _make_folders(self, folder: Path) -> None:
        """A new folder's name is made durable in its parent, from the top down."""
        missing = [path for path in (folder, *folder.parents) if path.is_relative_to(self.root) and not path.is_dir()]
        for path in reversed(missing):
            path.mkdir(mode=0o755, exist_ok=True)
            _sync_folder(path.parent)

    def _final(self, sha256: str) -> Path:
        if not _NAME.fullmatch(sha256):
            raise BlobMissing(sha256=sha256)
        return self.root / sha256[:2] / sha256[2:4] / sha256

    def _stat(self, sha256: str) -> os.stat_result:
        try:
            return self._final(sha256).stat()
        except FileNotFoundError as error:
            raise BlobMissing(sha256=sha256) from error


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
