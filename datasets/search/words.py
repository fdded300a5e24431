"""The plain words of a catalogue and how many datasets hold each: completes what is begun, mends what is misspelt."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

SHORTEST_MENDED = 5
"""Letters from which a word is mended; below, nearly every word is one letter from another."""

_TWO_SLIPS_FROM = 8
_SHORTEST_HALF = 3


class WordTable:
    """Words with their number of datasets, looked up by beginning and by likeness. Immutable once made."""

    def __init__(self, frequencies: Mapping[str, int]) -> None:
        self._frequencies = frequencies
        self._sorted = sorted(frequencies)

    def __contains__(self, word: str) -> bool:
        return word in self._frequencies

    def __len__(self) -> int:
        return len(self._sorted)

    def frequency(self, word: str) -> int:
        """In how many datasets the word stands."""
        return self._frequencies.get(word, 0)

    def starting(self, prefix: str) -> Iterator[str]:
        """Every word that opens with `prefix`, in order of the alphabet."""
        for position in range(bisect_left(self._sorted, prefix), len(self._sorted)):
            word = self._sorted[position]
            if not word.startswith(prefix):
                break
            yield word

    def commonest(self, prefix: str, limit: int) -> list[str]:
        """The words opening with `prefix`, those of most datasets first."""
        return sorted(self.starting(prefix), key=lambda word: (-self._frequencies[word], word))[:limit]

    def nearest(self, word: str) -> str | None:
        """The word that was probably meant: the same first letter, one slip, or two from eight letters on.

        A slip is a letter too many, too few, wrong, or two neighbours swapped. Of equally near ones the commonest.
        """
        if len(word) < SHORTEST_MENDED or not word.isalpha():
            return None
        slips = 2 if len(word) >= _TWO_SLIPS_FROM else 1
        candidates = [
            candidate
            for length in range(len(word) - slips, len(word) + slips + 1)
            for candidate in self._by_shape.get((word[0], length), ())
        ]
        near = extract(word, candidates, scorer=OSA.distance, score_cutoff=slips, limit=None)
        best = min(near, key=lambda found: (found[1], -self._frequencies[found[0]], found[0]), default=None)
        return None if best is None else str(best[0])

    def halves(self, word: str) -> tuple[str, str] | None:
        """The two known words that were written as one ("rumahsakit"), the longest first half first."""
        for cut in range(len(word) - _SHORTEST_HALF, _SHORTEST_HALF - 1, -1):
            if word[:cut] in self._frequencies and word[cut:] in self._frequencies:
                return word[:cut], word[cut:]
        return None

    @cached_property
    def _by_shape(self) -> dict[tuple[str, int], list[str]]:
        shapes: dict[tuple[str, int], list[str]] = defaultdict(list)
        for word in self._sorted:
            shapes[word[0], len(word)].append(word)
        return dict(shapes)
