"""What people ask is answered well: judged queries, with floors that a careless edit of words or ranking misses."""

from __future__ import annotations

from collections.abc import Callable
from statistics import fmean

import pytest
from searching import judging
from searching.judging import Verdict

from datasets.search.whoosh_index import WhooshIndex

FLOORS = {
    "exact": 0.92,
    "abbreviation": 0.95,
    "synonym": 0.85,
    "english": 0.92,
    "affix": 0.88,
    "column": 0.92,
    "organisation": 0.92,
    "region_year": 0.95,
    "typo": 0.92,
    "prefix": 0.92,
    "question": 0.92,
    "several": 0.85,
}


@pytest.fixture(scope="module")
def verdicts(judged: WhooshIndex) -> list[Verdict]:
    return [judging.judge(judged, query) for query in judging.queries()]


def told(verdicts: list[Verdict], measure: Callable[[Verdict], float]) -> str:
    """The five worst, for whoever has to find out what went wrong."""
    worst = sorted(verdicts, key=measure)[:5]
    return "\n".join(f"{one.query.text!r}: {[judging.name(number) for number in one.ids[:10]]}" for one in worst)


def test_the_judged_set_is_as_large_as_it_claims() -> None:
    queries = list(judging.queries())
    assert len(judging.catalogue()) >= 120
    assert len(queries) >= 130
    assert {query.kind for query in queries} == {*FLOORS, "nonsense"}


@pytest.mark.parametrize("kind", FLOORS)
def test_each_kind_of_question_is_answered(verdicts: list[Verdict], kind: str) -> None:
    asked = [one for one in verdicts if one.query.kind == kind]
    assert fmean(one.ndcg for one in asked) >= FLOORS[kind], told(asked, lambda one: one.ndcg)


def test_questions_are_answered_as_a_whole(verdicts: list[Verdict]) -> None:
    asked = [one for one in verdicts if one.query.kind != "nonsense"]
    assert fmean(one.ndcg for one in asked) >= 0.94, told(asked, lambda one: one.ndcg)
    assert fmean(one.reciprocal for one in asked) >= 0.96, told(asked, lambda one: one.reciprocal)
    assert fmean(one.recall for one in asked) >= 0.93, told(asked, lambda one: one.recall)
    assert sum(not one.ids for one in asked) / len(asked) <= 0.02


def test_nonsense_finds_nothing(verdicts: list[Verdict]) -> None:
    found = {one.query.text: one.ids for one in verdicts if one.query.kind == "nonsense"}
    assert found == dict.fromkeys(found, ())
