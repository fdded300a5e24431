"""How a REST API is declared: where it lists its datasets, where their records are, how it pages, when it means yes."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any, Literal, Self
from urllib.parse import quote, urlencode, urljoin, urlsplit, urlunsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from harvesters.secrets import Headers, fill, refers_to_secret
from harvesters.wire.addresses import clean_url

_FIELD = re.compile(r"\{(\w*)\}")
_FIELDS = ("id", "tahun", "halaman", "alamat")


def _template(text: str) -> str:
    unknown = [name for name in _FIELD.findall(text) if name not in _FIELDS]
    if unknown:
        raise ValueError(f"{{{unknown[0]}}} tidak dikenal / is not known; ada / there are {_FIELDS}")
    return text


def _pointer(text: str) -> str:
    if text and not text.startswith("/"):
        raise ValueError("penunjuk JSON diawali / — a JSON pointer begins with /")
    return text


def _hidden_query(query: dict[str, str]) -> dict[str, str]:
    for name, value in query.items():
        shown = "rahasia" in clean_url(f"http://x/?{urlencode({name: 'rahasia'})}")
        if refers_to_secret(value) and shown:
            raise ValueError(f"{name}: kirim rahasia lewat headers / send secrets by headers")
        if not refers_to_secret(value) and not shown:
            raise ValueError(f"{name}: tulis / write ${{SOURCE_…}}")
    return query


Template = Annotated[str, AfterValidator(_template)]
Pointer = Annotated[str, AfterValidator(_pointer)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Listing(_Strict):
    """Where the API lists its datasets: `path` below the location, `entries` the pointer to the list, then the members.

    `updated` names a mark that changes with every change of the data; `address` one that holds the address of the data.
    """

    path: str
    entries: Pointer = ""
    id: str = "id"
    title: str = "title"
    description: str | None = None
    updated: str | None = None
    address: str | None = None


class Declared(_Strict):
    """One dataset that is named by hand; `path` overrules the source's template."""

    id: str = Field(min_length=1, max_length=300)
    title: str = Field(min_length=1, max_length=300)
    description: str | None = None
    path: Template | None = None


class Paging(_Strict):
    """How more records are asked for.

    `page` and `offset` count in `parameter` (from `first`); `cursor` sends what stands at `next`; `link` follows the
    address at `next`, or the Link header (RFC 8288) without it. `size` is asked for in `size_parameter`.
    """

    style: Literal["none", "page", "offset", "cursor", "link"] = "none"
    parameter: str = "page"
    first: int = Field(default=1, ge=0)
    size_parameter: str | None = None
    size: int | None = Field(default=None, ge=1, le=100_000)
    next: Pointer = ""

    @model_validator(mode="after")
    def _has_next(self) -> Self:
        if self.style == "cursor" and not self.next:
            raise ValueError("style “cursor” memerlukan / needs “next”")
        return self


class Success(_Strict):
    """What an answer says when it means yes: one of `values` at `pointer`; `message` is where it says why not."""

    pointer: Pointer = ""
    values: tuple[bool | int | str, ...] = (True, 200, "200", "ok", "success", "sukses", "berhasil")
    message: Pointer = ""


class JsonOptions(_Strict):
    """A REST API by declaration.

    `path` is the address of a dataset's records below the location, with `{id}`, `{tahun}`, `{halaman}` and `{alamat}`
    (the listing's `address`) in it; `years` are those asked for `{tahun}`, or all from `first_year` to this one, of
    which the `may_lack` latest may not be there yet (404). `records` and `total` are pointers into an answer. `rename`
    gives members other names, `keep` leaves out all others. `query` and `headers` are sent with each request; those
    with secrets refer to the environment.
    """

    path: Template = ""
    datasets: tuple[Declared, ...] = ()
    listing: Listing | None = None
    years: tuple[int, ...] = ()
    first_year: int | None = Field(default=None, ge=1900, le=2100)
    may_lack: int = Field(default=1, ge=0, le=5)
    paging: Paging = Paging()
    records: Pointer | None = None
    total: Pointer = ""
    success: Success = Success()
    rename: dict[str, str] = {}
    keep: tuple[str, ...] = ()
    query: Annotated[dict[str, str], AfterValidator(_hidden_query)] = {}
    headers: Headers = {}

    @model_validator(mode="after")
    def _years_where_needed(self) -> Self:
        templates = [self.path, *(one.path for one in self.datasets if one.path)]
        if any("{tahun}" in one for one in templates) and not self.years and self.first_year is None:
            raise ValueError("{tahun} memerlukan / needs “years” atau / or “first_year”")
        return self

    def asked_years(self, now: datetime) -> tuple[int, ...]:
        """The years to ask for, in order."""
        if self.years or self.first_year is None:
            return self.years
        return tuple(range(self.first_year, now.year + 1))


def address(location: str, template: str, values: dict[str, str], query: dict[str, Any]) -> str:
    """The address for a template below `location`, each value made harmless, `query` added with its secrets."""

    def value(found: re.Match[str]) -> str:
        text = values.get(found[1], "")
        return text if found[1] == "alamat" else quote(text, safe="")

    joined = urljoin(location, _FIELD.sub(value, template)) if template else location
    parts = urlsplit(joined)
    added = urlencode({name: fill(str(one)) for name, one in query.items()})
    return urlunsplit(parts._replace(query="&".join(filter(None, (parts.query, added))), fragment=""))
