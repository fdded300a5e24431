"""Statistics of BPS through its WebAPI: each variable a tidy table, each static table, and the list of publications."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from datasets.clock import now
from harvesters.adapter import Evidence, FetchFailed, Missed, RemoteDataset, RemoteFile
from harvesters.bps.decoding import plain_text, table_html
from harvesters.bps.describing import about_other, about_variable, mark_of, moment_of, number_of
from harvesters.bps.protocol import BpsApi, NotTheProtocol, WindowTooLarge
from harvesters.bps.subjects import Subject, chosen, subjects_of
from harvesters.bps.tables import figures, publications
from harvesters.bps.windows import Windows
from harvesters.faults import NothingCame
from harvesters.gathered import as_csv, gathered
from harvesters.secrets import SecretText
from harvesters.wire.answers import AnswerUnreadable
from harvesters.wire.fetcher import Fetcher
from metadata.names import slug
from metadata.reading.table import ReadHints

_HINTS = ReadHints(
    header_row=1,
    decimal=".",
    types={"wilayah_kode": "string", "kategori_kode": "string", "nilai": "number", "catatan": "string"},
)
_PUBLICATIONS = "publikasi"


class BpsOptions(BaseModel):
    """`domain` is BPS' code of the region (3522), `subjects` (numbers or names) and `variables` narrow what is taken.

    `since` leaves out years before it. `static_tables` and `publications` say whether those are taken too.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    domain: str = Field(pattern=r"^\d{4}$")
    key: SecretText = "${SOURCE_BPS_KEY}"
    language: Literal["ind", "eng"] = "ind"
    subjects: tuple[int | str, ...] = ()
    variables: tuple[int, ...] = ()
    since: int | None = Field(default=None, ge=1900, le=2100)
    static_tables: bool = True
    publications: bool = True


class BpsAdapter:
    """Datasets are known by BPS' own numbers: `var/1804`, `tabel/16`, and `publikasi` for the list of publications."""

    kind: ClassVar[str] = "bps"
    Options: ClassVar[type[BaseModel]] = BpsOptions
    lists_changes: ClassVar[bool] = False

    def __init__(
        self,
        location: str,
        options: BpsOptions,
        fetcher: Fetcher,
        *,
        since: datetime | None = None,  # noqa: ARG002 - the lists bear no dates
    ) -> None:
        self._options, self._limit = options, fetcher.limits.body
        self._subjects: dict[int, Subject] = {}
        self._api = BpsApi(location, key=options.key, domain=options.domain, language=options.language, fetcher=fetcher)

    def discover(self) -> Iterator[RemoteDataset]:
        """Variables (with a look at the newest year of each, for its state), static tables, publications."""
        known: set[str] = set()
        for one in self._offered():
            if one.key not in known:  # lists move while they are read, and a variable may stand under two subjects
                known.add(one.key)
                yield one

    def fetch(self, dataset: RemoteDataset, into: Path) -> Iterator[Evidence | Missed]:
        """The table of a variable whole, or that it was missed: half of its years would be a wrong table."""
        for file in dataset.files:
            kind, _, number = file.key.partition("/")
            try:
                if kind == "var":
                    windows, years = self._windows(int(number)), self._years(int(number))
                    rows = figures(self._api, windows, int(number), years, domain=self._options.domain)
                    yield gathered(file, into, as_csv(rows), limit=self._limit)
                elif kind == "tabel":
                    yield gathered(file, into, self._page(number), limit=self._limit)
                else:
                    yield gathered(file, into, as_csv(publications(self._api)), limit=self._limit)
            except (FetchFailed, AnswerUnreadable) as fault:
                yield Missed(file, fault.notice)

    def _offered(self) -> Iterator[RemoteDataset]:
        wanted: tuple[int, ...] = ()
        if self._options.subjects or not self._options.variables:
            self._subjects = subjects_of(self._api)
            wanted = chosen(self._options.subjects, self._subjects)
        if self._options.variables:
            yield from (self._variable({"var_id": number}) for number in self._options.variables)
        else:
            for narrowed in [{"subject": one} for one in wanted] or [{}]:
                yield from (
                    self._variable(one) for one in self._api.items("var", **narrowed) if number_of(one, "var_id")
                )
        if self._options.static_tables:
            tables = self._api.items("statictable")
            yield from (self._static(one) for one in tables if not wanted or number_of(one, "subj_id") in wanted)
        if self._options.publications:
            title = f"Daftar Publikasi BPS (wilayah {self._options.domain})"
            where = self._api.location("list", model="publication")
            file = RemoteFile(_PUBLICATIONS, where, "publikasi.csv", title, hints=ReadHints(header_row=1))
            yield RemoteDataset(_PUBLICATIONS, title, (file,), about_other(title, domain=self._options.domain))

    def _variable(self, item: dict[str, Any]) -> RemoteDataset:
        number = number_of(item, "var_id") or 0
        key, where = f"var/{number}", self._api.location("list", model="data", var=number)
        title = plain_text(item.get("title")) or f"Variabel BPS {number}"
        newest: dict[str, Any] = {}
        try:
            years = self._years(number)
            newest = self._windows(number).ask(years[-1:]) or {}
        except WindowTooLarge:
            pass  # one year is too large to look at: it will be read piece by piece, and compared by its bytes
        except (FetchFailed, AnswerUnreadable) as fault:
            return RemoteDataset(key, title, (), fault=fault.notice)
        about = about_variable(
            item, newest, years, domain=self._options.domain, category=self._category(number_of(item, "sub_id"))
        )
        title = about.title or title
        stamp = str(newest.get("last_update") or "")
        # An older year may be revised without a trace in the newest: in each new month everything is read again.
        state = [item, years, stamp, about.model_dump(mode="json"), f"{now():%Y-%m}"]
        return RemoteDataset(
            key=key,
            title=title,
            files=(RemoteFile(key, where, f"{slug(title, 80)}.csv", title, declared_format="csv", hints=_HINTS),),
            about=about,
            modified=moment_of(stamp),
            fingerprint=mark_of(state) if stamp else None,
        )

    def _static(self, item: dict[str, Any]) -> RemoteDataset:
        key = f"tabel/{number_of(item, 'table_id')}"
        title = plain_text(item.get("title")) or key
        where = self._api.location("view", model="statictable", id=number_of(item, "table_id"))
        stamp = str(item.get("updt_date") or "")
        return RemoteDataset(
            key=key,
            title=title,
            files=(RemoteFile(key, where, f"{slug(title, 80)}.html", title, declared_format="html"),),
            about=about_other(
                title,
                item.get("subj"),
                domain=self._options.domain,
                category=self._category(number_of(item, "subj_id")),
            ),
            modified=moment_of(stamp),
            fingerprint=mark_of([title, stamp, item.get("size")]) if stamp else None,
        )

    def _category(self, subject: int | None) -> str:
        return self._subjects[subject].category if subject in self._subjects else ""

    def _windows(self, number: int) -> Windows:
        return Windows(self._api, number, size=3 if self._options.domain == "0000" else 2)

    def _years(self, number: int) -> list[int]:
        """The years of a variable as BPS numbers them, 1900 being 0. Raises `NothingCame`."""
        first = (self._options.since or 1900) - 1900
        told = (number_of(one, "th_id") for one in self._api.items("th", var=number))
        if years := sorted({year for year in told if year is not None and first <= year <= 200}):
            return years
        raise NothingCame(location=self._api.location("list", model="th", var=number))

    def _page(self, number: str) -> Iterator[bytes]:
        where = self._api.location("view", model="statictable", id=number)
        answer = self._api.ask("view", model="statictable", id=number)
        if answer is None:
            raise NothingCame(location=where)
        page = table_html(answer["data"].get("table")) if isinstance(answer.get("data"), dict) else ""
        if not page.strip():
            raise NotTheProtocol(location=where)
        yield f'<!DOCTYPE html>\n<meta charset="utf-8">\n{page}\n'.encode()
