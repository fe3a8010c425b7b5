"""What operators do from the CRM's screen, step by step, and how long the hand takes for it."""

from __future__ import annotations

from ami.lab.scenarios.acts import (
    FIRST,
    NETWORK,
    RING,
    SECOND,
    TALK,
    anna_reaches,
    channel_of,
    colleague_reaches,
    consults,
    take,
    talk_then_hang_up,
)
from ami.lab.scenarios.model import ANNA, OUTSIDE
from ami.lab.scenarios.parking import PLACE
from ami.lab.softphones import Line
from ami.lab.stage import Stage
from callcenter.ports import PbxAction

HAND = 0.4
"""From the click until the PBX has done it: a link, a question, a code that Asterisk keys in.
Half of it where nothing is keyed in."""
HELD = 2.0


def mine(stage: Stage, action: PbxAction, **more: str) -> None:
    """1001 asks for it."""
    stage.crm(action, channel=channel_of(stage, FIRST), **more)


def holds(stage: Stage) -> None:
    mine(stage, "hold")
    stage.sleep(HELD)
    mine(stage, "unhold")


def held_and_resumed(stage: Stage) -> None:
    anna, _ = anna_reaches(stage, "1001")
    holds(stage)
    talk_then_hang_up(stage, anna)


def held_twice_by_the_calling_desk(stage: Stage) -> None:
    _, second = colleague_reaches(stage, "1001", "1002")
    for _ in range(2):
        holds(stage)
        stage.sleep(TALK)
    second.hang_up()


def held_and_left(stage: Stage) -> None:
    """The operator hangs up with the caller on hold: nobody would ever come back to them."""
    anna, first = anna_reaches(stage, "1001")
    mine(stage, "hold")
    stage.sleep(HELD)
    first.hang_up()
    anna.until_over()


def held_caller_gives_up(stage: Stage) -> None:
    anna, first = anna_reaches(stage, "1001")
    mine(stage, "hold")
    stage.sleep(HELD)
    anna.hang_up()
    stage.sleep(1)
    if not first.over:
        first.hang_up()


def asks_second(stage: Stage) -> tuple[Line, Line]:
    anna, _ = anna_reaches(stage, "1001")
    mine(stage, "consult", to="1002")
    second = take(stage, "1002")
    stage.sleep(TALK)
    return anna, second


def consulted_and_completed(stage: Stage) -> None:
    anna, _ = asks_second(stage)
    mine(stage, "complete_transfer")
    talk_then_hang_up(stage, anna)


def consulted_and_cancelled(stage: Stage) -> None:
    anna, _ = asks_second(stage)
    mine(stage, "cancel_transfer")
    talk_then_hang_up(stage, anna)


def consulted_colleague_is_busy(stage: Stage) -> None:
    anna, _ = anna_reaches(stage, "1001")
    mine(stage, "consult", to="1002")
    stage.person("1002").ringing().refuse()
    stage.sleep(2)
    talk_then_hang_up(stage, anna)


def joined(stage: Stage) -> None:
    """All three talk, then the first operator leaves the other two."""
    anna, _ = asks_second(stage)
    mine(stage, "conference")
    stage.sleep(2)
    mine(stage, "hangup")
    talk_then_hang_up(stage, anna)


def two_calls_joined(stage: Stage) -> None:
    """A phone with two calls of its own: all three meet in a room."""
    anna, first = anna_reaches(stage, "1001")
    own = channel_of(stage, FIRST)
    second, colleague = consults(stage, first, "1001", "1002")
    others = f"{channel_of(stage, NETWORK)},{channel_of(stage, SECOND)}"
    stage.crm("conference", channel=own, others=others, room="17.1")
    second.until_over()
    first.unhold()
    stage.sleep(2)
    first.hang_up()
    stage.sleep(1)
    anna.hang_up()
    stage.sleep(1)
    colleague.hang_up()


def sent_on(stage: Stage) -> None:
    anna, _ = anna_reaches(stage, "1001")
    mine(stage, "blind_transfer", to="1002")
    take(stage, "1002")
    talk_then_hang_up(stage, anna)


def parked_and_fetched(stage: Stage) -> None:
    """A colleague fetches the call by a click on the place."""
    anna, _ = anna_reaches(stage, "1001")
    mine(stage, "park", other=channel_of(stage, NETWORK))
    stage.sleep(HELD)
    fetching = stage.crm_soon("originate", SECOND, to=PLACE)
    take(stage, "1002")
    fetching.result()
    talk_then_hang_up(stage, anna)


def clicked(stage: Stage, number: str) -> Line:
    calling = stage.crm_soon("originate", FIRST, to=number)
    first = take(stage, "1001")
    calling.result()
    return first


def clicks_on_outside(stage: Stage) -> None:
    first = clicked(stage, OUTSIDE)
    take(stage, OUTSIDE)
    talk_then_hang_up(stage, first)


def clicks_on_colleague(stage: Stage) -> None:
    first = clicked(stage, "1002")
    take(stage, "1002")
    talk_then_hang_up(stage, first)


def clicks_and_holds(stage: Stage) -> None:
    first = clicked(stage, OUTSIDE)
    take(stage, OUTSIDE)
    stage.sleep(TALK)
    holds(stage)
    talk_then_hang_up(stage, first)


def takes_ringing_call(stage: Stage) -> None:
    anna = stage.person(ANNA).call("+48221000102")
    stage.person("1002").ringing()
    stage.sleep(RING)
    calling = stage.crm_soon("originate", FIRST, to="*81002")
    take(stage, "1001")
    calling.result()
    talk_then_hang_up(stage, anna)
