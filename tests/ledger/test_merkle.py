"""RFC 9162 trees: the known vectors, and that proofs hold exactly for what they prove."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongmo.ledger.merkle import (
    Tree,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root,
    verify_consistency,
    verify_inclusion,
)

# Inputs and roots of the reference vectors published with Certificate Transparency (RFC 6962 and RFC 9162 share the tree).
INPUTS = [
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"
]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [leaf_hash(bytes.fromhex(each)) for each in INPUTS]

trees = st.integers(1, 70).map(lambda size: [leaf_hash(str(index).encode()) for index in range(size)])


def test_root_of_nothing_is_the_hash_of_nothing() -> None:
    assert root([]) == hashlib.sha256(b"").digest()


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_match_the_reference_vectors(size: int) -> None:
    assert root(LEAVES[:size]).hex() == ROOTS[size - 1]


@given(trees)
def test_root_in_one_pass_equals_the_recursive_definition(leaves: list[bytes]) -> None:
    def defined(part: list[bytes]) -> bytes:
        if len(part) == 1:
            return part[0]
        split = 1
        while split * 2 < len(part):
            split *= 2
        return node_hash(defined(part[:split]), defined(part[split:]))

    assert root(leaves) == defined(leaves)


@given(trees, st.data())
def test_inclusion_proof_holds_for_its_leaf_and_for_no_other(
    leaves: list[bytes], data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    path = inclusion_proof(index, leaves)

    assert verify_inclusion(leaves[index], index, len(leaves), path, root(leaves))
    assert not verify_inclusion(leaf_hash(b"forged"), index, len(leaves), path, root(leaves))
    assert not verify_inclusion(leaves[index], index, len(leaves), [*path, leaves[0]], root(leaves))
    other = data.draw(st.integers(0, len(leaves) + 2))
    if other != index:
        assert not verify_inclusion(leaves[index], other, len(leaves), path, root(leaves))


@given(trees, st.data())
def test_consistency_proof_holds_for_a_continued_tree_only(leaves: list[bytes], data: st.DataObject) -> None:
    earlier = data.draw(st.integers(1, len(leaves)))
    before, after = root(leaves[:earlier]), root(leaves)
    proof = consistency_proof(earlier, leaves)

    assert verify_consistency(earlier, before, len(leaves), after, proof)
    assert not verify_consistency(earlier, leaf_hash(b"forged"), len(leaves), after, proof)
    assert not verify_consistency(earlier, before, len(leaves), leaf_hash(b"forged"), proof)


@pytest.mark.parametrize("index", [-1, 8])
def test_no_proof_outside_the_tree(index: int) -> None:
    with pytest.raises(IndexError):
        inclusion_proof(index, LEAVES)


@given(trees, st.data())
def test_the_growing_tree_answers_as_the_definitions_do_for_every_earlier_size(
    leaves: list[bytes], data: st.DataObject
) -> None:
    tree = Tree()
    for leaf in leaves:
        tree.append(leaf)
    size = data.draw(st.integers(1, len(leaves)))
    index = data.draw(st.integers(0, size - 1))
    earlier = data.draw(st.integers(1, size))

    assert tree.root(size) == root(leaves[:size])
    assert tree.inclusion_proof(index, size) == inclusion_proof(index, leaves[:size])
    assert tree.consistency_proof(earlier, size) == consistency_proof(earlier, leaves[:size])
    with pytest.raises(IndexError):
        tree.inclusion_proof(size, size)
