"""What becomes of a stretch in a call, and what screens show of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from callcenter.calls.record import CallRecord, Leg
from callcenter.supervision.follow import followed, unknown_spies
from callcenter.supervision.stepping import (
    Session,
    channel_of,
    is_visible,
    item,
    speaking,
    waiting_caller,
)
from tests.support.call_records import call_record

AT = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
CHANNEL = channel_of("0123456789")


def at(seconds: float) -> datetime:
    return AT + timedelta(seconds=seconds)


def leg(endpoint: str, role: Any, uniqueid: str, **changes: Any) -> Leg:
    values: dict[str, Any] = {
        "channel": f"{endpoint}-00000001",
        "uniqueid": uniqueid,
        "endpoint": endpoint,
        "number": endpoint.partition("/")[2],
        "name": "",
        "role": role,
        "ringing_at": None,
        "answered_at": AT,
        "ended_at": None,
        "result": "answered",
        "talk_seconds": 0.0,
        "hold_seconds": 0.0,
    }
    return Leg(**{**values, **changes})


def call(*more: Leg, **changes: Any) -> CallRecord:
    legs = (leg("PJSIP/trunk", "caller", "1.0"), leg("PJSIP/1001", "callee", "1.1"), *more)
    told = {"live": True, "answered_at": AT, "queues": ("support",), **changes}
    return replace(call_record("pbx/1.0", legs=legs), **told)


def asked(**changes: Any) -> Session:
    values: dict[str, Any] = {
        "id": 5,
        "supervisor_id": 1,
        "operator_id": 2,
        "call_id": "pbx/1.0",
        "channel": CHANNEL,
        "mode": "listen",
        "asked_at": at(1),
    }
    return Session(**{**values, **changes})


def spy(**changes: Any) -> Leg:
    told = {"answered_at": at(2), "result": "unknown", **changes}
    return leg("PJSIP/1003", "spy", CHANNEL, **told)


def test_a_listening_begins_when_the_pbx_says_so_and_ends_with_it() -> None:
    assert followed(asked(), call(), at(9)) == asked()
    assert followed(asked(), call(spy()), at(9)) == asked(began_at=at(2))
    over = followed(asked(), call(spy(ended_at=at(7))), at(9))
    assert (over.began_at, over.ended_at) == (at(2), at(7))


def test_with_the_call_everything_ends_also_what_never_began() -> None:
    gone = call(live=False, ended_at=at(8))
    assert followed(asked(), gone, at(9)) == asked(ended_at=at(8))
    assert followed(asked(), call(spy(), live=False, ended_at=at(8)), at(9)).ended_at == at(8)


def test_a_take_over_ends_the_listening_in_the_moment_in_which_it_begins() -> None:
    taken = call(leg("PJSIP/1003", "other", CHANNEL, answered_at=at(6)))
    before = followed(asked(began_at=at(2)), taken, at(9))
    after = followed(asked(id=6, mode="take_over", asked_at=at(5)), taken, at(9))
    assert (before.began_at, before.ended_at) == (at(2), at(6))
    assert (after.began_at, after.ended_at) == (at(6), None)


def test_a_take_over_that_the_pbx_has_not_done_yet_goes_on_waiting() -> None:
    wanted = asked(mode="take_over")
    assert followed(wanted, call(spy()), at(9)) == wanted
    assert followed(wanted, call(spy(ended_at=at(5))), at(9)) == wanted


def test_who_listens_by_a_code_of_their_phone_is_found() -> None:
    assert unknown_spies(call(spy()), ()) == [CHANNEL]
    assert unknown_spies(call(spy()), [CHANNEL]) == []


def test_whoever_listens_does_not_speak() -> None:
    assert [one.endpoint for one in speaking(call(spy()))] == ["PJSIP/trunk", "PJSIP/1001"]
    assert speaking(call(spy(), live=False)) == []


def test_a_caller_waits_until_somebody_speaks_with_them() -> None:
    waiting = waiting_caller(call(answered_at=None))
    assert waiting is not None
    assert waiting.role == "caller"
    assert waiting_caller(call()) is None
    assert waiting_caller(call(answered_at=None, queues=())) is None
    assert waiting_caller(call(answered_at=None, live=False)) is None


def test_the_own_role_is_asked_before_its_base_and_that_before_the_centre() -> None:
    assert is_visible({}, "trainee", "operator")
    assert not is_visible({"": False}, "trainee", "operator")
    assert is_visible({"": False, "operator": True}, "trainee", "operator")
    assert not is_visible({"operator": True, "trainee": False}, "trainee", "operator")


def test_a_screen_keeps_it_until_it_is_over_or_has_become_a_call_of_ones_own() -> None:
    shown = item(asked(began_at=at(2)), mine=True, other="Anna Nowak")
    assert (shown["kind"], shown["mode"], shown["name"]) == ("mine", "listen", "Anna Nowak")
    assert item(asked(ended_at=at(3)), mine=True, other="")["gone"]
    assert item(asked(mode="take_over"), mine=False, other="")["gone"]
