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
    annas_call,
    first_calls_out,
    first_calls_second,
    leg,
)
from ami.lab.scenarios.crm_acts import (
    HAND,
    HELD,
    clicks_and_holds,
    clicks_on_colleague,
    clicks_on_outside,
    consulted_and_cancelled,
    consulted_and_completed,
    consulted_colleague_is_busy,
    held_and_left,
    held_and_resumed,
    held_caller_gives_up,
    held_twice_by_the_calling_desk,
    joined,
    parked_and_fetched,
    sent_on,
    takes_ringing_call,
    two_calls_joined,
)
from ami.lab.scenarios.model import ANNA, OUTSIDE, Scenario, TransferTruth, Truth
from ami.lab.scenarios.transfers_attended import attended


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
