"""The outcomes of a queue as a tree: its own ones, or, where it has none, everybody's. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from callcenter.outcomes.outcome import DEEPEST, Outcome


@dataclass(frozen=True, slots=True)
class Node:
    """An outcome and what may be chosen under it. Without anything under it, it is a leaf."""

    outcome: Outcome
    children: tuple[Node, ...] = ()

    @property
    def is_leaf(self) -> bool:
        return not self.children


def tree_of(outcomes: Iterable[Outcome], queue: str) -> tuple[Node, ...]:
    """What may be chosen for a conversation of this queue: only what is in use."""
    used = [one for one in outcomes if one.active]
    own = _whole([one for one in used if one.queue == queue])
    return own or _whole([one for one in used if not one.queue])


def forest_of(outcomes: Iterable[Outcome], queue: str) -> tuple[Node, ...]:
    """Exactly this queue's outcomes, also those not in use: what a supervisor edits."""
    return _whole([one for one in outcomes if one.queue == queue])


def _whole(outcomes: Sequence[Outcome]) -> tuple[Node, ...]:
    by_parent: dict[int | None, list[Outcome]] = {}
    for one in sorted(outcomes, key=lambda one: (one.position, one.id)):
        by_parent.setdefault(one.parent_id, []).append(one)
    return _under(None, by_parent, DEEPEST)


def _under(
    parent: int | None, by_parent: dict[int | None, list[Outcome]], levels: int
) -> tuple[Node, ...]:
    if not levels:
        return ()
    return tuple(
        Node(one, _under(one.id, by_parent, levels - 1)) for one in by_parent.get(parent, ())
    )


def walk(tree: Sequence[Node]) -> Iterator[Node]:
    """Every node, parents before what is under them."""
    for node in tree:
        yield node
        yield from walk(node.children)


def find(tree: Sequence[Node], outcome_id: int) -> Node | None:
    return next((node for node in walk(tree) if node.outcome.id == outcome_id), None)


def path_to(outcomes: Iterable[Outcome], outcome_id: int) -> tuple[Outcome, ...]:
    """The choices that lead to an outcome, the first one first; () if there is none such."""
    by_id = {one.id: one for one in outcomes}
    path: list[Outcome] = []
    at = by_id.get(outcome_id)
    while at is not None and at not in path:
        path.insert(0, at)
        at = by_id.get(at.parent_id) if at.parent_id is not None else None
    return tuple(path)
