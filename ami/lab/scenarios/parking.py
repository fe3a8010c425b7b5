"""Calls that wait for somebody: on hold, parked, or at a desk that only rings."""

from __future__ import annotations

from ami.lab.scenarios.acts import (
    FIRST,
    NETWORK,
    RING,
    SECOND,
    THIRD,
    anna_reaches,
    annas_call,
    channel_of,
    colleague_reaches,
    first_calls_second,
    leg,
    take,
    talk_then_hang_up,
)
from ami.lab.scenarios.model import ANNA, SUPPORT, Scenario, TransferTruth, queues
from ami.lab.stage import Stage

PLACE = "701"


def callee_holds(stage: Stage) -> None:
    anna, first = anna_reaches(stage, "1001")
    first.hold()
    stage.sleep(1.5)
    first.unhold()
    talk_then_hang_up(stage, anna)


def caller_holds(stage: Stage) -> None:
    anna, _ = anna_reaches(stage, "1001")
    anna.hold()
    stage.sleep(1.5)
    anna.unhold()
    talk_then_hang_up(stage, anna)


def calling_desk_holds_twice(stage: Stage) -> None:
    first, second = colleague_reaches(stage, "1001", "1002")
    for seconds in (1, 1.5):
        first.hold()
        stage.sleep(seconds)
        first.unhold()
        stage.sleep(1)
    second.hang_up()


def held_caller_gives_up(stage: Stage) -> None:
    anna, first = anna_reaches(stage, "1001")
    first.hold()
    stage.sleep(2)
    anna.hang_up()


def parked_and_fetched(stage: Stage) -> None:
    anna, first = anna_reaches(stage, "1001")
    first.transfer("700")
    stage.sleep(2)
    stage.person("1002").call(PLACE).until_talking()
    talk_then_hang_up(stage, anna)


def parked_and_given_up(stage: Stage) -> None:
    anna, first = anna_reaches(stage, "1001")
    first.transfer("700")
    stage.sleep(2)
    anna.hang_up()


def parked_by_key(stage: Stage) -> None:
    """The parker hears the place, then hangs up."""
    anna, first = anna_reaches(stage, "1001")
    first.press("##")
    stage.sleep(1)
    first.press("700")
    first.until_over(20)
    stage.sleep(1)
    stage.person("1002").call(PLACE).until_talking()
    talk_then_hang_up(stage, anna)


def parked_too_long(stage: Stage) -> None:
    anna, _ = anna_reaches(stage, "1001")
    parked = channel_of(stage, NETWORK)
    stage.manager("Park", Channel=parked, TimeoutChannel=channel_of(stage, FIRST), Timeout="3000")
    take(stage, "1001")
    talk_then_hang_up(stage, anna)


def parked_for_a_minute(stage: Stage) -> None:
    anna, first = anna_reaches(stage, "1001")
    first.transfer("700")
    again = stage.person("1001").ringing(75)
    stage.sleep(RING)
    again.answer()
    talk_then_hang_up(stage, anna)


def picked_up_by_group(stage: Stage) -> None:
    anna = stage.person(ANNA).call("+48221000101")
    stage.person("1001").ringing()
    stage.sleep(RING)
    stage.person("1002").call("*8").until_talking()
    talk_then_hang_up(stage, anna)


def picked_up_by_name(stage: Stage) -> None:
    anna = stage.person(ANNA).call("+48221000101")
    stage.person("1001").ringing()
    stage.sleep(RING)
    stage.person("1002").call("*81001").until_talking()
    talk_then_hang_up(stage, anna)


def picked_up_from_queue(stage: Stage) -> None:
    anna = stage.person(ANNA).call(SUPPORT)
    stage.person("1001").ringing()
    stage.sleep(RING)
    stage.person("1003").call("*8").until_talking()
    talk_then_hang_up(stage, anna)


def picked_up_between_desks(stage: Stage) -> None:
    first = stage.person("1001").call("1002")
    stage.person("1002").ringing()
    stage.sleep(RING)
    stage.person("1003").call("*81002").until_talking()
    talk_then_hang_up(stage, first)


WAITING = (
    Scenario(
        name="callee-holds-the-caller-and-comes-back",
        people=(ANNA, "1001"),
        script=callee_holds,
        truth=(
            annas_call(
                rang=(FIRST,),
                answered_by=(FIRST,),
                talk_seconds=4.0,
                hold_seconds=1.5,
                last_speaker=FIRST,
                transfers=(),
                legs=(leg(NETWORK, "caller", talk=4.0, hold=1.5), leg(FIRST, talk=4.0, hold=1.5)),
            ),
        ),
    ),
    Scenario(
        name="caller-holds-the-operator-and-comes-back",
        people=(ANNA, "1001"),
        script=caller_holds,
        truth=(
            annas_call(
                rang=(FIRST,),
                answered_by=(FIRST,),
                talk_seconds=4.0,
                hold_seconds=1.5,
                last_speaker=FIRST,
                transfers=(),
                legs=(leg(NETWORK, "caller", talk=4.0, hold=1.5), leg(FIRST, talk=4.0, hold=1.5)),
            ),
        ),
    ),
    Scenario(
        name="calling-desk-holds-its-colleague-twice",
        people=("1001", "1002"),
        script=calling_desk_holds_twice,
        truth=(
            first_calls_second(
                rang=(SECOND,),
                answered_by=(SECOND,),
                talk_seconds=4.0,
                hold_seconds=2.5,
                hangup_by="callee",
                last_speaker=SECOND,
                transfers=(),
                legs=(leg(FIRST, "caller", talk=4.0, hold=2.5), leg(SECOND, talk=4.0, hold=2.5)),
            ),
        ),
    ),
    Scenario(
        name="held-caller-gives-up",
        people=(ANNA, "1001"),
        script=held_caller_gives_up,
        truth=(
            annas_call(
                rang=(FIRST,),
                answered_by=(FIRST,),
                talk_seconds=2.0,
                hold_seconds=2.0,
                last_speaker=FIRST,
                transfers=(),
                legs=(leg(NETWORK, "caller", talk=2.0, hold=2.0), leg(FIRST, talk=2.0, hold=2.0)),
            ),
        ),
    ),
    Scenario(
        name="operator-parks-the-caller-and-a-colleague-fetches-the-call",
        people=(ANNA, "1001", "1002"),
        script=parked_and_fetched,
        truth=(
            annas_call(
                rang=(FIRST,),
                answered_by=(FIRST, SECOND),
                talk_seconds=4.0,
                hold_seconds=2.0,
                last_speaker=SECOND,
                transfers=(
                    TransferTruth(kind="blind", by=FIRST, to="700"),
                    TransferTruth(kind="pickup", by=SECOND, to=PLACE),
                ),
                legs=(
                    leg(NETWORK, "caller", talk=4.0, hold=2.0),
                    leg(FIRST, talk=2.0),
                    leg(SECOND, talk=2.0),
                ),
            ),
        ),
    ),
    Scenario(
        name="operator-parks-by-key-hears-the-place-and-a-colleague-fetches-the-call",
        people=(ANNA, "1001", "1002"),
        script=parked_by_key,
        truth=(
            annas_call(
                rang=(FIRST,),
                answered_by=(FIRST, SECOND),
                talk_seconds=4.4,
                hold_seconds=4.9,
                last_speaker=SECOND,
                transfers=(
                    TransferTruth(kind="blind", by=FIRST, to="700"),
                    TransferTruth(kind="pickup", by=SECOND, to=PLACE),
                ),
                legs=(
                    leg(NETWORK, "caller", talk=4.4, hold=4.9),
                    leg(FIRST, talk=2.4, hold=1.3),
                    leg(SECOND, talk=2.0),
                ),
            ),
        ),
    ),
    Scenario(
        name="parked-caller-gives-up",
        people=(ANNA, "1001"),
        script=parked_and_given_up,
        truth=(
            annas_call(
                rang=(FIRST,),
                answered_by=(FIRST,),
                talk_seconds=2.0,
                hold_seconds=2.0,
                last_speaker=FIRST,
                transfers=(TransferTruth(kind="blind", by=FIRST, to="700"),),
                legs=(leg(NETWORK, "caller", talk=2.0, hold=2.0), leg(FIRST, talk=2.0)),
            ),
        ),
    ),
    Scenario(
        name="nobody-fetches-the-parked-caller-and-the-call-comes-back-to-the-parker",
        people=(ANNA, "1001"),
        script=parked_too_long,
        truth=(
            annas_call(
                rang=(FIRST,),
                answered_by=(FIRST, FIRST),
                talk_seconds=4.0,
                hold_seconds=3.0,
                last_speaker=FIRST,
                legs=(
                    leg(NETWORK, "caller", talk=4.0, hold=3.0),
                    leg(FIRST, talk=2.0),
                    leg(FIRST, talk=2.0),
                ),
            ),
        ),
    ),
    Scenario(
        name="parked-caller-waits-a-whole-minute-and-comes-back-to-the-parker",
        people=(ANNA, "1001"),
        script=parked_for_a_minute,
        truth=(
            annas_call(
                rang=(FIRST,),
                answered_by=(FIRST, FIRST),
                talk_seconds=4.0,
                hold_seconds=60.0,
                last_speaker=FIRST,
                legs=(
                    leg(NETWORK, "caller", talk=4.0, hold=60.0),
                    leg(FIRST, talk=2.0),
                    leg(FIRST, talk=2.0),
                ),
            ),
        ),
    ),
    Scenario(
        name="colleague-takes-a-ringing-call-by-the-group-key",
        people=(ANNA, "1001", "1002"),
        script=picked_up_by_group,
        truth=(
            annas_call(
                rang=(FIRST,),
                answered_by=(SECOND,),
                talk_seconds=2.0,
                hold_seconds=0.0,
                last_speaker=SECOND,
                transfers=(TransferTruth(kind="pickup", by=SECOND, to="*8"),),
                legs=(
                    leg(NETWORK, "caller", talk=2.0),
                    leg(FIRST, result="elsewhere"),
                    leg(SECOND, talk=2.0),
                ),
            ),
        ),
    ),
    Scenario(
        name="colleague-takes-the-call-that-rings-at-a-named-desk",
        people=(ANNA, "1001", "1002"),
        script=picked_up_by_name,
        truth=(
            annas_call(
                rang=(FIRST,),
                answered_by=(SECOND,),
                talk_seconds=2.0,
                hold_seconds=0.0,
                last_speaker=SECOND,
                transfers=(TransferTruth(kind="pickup", by=SECOND, to="*81001"),),
                legs=(
                    leg(NETWORK, "caller", talk=2.0),
                    leg(FIRST, result="elsewhere"),
                    leg(SECOND, talk=2.0),
                ),
            ),
        ),
    ),
    Scenario(
        name="colleague-takes-a-queue-call-that-rings-at-another-desk",
        people=(ANNA, "1001", "1003"),
        script=picked_up_from_queue,
        plan={"queues": queues(members=("1001",))},
        truth=(
            annas_call(
                dialed=SUPPORT,
                queues=("support",),
                rang=(FIRST,),
                answered_by=(THIRD,),
                talk_seconds=2.0,
                hold_seconds=0.0,
                last_speaker=THIRD,
                transfers=(TransferTruth(kind="pickup", by=THIRD, to="*8"),),
                legs=(
                    leg(NETWORK, "caller", talk=2.0),
                    leg(FIRST, result="elsewhere"),
                    leg(THIRD, talk=2.0),
                ),
            ),
        ),
    ),
    Scenario(
        name="colleague-takes-an-internal-call-that-rings-at-another-desk",
        people=("1001", "1002", "1003"),
        script=picked_up_between_desks,
        truth=(
            first_calls_second(
                rang=(SECOND,),
                answered_by=(THIRD,),
                talk_seconds=2.0,
                hold_seconds=0.0,
                last_speaker=THIRD,
                transfers=(TransferTruth(kind="pickup", by=THIRD, to="*81002"),),
                legs=(
                    leg(FIRST, "caller", talk=2.0),
                    leg(SECOND, result="elsewhere"),
                    leg(THIRD, talk=2.0),
                ),
            ),
        ),
    ),
)
