"""What operators do from the CRM's screen: the product's own hand carries it out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ami.lab.scenarios.acts import (
    FIRST,
    NETWORK,
    RING,
    SECOND,
    TALK,
    anna_reaches,
    annas_call,
    channel_of,
    colleague_reaches,
    consults,
    first_calls_out,
    first_calls_second,
    leg,
    take,
    talk_then_hang_up,
)
from ami.lab.scenarios.model import ANNA, OUTSIDE, Scenario, TransferTruth, Truth
from ami.lab.scenarios.parking import PLACE
from ami.lab.scenarios.transfers_attended import attended
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


def with_first(talk: float, hold: float, **more: Any) -> Truth:
    told: dict[str, Any] = {
        "rang": (FIRST,),
        "answered_by": (FIRST,),
        "talk_seconds": talk,
        "hold_seconds": hold,
        "last_speaker": FIRST,
        "transfers": (),
        "legs": (leg(NETWORK, "caller", talk=talk, hold=hold), leg(FIRST, talk=talk, hold=hold)),
    }
    return annas_call(**{**told, **more})


COMPLETED = annas_call(
    rang=(FIRST, SECOND),
    answered_by=(FIRST, SECOND),
    talk_seconds=3 * TALK + 1.5 * HAND,
    hold_seconds=RING + TALK + HAND,
    last_speaker=SECOND,
    transfers=(attended(),),
    legs=(
        leg(NETWORK, "caller", talk=2 * TALK + HAND, hold=RING + TALK + HAND),
        leg(FIRST, talk=2 * TALK + 1.5 * HAND, hold=RING),
        leg(SECOND, talk=2 * TALK + HAND),
    ),
)

CRM_CONTROL = (
    Scenario(
        name="operator-holds-the-caller-from-the-crm-and-comes-back",
        people=(ANNA, "1001"),
        script=held_and_resumed,
        truth=(with_first(2 * TALK + HAND, HELD + HAND),),
    ),
    Scenario(
        name="calling-desk-holds-its-colleague-twice-from-the-crm",
        people=("1001", "1002"),
        script=held_twice_by_the_calling_desk,
        truth=(
            first_calls_second(
                rang=(SECOND,),
                answered_by=(SECOND,),
                talk_seconds=3 * TALK + 2 * HAND,
                hold_seconds=2 * (HELD + HAND),
                hangup_by="callee",
                last_speaker=SECOND,
                transfers=(),
            ),
        ),
    ),
    Scenario(
        name="operator-hangs-up-while-the-crm-holds-the-caller",
        people=(ANNA, "1001"),
        script=held_and_left,
        truth=(with_first(TALK + HAND, HELD, hangup_by="callee"),),
    ),
    Scenario(
        name="caller-gives-up-while-the-crm-holds-the-call",
        people=(ANNA, "1001"),
        script=held_caller_gives_up,
        truth=(with_first(TALK + HAND, HELD),),
    ),
    Scenario(
        name="operator-asks-a-colleague-from-the-crm-and-hands-the-caller-over",
        people=(ANNA, "1001", "1002"),
        script=consulted_and_completed,
        truth=(COMPLETED,),
    ),
    Scenario(
        name="operator-asks-a-colleague-from-the-crm-and-takes-the-caller-back",
        people=(ANNA, "1001", "1002"),
        script=consulted_and_cancelled,
        truth=(
            replace(
                COMPLETED,
                talk_seconds=3 * TALK + 2 * HAND,
                last_speaker=FIRST,
                transfers=(),
                legs=(
                    leg(NETWORK, "caller", talk=2 * TALK + HAND, hold=RING + TALK + HAND),
                    leg(FIRST, talk=3 * TALK + 2 * HAND, hold=RING),
                    leg(SECOND, talk=TALK + HAND),
                ),
            ),
        ),
    ),
    Scenario(
        name="colleague-asked-from-the-crm-is-busy-and-the-operator-is-back-with-the-caller",
        people=(ANNA, "1001", "1002"),
        script=consulted_colleague_is_busy,
        truth=(
            with_first(
                2 * TALK + HAND + 2.0,
                0.5,
                rang=(FIRST, SECOND),
                legs=(
                    leg(NETWORK, "caller", talk=2 * TALK + HAND + 2.0, hold=0.5),
                    leg(FIRST, talk=2 * TALK + HAND + 2.0, hold=0.5),
                    leg(SECOND, result="busy"),
                ),
            ),
        ),
    ),
    Scenario(
        name="operator-joins-caller-and-colleague-from-the-crm-and-leaves-them",
        people=(ANNA, "1001", "1002"),
        script=joined,
        truth=(
            replace(
                COMPLETED,
                talk_seconds=3 * TALK + 2.0 + 2 * HAND,
                transfers=None,
                legs=(
                    leg(NETWORK, "caller", talk=2 * TALK + 2 + HAND, hold=RING + TALK + HAND),
                    leg(FIRST, talk=2 * TALK + 2 + 2 * HAND, hold=RING),
                    leg(SECOND, talk=2 * TALK + 2 + HAND),
                ),
            ),
        ),
    ),
    Scenario(
        name="operator-joins-two-calls-of-the-phone-from-the-crm",
        people=(ANNA, "1001", "1002"),
        script=two_calls_joined,
        truth=(
            annas_call(
                rang=(FIRST, SECOND),
                answered_by=(FIRST, SECOND),
                talk_seconds=2 * TALK + 3.0 + HAND,
                last_speaker=SECOND,
            ),
        ),
    ),
    Scenario(
        name="operator-sends-the-caller-on-from-the-crm",
        people=(ANNA, "1001", "1002"),
        script=sent_on,
        truth=(
            annas_call(
                rang=(FIRST, SECOND),
                answered_by=(FIRST, SECOND),
                talk_seconds=2 * TALK + HAND / 2,
                hold_seconds=0.0,
                last_speaker=SECOND,
                transfers=(TransferTruth(kind="blind", by=FIRST, to="1002"),),
                legs=(
                    leg(NETWORK, "caller", talk=2 * TALK + HAND / 2),
                    leg(FIRST, talk=TALK + HAND / 2),
                    leg(SECOND, talk=TALK),
                ),
            ),
        ),
    ),
    Scenario(
        name="operator-parks-the-caller-from-the-crm-and-a-colleague-fetches-the-call-by-a-click",
        people=(ANNA, "1001", "1002"),
        script=parked_and_fetched,
        truth=(
            annas_call(
                rang=(FIRST,),
                answered_by=(FIRST, SECOND),
                talk_seconds=2 * TALK + HAND / 2,
                hold_seconds=HELD + RING + HAND / 2,
                last_speaker=SECOND,
            ),
        ),
    ),
    Scenario(
        name="operator-clicks-on-a-number-outside-and-speaks-with-them",
        people=(OUTSIDE, "1001"),
        script=clicks_on_outside,
        truth=(
            first_calls_out(
                rang=(NETWORK,),
                answered_by=(NETWORK,),
                wait_seconds=2 * RING,
                talk_seconds=TALK,
                hold_seconds=0.0,
                last_speaker=NETWORK,
                transfers=(),
                legs=(leg(FIRST, "caller", talk=TALK), leg(NETWORK, talk=TALK)),
            ),
        ),
    ),
    Scenario(
        name="operator-clicks-on-a-colleague-and-speaks-with-them",
        people=("1001", "1002"),
        script=clicks_on_colleague,
        truth=(
            first_calls_second(
                rang=(SECOND,),
                answered_by=(SECOND,),
                wait_seconds=2 * RING,
                talk_seconds=TALK,
                hold_seconds=0.0,
                last_speaker=SECOND,
                transfers=(),
                legs=(leg(FIRST, "caller", talk=TALK), leg(SECOND, talk=TALK)),
            ),
        ),
    ),
    Scenario(
        name="operator-clicks-on-a-number-and-holds-whom-they-called",
        people=(OUTSIDE, "1001"),
        script=clicks_and_holds,
        truth=(
            first_calls_out(
                rang=(NETWORK,),
                answered_by=(NETWORK,),
                wait_seconds=2 * RING,
                talk_seconds=2 * TALK + HAND,
                hold_seconds=HELD + HAND,
                last_speaker=NETWORK,
                transfers=(),
            ),
        ),
    ),
    Scenario(
        name="operator-takes-a-colleagues-ringing-call-by-a-click",
        people=(ANNA, "1001", "1002"),
        script=takes_ringing_call,
        truth=(
            annas_call(
                dialed="+48221000102",
                rang=(SECOND,),
                answered_by=(FIRST,),
                wait_seconds=2 * RING + HAND,
                talk_seconds=TALK,
                hold_seconds=0.0,
                last_speaker=FIRST,
                transfers=(TransferTruth(kind="pickup", by=FIRST, to="*81002"),),
            ),
        ),
    ),
)
