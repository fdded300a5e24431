"""What a store of blobs promises; every kind of store passes the same suite."""

from __future__ import annotations

import errno
import hashlib
import math
import os
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from datasets import blobs as module
from datasets.blobs import BlobMissing, BlobRef, BlobStore, LocalBlobs
from datasets.errors import DiskFull

CONTENT = b"kecamatan,penduduk\nNgraho,42000\n"
SHA = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(params=[LocalBlobs])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> BlobStore:
    return request.param(tmp_path / "blobs")


def test_bytes_come_back_as_they_went_in(store: BlobStore, tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_bytes(CONTENT)
    assert store.put_file(source) == store.put_bytes(CONTENT) == BlobRef(SHA, len(CONTENT))
    with store.open(SHA) as handle:
        assert handle.read() == CONTENT
    assert store.path(SHA).read_bytes() == CONTENT
    assert (store.exists(SHA), store.size(SHA), store.verify(SHA)) == (True, len(CONTENT), True)
    assert list(store.all()) == [SHA]


def test_a_file_larger_than_the_copying_chunk_is_kept_whole(store: BlobStore, tmp_path: Path) -> None:
    source = tmp_path / "large.bin"
    source.write_bytes(os.urandom(3 * 1024 * 1024 + 17))
    ref = store.put_file(source)
    assert ref == BlobRef(hashlib.sha256(source.read_bytes()).hexdigest(), source.stat().st_size)
    assert store.verify(ref.sha256)


def test_a_file_that_is_handed_over_is_kept_without_a_copy(store: BlobStore, tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_bytes(CONTENT)
    known = BlobRef(SHA, len(CONTENT))
    assert store.put_file(source, known=known) == known
    assert store.verify(SHA)
    assert store.path(SHA).samefile(source)
    source.unlink()
    assert (store.path(SHA).read_bytes(), list(store.leftovers())) == (CONTENT, [])


def test_a_file_of_which_something_else_is_known_is_copied_and_hashed(store: BlobStore, tmp_path: Path) -> None:
    source, link = tmp_path / "in.csv", tmp_path / "link.csv"
    source.write_bytes(CONTENT)
    link.symlink_to(source)
    assert store.put_file(source, known=BlobRef("0" * 64, len(CONTENT) + 1)) == BlobRef(SHA, len(CONTENT))
    assert store.put_file(link, known=BlobRef(SHA, len(CONTENT))) == BlobRef(SHA, len(CONTENT))
    assert not store.path(SHA).samefile(source)


def test_nothing_is_a_blob_too(store: BlobStore) -> None:
    ref = store.put_bytes(b"")
    assert ref.size == 0
    assert store.verify(ref.sha256)


def test_eight_writers_of_the_same_bytes_make_one_blob(store: BlobStore) -> None:
    with ThreadPoolExecutor(8) as pool:
        refs = set(pool.map(store.put_bytes, [CONTENT] * 64))
    assert refs == {BlobRef(SHA, len(CONTENT))}
    assert list(store.all()) == [SHA]
    assert store.verify(SHA)


@pytest.mark.parametrize("name", ["0" * 64, "", "../../etc/passwd", SHA.upper(), SHA + "\n"])
def test_what_is_not_there_is_said_to_be_missing(store: BlobStore, name: str) -> None:
    assert not store.exists(name) if name == "0" * 64 else True
    for ask in (store.path, store.open, store.size, store.touched):
        with pytest.raises(BlobMissing):
            ask(name)


def test_a_deleted_blob_is_gone_and_deleting_again_is_no_fault(store: BlobStore) -> None:
    store.put_bytes(CONTENT)
    assert store.delete(SHA, before=math.inf)
    assert store.delete(SHA, before=math.inf)
    assert not store.exists(SHA)
    assert not store.verify(SHA)
    assert list(store.all()) == []


def test_putting_again_makes_an_old_blob_young(tmp_path: Path) -> None:
    store = LocalBlobs(tmp_path)
    store.put_bytes(CONTENT)
    os.utime(store.path(SHA), (0, 0))
    assert store.touched(SHA) == 0
    store.put_bytes(CONTENT)
    assert store.touched(SHA) > time.time() - 3_600


def test_a_blob_that_was_just_put_is_not_deleted(store: BlobStore) -> None:
    store.put_bytes(CONTENT)
    assert not store.delete(SHA, before=time.time() - 3_600)
    assert store.verify(SHA)
    assert list(store.leftovers()) == []


def test_no_put_is_lost_to_a_deletion_at_the_same_moment(store: BlobStore) -> None:
    def put(_: int) -> bool:
        store.put_bytes(CONTENT)
        return True

    with ThreadPoolExecutor(4) as pool:
        puts = pool.map(put, range(200))
        for _ in range(400):
            store.delete(SHA, before=time.time() - 3_600)
        assert all(puts)
    assert store.verify(SHA)


def test_files_are_read_only_and_nothing_temporary_stays(tmp_path: Path) -> None:
    store = LocalBlobs(tmp_path)
    store.put_bytes(CONTENT)
    assert stat.S_IMODE(store.path(SHA).stat().st_mode) == 0o444
    assert store.path(SHA).relative_to(tmp_path) == Path(SHA[:2], SHA[2:4], SHA)
    assert list(store.leftovers()) == []


def test_a_deletion_that_was_killed_halfway_is_undone_or_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = LocalBlobs(tmp_path)
    store.put_bytes(CONTENT)
    with monkeypatch.context() as killed:
        killed.setattr(Path, "unlink", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            store.delete(SHA, before=math.inf)
    assert not store.exists(SHA)
    assert store.recover(SHA)
    assert store.verify(SHA)
    assert not store.recover(SHA)
    assert list(store.leftovers()) == []


@pytest.mark.parametrize("spoilt", [CONTENT[:-3], CONTENT.replace(b"4", b"5"), b""])
def test_rot_is_noticed_and_healed_by_putting_the_bytes_again(spoilt: bytes, tmp_path: Path) -> None:
    store = LocalBlobs(tmp_path)
    store.put_bytes(CONTENT)
    store.path(SHA).chmod(0o644)
    store.path(SHA).write_bytes(spoilt)
    assert not store.verify(SHA)
    store.put_bytes(CONTENT)
    assert store.verify(SHA)


def test_a_failing_source_leaves_nothing_behind(tmp_path: Path) -> None:
    store = LocalBlobs(tmp_path)
    with pytest.raises(IsADirectoryError):
        store.put_file(tmp_path)
    assert list(store.all()) == []
    assert list(store.leftovers()) == []


@pytest.mark.parametrize("where", ["write", "fsync", "link"])
def test_a_full_disk_is_told_and_leaves_nothing_behind(
    where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = LocalBlobs(tmp_path)
    store.put_bytes(b"before")

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as disk:
        if where == "write":
            real = os.fdopen
            disk.setattr(
                os, "fdopen", lambda number, mode: os.close(number) or real(os.open("/dev/full", os.O_WRONLY), mode)
            )
        else:
            disk.setattr(os, where, full)
        with pytest.raises(DiskFull):
            store.put_bytes(CONTENT)
    assert [store.verify(sha256) for sha256 in store.all()] == [True]
    assert list(store.leftovers()) == []
    store.put_bytes(CONTENT)
    assert store.verify(SHA)


def test_the_bytes_are_synced_before_the_name_and_the_folder_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    sync, link = os.fsync, os.link

    def noted_sync(descriptor: int) -> None:
        told.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "bytes")
        sync(descriptor)

    def noted_link(source: Path, target: Path) -> None:
        told.append("name")
        link(source, target)

    monkeypatch.setattr(module.os, "fsync", noted_sync)
    monkeypatch.setattr(module.os, "link", noted_link)
    LocalBlobs(tmp_path).put_bytes(CONTENT)
    assert told[-3:] == ["bytes", "name", "folder"]
