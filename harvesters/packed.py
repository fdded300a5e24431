"""A fetched archive as the files in it: each with evidence of its own, the archive's address before its path."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

from harvesters import archives
from harvesters.adapter import Evidence, FetchFailed, Missed, RemoteFile
from harvesters.folders import title_of_name
from harvesters.protocols.links import shortened
from harvesters.wire.evidence import free_name
from metadata.terms import Bilingual


class NothingInside(FetchFailed):
    """An archive without a file that is wanted."""

    code = "archive.nothing_inside"
    text = Bilingual(
        id="Arsip {location} tidak memuat berkas data yang dicari. Yang ada: {found}.",
        en="The archive {location} holds no data file that is wanted. It has: {found}.",
    )


def unpacked(
    whole: Evidence, into: Path, wants: Callable[[str, str], bool], *, limit: int
) -> Iterator[Evidence | Missed]:
    """The wanted members of an archive, or `whole` itself when it is none; archives in archives stay closed.

    `wants` judges path and name. Raises `ArchiveUnusable`, `TooLargeToFetch`, `NothingInside`.
    """
    if not archives.is_archive(whole.path):
        yield whole
        return
    found = archives.members(whole.path, whole.url, limit=limit)
    chosen = [one for one in found if wants(one.path, one.path.rpartition("/")[2])]
    if not chosen:
        raise NothingInside(location=whole.url, found=tuple(one.path for one in found) or ("-",))
    for member in chosen:
        file = _file_of(whole.file, member.path, alone=len(chosen) == 1)
        try:
            yield taken(whole, member, file, into)
        except FetchFailed as fault:
            yield Missed(file, fault.notice)


def taken(whole: Evidence, member: archives.Member, file: RemoteFile, into: Path) -> Evidence:
    """The evidence of one member, known as `file`. Raises `ArchiveUnusable`."""
    target = free_name(into, file.filename)
    written = archives.copy_member(whole.path, member, target, whole.url)
    url = f"{whole.url}#{quote(member.path)}"
    return dataclasses.replace(whole, file=file, path=target, sha256=written.sha256, size=written.size, url=url)


def _file_of(archive: RemoteFile, path: str, *, alone: bool) -> RemoteFile:
    folder, _, name = path.rpartition("/")
    title = archive.title if alone else " / ".join([*folder.split("/"), title_of_name(name)]).lstrip(" /")
    return dataclasses.replace(archive, key=shortened(f"{archive.key}!/{path}"), filename=name, title=title)
