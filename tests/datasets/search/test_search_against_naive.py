"""On random catalogues the index gives what a list of all datasets gives: ids, totals, facets, orders, repairs."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from searching.documents import documents, texts
from searching.naive_index import NaiveIndex

from datasets.search.index import SearchIndex, SearchQuery
from datasets.search.lexicon import Lexicon
from datasets.search.postgres_index import PostgresIndex
from datasets.search.whoosh_index import WhooshIndex

LEXICON = Lexicon.load()
MOST = 12
PHASES = [Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink]

batches = st.lists(
    st.tuples(st.lists(documents(MOST), max_size=6), st.lists(st.integers(1, MOST), max_size=3)), min_size=1, max_size=5
)
filters = st.dictionaries(
    st.sampled_from(["organization", "theme", "year", "region", "format"]),
    st.lists(st.sampled_from(["dinkes", "bps", "ekonomi", "2023", "35.22.01", "csv", "xlsx", "none"]), max_size=2).map(
        tuple
    ),
    max_size=2,
)
questions = st.builds(
    SearchQuery,
    text=st.one_of(
        texts(), st.sampled_from(["pendduk", "jemba kemis", "stuntng", "penduduk xyzzy", "2", "sekolahdasar"])
    ),
    filters=filters,
    sort=st.sampled_from(["relevance", "modified", "title"]),
    page=st.integers(1, 3),
    rows=st.sampled_from([3, 5, 100]),
    repair=st.booleans(),
)


def compare(index: SearchIndex, naive: NaiveIndex, query: SearchQuery) -> None:
    real, plain = index.search(query), naive.search(query)
    assert (real.total, real.facets, real.corrected, real.relaxed) == (
        plain.total,
        plain.facets,
        plain.corrected,
        plain.relaxed,
    )
    assert real.ids == plain.ids


def run(index: SearchIndex, batches: list, queries: list[SearchQuery], *, rebuilt: bool) -> None:
    """Write the batches to the index and to the list, with questions to both in between and after it."""
    naive = NaiveIndex(LEXICON)
    for seq, (upserts, deletes) in enumerate(batches, 1):
        for one in (index, naive):
            if seq == 1 and rebuilt:
                one.rebuild(iter({document.id: document for document in upserts}.values()), seq=seq)
            else:
                one.apply(upserts, deletes, seq)
        compare(index, naive, queries[0])
    assert index.state().documents == naive.state().documents
    for query in queries:
        compare(index, naive, query)


@settings(max_examples=60, deadline=None, phases=PHASES)
@given(batches=batches, queries=st.lists(questions, min_size=8, max_size=8), rebuilt=st.booleans())
def test_the_index_answers_as_a_list_would(batches: list, queries: list[SearchQuery], rebuilt: bool) -> None:
    with TemporaryDirectory() as folder:
        run(WhooshIndex(Path(folder) / "search", lexicon=LEXICON), batches, queries, rebuilt=rebuilt)


@pytest.mark.postgres
@settings(max_examples=25, deadline=None, phases=PHASES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=batches, queries=st.lists(questions, min_size=8, max_size=8), rebuilt=st.booleans())
def test_the_index_in_postgresql_answers_as_a_list_would(
    postgres: PostgresIndex, batches: list, queries: list[SearchQuery], rebuilt: bool
) -> None:
    postgres.rebuild(iter(()), seq=0)
    run(postgres, batches, queries, rebuilt=rebuilt)


@settings(max_examples=300, deadline=None)
@given(text=st.text())
def test_no_text_whatever_is_an_error(judged: WhooshIndex, text: str) -> None:
    page = judged.search(SearchQuery(text))
    assert page.available
    assert page.total >= len(page.ids)
    judged.suggest(text)
