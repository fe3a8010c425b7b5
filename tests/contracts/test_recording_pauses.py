"""Pauses in recordings: begun, made longer, ended by whoever is first, never left open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from ami.recording_timer import RecordingTimer
from callcenter.calls.record import CallRecord, SoundFile
from callcenter.errors import Forbidden, Invalid, NotFound
from callcenter.ports import PbxCommand
from callcenter.ports.recordings import RecordingPause
from callcenter.queries import recordings as queries
from callcenter.services.recordings import (
    PAUSE,
    note_heard,
    pause_recording,
    resume_due,
    resume_recording,
)
from tests.support.store import NOW, Store, call, leg

CALLER = "PJSIP/trunk-1"


def recorded(number: str = "17.1", /, **changes: Any) -> CallRecord:
    """A call that 1001 speaks in, and whose caller's channel is recorded."""
    sound = SoundFile(file=f"{number}.wav", started_at=NOW, stopped_at=None)
    serial, _, counter = number.partition(".")
    caller = replace(leg(number, "PJSIP/trunk", "caller"), channel=CALLER, recordings=(sound,))
    callee = leg(f"{serial}.{int(counter) + 1}", "PJSIP/1001", "callee")
    legs = (caller, replace(callee, answered_at=NOW))
    return call(number, **{"legs": legs, **changes})


@pytest.fixture
def anna(store: Store) -> int:
    user_id = store.add_user()
    store.save(recorded())
    return user_id


def use(store: Store) -> dict[str, Any]:
    return {
        "unit_of_work": store.unit_of_work,
        "publisher": store.publisher,
        "clock": store.clock,
    }


def open_pauses(store: Store, call_id: str = "pbx/17.1") -> Sequence[RecordingPause]:
    with store.engine.connect() as connection:
        return queries.open_pauses(connection, call_id)


def asked(store: Store) -> list[tuple[str, str, str]]:
    return [(c.action, c.arguments["channel"], c.pbx) for c in store.publisher.commands]


def told(store: Store) -> list[Any]:
    return [message.payload["paused_until"] for message in store.publisher.messages]


def test_a_pause_mutes_the_recorded_channel_and_tells_who_speaks(store: Store, anna: int) -> None:
    done = pause_recording("pbx/17.1", anna, "field", **use(store))
    assert done.until == NOW + PAUSE
    assert asked(store) == [("mute_recording", CALLER, "pbx")]
    (command,) = store.publisher.commands
    assert done.commands == (command.id,)
    assert (command.user_id, command.issued_at) == (anna, NOW)
    (message,) = store.publisher.messages
    assert message.audience.users == (anna,)
    assert message.payload["paused_until"] == done.until.isoformat()
    (kept,) = open_pauses(store)
    assert (kept.user_id, kept.cause, kept.resume_at) == (anna, "field", done.until)


def test_a_pause_asked_for_again_lasts_from_then_on_and_is_one(store: Store, anna: int) -> None:
    pause_recording("pbx/17.1", anna, **use(store))
    store.clock.pass_by(100)
    until = pause_recording("pbx/17.1", anna, **use(store)).until
    assert until == NOW + timedelta(seconds=100) + PAUSE
    (kept,) = open_pauses(store)
    assert (kept.began_at, kept.resume_at) == (NOW, until)
    assert resume_due(**use(store)) == 0


def test_it_goes_on_when_asked_to(store: Store, anna: int) -> None:
    pause_recording("pbx/17.1", anna, **use(store))
    resume_recording("pbx/17.1", anna, **use(store))
    assert asked(store)[-1] == ("unmute_recording", CALLER, "pbx")
    assert told(store)[-1] is None
    assert open_pauses(store) == []
    store.clock.pass_by(1000)
    assert resume_due(**use(store)) == 0


def test_it_goes_on_by_itself_when_its_time_is_over(store: Store, anna: int) -> None:
    pause_recording("pbx/17.1", anna, **use(store))
    store.clock.pass_by(PAUSE.total_seconds() - 1)
    assert resume_due(**use(store)) == 0
    store.clock.pass_by(1)
    assert resume_due(**use(store)) == 1
    assert asked(store)[-1] == ("unmute_recording", CALLER, "pbx")
    assert told(store)[-1] is None
    assert resume_due(**use(store)) == 0
    assert len(asked(store)) == 2


def test_a_pbx_that_is_away_is_told_when_it_is_back(store: Store, anna: int) -> None:
    pause_recording("pbx/17.1", anna, **use(store))
    store.clock.pass_by(500)
    assert resume_due({"pbx"}, **use(store)) == 0
    assert len(open_pauses(store)) == 1
    assert resume_due({"other"}, **use(store)) == 1


def test_a_call_that_ended_has_nothing_left_to_resume(store: Store, anna: int) -> None:
    pause_recording("pbx/17.1", anna, **use(store))
    store.save(recorded(live=False, ended_at=NOW))
    assert resume_due({"pbx"}, **use(store)) == 1
    assert [action for action, *_ in asked(store)] == ["mute_recording"]
    assert open_pauses(store) == []


def test_a_paused_half_of_a_call_goes_on_in_the_whole(store: Store, anna: int) -> None:
    pause_recording("pbx/17.1", anna, **use(store))
    store.save(recorded("16.1"))
    with store.unit_of_work() as uow:
        uow.calls.merge("pbx/17.1", "pbx/16.1")
        uow.commit()
    assert len(open_pauses(store, "pbx/16.1")) == 1
    store.clock.pass_by(500)
    assert resume_due(**use(store)) == 1


def test_only_who_speaks_in_a_live_recorded_call_may_pause_it(store: Store, anna: int) -> None:
    other = store.add_user("jan", "1002")
    nobody = store.add_user("ewa", "")
    for user_id in (other, nobody):
        with pytest.raises(Forbidden):
            pause_recording("pbx/17.1", user_id, **use(store))
        with pytest.raises(Forbidden):
            resume_recording("pbx/17.1", user_id, **use(store))
    with pytest.raises(NotFound):
        pause_recording("pbx/99.9", anna, **use(store))
    with pytest.raises(Invalid):
        pause_recording("pbx/17.1", anna, "whim", **use(store))
    store.save(recorded("18.1", live=False))
    with pytest.raises(NotFound):
        pause_recording("pbx/18.1", anna, **use(store))
    unrecorded = tuple(replace(one, recordings=()) for one in recorded("19.1").legs)
    store.save(recorded("19.1", legs=unrecorded))
    with pytest.raises(Invalid, match="not recorded"):
        pause_recording("pbx/19.1", anna, **use(store))
    ringing = tuple(replace(one, answered_at=None) for one in recorded("20.1").legs)
    store.save(recorded("20.1", legs=ringing))
    with pytest.raises(Forbidden):
        pause_recording("pbx/20.1", anna, **use(store))
    assert store.publisher.commands == []


def test_who_listens_is_written_once_for_each_playing(store: Store, anna: int) -> None:
    jan = store.add_user("jan", "1002")
    where = {"unit_of_work": store.unit_of_work, "clock": store.clock}
    for user_id, playing in (
        (anna, "aaaaaaaa"),
        (anna, "aaaaaaaa"),
        (anna, "bbbbbbbb"),
        (jan, "aaaaaaaa"),
    ):
        note_heard(7, 1, playing, user_id, **where)
        store.clock.pass_by(10)
    note_heard(7, 2, "aaaaaaaa", anna, **where)
    note_heard(8, 1, "aaaaaaaa", anna, **where)
    for _ in range(2):
        note_heard(7, 1, "", anna, taken=True, **where)
    with store.engine.connect() as connection:
        heard = queries.listeners(connection, 7)
    assert [(one.user.display_name, one.taken) for one in heard] == [
        ("Anna", True),
        ("Anna", True),
        ("Anna", False),
        ("Jan", False),
        ("Anna", False),
        ("Anna", False),
    ]
    store.clock.pass_by(5 * 3600)
    note_heard(7, 1, "aaaaaaaa", anna, **where)
    with store.engine.connect() as connection:
        assert len(queries.listeners(connection, 7)) == 7


@pytest.mark.parametrize("ours", [True, False])
def test_a_resume_of_our_own_pbx_needs_no_bus(store: Store, anna: int, ours: bool) -> None:
    pause_recording("pbx/17.1", anna, **use(store))
    store.publisher.commands.clear()
    store.clock.pass_by(PAUSE.total_seconds())
    here: list[PbxCommand] = []

    def carry_out(command: PbxCommand) -> bool:
        here.extend([command] if ours else [])
        return ours

    runtime: Any = SimpleNamespace(
        unit_of_work=store.unit_of_work,
        reader=store.engine.connect,
        bus=store.publisher,
        clock=store.clock,
    )
    assert RecordingTimer(runtime, tuple, carry_out).look() == 1
    assert [one.action for one in here] == ["unmute_recording"] * ours
    assert len(asked(store)) == (0 if ours else 1)
