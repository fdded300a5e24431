"""Make the region list of an installation from Kemendagri's code list and, where there is one, BPS' bridging table.

    python tools/regions.py KEMENDAGRI.csv [--bps BRIDGING.json] --regency 35.22 > metadata/vocabularies/regions.csv

KEMENDAGRI.csv has the columns `kode,nama` (Kepmendagri 300.2.2-2430 of 2025 and its successors); BRIDGING.json maps BPS
codes to objects with `dagri_code` and `text`, by level. The list holds the province, all its regencies and cities, and
the kecamatan, desa and kelurahan of `--regency`. A BPS spelling that differs is kept as an alias.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from pathlib import Path


def kind_of(code: str, name: str) -> str:
    """What a code stands for: its length tells the level, the village's first digit and the name the rest."""
    level = code.count(".")
    if level == 1:
        return "kota" if name.lower().startswith("kota ") else "kabupaten"
    if level == 3:
        return "kelurahan" if code.rsplit(".", 1)[1].startswith("1") else "desa"
    return "provinsi" if level == 0 else "kecamatan"


def plain(name: str, kind: str) -> str:
    """The name without the word for its kind."""
    return name[len(kind) + 1 :] if name.lower().startswith(f"{kind} ") else name


def main() -> None:
    """Read the two lists, write ours to standard output."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("kemendagri", type=Path)
    parser.add_argument("--bps", type=Path)
    parser.add_argument("--regency", required=True)
    asked = parser.parse_args()
    bridge: dict[str, dict[str, str]] = {}
    if asked.bps:
        for level in json.loads(asked.bps.read_text(encoding="utf-8")).values():
            bridge |= {entry["dagri_code"]: entry for entry in level.values()}
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["code", "name", "kind", "parent", "bps_code", "aliases"])
    with asked.kemendagri.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            code, kind = row["kode"], kind_of(row["kode"], row["nama"])
            if code.count(".") > 1 and not code.startswith(f"{asked.regency}."):
                continue
            if code.count(".") <= 1 and not code.startswith(asked.regency.split(".", 1)[0]):
                continue
            name = plain(row["nama"], kind)
            theirs = bridge.get(code, {})
            spelling = theirs.get("text", "").title()
            out.writerow(
                [
                    code,
                    name,
                    kind,
                    code.rpartition(".")[0],
                    # The two systems agree down to the regency and go their own ways below it.
                    theirs.get("bps_code") or (code.replace(".", "") if code.count(".") <= 1 else ""),
                    spelling if spelling and spelling.casefold() != name.casefold() else "",
                ]
            )


if __name__ == "__main__":
    main()
