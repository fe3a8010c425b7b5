"""The outcomes of a queue as a tree."""

from __future__ import annotations

from callcenter.outcomes.outcome import Outcome
from callcenter.outcomes.tree import find, forest_of, path_to, tree_of, walk


def outcome(number: int, **changes: object) -> Outcome:
    return Outcome(**({"id": number, "label": f"Outcome {number}"} | changes))  # type: ignore[arg-type]


def ids(nodes: object) -> list[int]:
    return [node.outcome.id for node in walk(nodes)]  # type: ignore[arg-type]


COMMON = (outcome(1, position=2), outcome(2, position=1))
OF_SALES = (
    outcome(10, queue="sales"),
    outcome(11, queue="sales", parent_id=10, position=2),
    outcome(12, queue="sales", parent_id=10, position=1),
)


def test_a_queue_with_outcomes_of_its_own_has_only_these() -> None:
    assert ids(tree_of((*COMMON, *OF_SALES), "sales")) == [10, 12, 11]


def test_a_queue_without_any_has_the_common_ones_in_their_order() -> None:
    assert ids(tree_of((*COMMON, *OF_SALES), "support")) == [2, 1]


def test_what_is_not_in_use_is_not_offered_nor_what_stands_under_it() -> None:
    group = outcome(10, queue="sales", active=False)
    assert ids(tree_of((*COMMON, group, *OF_SALES[1:]), "sales")) == [2, 1]


def test_a_supervisor_edits_also_what_is_not_in_use() -> None:
    assert ids(forest_of((outcome(3, active=False), *OF_SALES), "")) == [3]


def test_outcomes_that_stand_under_each_other_are_left_out() -> None:
    round_and_round = (outcome(1, parent_id=2), outcome(2, parent_id=1))
    assert tree_of(round_and_round, "") == ()
    assert len(path_to(round_and_round, 1)) == 2


def test_a_path_names_every_choice_on_the_way() -> None:
    assert [one.id for one in path_to(OF_SALES, 11)] == [10, 11]
    assert path_to(OF_SALES, 99) == ()


def test_a_node_without_anything_under_it_is_a_leaf() -> None:
    tree = tree_of(OF_SALES, "sales")
    assert {node.outcome.id: node.is_leaf for node in walk(tree)} == {
        10: False,
        11: True,
        12: True,
    }
    assert find(tree, 99) is None


def test_words_are_in_the_readers_language_where_somebody_wrote_them() -> None:
    one = outcome(1, labels={"pl": "Załatwione", "ru": ""})
    assert [one.label_in(locale) for locale in ("pl", "ru", "en")] == [
        "Załatwione",
        "Outcome 1",
        "Outcome 1",
    ]
