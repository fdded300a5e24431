"""What each part brings on the judged questions: `PYTHONPATH=.:tests python bench/search/relevance.py`."""

from __future__ import annotations

import random
import tempfile
from dataclasses import replace
from pathlib import Path
from statistics import fmean

from searching import judging
from searching.judging import Judged, Verdict

from datasets.search.index import SearchIndex, SearchPage, SearchQuery
from datasets.search.lexicon import Lexicon
from datasets.search.whoosh_index import WhooshIndex


class Literal:
    """An index asked without repairs and completions."""

    def __init__(self, index: SearchIndex) -> None:
        self._index = index

    def search(self, query: SearchQuery) -> SearchPage:
        return self._index.search(replace(query, repair=False))


def measured(lexicon: Lexicon, asked: list[Judged], *, repair: bool = True) -> list[Verdict]:
    """Every question to an index of the judged catalogue with that lexicon."""
    with tempfile.TemporaryDirectory() as folder:
        index = WhooshIndex(Path(folder) / "search", lexicon=lexicon)
        index.rebuild(iter(judging.catalogue()), seq=1)
        put: SearchIndex = index if repair else Literal(index)  # type: ignore[assignment]
        return [judging.judge(put, query) for query in asked]


def only(lexicon: Lexicon, share: float, seed: int) -> Lexicon:
    """The lexicon with a random share of its concepts."""
    kept = random.Random(seed).sample(lexicon.groups, int(len(lexicon.groups) * share))
    names = {group.id for group in kept}
    groups = tuple(replace(group, wider=tuple(id_ for id_ in group.wider if id_ in names)) for group in kept)
    return replace(lexicon, groups=groups, digest=f"{share}-{seed}")


def line(name: str, verdicts: list[Verdict]) -> str:
    without = sum(not one.ids for one in verdicts) / len(verdicts)
    means = (fmean(one.ndcg for one in verdicts), fmean(one.reciprocal for one in verdicts))
    recall = fmean(one.recall for one in verdicts)
    return f"| {name} | {means[0]:.3f} | {means[1]:.3f} | {recall:.3f} | {without:.1%} |"


def main() -> None:
    """Print a table in Markdown: the whole, its parts taken away, and each kind of question."""
    lexicon = Lexicon.load()
    asked = [query for query in judging.queries() if query.worth]
    bare = replace(only(lexicon, 0, 0), families={}, names=frozenset(), digest="bare")
    print("| | nDCG@10 | MRR | recall@20 | no result |\n| --- | --- | --- | --- | --- |")
    whole = measured(lexicon, asked)
    print(line(f"all, {len(lexicon.groups)} concepts", whole))
    for seed in range(5):
        print(line(f"a random half of the concepts, draw {seed + 1}", measured(only(lexicon, 0.5, seed), asked)))
    print(line("no concepts", measured(only(lexicon, 0, 0), asked)))
    print(line("no concepts, no families, no protected names", measured(bare, asked)))
    print(line("the same without repairs and completions", measured(bare, asked, repair=False)))
    for kind in dict.fromkeys(query.kind for query in asked):
        print(line(kind, [one for one in whole if one.query.kind == kind]))


if __name__ == "__main__":
    main()
