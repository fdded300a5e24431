"""The tree over the journal, of RFC 6962 section 2.1 and RFC 9162 section 2.1: hashes, what a proof needs, its check.

Nothing here reads or keeps anything. A `Node` names a whole subtree by level and number; leaves are level 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

EMPTY = sha256(b"").digest()
"""The hash of a tree without leaves."""


class Node(NamedTuple):
    """The whole subtree over the 2**`level` leaves from `position` * 2**`level` on."""

    level: int
    position: int


class Span(NamedTuple):
    """The leaves from `start` up to, and without, `end`: one subtree, whole or at the right edge."""

    start: int
    end: int


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf. The byte in front keeps a leaf from passing for a node."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash over two subtrees."""
    return sha256(b"\x01" + left + right).digest()


def whole_nodes(span: Span) -> list[Node]:
    """The whole subtrees that a span of the tree is made of, the largest and leftmost first: at most one a level."""
    nodes, start = [], span.start
    while start < span.end:
        level = (span.end - start).bit_length() - 1
        nodes.append(Node(level, start >> level))
        start += 1 << level
    return nodes


def hash_of(span: Span, hashes: Mapping[Node, bytes]) -> bytes:
    """The hash of a span out of those of its `whole_nodes`; KeyError when one is missing."""
    found = [hashes[node] for node in whole_nodes(span)]
    if not found:
        return EMPTY
    total = found.pop()
    for left in reversed(found):
        total = node_hash(left, total)
    return total


def inclusion_spans(index: int, size: int) -> list[Span]:
    """The spans whose hashes prove that leaf `index` is in the tree of that size, from the leaf up (PATH).

    ValueError when the tree has no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} has no leaf {index}")
    spans, start, end = [], 0, size
    while end - start > 1:
        middle = start + _half(end - start)
        if index < middle:
            spans.append(Span(middle, end))
            end = middle
        else:
            spans.append(Span(start, middle))
            start = middle
    return spans[::-1]


def consistency_spans(old: int, new: int) -> list[Span]:
    """The spans whose hashes prove that the tree of `old` leaves is the beginning of that of `new` (PROOF).

    ValueError unless 0 <= old <= new; nothing is needed for an empty or an equal tree.
    """
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {old} is not the beginning of one of {new}")
    if old in (0, new):
        return []
    spans, start, end, known = [], 0, new, True
    while old != end:
        middle = start + _half(end - start)
        if old <= middle:
            spans.append(Span(middle, end))
            end = middle
        else:
            spans.append(Span(start, middle))
            start, known = middle, False
    if not known:
        spans.append(Span(start, end))
    return spans[::-1]


def new_nodes(position: int, leaf: bytes, hashes: Mapping[Node, bytes]) -> Iterator[tuple[Node, bytes]]:
    """The nodes that become whole with leaf number `position`; `hashes` has those of `joined_by(position)`."""
    node, value = Node(0, position), leaf
    yield node, value
    while node.position % 2:
        value = node_hash(hashes[Node(node.level, node.position - 1)], value)
        node = Node(node.level + 1, node.position // 2)
        yield node, value


def joined_by(position: int) -> list[Node]:
    """The whole subtrees to the left that leaf number `position` closes."""
    joined, level = [], 0
    while (position >> level) % 2:
        joined.append(Node(level, (position >> level) - 1))
        level += 1
    return joined


def proves_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether `path` shows that `leaf` is number `index` of the tree with that size and root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    number, last, total = index, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if number % 2 or number == last:
            total = node_hash(step, total)
            while number % 2 == 0 and number:
                number, last = number >> 1, last >> 1
        else:
            total = node_hash(total, step)
        number, last = number >> 1, last >> 1
    return last == 0 and total == root


def proves_consistency(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether `path` shows that the old tree is the beginning of the new one (RFC 9162, 2.1.4.2)."""
    if not 0 <= old <= new:
        return False
    if old == new:
        return not path and old_root == new_root
    if old == 0:
        return not path and old_root == EMPTY
    steps = [old_root, *path] if old & (old - 1) == 0 else list(path)
    if not steps:
        return False
    number, last = old - 1, new - 1
    while number % 2:
        number, last = number >> 1, last >> 1
    first = second = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if number % 2 or number == last:
            first, second = node_hash(step, first), node_hash(step, second)
            while number % 2 == 0 and number:
                number, last = number >> 1, last >> 1
        else:
            second = node_hash(second, step)
        number, last = number >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


def _half(count: int) -> int:
    """The largest power of two below `count`, which is at least 2."""
    return 1 << ((count - 1).bit_length() - 1)
