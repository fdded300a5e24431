"""The doctor's look at the machine: the home and who may enter it, free space, SQLite, the portal's address."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Iterator

from datasets.db import sqlite_is_sound, sqlite_module
from datasets.doctor.finding import Finding, finding
from datasets.installation import Installation
from metadata.notices import declare

_LEAST_FREE = 1 << 30
_FORBIDDEN = stat.S_IRWXO | stat.S_IWGRP

HOME_MISSING = declare(
    "doctor.home_missing",
    id="Map instalasi {home} tidak ada. Jalankan: lumbung init",
    en="The installation's folder {home} does not exist. Run: lumbung init",
)
HOME_OPEN = declare(
    "doctor.home_open",
    id="Map instalasi {home} dapat dimasuki pengguna lain ({mode}). Perbaikan: chmod {right}",
    en="The installation's folder {home} is open to other users ({mode}). Mend it with: chmod {right}",
)
DISK_FULL = declare(
    "doctor.disk_full",
    id="Ruang kosong di {home} tinggal {megabytes} MB. Tambah ruang sebelum panen berikutnya.",
    en="Only {megabytes} MB are free at {home}. Make room before the next harvest.",
)
SQLITE_UNSOUND = declare(
    "doctor.sqlite_unsound",
    id="SQLite {version} punya cacat WAL yang dapat merusak basis data; pasang 3.51.3, 3.50.7, 3.44.6 atau pysqlite3.",
    en="SQLite {version} has a WAL fault that can corrupt the database; install 3.51.3, 3.50.7, 3.44.6 or pysqlite3.",
)
NO_ADDRESS = declare(
    "doctor.no_address",
    id="LUMBUNG_SITE_URL belum diisi: surat dan webhook dari pekerja memuat tautan tanpa alamat portal. Isi dengan "
    "alamat umumnya, misalnya https://data.example.go.id",
    en="LUMBUNG_SITE_URL is not set: links in the worker's letters and webhooks lack the portal's address. Set it to "
    "the public one, such as https://data.example.go.id",
)


def check(installation: Installation, repair: bool) -> Iterator[Finding]:
    """The faults of the machine. Repair: the home is closed to others."""
    home = installation.settings.home
    if not home.is_dir():
        yield finding(HOME_MISSING, home=str(home))
        return
    mode = stat.S_IMODE(home.stat().st_mode)
    if mode & _FORBIDDEN:
        right = mode & ~_FORBIDDEN
        found = finding(HOME_OPEN, "warning", home=str(home), mode=f"{mode:o}", right=f"{right:o}")
        if repair:
            home.chmod(right)
            found = found.mended()
        yield found
    free = shutil.disk_usage(home).free
    if free < _LEAST_FREE:
        yield finding(DISK_FULL, "warning", home=str(home), megabytes=free >> 20)
    driver = sqlite_module()
    if installation.database.is_sqlite and not sqlite_is_sound(driver.sqlite_version_info):
        yield finding(SQLITE_UNSOUND, "warning", version=str(driver.sqlite_version))
    if installation.settings.smtp_url and not installation.settings.site_url:
        yield finding(NO_ADDRESS, "warning")
