"""Google Sheets that are shared by link or published: each sheet is a dataset, read as CSV."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import ClassVar
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, ConfigDict, Field

from harvesters.adapter import Evidence, FetchFailed, Missed, RemoteDataset, RemoteFile, SourceUnavailable
from harvesters.faults import PageInsteadOfData, Refused
from harvesters.wire.fetcher import Fetcher
from metadata.about import About
from metadata.notices import Notice, declare
from metadata.terms import Bilingual

_SHARED = re.compile(r"^(?P<before>.*)/spreadsheets/(?:u/\d+/)?d/(?P<id>[A-Za-z0-9_-]{10,})(?:/|$)")
_PUBLISHED = re.compile(r"^(?P<before>.*)/spreadsheets/(?:u/\d+/)?d/e/(?P<id>[A-Za-z0-9_-]{10,})(?:/|$)")
_GID = re.compile(r"[#&?]gid=(\d{1,12})\b")
_NOT_SHARED = declare(
    "sheets.not_shared",
    id="Spreadsheet ini tidak dibagikan: Google meminta masuk atau menolak. Pemiliknya perlu membuka Bagikan → Akses "
    "umum → “Siapa saja yang memiliki link” sebagai Pelihat.",
    en="This spreadsheet is not shared: Google asks for a login or refuses. Its owner has to open Share → General "
    "access → “Anyone with the link” as Viewer.",
)
_NO_SHEET = declare(
    "sheets.no_sheet",
    id="Lembar dengan gid {gid} tidak ada dalam spreadsheet ini. Salin alamatnya lagi sewaktu lembarnya terbuka.",
    en="There is no sheet with gid {gid} in this spreadsheet. Copy its address again while the sheet is open.",
)


class NotSheets(SourceUnavailable):
    """The location is no address of a spreadsheet."""

    code = "sheets.not_sheets"
    text = Bilingual(
        id="{location} bukan alamat Google Sheets (…/spreadsheets/d/…). Salin alamat dari bilah alamat peramban.",
        en="{location} is not an address of Google Sheets (…/spreadsheets/d/…). Copy it from the address bar.",
    )


class Sheet(BaseModel):
    """One sheet: `gid` is the number after `gid=` in its address, 0 for the first."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    gid: int = Field(default=0, ge=0)
    title: str | None = Field(default=None, max_length=300)
    description: str | None = None


class SheetsOptions(BaseModel):
    """`sheets` are those wanted; without them the one that the address shows, else the first."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sheets: tuple[Sheet, ...] = ()


class SheetsAdapter:
    """The location is the address of a spreadsheet as it stands in the browser, whatever comes after its id."""

    kind: ClassVar[str] = "sheets"
    Options: ClassVar[type[BaseModel]] = SheetsOptions
    lists_changes: ClassVar[bool] = False
    fetches_at_once: ClassVar[bool] = True

    def __init__(
        self,
        location: str,
        options: SheetsOptions,
        fetcher: Fetcher,
        *,
        since: datetime | None = None,  # noqa: ARG002 - Google tells of no changes
    ) -> None:
        self._location, self._options, self._fetcher = location.strip(), options, fetcher

    def discover(self) -> Iterator[RemoteDataset]:
        """The sheets, known by the spreadsheet's id and theirs. Raises `NotSheets`."""
        parts = urlsplit(self._location)
        published = _PUBLISHED.match(parts.path)
        found = published or _SHARED.match(parts.path)
        if found is None:
            raise NotSheets(location=self._location[:300])
        document = f"{parts.scheme}://{parts.netloc}{found['before']}/spreadsheets/d"
        for sheet in {one.gid: one for one in self._options.sheets or (self._shown(),)}.values():
            if published:
                url = f"{document}/e/{found['id']}/pub?gid={sheet.gid}&single=true&output=csv"
            else:
                url = f"{document}/{found['id']}/export?format=csv&gid={sheet.gid}"
            yield self._dataset(found["id"], sheet, url)

    def fetch(self, dataset: RemoteDataset, into: Path) -> Iterator[Evidence | Missed]:
        """The sheet as CSV. Google sends on to another host for it, and to a page when it does not want to."""
        for file in dataset.files:
            try:
                yield self._fetcher.download(file, into)
            except PageInsteadOfData:
                yield Missed(file, Notice(_NOT_SHARED))
            except Refused as fault:
                yield Missed(file, _meant(fault, file))
            except FetchFailed as fault:
                yield Missed(file, fault.notice)

    def _dataset(self, spreadsheet: str, sheet: Sheet, url: str) -> RemoteDataset:
        key = f"{spreadsheet}/{sheet.gid}"
        try:
            title = sheet.title or self._title(url)
        except FetchFailed as fault:  # without its title it would be published under another
            return RemoteDataset(key, f"Google Sheets {sheet.gid}", (), fault=fault.notice)
        file = RemoteFile(key, url, f"{title or 'lembar'}.csv", title=title, declared_format="csv")
        home = url.partition("/export?")[0].partition("/pub?")[0]
        about = About(title=title, description=sheet.description, source_path=home)
        return RemoteDataset(key, title or f"Google Sheets {sheet.gid}", (file,), about)

    def _title(self, url: str) -> str | None:
        """What Google calls the file: `Judul - Lembar1.csv`."""
        said = self._fetcher.probe(url).get("content-disposition", "")
        found = re.search(r"filename\*=UTF-8''([^;]+)", said) or re.search(r'filename="([^"]+)"', said)
        words = " ".join(unquote(found[1]).split()) if found else ""
        return re.sub(r"\.csv$", "", words, flags=re.IGNORECASE)[:300] or None

    def _shown(self) -> Sheet:
        found = _GID.search(self._location)
        return Sheet(gid=int(found[1]) if found else 0)


def _meant(fault: Refused, file: RemoteFile) -> Notice:
    """Google's statuses as what they mean: 400 for a gid that is not there, 401 and 403 for no access."""
    status = fault.notice.params.get("status")
    if status == 400:
        return Notice(_NO_SHEET, params={"gid": file.key.rpartition("/")[2]})
    return Notice(_NOT_SHARED) if status in (401, 403) else fault.notice
