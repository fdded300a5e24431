"""The score of quality: fixed weights, each part with the reason that keeps it from being whole."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from metadata import quality
from metadata.profiles import sdi
from metadata.quality import WEIGHTS, Holding, Part, fixed_parts, fresh, total

FIELDS: list[dict[str, Any]] = [
    {"name": "kode", "lumbung:role": "region_code"},
    {"name": "tahun", "type": "year"},
    {"name": "jumlah", "unit": "orang"},
    {"name": "mutu", "title": "Mutu", "description": "Nilai akhir"},
]
GOOD = Holding("csv", {"fields": FIELDS})
CLEAN = {"tasks": [{"stats": {"rows": 100}}], "stats": {"errors": 0}}


def parts(**changed: Any) -> dict[str, Part]:
    given: dict[str, Any] = {"holdings": [GOOD], "report": CLEAN, "lacking": [], "license_id": "CC-BY-4.0"} | changed
    holdings, report = given.pop("holdings"), given.pop("report")
    return {one.part: one for one in fixed_parts(holdings, report, **given)}


def test_the_weights_make_a_hundred_and_a_whole_dataset_gets_them_all() -> None:
    assert sum(WEIGHTS.values()) == 100
    whole = (*parts().values(), fresh("tahunan", timedelta(days=30)))
    assert total(whole) == 100 and all(not part.reasons for part in whole)


def test_each_lack_costs_its_part_and_says_so() -> None:
    half = parts(lacking=[member.key for member in sdi.MEMBERS], license_id="notspecified")["metadata"]
    assert half.share == 0 and len(half.reasons) == 2 and "Lisensi" in half.reasons[1].say("id")
    assert parts(license_id="CC-BY-NC-4.0")["metadata"].share < 1
    files = parts(holdings=[GOOD, Holding("pdf", None)])["readable"]
    assert files.share == 0.5 and "PDF" in files.reasons[0].say("id")
    bare = parts(holdings=[Holding("csv", {"fields": [*FIELDS, {"name": "x1"}, {"name": "nilai", "title": "Nilai"}]})])
    assert bare["documented"].share == pytest.approx(4 / 6) and "x1, Nilai" in bare["documented"].reasons[0].say("en")
    assert parts(holdings=[Holding("pdf", None)], report={})["valid"].share == 0


def test_faults_cost_half_at_once_and_the_rest_by_their_number() -> None:
    shares = []
    for errors in (1, 50, 100, 5_000):
        report = {"tasks": [{"stats": {"rows": 100}}], "stats": {"errors": errors}}
        shares.append(parts(report=report)["valid"].share)
    assert shares == sorted(shares, reverse=True) and shares[0] < 0.5 and shares[-1] == 0


def test_it_ages_by_its_own_rhythm() -> None:
    assert fresh("tahunan", timedelta(days=400)).share == 1, "offices publish some weeks after the year"
    late = fresh("bulanan", timedelta(days=60))
    assert 0 < late.share < 1 and "30 hari" in late.reasons[0].say("id")
    assert fresh("bulanan", timedelta(days=400)).share == 0
    assert fresh("sekali", timedelta(days=9_000)).share == 1
    assert fresh(None, timedelta(0)).share == 0 and fresh("harian", timedelta(0)).share == 1
    assert quality.SLACK == 1.25
