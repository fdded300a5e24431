"""Completions for what is being typed: the word that is begun, and the datasets that may be meant."""

from __future__ import annotations

from dataclasses import dataclass

from datasets.search.answer import meeting, ranked
from datasets.search.bitmaps import pick
from datasets.search.index import Suggestion
from datasets.search.indonesian import words
from datasets.search.lexicon import Lexicon
from datasets.search.plan import LONGEST_TEXT, make_plan
from datasets.search.state import CatalogState

_LONGEST = 12
"""Words that are looked at; nobody completes a longer query."""

_BEGINNINGS = 64
"""Words with the same beginning whose titles are looked at, the commonest first."""


@dataclass(frozen=True, slots=True)
class _Typed:
    """What was typed: whole words, one that is `begun` ("" after a space), the datasets that meet the whole ones."""

    before: tuple[str, ...]
    begun: str
    met: int


def suggestions(state: CatalogState, prefix: str, lexicon: Lexicon, limit: int) -> list[Suggestion]:
    """At most `limit` completions: up to half of them words, then titles.

    The last word counts as begun unless a space follows it; the words before it have to be met by what is offered.
    Where no title holds what was typed, the best datasets of a search for it are offered, repaired if need be.
    """
    text = prefix[:LONGEST_TEXT]
    found = words(text)[:_LONGEST]
    if not found or limit < 1:
        return []
    before, begun = (found, "") if text[-1].isspace() else (found[:-1], found[-1])
    typed = _Typed(tuple(before), begun, _met(state, before, lexicon))
    common = state.words.commonest(begun, _BEGINNINGS) if begun else []
    titled = {word: state.titled(word) & typed.met for word in common}
    offered = _words(state, typed, titled)[: limit // 2]
    room = limit - len(offered)
    titles = _titles(state, typed, titled, room) or _searched(state, text, lexicon, room)
    return [*offered, *(Suggestion(one.title, one.id) for one in map(state.row_at, titles))]


def _met(state: CatalogState, before: list[str], lexicon: Lexicon) -> int:
    if not before:
        return state.alive
    met = meeting(state, make_plan(" ".join(before), lexicon, state))
    return 0 if met.relaxed else met.bits


def _words(state: CatalogState, typed: _Typed, titled: dict[str, int]) -> list[Suggestion]:
    """The commonest words of that beginning, in titles if words stand before them; the nearest if there is none."""
    if typed.before:
        ordered = sorted((word for word in titled if titled[word]), key=lambda word: (-titled[word].bit_count(), word))
    else:
        ordered = list(titled)
    if not titled and (nearest := state.words.nearest(typed.begun) if typed.begun else None):
        ordered = [nearest]
    return [Suggestion(" ".join((*typed.before, word))) for word in ordered if word != typed.begun]


def _titles(state: CatalogState, typed: _Typed, titled: dict[str, int], room: int) -> list[int]:
    """Titles that open with what was typed, then those that hold it anywhere, the newest first."""
    opening = state.titles_opening(" ".join((*typed.before, typed.begun)).strip(), room)
    bits = 0 if typed.begun else typed.met
    for found in titled.values():
        bits |= found
    others = (number for number in pick(state.by_modified, bits, 0, room * 2) if number not in opening)
    return [*opening, *others][:room]


def _searched(state: CatalogState, text: str, lexicon: Lexicon, room: int) -> list[int]:
    plan = make_plan(text, lexicon, state)
    return ranked(state, plan, meeting(state, plan), range(room))
