"""What people do again and again in scripts, and the names of who does it."""

from __future__ import annotations

from functools import partial

from ami.lab.scenarios.model import ANNA, DIRECT, NAMES, OUTSIDE, LegTruth, Truth
from ami.lab.softphones import Line
from ami.lab.stage import Stage

FIRST, SECOND, THIRD = "PJSIP/1001", "PJSIP/1002", "PJSIP/1003"
NETWORK = "PJSIP/trunk"
TALK, RING = 2.0, 1.0

annas_call = partial(Truth, number=ANNA, name=NAMES[ANNA], dialed=DIRECT, wait_seconds=RING)
first_calls_out = partial(
    Truth,
    direction="outbound",
    number="1001",
    name="Operator 1",
    dialed=OUTSIDE,
    wait_seconds=RING,
)
first_calls_second = partial(
    Truth,
    direction="internal",
    number="1001",
    name="Operator 1",
    dialed="1002",
    wait_seconds=RING,
)


def leg(
    endpoint: str,
    role: str = "callee",
    result: str = "answered",
    *,
    talk: float = 0.0,
    hold: float = 0.0,
) -> LegTruth:
    return LegTruth(
        endpoint=endpoint, role=role, result=result, talk_seconds=talk, hold_seconds=hold
    )


def take(stage: Stage, who: str, ring: float = RING) -> Line:
    """Let it ring, then answer."""
    line = stage.person(who).ringing()
    stage.sleep(ring)
    return line.answer()


def reaches(stage: Stage, caller: str, number: str, callee: str) -> tuple[Line, Line]:
    """Somebody calls, somebody answers, and they talk: the lines of both."""
    mine = stage.person(caller).call(number)
    theirs = take(stage, callee)
    stage.sleep(TALK)
    return mine, theirs


def anna_reaches(stage: Stage, who: str, number: str = DIRECT) -> tuple[Line, Line]:
    return reaches(stage, ANNA, number, who)


def colleague_reaches(stage: Stage, caller: str, callee: str) -> tuple[Line, Line]:
    return reaches(stage, caller, callee, callee)


def consults(stage: Stage, line: Line, who: str, whom: str, number: str = "") -> tuple[Line, Line]:
    """`who` holds the line, calls `whom`, and they talk: both ends of the second call."""
    line.hold()
    return reaches(stage, who, number or whom, whom)


def talk_then_hang_up(stage: Stage, line: Line) -> None:
    stage.sleep(TALK)
    line.hang_up()


def channel_of(stage: Stage, endpoint: str) -> str:
    """The youngest channel of a device."""
    shown = stage.manager("CoreShowChannels")
    names = [
        each["Channel"] for each in shown if each.get("Channel", "").startswith(f"{endpoint}-")
    ]
    return max(names)


def key_in(stage: Stage, line: Line, feature: str, number: str) -> None:
    """A feature code, a breath, a number."""
    line.press(feature)
    stage.sleep(1)
    line.press(number)
