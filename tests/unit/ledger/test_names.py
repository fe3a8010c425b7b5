"""Rows of another PBX are no calls of ours; a PBX that is given a new name loses none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pytest

from ami.ledger.names import PATIENCE_SECONDS, SystemNames
from ami.ledger.rows import Refused, Row
from tests.support.ledger import NOON, answered_call, lost_call, read_rows, text


def sort(lines: Sequence[str], names: SystemNames) -> tuple[list[str], list[str]]:
    """(Uniqueids of ours, of others), each once, in order."""
    rows = [row for row in read_rows(text(lines)) if isinstance(row, Row)]
    return split(out for row in rows for out in names.admit(row, 0.0))


def split(judged: Iterable[Row | Refused]) -> tuple[list[str], list[str]]:
    ours: dict[str, None] = {}
    others: dict[str, None] = {}
    for one in judged:
        if isinstance(one, Row):
            ours[one.uniqueid] = None
        else:
            assert one.reason == "another_pbx"
            others[one.line.split('"')[27]] = None
    return list(ours), list(others)


OURS = lost_call(0, NOON)
STRANGERS = lost_call(900, NOON + 10, system="branch-")
MORE_OURS = lost_call(1, NOON + 20)


def test_the_first_name_is_ours() -> None:
    assert sort(OURS, SystemNames("pbx1")) == ([f"pbx1-{NOON}.0"], [])


def test_a_system_without_a_name_is_one_too() -> None:
    assert sort(lost_call(0, system=""), SystemNames("pbx1")) == ([f"{NOON}.0"], [])


def test_rows_among_ours_are_strangers() -> None:
    ours, others = sort([*OURS, *STRANGERS, *MORE_OURS], SystemNames("pbx1"))
    assert ours == [f"pbx1-{NOON}.0", f"pbx1-{NOON + 20}.1"]
    assert others == [f"branch-{NOON + 10}.900"]


def test_a_known_stranger_is_refused_at_once() -> None:
    names = SystemNames("pbx1")
    sort([*OURS, *STRANGERS, *MORE_OURS], names)
    assert sort(lost_call(901, NOON + 30, system="branch-"), names)[0] == []
    assert names.oldest_waiting() is None


def test_a_new_name_after_a_restart_loses_no_call() -> None:
    renamed = [one for n in range(3) for one in lost_call(n, NOON + 60 + n, system="hq-")]
    ours, others = sort([*OURS, *renamed], SystemNames("pbx1"))
    assert ours == [f"pbx1-{NOON}.0", *(f"hq-{NOON + 60 + n}.{n}" for n in range(3))]
    assert others == []


def test_a_single_call_under_a_new_name_waits_only_for_a_while() -> None:
    names = SystemNames("pbx1")
    assert sort([*OURS, *lost_call(0, NOON + 60, system="hq-")], names)[0] == [f"pbx1-{NOON}.0"]
    assert names.oldest_waiting() is not None
    assert split(names.tick(PATIENCE_SECONDS - 1)) == ([], [])
    assert split(names.tick(PATIENCE_SECONDS)) == ([f"hq-{NOON + 60}.0"], [])


def test_an_old_name_before_the_known_one_is_ours_too() -> None:
    """The file begins before the PBX was given the name that its manager link tells."""
    names = SystemNames("pbx1", known=["hq"])
    ours, others = sort([*OURS, *lost_call(0, NOON + 60, system="hq-")], names)
    assert (ours, others) == ([f"pbx1-{NOON}.0", f"hq-{NOON + 60}.0"], [])


def test_what_the_pbx_says_of_its_name_counts_at_once() -> None:
    names = SystemNames("pbx1")
    sort([*OURS, *lost_call(0, NOON + 60, system="hq-")], names)
    assert split(names.learn(["hq"])) == ([f"hq-{NOON + 60}.0"], [])


def test_late_rows_under_the_old_name_are_still_ours() -> None:
    names = SystemNames("pbx1", known=["hq", "pbx1"])
    assert sort([*lost_call(0, NOON, system="hq-"), *MORE_OURS], names)[1] == []


def test_a_stranger_is_believed_when_nobody_else_is_heard_of_any_more() -> None:
    names = SystemNames("pbx1")
    sort([*OURS, *STRANGERS, *MORE_OURS], names)
    many = [one for n in range(30) for one in lost_call(n, NOON + 100 + n, system="branch-")]
    ours, others = sort(many, names)
    assert (len(others), len(ours)) == (19, 11)


@pytest.mark.parametrize("seen", [OURS, []])
def test_an_id_that_we_chose_ourselves_is_ours(seen: list[str]) -> None:
    ours = [one.replace(f"pbx1-{NOON}.0", "click-7b21c0de-1") for one in answered_call(0)]
    names = SystemNames("pbx1")
    sort(seen, names)
    assert "click-7b21c0de-1" in sort(ours, names)[0]
