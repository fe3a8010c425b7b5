"""Laws of operators' states, whatever happens in whatever order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from callcenter.agents.machine import as_of, choose, done, follow, longer, settled
from callcenter.agents.status import (
    CHOOSABLE,
    ON_A_CALL,
    AgentStatus,
    EndedPart,
    LiveLeg,
    WrapUpPolicy,
)

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
OFFLINE = AgentStatus(user_id=1, state="offline", reason="", since=NOON)
CALLS = ("a", "b", "c")
POLICIES = (
    WrapUpPolicy(),
    WrapUpPolicy(kind="timed", seconds=20),
    WrapUpPolicy(kind="until_done"),
)


@dataclass
class Desk:
    """An operator with what is live, as the database would know it."""

    status: AgentStatus = field(default_factory=lambda: OFFLINE)
    now: datetime = NOON
    legs: dict[str, LiveLeg] = field(default_factory=dict)
    ended: dict[str, EndedPart] = field(default_factory=dict)
    history: list[AgentStatus] = field(default_factory=list)

    def take(self, status: AgentStatus) -> None:
        if _key(status) != _key(self.status):
            self.history.append(status)
        self.status = status

    def hear(self) -> None:
        known = {one.call_id for one in self.history if one.state in ("talking", "hold")}
        parts = [replace(one, known=one.call_id in known) for one in self.ended.values()]
        for step in follow(self.status, tuple(self.legs.values()), parts, self.now):
            self.take(step)


def _key(status: AgentStatus) -> tuple[str, str, str]:
    return status.state, status.reason, status.call_id


Act = Callable[[Desk], None]


def _leg(call: str, state: str, told: bool) -> Act:
    def act(desk: Desk) -> None:
        if call not in desk.ended:
            since = desk.now if state != "talking" or call not in desk.legs else NOON
            desk.legs[call] = LiveLeg(call_id=call, state=state, since=since if told else None)  # type: ignore[arg-type]
            desk.hear()

    return act


def _end(call: str, policy: WrapUpPolicy) -> Act:
    def act(desk: Desk) -> None:
        gone = desk.legs.pop(call, None)
        if gone is not None and gone.state != "ringing":
            desk.ended[call] = EndedPart(
                call_id=call,
                answered_at=gone.since or desk.now,
                ended_at=desk.now,
                policy=policy,
            )
        desk.hear()

    return act


def _choose(chosen: str) -> Act:
    def act(desk: Desk) -> None:
        desk.take(choose(desk.status, chosen, "lunch", tuple(desk.legs.values()), desk.now))  # type: ignore[arg-type]

    return act


def _done(desk: Desk) -> None:
    desk.take(done(desk.status, tuple(desk.legs.values()), desk.now))


def _longer(desk: Desk) -> None:
    desk.take(longer(desk.status, timedelta(seconds=30), desk.now))


def _wait(seconds: int) -> Act:
    def act(desk: Desk) -> None:
        desk.now += timedelta(seconds=seconds)
        desk.take(settled(desk.status, tuple(desk.legs.values()), desk.now))

    return act


ACTS = st.one_of(
    st.builds(
        _leg, st.sampled_from(CALLS), st.sampled_from(("ringing", "talking", "hold")), st.booleans()
    ),
    st.builds(_end, st.sampled_from(CALLS), st.sampled_from(POLICIES)),
    st.builds(_choose, st.sampled_from(CHOOSABLE)),
    st.just(_done),
    st.just(_longer),
    st.builds(_wait, st.integers(0, 60)),
    st.just(Desk.hear),
)


def played(acts: list[Act]) -> Desk:
    desk = Desk()
    for act in acts:
        act(desk)
    return desk


@given(st.lists(ACTS, max_size=30))
def test_whoever_has_no_live_call_and_is_done_is_what_they_chose(acts: list[Act]) -> None:
    desk = played(acts)
    for call in CALLS:
        _end(call, WrapUpPolicy())(desk)
    _done(desk)
    assert (desk.status.state, desk.status.reason) == (
        desk.status.chosen,
        desk.status.chosen_reason,
    )


@given(st.lists(ACTS, max_size=30))
def test_nobody_is_on_a_call_unless_one_of_theirs_is_live(acts: list[Act]) -> None:
    desk = played(acts)
    assert (desk.status.state in ON_A_CALL) == bool(desk.legs)


@given(st.lists(ACTS, max_size=30))
def test_states_follow_one_another_without_overlap(acts: list[Act]) -> None:
    desk = played(acts)
    begun = [one.since for one in desk.history]
    assert begun == sorted(begun)
    assert all(since <= desk.now for since in begun)


@given(st.lists(ACTS, max_size=30))
def test_telling_everything_again_changes_nothing(acts: list[Act]) -> None:
    desk = played(acts)
    desk.hear()
    before, told = desk.status, len(desk.history)
    desk.hear()
    assert (desk.status, len(desk.history)) == (before, told)


@given(st.lists(ACTS, max_size=30), st.integers(0, 500))
def test_a_state_read_late_is_what_it_would_be_had_it_been_written_in_time(
    acts: list[Act], later: int
) -> None:
    desk = played(acts)
    now = desk.now + timedelta(seconds=later)
    written = settled(desk.status, tuple(desk.legs.values()), now)
    read = as_of(desk.status, now)
    assert (read.state, read.reason, read.since) == (written.state, written.reason, written.since)


@given(st.lists(ACTS, max_size=30))
def test_who_is_offline_has_no_wrap_up(acts: list[Act]) -> None:
    desk = played([*acts, _choose("offline")])
    assert desk.status.wrap_up is None
    desk.hear()
    assert desk.status.state != "wrap_up"
