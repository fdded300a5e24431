"""The tree: the known hashes, and every proof against the definition in the RFC, written down once more."""

from __future__ import annotations

from hashlib import sha256

from hypothesis import given, settings
from hypothesis import strategies as st

from datasets.journal.tree import (
    EMPTY,
    Node,
    Span,
    consistency_spans,
    hash_of,
    inclusion_spans,
    joined_by,
    leaf_hash,
    new_nodes,
    proves_consistency,
    proves_inclusion,
    whole_nodes,
)

# The leaves and roots that implementations of certificate transparency are tested with, at every length.
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)  # fmt: skip


def grown(leaves: list[bytes]) -> dict[Node, bytes]:
    """The nodes kept after appending these leaves one by one."""
    kept: dict[Node, bytes] = {}
    for position, leaf in enumerate(leaves):
        known = {node: kept[node] for node in joined_by(position)}
        for node, value in new_nodes(position, leaf_hash(leaf), known):
            assert node not in kept
            kept[node] = value
    return kept


def mth(leaves: list[bytes]) -> bytes:
    """RFC 6962, 2.1, word by word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    middle = split(len(leaves))
    return sha256(b"\x01" + mth(leaves[:middle]) + mth(leaves[middle:])).digest()


def path(index: int, leaves: list[bytes]) -> list[bytes]:
    """RFC 6962, 2.1.1."""
    if len(leaves) == 1:
        return []
    middle = split(len(leaves))
    if index < middle:
        return [*path(index, leaves[:middle]), mth(leaves[middle:])]
    return [*path(index - middle, leaves[middle:]), mth(leaves[:middle])]


def subproof(old: int, leaves: list[bytes], known: bool) -> list[bytes]:
    """RFC 6962, 2.1.2."""
    if old == len(leaves):
        return [] if known else [mth(leaves)]
    middle = split(len(leaves))
    if old <= middle:
        return [*subproof(old, leaves[:middle], known), mth(leaves[middle:])]
    return [*subproof(old - middle, leaves[middle:], False), mth(leaves[:middle])]


def split(count: int) -> int:
    middle = 1
    while middle * 2 < count:
        middle *= 2
    return middle


def test_the_known_leaves_give_the_known_roots() -> None:
    for size, root in enumerate(ROOTS):
        assert hash_of(Span(0, size), grown(LEAVES[:size])).hex() == root
    assert EMPTY.hex() == ROOTS[0]


def test_the_paths_printed_in_the_rfcs_examples() -> None:
    nodes = grown(LEAVES[:7])  # the tree of seven leaves of RFC 6962, 2.1.3
    a, b, c, d, e, f, j = (nodes[Node(0, number)] for number in range(7))
    g, h, i, k = nodes[Node(1, 0)], nodes[Node(1, 1)], nodes[Node(1, 2)], nodes[Node(2, 0)]
    l = hash_of(Span(4, 7), nodes)  # noqa: E741 - its name there
    proofs = {0: [b, h, l], 3: [c, g, l], 4: [f, j, k], 6: [i, k]}
    for index, expected in proofs.items():
        assert [hash_of(span, nodes) for span in inclusion_spans(index, 7)] == expected
    assert [hash_of(span, nodes) for span in consistency_spans(3, 7)] == [c, d, g, l]
    assert [hash_of(span, nodes) for span in consistency_spans(4, 7)] == [l]
    assert [hash_of(span, nodes) for span in consistency_spans(6, 7)] == [i, j, k]
    assert a != e


@settings(max_examples=60, deadline=None)
@given(st.data(), st.lists(st.binary(max_size=3), min_size=1, max_size=70))
def test_every_proof_is_that_of_the_rfc_and_convinces_and_no_other_does(
    data: st.DataObject, leaves: list[bytes]
) -> None:
    nodes, new = grown(leaves), len(leaves)
    old = data.draw(st.integers(0, new))
    index = data.draw(st.integers(0, new - 1))
    root, old_root = hash_of(Span(0, new), nodes), hash_of(Span(0, old), nodes)
    assert (root, old_root) == (mth(leaves), mth(leaves[:old]))
    inclusion = [hash_of(span, nodes) for span in inclusion_spans(index, new)]
    assert inclusion == path(index, leaves)
    assert proves_inclusion(leaf_hash(leaves[index]), index, new, inclusion, root)
    consistency = [hash_of(span, nodes) for span in consistency_spans(old, new)]
    assert consistency == (subproof(old, leaves, True) if 0 < old < new else [])
    assert proves_consistency(old, new, old_root, root, consistency)
    assert len(whole_nodes(Span(0, new))) <= new.bit_length()

    other = bytes(32)
    assert not proves_inclusion(other, index, new, inclusion, root)
    assert not proves_inclusion(leaf_hash(leaves[index]), index, new, [*inclusion, other], root)
    assert not proves_inclusion(leaf_hash(leaves[index]), index, new, inclusion, other)
    assert not proves_inclusion(leaf_hash(leaves[index]), new, new, inclusion, root)
    if inclusion:
        spoilt = [*inclusion]
        spoilt[data.draw(st.integers(0, len(spoilt) - 1))] = other
        assert not proves_inclusion(leaf_hash(leaves[index]), index, new, spoilt, root)
        assert not proves_inclusion(leaf_hash(leaves[index]), index, new, inclusion[:-1], root)
    if old > 0:
        assert not proves_consistency(old, new, other, root, consistency)
        assert not proves_consistency(old, new, old_root, other, consistency)
    if consistency:
        assert not proves_consistency(old, new, old_root, root, consistency[:-1])
        assert not proves_consistency(old, new, old_root, root, [*consistency, other])
