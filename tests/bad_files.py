"""Files as they really arrive when something went wrong: each function writes one of them."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from pathlib import Path

import openpyxl

END, FREE, TABLE, SECTOR = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 512


def workbook(rows: list[list[object]]) -> bytes:
    """A small XLSX workbook."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def protected_workbook() -> bytes:
    """What office programs write for a workbook with a password: a compound file with an encrypted package inside."""
    noise = random.Random(1).randbytes(4096)
    chain = [*range(3, 10), END, *range(11, 18), END]  # two streams of eight sectors each, after table and directory
    fat = [TABLE, END, *chain]
    names = (
        ("Root Entry", 5, END, 0),
        ("EncryptionInfo", 2, 2, 4096),
        ("EncryptedPackage", 2, 10, 4096),
        ("", 0, 0, 0),
    )
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, END, 0, END, 0) + struct.pack("<I", 0) + b"\xff" * 432
    directory = b"".join(_entry(number, *name) for number, name in enumerate(names))
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(SECTOR, b"\xff")
    return header + table + directory + noise + noise


def _entry(number: int, name: str, kind: int, start: int, size: int) -> bytes:
    text = (name + "\0").encode("utf-16-le") if name else b""
    sides = {0: (FREE, FREE, 1), 1: (FREE, 2, FREE)}.get(number, (FREE, FREE, FREE))
    head = text.ljust(64, b"\0") + struct.pack("<HBB3I", len(text), kind, 1, *sides)
    return head + bytes(36) + struct.pack("<IQ", start, size)


def bomb() -> bytes:
    """A small XLSX whose only sheet unpacks to far more than a sheet may be."""
    out = io.BytesIO()
    good = zipfile.ZipFile(io.BytesIO(workbook([["a", "b"], [1, 2]])))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in good.namelist():
            with archive.open(name, "w") as member:
                member.write(good.read(name))
                for _ in range(600 if name.endswith("sheet1.xml") else 0):
                    member.write(b" " * 1_000_000)
    return out.getvalue()


def write_all(folder: Path) -> set[str]:
    """One file of each kind of trouble; the names of those that no reader can make a table of."""
    written = {
        "kosong.csv": b"",
        "biner.csv": random.Random(2).randbytes(20_000),
        "tanpa_baris.csv": b"kode,nama,jumlah\n",
        "dua_ribu_kolom.csv": (",".join(f"k{n}" for n in range(2000)) + "\n" + ",".join(["1"] * 2000) + "\n").encode(),
        "rusak.xlsx": workbook([["a", "b"], *([n, n] for n in range(500))])[:3000],
        "bersandi.xlsx": protected_workbook(),
        "sel_50mb.csv": b'kode,isi\n1,"' + b"x" * 50_000_000 + b'"\n',
        "bom.xlsx": bomb(),
        "halaman.csv": b"<!DOCTYPE html><html><body><form>masuk</form></body></html>",
    }
    for name, content in written.items():
        (folder / name).write_bytes(content)
    return set(written)
