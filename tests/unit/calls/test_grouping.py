"""Union-find against the plainest oracle: keep joining sets until nothing changes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from callcenter.calls.grouping import CallGroups

NODES = st.integers(0, 12).map(lambda n: f"17.{n}")


def brute_force(edges: list[tuple[str, str]]) -> set[frozenset[str]]:
    sets = [{one, other} for one, other in edges]
    changed = True
    while changed:
        changed = False
        for i, first in enumerate(sets):
            for second in sets[i + 1 :]:
                if first & second:
                    first.update(second)
                    sets.remove(second)
                    changed = True
                    break
            if changed:
                break
    return {frozenset(nodes) for nodes in sets}


@given(st.lists(st.tuples(NODES, NODES), max_size=30))
def test_joining_gives_the_same_groups_as_the_brute_force_oracle(
    edges: list[tuple[str, str]],
) -> None:
    groups = CallGroups()
    for one, other in edges:
        groups.join(one, other)
    assert {frozenset(call.nodes) for call in groups.calls()} == brute_force(edges)


@given(st.lists(st.tuples(NODES, NODES), max_size=30))
def test_a_forgotten_call_is_wholly_forgotten(edges: list[tuple[str, str]]) -> None:
    groups = CallGroups()
    for one, other in edges:
        groups.join(one, other)
    for call in groups.calls():
        groups.forget(call)
    assert len(groups) == 0
