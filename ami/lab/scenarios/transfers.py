"""Calls that are handed on blindly: by the phone's own key (REFER), by a feature code, by AMI."""

from __future__ import annotations

from dataclasses import replace

from ami.lab.scenarios.acts import (
    FIRST,
    NETWORK,
    SECOND,
    THIRD,
    anna_reaches,
    annas_call,
    channel_of,
    colleague_reaches,
    first_calls_out,
    first_calls_second,
    key_in,
    leg,
    reaches,
    take,
    talk_then_hang_up,
)
from ami.lab.scenarios.model import ANNA, OUTSIDE, SUPPORT, Scenario, TransferTruth, Truth, queues
from ami.lab.stage import Stage
from callcenter.pbx.plan import default_operators

IMPATIENT = {"operators": tuple(replace(who, ring_seconds=3) for who in default_operators())}
"""Every desk rings 3 s only."""


def blind(to: str, by: str = FIRST) -> TransferTruth:
    return TransferTruth(kind="blind", by=by, to=to)


def to_colleague(stage: Stage) -> None:
    anna, first = anna_reaches(stage, "1001")
    first.transfer("1002")
    take(stage, "1002")
    talk_then_hang_up(stage, anna)


def to_absent_colleague(stage: Stage) -> None:
    anna, first = anna_reaches(stage, "1001")
    first.transfer("1002")
    stage.person("1002").ringing()
    anna.until_over()


def to_busy_colleague(stage: Stage) -> None:
    anna, first = anna_reaches(stage, "1001")
    first.transfer("1002")
    stage.person("1002").ringing().refuse()
    anna.until_over()


def given_up_in_transfer(stage: Stage) -> None:
    anna, first = anna_reaches(stage, "1001")
    first.transfer("1002")
    stage.person("1002").ringing()
    stage.sleep(1.5)
    anna.hang_up()


def to_queue(stage: Stage) -> None:
    anna, first = anna_reaches(stage, "1001")
    first.transfer("support")
    take(stage, "1002")
    talk_then_hang_up(stage, anna)


def to_outside(stage: Stage) -> None:
    anna, first = anna_reaches(stage, "1001")
    first.transfer(OUTSIDE)
    take(stage, OUTSIDE)
    talk_then_hang_up(stage, anna)


def by_caller(stage: Stage) -> None:
    first, second = colleague_reaches(stage, "1001", "1002")
    first.transfer("1003")
    take(stage, "1003")
    talk_then_hang_up(stage, second)


def by_key(stage: Stage) -> None:
    anna, first = anna_reaches(stage, "1001")
    key_in(stage, first, "##", "1002")
    take(stage, "1002")
    talk_then_hang_up(stage, anna)


def by_callers_key(stage: Stage) -> None:
    first, second = colleague_reaches(stage, "1001", "1002")
    key_in(stage, first, "##", "1003")
    take(stage, "1003")
    talk_then_hang_up(stage, second)


def by_manager(stage: Stage) -> None:
    anna, _ = anna_reaches(stage, "1001")
    mine = channel_of(stage, FIRST)
    stage.manager("BlindTransfer", Channel=mine, Exten="1002", Context="crm-transfer")
    take(stage, "1002")
    talk_then_hang_up(stage, anna)


def by_redirect(stage: Stage) -> None:
    anna, _ = anna_reaches(stage, "1001")
    where = {"Exten": "1002", "Context": "crm-transfer", "Priority": "1"}
    stage.manager("Redirect", Channel=channel_of(stage, NETWORK), **where)
    take(stage, "1002")
    talk_then_hang_up(stage, anna)


def of_outbound(stage: Stage) -> None:
    first, outside = reaches(stage, "1001", OUTSIDE, OUTSIDE)
    first.transfer("1002")
    take(stage, "1002")
    talk_then_hang_up(stage, outside)


def twice(stage: Stage) -> None:
    anna, first = anna_reaches(stage, "1001")
    first.transfer("1002")
    second = take(stage, "1002")
    stage.sleep(2)
    second.transfer("1003")
    take(stage, "1003")
    talk_then_hang_up(stage, anna)


def after_queue(stage: Stage) -> None:
    anna, first = anna_reaches(stage, "1001", SUPPORT)
    first.transfer("1002")
    take(stage, "1002")
    talk_then_hang_up(stage, anna)


HANDED_ON = annas_call(
    rang=(FIRST, SECOND),
    answered_by=(FIRST, SECOND),
    talk_seconds=4.0,
    hold_seconds=0.0,
    last_speaker=SECOND,
    transfers=(blind("1002"),),
    legs=(leg(NETWORK, "caller", talk=4.0), leg(FIRST, talk=2.0), leg(SECOND, talk=2.0)),
)


def not_taken(result: str, hangup_by: str) -> Truth:
    """Handed on to a colleague who did not take it."""
    caller = leg(NETWORK, "caller", talk=2.0)
    return replace(
        HANDED_ON,
        answered_by=(FIRST,),
        talk_seconds=2.0,
        last_speaker=FIRST,
        hangup_by=hangup_by,
        legs=(caller, leg(FIRST, talk=2.0), leg(SECOND, result=result)),
    )


TRANSFERS = (
    Scenario(
        name="callee-transfers-the-caller-blindly-and-the-colleague-answers",
        people=(ANNA, "1001", "1002"),
        script=to_colleague,
        truth=(HANDED_ON,),
    ),
    Scenario(
        name="callee-transfers-the-caller-blindly-and-the-colleague-does-not-answer",
        people=(ANNA, "1001", "1002"),
        script=to_absent_colleague,
        plan=IMPATIENT,
        truth=(not_taken("missed", "pbx"),),
    ),
    Scenario(
        name="callee-transfers-the-caller-blindly-and-the-colleague-is-busy",
        people=(ANNA, "1001", "1002"),
        script=to_busy_colleague,
        truth=(not_taken("busy", "callee"),),
    ),
    Scenario(
        name="caller-gives-up-while-a-blind-transfer-rings",
        people=(ANNA, "1001", "1002"),
        script=given_up_in_transfer,
        truth=(not_taken("cancelled", "caller"),),
    ),
    Scenario(
        name="callee-transfers-the-caller-blindly-to-a-queue",
        people=(ANNA, "1001", "1002"),
        script=to_queue,
        plan={"queues": queues(members=("1002",))},
        truth=(replace(HANDED_ON, queues=("support",), transfers=(blind("support"),)),),
    ),
    Scenario(
        name="callee-transfers-the-caller-blindly-to-an-outside-number",
        people=(ANNA, "1001", OUTSIDE),
        script=to_outside,
        plan={"transfer_outside": True},
        truth=(
            annas_call(
                rang=(FIRST, NETWORK),
                answered_by=(FIRST, NETWORK),
                talk_seconds=4.0,
                hold_seconds=0.0,
                last_speaker=NETWORK,
                transfers=(blind(OUTSIDE),),
                legs=(
                    leg(NETWORK, "caller", talk=4.0),
                    leg(FIRST, talk=2.0),
                    leg(NETWORK, talk=2.0),
                ),
            ),
        ),
    ),
    Scenario(
        name="calling-desk-transfers-its-colleague-blindly-to-another",
        people=("1001", "1002", "1003"),
        script=by_caller,
        truth=(
            first_calls_second(
                rang=(SECOND, THIRD),
                answered_by=(SECOND, THIRD),
                talk_seconds=4.0,
                hold_seconds=0.0,
                hangup_by="callee",
                last_speaker=THIRD,
                transfers=(blind("1003"),),
                legs=(leg(FIRST, "caller", talk=2.0), leg(SECOND, talk=4.0), leg(THIRD, talk=2.0)),
            ),
        ),
    ),
    Scenario(
        name="callee-transfers-the-caller-by-the-blind-transfer-key",
        people=(ANNA, "1001", "1002"),
        script=by_key,
        truth=(
            annas_call(
                rang=(FIRST, SECOND),
                answered_by=(FIRST, SECOND),
                talk_seconds=4.4,
                hold_seconds=1.5,
                last_speaker=SECOND,
                transfers=(blind("1002"),),
                legs=(
                    leg(NETWORK, "caller", talk=4.4, hold=1.5),
                    leg(FIRST, talk=2.4, hold=1.5),
                    leg(SECOND, talk=2.0),
                ),
            ),
        ),
    ),
    Scenario(
        name="calling-desk-transfers-its-colleague-by-the-blind-transfer-key",
        people=("1001", "1002", "1003"),
        script=by_callers_key,
        truth=(
            first_calls_second(
                rang=(SECOND, THIRD),
                answered_by=(SECOND, THIRD),
                talk_seconds=4.4,
                hold_seconds=1.5,
                hangup_by="callee",
                last_speaker=THIRD,
                transfers=(blind("1003"),),
                legs=(
                    leg(FIRST, "caller", talk=2.4, hold=1.5),
                    leg(SECOND, talk=4.4, hold=1.5),
                    leg(THIRD, talk=2.0),
                ),
            ),
        ),
    ),
    Scenario(
        name="another-program-transfers-the-caller-blindly-over-the-manager-interface",
        people=(ANNA, "1001", "1002"),
        script=by_manager,
        truth=(HANDED_ON,),
    ),
    Scenario(
        name="another-program-redirects-a-live-caller-to-a-colleague",
        people=(ANNA, "1001", "1002"),
        script=by_redirect,
        truth=(replace(HANDED_ON, transfers=None),),
    ),
    Scenario(
        name="operator-calls-out-and-transfers-the-called-person-blindly",
        people=(OUTSIDE, "1001", "1002"),
        script=of_outbound,
        truth=(
            first_calls_out(
                rang=(NETWORK, SECOND),
                answered_by=(NETWORK, SECOND),
                talk_seconds=4.0,
                hold_seconds=0.0,
                hangup_by="callee",
                last_speaker=SECOND,
                transfers=(blind("1002"),),
                legs=(
                    leg(FIRST, "caller", talk=2.0),
                    leg(NETWORK, talk=4.0),
                    leg(SECOND, talk=2.0),
                ),
            ),
        ),
    ),
    Scenario(
        name="caller-is-transferred-blindly-twice",
        people=(ANNA, "1001", "1002", "1003"),
        script=twice,
        truth=(
            annas_call(
                rang=(FIRST, SECOND, THIRD),
                answered_by=(FIRST, SECOND, THIRD),
                talk_seconds=6.0,
                hold_seconds=0.0,
                last_speaker=THIRD,
                transfers=(blind("1002"), blind("1003", by=SECOND)),
                legs=(
                    leg(NETWORK, "caller", talk=6.0),
                    leg(FIRST, talk=2.0),
                    leg(SECOND, talk=2.0),
                    leg(THIRD, talk=2.0),
                ),
            ),
        ),
    ),
    Scenario(
        name="caller-from-the-queue-is-transferred-blindly",
        people=(ANNA, "1001", "1002"),
        script=after_queue,
        plan={"queues": queues(members=("1001",))},
        truth=(replace(HANDED_ON, dialed=SUPPORT, queues=("support",)),),
    ),
)
