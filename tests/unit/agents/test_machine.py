"""What an operator is: calls outrank wrap-up, wrap-up outranks what they chose."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from callcenter.agents.machine import as_of, choose, done, follow, longer, settled
from callcenter.agents.status import (
    AgentStatus,
    EndedPart,
    LegState,
    LiveLeg,
    WrapUp,
    WrapUpPolicy,
)

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
TIMED = WrapUpPolicy(kind="timed", seconds=30)
UNTIL_DONE = WrapUpPolicy(kind="until_done")
READY = AgentStatus(user_id=1, state="ready", reason="", since=NOON, chosen="ready")
LUNCH = AgentStatus(
    user_id=1, state="paused", reason="lunch", since=NOON, chosen="paused", chosen_reason="lunch"
)
OFFLINE = AgentStatus(user_id=1, state="offline", reason="", since=NOON)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def leg(state: LegState = "talking", call: str = "a", since: float | None = 10) -> LiveLeg:
    return LiveLeg(call_id=call, state=state, since=None if since is None else at(since))


def ended(
    call: str = "a",
    answered: float = 10,
    until: float = 60,
    policy: WrapUpPolicy = TIMED,
    known: bool = False,
) -> EndedPart:
    return EndedPart(
        call_id=call, answered_at=at(answered), ended_at=at(until), policy=policy, known=known
    )


def after(status: AgentStatus, *legs: LiveLeg, now: float = 10) -> AgentStatus:
    return settled(status, legs, at(now))


@pytest.mark.parametrize(
    ("legs", "state"),
    [
        ([leg("ringing")], "ringing"),
        ([leg("ringing"), leg("talking", "b")], "talking"),
        ([leg("hold"), leg("ringing", "b")], "hold"),
        ([leg("hold"), leg("talking", "b")], "talking"),
        ([], "ready"),
    ],
)
def test_a_conversation_outranks_a_hold_and_a_hold_a_ring(legs: list, state: str) -> None:
    assert after(READY, *legs).state == state


def test_who_pauses_and_answers_all_the_same_talks_and_comes_back_to_the_pause() -> None:
    talking = after(LUNCH, leg())
    assert (talking.state, talking.reason, talking.since) == ("talking", "", at(10))
    (back,) = follow(talking, (), [ended(policy=WrapUpPolicy())], at(61))
    assert (back.state, back.reason, back.since) == ("paused", "lunch", at(60))


def test_the_time_of_a_state_is_that_of_the_call_not_of_hearing_of_it() -> None:
    ringing = settled(READY, [leg("ringing", since=5)], at(9))
    assert ringing.since == at(5)
    assert settled(ringing, [leg("talking", since=8)], at(9)).since == at(8)


def test_back_from_a_hold_the_conversation_resumes_now() -> None:
    held = settled(after(READY, leg()), [leg("hold", since=20)], at(21))
    assert (held.state, held.since) == ("hold", at(20))
    assert settled(held, [leg()], at(33)).since == at(33)


def test_no_state_begins_before_the_one_before_it_or_in_the_future() -> None:
    late = replace(READY, since=at(50))
    assert settled(late, [leg(since=10)], at(51)).since == at(51)
    assert settled(READY, [leg(since=500)], at(20)).since == at(20)


def test_wrap_up_begins_with_the_end_of_the_call_and_ends_by_itself() -> None:
    (wrapping,) = follow(after(READY, leg()), (), [ended()], at(62))
    assert (wrapping.state, wrapping.since) == ("wrap_up", at(60))
    assert wrapping.wrap_up == WrapUp(call_id="a", until=at(90))
    assert settled(wrapping, (), at(89)) == wrapping
    over = settled(wrapping, (), at(95))
    assert (over.state, over.since, over.wrap_up) == ("ready", at(90), None)
    assert as_of(wrapping, at(95)) == over


def test_until_done_waits_for_done() -> None:
    (wrapping,) = follow(after(READY, leg()), (), [ended(policy=UNTIL_DONE)], at(62))
    assert settled(wrapping, (), at(9999)).state == "wrap_up"
    assert done(wrapping, (), at(70)).state == "ready"
    assert longer(wrapping, timedelta(seconds=30), at(70)) == wrapping


def test_more_time_prolongs_what_is_not_over_yet() -> None:
    (wrapping,) = follow(after(READY, leg()), (), [ended()], at(62))
    prolonged = longer(wrapping, timedelta(seconds=30), at(70))
    assert prolonged.wrap_up == WrapUp(call_id="a", until=at(120))
    assert longer(wrapping, timedelta(seconds=30), at(95)) == wrapping


def test_who_is_offline_or_without_a_part_in_it_gets_no_wrap_up() -> None:
    assert [s.state for s in follow(after(OFFLINE, leg()), (), [ended()], at(62))] == ["offline"]
    assert follow(READY, (), [], at(62)) == []


def test_a_pause_in_wrap_up_begins_after_it_and_leaving_ends_it() -> None:
    (wrapping,) = follow(after(READY, leg()), (), [ended()], at(62))
    paused = choose(wrapping, "paused", "lunch", (), at(70))
    assert (paused.state, paused.chosen, paused.since) == ("wrap_up", "paused", at(60))
    assert settled(paused, (), at(91)).reason == "lunch"
    gone = choose(wrapping, "offline", "", (), at(70))
    assert (gone.state, gone.wrap_up) == ("offline", None)


def test_a_call_in_wrap_up_interrupts_it_and_what_is_left_of_it_comes_back() -> None:
    (wrapping,) = follow(after(READY, leg()), (), [ended(policy=UNTIL_DONE)], at(62))
    calling = settled(wrapping, [leg(call="b", since=70)], at(70))
    assert calling.state == "talking"
    (back,) = follow(calling, (), [ended("b", 70, 80, WrapUpPolicy())], at(81))
    assert (back.state, back.wrap_up) == ("wrap_up", WrapUp(call_id="a", until=None))


def test_a_call_that_was_told_as_a_whole_leaves_its_conversation_in_the_history() -> None:
    steps = follow(READY, (), [ended()], at(62))
    assert [(s.state, s.since) for s in steps] == [("talking", at(10)), ("wrap_up", at(60))]


@pytest.mark.parametrize("known", [True, False])
def test_a_call_told_again_after_done_begins_no_second_wrap_up(known: bool) -> None:
    (wrapping,) = follow(after(READY, leg()), (), [ended()], at(62))
    assert follow(wrapping, (), [ended(known=known)], at(63)) == []
    ready = done(wrapping, (), at(70))
    assert follow(ready, (), [ended(known=known)], at(71)) == []


def test_a_call_the_ledger_tells_of_hours_later_gives_no_wrap_up() -> None:
    steps = follow(READY, (), [ended(policy=UNTIL_DONE)], at(7200))
    assert [s.state for s in steps] == ["talking", "ready"]
    assert steps[-1].since == at(60)


def test_with_two_calls_the_end_of_one_goes_on_with_the_other() -> None:
    both = settled(after(READY, leg()), [leg(), leg(call="b", since=20)], at(20))
    assert both.call_id == "a"
    (rest,) = follow(both, [leg(call="b", since=20)], [ended()], at(61))
    assert (rest.state, rest.call_id, rest.since) == ("talking", "b", at(60))
    (wrapping,) = follow(rest, (), [ended("b", 20, 70, WrapUpPolicy())], at(71))
    assert wrapping.wrap_up == WrapUp(call_id="a", until=at(90))
