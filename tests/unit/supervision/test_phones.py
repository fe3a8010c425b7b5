"""Whose phone would not ring for a caller who is sent to it."""

from __future__ import annotations

from dataclasses import replace

from callcenter.supervision.phones import in_use
from tests.unit.supervision.test_stepping import at, call, leg

USERS = {"PJSIP/1001": 1, "PJSIP/1002": 2, "PJSIP/web1002": 2, "PJSIP/1003": 3}


def test_who_speaks_is_rung_or_listens_in_another_call_is_in_use() -> None:
    speaks = leg("PJSIP/1001", "callee", "1.1", answered_at=at(2))
    rings = replace(leg("PJSIP/web1002", "callee", "1.2"), answered_at=None)
    listens = leg("PJSIP/1003", "spy", "1.3", answered_at=at(3))
    other = replace(call(), id="pbx/2", legs=(speaks, rings, listens))
    assert in_use([call(), other], USERS, besides="pbx/1") == {1, 2, 3}


def test_who_is_rung_for_this_caller_or_has_hung_up_is_free() -> None:
    rings = replace(leg("PJSIP/1001", "callee", "1.1"), answered_at=None)
    gone = leg("PJSIP/1002", "callee", "1.2", answered_at=at(2), ended_at=at(3))
    strange = leg("PJSIP/trunk", "caller", "1.3", answered_at=at(1))
    other = replace(call(), id="pbx/2", legs=(gone, strange))
    over = replace(call(leg("PJSIP/1003", "callee", "1.4")), id="pbx/3", live=False)
    mine = replace(call(), legs=(rings,))
    assert in_use([mine, other, over], USERS, besides=mine.id) == set()
