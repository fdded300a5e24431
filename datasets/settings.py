"""The settings of an installation, read once from `LUMBUNG_*`; docs/settings.md explains each."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from metadata.errors import LumbungError
from metadata.terms import LANGUAGES, Bilingual

PREFIX = "LUMBUNG_"
SECRETS = frozenset({"secret_key", "oidc_client_secret", "database_url", "smtp_url", "redis_url"})
"""Settings whose values are never shown: an address of PostgreSQL has its password in it."""


class SettingUnknown(LumbungError):
    """An environment variable looks like a setting and is none: a typing error must not be taken for the default."""

    code = "setting.unknown"
    status = 500
    text = Bilingual(
        id="{variable} bukan pengaturan yang dikenal. Yang ada: {known}.",
        en="{variable} is not a setting. The settings are: {known}.",
    )


class SettingWrong(LumbungError):
    """A setting has a value that it cannot have."""

    code = "setting.wrong"
    status = 500
    text = Bilingual(
        id="Nilai {variable}={value} tidak dapat dipakai; yang diperlukan: {wanted_id}.",
        en="The value {variable}={value} cannot be used; what is needed: {wanted_en}.",
    )


@dataclass(frozen=True, slots=True)
class Settings:
    """One installation. Each field is the environment variable of its upper-case name behind `LUMBUNG_`.

    `home` holds everything; `database_url` is empty for SQLite inside it. `region_code` (Kemendagri) and the names say
    whose portal it is; `site_url` is its public address, without a slash at the end. `accel_prefix` is the internal
    location under which nginx serves `home`. `read_seconds` and `read_megabytes` bound the child process that reads one
    file; `max_file_megabytes` is the largest file taken in. A process reads `workers_reading` files and harvests
    `sources_at_once` sources at one time. `sql_enabled` opens the SQL page of datasets, `sql_seconds`
    bounds one question there. `query_seconds` and `query_megabytes` bound one question to a table, `query_rows` a page
    of it; `tables_megabytes` of disk hold what answers them. `asked_per_minute` is what one visitor may ask of the
    interfaces for programs.
    `factor_for_all` asks everybody who holds a role for a second factor, not administrators alone. `oidc_*` name the
    single sign-on; `oidc_internal` says that it stands in the office's own network. `smtp_url` is the mail server,
    `mail_from` the sender of its letters; `redis_url` a Redis that wakes workers on other machines at once.
    `webhooks_internal` are origins in the office's own network to which webhooks may be sent.
    `security_contact` is where holes in security are reported, a mail address or a page.
    """

    home: Path = Path("var")
    database_url: str = ""
    region_code: str = "35.22"
    region_name: str = "Kabupaten Bojonegoro"
    site_title: str = "Lumbung"
    site_url: str = ""
    secret_key: str = ""
    language: str = "id"
    accel_prefix: str = ""
    read_seconds: int = 300
    read_megabytes: int = 2000
    max_file_megabytes: int = 1024
    workers_reading: int = 2
    sources_at_once: int = 2
    sql_enabled: bool = True
    sql_seconds: int = 10
    query_seconds: int = 10
    query_megabytes: int = 160
    query_rows: int = 10_000
    tables_megabytes: int = 4096
    asked_per_minute: int = 1200
    factor_for_all: bool = False
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    oidc_name: str = ""
    oidc_internal: bool = False
    smtp_url: str = ""
    mail_from: str = ""
    redis_url: str = ""
    webhooks_internal: str = ""
    security_contact: str = ""

    @property
    def url(self) -> str:
        """The database address in use."""
        return self.database_url or f"sqlite:///{self.home / 'catalog.sqlite'}"


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from the environment; an empty value is the default. Raises `SettingUnknown` and `SettingWrong`."""
    environ = os.environ if environ is None else environ
    known = {field.name: field for field in fields(Settings)}
    values: dict[str, Any] = {}
    for variable, text in environ.items():
        if not variable.startswith(PREFIX):
            continue
        name = variable.removeprefix(PREFIX).lower()
        if name not in known or variable != PREFIX + name.upper():
            raise SettingUnknown(variable=variable, known=tuple(PREFIX + key.upper() for key in known))
        if text.strip():
            values[name] = _parsed(name, text.strip(), whole=known[name].type == "int")
    values["home"] = values.get("home", known["home"].default).absolute()
    return Settings(**values)


def _parsed(name: str, text: str, *, whole: bool) -> Any:
    if whole:
        wanted = Bilingual("bilangan bulat lebih dari 0", "a whole number above 0")
        return _checked(name, text, lambda: int(text) if text.isascii() and int(text) > 0 else None, wanted)
    if name in _PARSERS:
        parse, wanted = _PARSERS[name]
        return _checked(name, text, lambda: parse(text), wanted)
    return text


def _checked(name: str, text: str, parse: Callable[[], Any], wanted: Bilingual) -> Any:
    try:
        value = parse()
    except ValueError:
        value = None
    if value is None:
        shown = "…" if name in SECRETS else text
        raise SettingWrong(variable=PREFIX + name.upper(), value=shown, wanted_id=wanted.id, wanted_en=wanted.en)
    return value


def _database_url(text: str) -> str | None:
    """PostgreSQL's addresses as everybody writes them, for the driver that we have."""
    scheme, colon, rest = text.partition(":")
    if scheme in ("postgres", "postgresql"):
        scheme = "postgresql+psycopg"
    return scheme + colon + rest if rest.startswith("//") and scheme in ("postgresql+psycopg", "sqlite") else None


def _site_url(text: str) -> str | None:
    return text.rstrip("/") if re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", text) else None


def _switch(text: str) -> bool | None:
    return {"on": True, "1": True, "true": True, "yes": True, "ya": True}.get(
        text.lower(), False if text.lower() in ("off", "0", "false", "no", "tidak") else None
    )


def _server_url(*schemes: str) -> Callable[[str], str | None]:
    """An address of a service with a host and a sound port."""

    def parse(text: str) -> str | None:
        parts = urlsplit(text)
        return text if parts.scheme in schemes and parts.hostname and (parts.port or 1) > 0 else None

    return parse


def _origins(text: str) -> str | None:
    """Addresses of hosts, with blanks between them."""
    return text if all(re.fullmatch(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?/?", one) for one in text.split()) else None


def _sender(text: str) -> str | None:
    """An address with or without a name in front, on one line."""
    _, address = parseaddr(text)
    return text if text.isprintable() and re.fullmatch(r"[!-?A-~]{1,64}@[A-Za-z0-9.-]+", address) else None


_PARSERS: dict[str, tuple[Callable[[str], Any], Bilingual]] = {
    "home": (Path, Bilingual("sebuah map", "a folder")),
    "database_url": (
        _database_url,
        Bilingual(
            "postgresql://pengguna:sandi@peladen/nama atau kosong", "postgresql://user:password@host/name or nothing"
        ),
    ),
    "region_code": (
        lambda text: text if re.fullmatch(r"\d\d(\.\d\d(\.\d\d(\.\d{4})?)?)?", text) else None,
        Bilingual("kode wilayah Kemendagri, misalnya 35.22", "a region code of Kemendagri, such as 35.22"),
    ),
    "site_url": (_site_url, Bilingual("alamat http:// atau https://", "an address with http:// or https://")),
    "language": (
        lambda text: text if text in LANGUAGES else None,
        Bilingual("salah satu dari " + ", ".join(LANGUAGES), "one of " + ", ".join(LANGUAGES)),
    ),
    "oidc_issuer": (_site_url, Bilingual("alamat http:// atau https://", "an address with http:// or https://")),
    **dict.fromkeys(
        ("sql_enabled", "factor_for_all", "oidc_internal"), (_switch, Bilingual("on atau off", "on or off"))
    ),
    "smtp_url": (
        _server_url("smtp", "smtps"),
        Bilingual("smtp://pengguna:sandi@peladen:587 atau smtps://…", "smtp://user:password@host:587 or smtps://…"),
    ),
    "mail_from": (_sender, Bilingual("Nama <alamat@contoh.go.id>", "Name <address@example.go.id>")),
    "redis_url": (
        _server_url("redis", "rediss"),
        Bilingual("redis://:sandi@peladen:6379/0 atau rediss://…", "redis://:password@host:6379/0 or rediss://…"),
    ),
    "security_contact": (
        lambda text: text if re.fullmatch(r"https://[!-~]+|[!-?A-~]{1,64}@[A-Za-z0-9.-]+", text) else None,
        Bilingual("alamat surel atau halaman https://", "an e-mail address or a page with https://"),
    ),
    "webhooks_internal": (
        _origins,
        Bilingual(
            "alamat seperti https://aplikasi.kantor.example:8443, dipisahkan spasi",
            "addresses such as https://app.office.example:8443, with blanks between them",
        ),
    ),
    "accel_prefix": (
        lambda text: text if re.fullmatch(r"/[\w/-]*", text) else None,
        Bilingual("lokasi yang diawali /", "a location that begins with /"),
    ),
}
