"""Tables, views and named questions of any database that SQLAlchemy knows, read only."""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from sqlalchemy import Connection

from datasets.clock import now
from harvesters.adapter import Evidence, FetchFailed, Missed, RemoteDataset, RemoteFile
from harvesters.databases.growing import Growing
from harvesters.databases.rows import Rows, checked, one_row
from harvesters.databases.session import reading
from harvesters.databases.tables import Asked, Growth, ask_for_table
from harvesters.gathered import gathered
from harvesters.secrets import SecretText
from harvesters.wire.addresses import clean_url
from harvesters.wire.fetcher import Fetcher
from metadata.about import About
from metadata.names import slug
from metadata.reading.table import FieldType, ReadHints

Select = Annotated[str, AfterValidator(checked)]


class Question(BaseModel):
    """A question of a person's own. `mark` is a cheap one whose only row changes whenever the answer does."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,80}$")
    title: str
    sql: Select
    description: str | None = None
    mark: Select | None = None


class SqlOptions(BaseModel):
    """`url` is the database's SQLAlchemy address and names a secret. What is taken is listed, never guessed.

    `watermarks` names for a table the column that grows with each change: one whose count and greatest value are as
    before is not read again, and of one that has only grown the new rows alone are read. `seconds` is for one
    statement, `rows` the most of one table.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: SecretText
    tables: tuple[str, ...] = ()
    queries: tuple[Question, ...] = ()
    watermarks: dict[str, str] = {}
    titles: dict[str, str] = {}
    seconds: int = Field(default=120, ge=1, le=3600)
    rows: int = Field(default=2_000_000, ge=1, le=20_000_000)

    @model_validator(mode="after")
    def _something_is_wanted(self) -> Self:
        if not self.tables and not self.queries:
            raise ValueError("sebutkan tables atau queries / name tables or queries")
        return self


class SqlAdapter:
    """Datasets are known as `tabel/NAME` and `kueri/NAME`; the location is only a label, shown to everybody."""

    kind: ClassVar[str] = "sql"
    Options: ClassVar[type[BaseModel]] = SqlOptions
    lists_changes: ClassVar[bool] = False

    def __init__(
        self,
        location: str,
        options: SqlOptions,
        fetcher: Fetcher,
        *,
        since: datetime | None = None,  # noqa: ARG002 - tables are read whole
    ) -> None:
        label = location.strip()
        self._label = clean_url(label) if "://" in label else label
        self._options, self._fetcher, self._limit = options, fetcher, fetcher.limits.body

    def discover(self) -> Iterator[RemoteDataset]:
        """The listed tables and questions, each with the state it is in if that can be told cheaply."""
        options = self._options
        keys = [f"tabel/{name}" for name in options.tables] + [f"kueri/{one.name}" for one in options.queries]
        with reading(options.url, seconds=options.seconds) as connection:
            offered = [self._offer(connection, key) for key in dict.fromkeys(keys)]
        yield from offered

    def fetch(self, dataset: RemoteDataset, into: Path) -> Iterator[Evidence | Missed]:
        """The rows of one table as CSV, with the types that the database says."""
        with reading(self._options.url, seconds=self._options.seconds) as connection:
            for file in dataset.files:
                try:
                    asked = self._asked(connection, file.key)
                    if asked.growth is None:
                        rows = Rows(connection, asked.question, named=file.key, most=self._options.rows)
                        evidence, types = self._written(rows.lines(), file, into), rows.types
                    else:
                        evidence, types = self._grown(connection, asked.growth, file, into)
                    yield replace(evidence, file=replace(file, hints=replace(file.hints, types=types)))
                except FetchFailed as fault:
                    yield Missed(file, fault.notice)

    def _grown(
        self, connection: Connection, growth: Growth, file: RemoteFile, into: Path
    ) -> tuple[Evidence, dict[str, FieldType]]:
        """Only what is new, when what is kept can be built upon; else, or when that fails to add up, all of it."""
        kept = self._fetcher.kept(file.location)
        for known in (kept, None):
            growing = Growing(connection, growth, known, named=file.key, most=self._options.rows, at=now())
            evidence = self._written(growing.lines(), file, into)
            header = growing.header()
            if header or not growing.continues:
                return replace(evidence, headers=header), growing.types
            evidence.path.unlink()
        raise AssertionError

    def _written(self, lines: Generator[bytes, None, None], file: RemoteFile, into: Path) -> Evidence:
        with closing(lines):
            return gathered(file, into, lines, limit=self._limit)

    def _offer(self, connection: Connection, key: str) -> RemoteDataset:
        try:
            asked = self._asked(connection, key)
            state = None if asked.mark is None else one_row(connection, asked.mark, named=key)
        except FetchFailed as fault:
            connection.rollback()
            return RemoteDataset(key, key.partition("/")[2], (), fault=fault.notice)
        title = asked.about.title or key
        file = RemoteFile(
            key=key,
            location=f"{self._label}#{key}",
            filename=f"{slug(key.partition('/')[2], 80)}.csv",
            title=title,
            declared_format="csv",
            hints=ReadHints(encoding="utf-8", delimiter=",", header_row=1, decimal="."),
        )
        mark = None if state is None else hashlib.sha256(repr((asked.question, state)).encode()).hexdigest()
        return RemoteDataset(key, title, (file,), asked.about, fingerprint=mark)

    def _asked(self, connection: Connection, key: str) -> Asked:
        kind, _, name = key.partition("/")
        if kind == "tabel":
            options = self._options
            return ask_for_table(
                connection, name, title=options.titles.get(name), watermark=options.watermarks.get(name)
            )
        query = next(one for one in self._options.queries if one.name == name)
        return Asked(query.sql, query.mark, About(title=query.title, description=query.description))
