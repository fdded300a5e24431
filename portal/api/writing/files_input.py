"""The resources of a package as somebody sends them, put in place of those that a manuscript has."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from metadata.names import slug
from portal.api.faults import Invalid
from portal.api.resource_dicts import DESCRIPTOR, owner_of_descriptor
from portal.api.writing.package_input import check_text
from portal.api.writing.uploads import Bytes, fetched, is_descriptor, uploaded
from portal.api.written_words import uuid_of
from portal.web.links import site_root

if TYPE_CHECKING:
    from werkzeug.datastructures import FileStorage

    from harvesters.manuscript import WrittenFile

_LONGEST = {"name": 400, "description": 5000, "url": 2000, "format": 100}
_ADDRESS = re.compile(r"https?://[^\s/]+\S*\Z", re.IGNORECASE)


class Files:
    """The files of one manuscript while they are being changed; `came` are the bytes that are new."""

    def __init__(self, dataset_uuid: str, files: Sequence[WrittenFile], work: Path) -> None:
        self.uuid = dataset_uuid
        self.files = list(files)
        self.came: list[Bytes] = []
        self._work = work

    def at(self, resource_id: str) -> int | None:
        """The place of the file that gives the resource of that id."""
        for place, file in enumerate(self.files):
            if resource_id in {uuid_of(self.uuid, name) for name in file.names}:
                return place
        return None

    def replace_all(self, given: Sequence[Mapping[str, Any]], uploads: Mapping[int, FileStorage]) -> None:
        """Let the dataset have these resources and no others. Raises `Invalid` with the faults of each."""
        faults: list[dict[str, Any]] = []
        wanted: list[WrittenFile] = []
        before = list(self.files)
        seen: set[str] = set()
        for number, one in enumerate(given):
            faults.append({})
            if owner_of_descriptor(str(one.get("id") or "")) is not None:
                continue  # ours, made for each version
            try:
                file = self._one(one, uploads.get(number))
            except Invalid as wrong:
                faults[-1] = wrong.fields
                continue
            if file is not None and file.name not in {known.name for known in wanted}:
                wanted.append(file)
                if file.name not in {known.name for known in self.files}:
                    self.files.append(file)  # so that the next one gets another name
            seen.add(str(one.get("id") or ""))
        for file in wanted:
            ids = {uuid_of(self.uuid, name) for name in file.names}
            if file in before and len(ids) > 1 and not ids <= seen:
                faults.append({"id": ["Tables of one workbook go together; upload the workbook without this one"]})
        if any(faults):
            raise Invalid({"resources": faults})
        self.files = wanted

    def put(self, given: Mapping[str, Any], upload: FileStorage | None) -> WrittenFile | None:
        """Change the resource of the id that is given, or add one; None for a descriptor, which is ours to write."""
        file = self._one(given, upload)
        if file is None:
            return None
        names = [known.name for known in self.files]
        if file.name in names:
            self.files[names.index(file.name)] = file
        else:
            self.files.append(file)
        return file

    def put_back(self, file: WrittenFile) -> None:
        """A changed file in the place of the one of its name."""
        self.files = [file if known.name == file.name else known for known in self.files]

    def _one(self, given: Mapping[str, Any], upload: FileStorage | None) -> WrittenFile | None:
        from harvesters.manuscript import WrittenFile  # late: only who writes needs the readers

        faults: dict[str, list[Any]] = {}
        for field, longest in _LONGEST.items():
            check_text(given, field, longest, faults)
        if faults:
            raise Invalid(faults)
        place = self.at(str(given.get("id") or ""))
        before = self.files[place] if place is not None else None
        came = self._bytes(given, upload, before)
        title = str(given.get("name") or "").strip() or (came.filename if came else "")
        if came is not None and is_descriptor(came.filename, came.path):
            return None
        if before is None:
            title = title or "Data"
            if title == DESCRIPTOR:
                return None
            stem = Path(came.filename).stem if came else title
            before = WrittenFile(name=self._free(slug(stem if came else title, 80) or "data"), title=title)
        said: dict[str, Any] = {"description": str(given.get("description") or "").strip()}
        if title and len(before.names) == 1:
            said["title"] = title
        if came is not None:
            self.came.append(came)
            said |= {**came.members, "made": ()}
        return before.model_copy(update=said)

    def _bytes(self, given: Mapping[str, Any], upload: FileStorage | None, before: WrittenFile | None) -> Bytes | None:
        if upload is not None:
            return uploaded(upload, self._work)
        url = str(given.get("url") or "").strip()
        if not _ADDRESS.match(url) or (before is not None and url == before.url):
            return None  # frictionless and DataPusher name a file that is yet to be uploaded
        if url.startswith(site_root()) and before is not None:
            return None  # the address under which we give it out
        return fetched(url, str(given.get("name") or "data"), self._work)

    def _free(self, base: str) -> str:
        taken = {name for file in self.files for name in (file.name, *file.names)}
        name, number = base, 1
        while name in taken:
            number += 1
            name = f"{base}-{number}"
        return name
