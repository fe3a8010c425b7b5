"""Attended transfers that Asterisk itself conducts: by the key *2, or started over AMI.

The operator's phone has one call only; the second one is a Local channel's.
"""

from __future__ import annotations

from dataclasses import replace

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
    key_in,
    leg,
    take,
    talk_then_hang_up,
)
from ami.lab.scenarios.model import ANNA, Scenario, TransferTruth, Truth, queues
from ami.lab.scenarios.transfers_attended import QUEUE_NUMBER, attended
from ami.lab.softphones import Line
from ami.lab.stage import Stage

KEY = "*2"
KEYING = 0.4
"""How long the key takes: the two sides still hear each other."""
DIALLING = 1.5
"""From the key until the colleague's phone rings."""
UNHEARD = DIALLING + RING
"""While the operator waits for the colleague, nobody hears them: their own call stands on hold."""


def asks(stage: Stage, first: Line, colleague: str, number: str = "") -> Line:
    """By key: the caller waits, the colleague answers, they talk."""
    key_in(stage, first, KEY, number or colleague)
    theirs = take(stage, colleague)
    stage.sleep(2)
    return theirs


def handed_on(stage: Stage) -> None:
    anna, first = anna_reaches(stage, "1001")
    asks(stage, first, "1002")
    first.hang_up()
    talk_then_hang_up(stage, anna)


def handed_to_queue(stage: Stage) -> None:
    anna, first = anna_reaches(stage, "1001")
    asks(stage, first, "1002", QUEUE_NUMBER)
    first.hang_up()
    talk_then_hang_up(stage, anna)


def handed_on_by_caller(stage: Stage) -> None:
    first, second = colleague_reaches(stage, "1001", "1002")
    asks(stage, first, "1003")
    first.hang_up()
    talk_then_hang_up(stage, second)


def left_while_it_rings(stage: Stage) -> None:
    anna, first = anna_reaches(stage, "1001")
    key_in(stage, first, KEY, "1002")
    ringing = stage.person("1002").ringing()
    stage.sleep(1)
    first.hang_up()
    stage.sleep(1)
    ringing.answer()
    talk_then_hang_up(stage, anna)


def colleague_is_busy(stage: Stage) -> None:
    anna, first = anna_reaches(stage, "1001")
    key_in(stage, first, KEY, "1002")
    stage.person("1002").ringing().refuse()
    stage.sleep(3)
    talk_then_hang_up(stage, anna)


def thinks_better_of_it(stage: Stage) -> None:
    anna, first = anna_reaches(stage, "1001")
    asks(stage, first, "1002")
    first.press("*1")
    talk_then_hang_up(stage, anna)


def colleague_hangs_up(stage: Stage) -> None:
    anna, first = anna_reaches(stage, "1001")
    asks(stage, first, "1002").hang_up()
    stage.sleep(1)
    talk_then_hang_up(stage, anna)


def begun_by_manager(stage: Stage) -> None:
    anna, first = anna_reaches(stage, "1001")
    mine = channel_of(stage, FIRST)
    stage.manager("Atxfer", Channel=mine, Exten="1002", Context="crm-transfer")
    take(stage, "1002")
    stage.sleep(2)
    first.hang_up()
    talk_then_hang_up(stage, anna)


def handed_to_second(keying: float, dialling: float) -> Truth:
    hold = dialling + RING + 2.0
    return annas_call(
        rang=(FIRST, SECOND),
        answered_by=(FIRST, SECOND),
        talk_seconds=6.0 + keying,
        hold_seconds=hold,
        last_speaker=SECOND,
        transfers=(attended(),),
        legs=(
            leg(NETWORK, "caller", talk=4.0 + keying, hold=hold),
            leg(FIRST, talk=4.0 + keying, hold=dialling + RING),
            leg(SECOND, talk=4.0),
        ),
    )


def kept(hold: float, consulted: float, after: float) -> Truth:
    """The caller is back with the first operator; the second one was asked, for so long."""
    before = 2.0 + KEYING
    return annas_call(
        rang=(FIRST, SECOND),
        answered_by=(FIRST, SECOND) if consulted else (FIRST,),
        talk_seconds=before + consulted + after,
        hold_seconds=hold,
        last_speaker=FIRST,
        transfers=(),
        legs=(
            leg(NETWORK, "caller", talk=before + after, hold=hold),
            leg(FIRST, talk=before + consulted + after, hold=hold - consulted),
            leg(SECOND, result="answered" if consulted else "busy", talk=consulted),
        ),
    )


HANDED_ON = handed_to_second(KEYING, DIALLING)

BY_KEY = (
    Scenario(
        name="callee-transfers-the-caller-by-the-attended-transfer-key",
        people=(ANNA, "1001", "1002"),
        script=handed_on,
        truth=(HANDED_ON,),
    ),
    Scenario(
        name="callee-transfers-the-caller-to-a-queue-by-the-attended-transfer-key",
        people=(ANNA, "1001", "1002"),
        script=handed_to_queue,
        plan={"queues": queues(members=("1002",))},
        truth=(replace(HANDED_ON, queues=("support",), transfers=(attended(QUEUE_NUMBER),)),),
    ),
    Scenario(
        name="calling-desk-transfers-its-colleague-by-the-attended-transfer-key",
        people=("1001", "1002", "1003"),
        script=handed_on_by_caller,
        truth=(
            first_calls_second(
                rang=(SECOND, THIRD),
                answered_by=(SECOND, THIRD),
                talk_seconds=6.0 + KEYING,
                hold_seconds=DIALLING + 3.0,
                hangup_by="callee",
                last_speaker=THIRD,
                transfers=(attended("1003"),),
                legs=(
                    leg(FIRST, "caller", talk=4.0 + KEYING, hold=UNHEARD),
                    leg(SECOND, talk=4.0 + KEYING, hold=DIALLING + 3.0),
                    leg(THIRD, talk=4.0),
                ),
            ),
        ),
    ),
    Scenario(
        name="operator-leaves-by-key-while-the-colleague-rings",
        people=(ANNA, "1001", "1002"),
        script=left_while_it_rings,
        truth=(
            replace(
                HANDED_ON,
                talk_seconds=4.0 + KEYING,
                hold_seconds=DIALLING + 1.0,
                transfers=(TransferTruth(kind="blonde", by=FIRST, to="1002"),),
                legs=(
                    leg(NETWORK, "caller", talk=4.0 + KEYING, hold=DIALLING + 1.0),
                    leg(FIRST, talk=2.0 + KEYING, hold=DIALLING + 1.0),
                    leg(SECOND, talk=2.0),
                ),
            ),
        ),
    ),
    Scenario(
        name="colleague-asked-by-key-is-busy-and-the-operator-is-back-with-the-caller",
        people=(ANNA, "1001", "1002"),
        script=colleague_is_busy,
        truth=(kept(hold=DIALLING, consulted=0.0, after=5.0),),
    ),
    Scenario(
        name="operator-asks-a-colleague-by-key-and-takes-the-caller-back",
        people=(ANNA, "1001", "1002"),
        script=thinks_better_of_it,
        truth=(kept(hold=DIALLING + 3.4, consulted=2.4, after=1.6),),
    ),
    Scenario(
        name="colleague-asked-by-key-hangs-up-and-the-operator-is-back-with-the-caller",
        people=(ANNA, "1001", "1002"),
        script=colleague_hangs_up,
        truth=(kept(hold=DIALLING + 3.0, consulted=2.0, after=3.0),),
    ),
    Scenario(
        name="another-program-begins-an-attended-transfer-over-the-manager-interface",
        people=(ANNA, "1001", "1002"),
        script=begun_by_manager,
        truth=(handed_to_second(0.2, dialling=0.2),),
    ),
)
