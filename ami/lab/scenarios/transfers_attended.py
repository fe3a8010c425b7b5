"""Calls that are handed on after a word with the next one: REFER with Replaces."""

from __future__ import annotations

from dataclasses import replace

from ami.lab.scenarios.acts import (
    FIRST,
    NETWORK,
    SECOND,
    THIRD,
    anna_reaches,
    annas_call,
    colleague_reaches,
    consults,
    first_calls_out,
    first_calls_second,
    leg,
    reaches,
    talk_then_hang_up,
)
from ami.lab.scenarios.model import (
    ANNA,
    OUTSIDE,
    SUPPORT,
    Scenario,
    TransferTruth,
    Truth,
    queues,
)
from ami.lab.scenarios.transfers import IMPATIENT
from ami.lab.softphones import Line
from ami.lab.stage import Stage
from callcenter.pbx.destinations import QUEUE_NUMBERS

QUEUE_NUMBER = QUEUE_NUMBERS["support"]


def attended(to: str = "1002", by: str = FIRST) -> TransferTruth:
    return TransferTruth(kind="attended", by=by, to=to)


def to_colleague(stage: Stage) -> None:
    anna, first = anna_reaches(stage, "1001")
    second, _ = consults(stage, first, "1001", "1002")
    first.join(second)
    talk_then_hang_up(stage, anna)


def after_queue(stage: Stage) -> None:
    anna, first = anna_reaches(stage, "1001", SUPPORT)
    second, _ = consults(stage, first, "1001", "1002")
    first.join(second)
    talk_then_hang_up(stage, anna)


def to_queue(stage: Stage) -> None:
    anna, first = anna_reaches(stage, "1001")
    second, _ = consults(stage, first, "1001", "1002", number=QUEUE_NUMBER)
    first.join(second)
    talk_then_hang_up(stage, anna)


def to_outside(stage: Stage) -> None:
    anna, first = anna_reaches(stage, "1001")
    second, _ = consults(stage, first, "1001", OUTSIDE)
    first.join(second)
    talk_then_hang_up(stage, anna)


def by_caller(stage: Stage) -> None:
    first, callee = colleague_reaches(stage, "1001", "1002")
    second, _ = consults(stage, first, "1001", "1003")
    first.join(second)
    talk_then_hang_up(stage, callee)


def of_outbound(stage: Stage) -> None:
    first, outside = reaches(stage, "1001", OUTSIDE, OUTSIDE)
    second, _ = consults(stage, first, "1001", "1002")
    first.join(second)
    talk_then_hang_up(stage, outside)


def twice(stage: Stage) -> None:
    anna, first = anna_reaches(stage, "1001")
    consultation, second = consults(stage, first, "1001", "1002")
    first.join(consultation)
    stage.sleep(2)
    consultation, _ = consults(stage, second, "1002", "1003")
    second.join(consultation)
    talk_then_hang_up(stage, anna)


def colleague_is_busy(stage: Stage) -> None:
    anna, first = anna_reaches(stage, "1001")
    first.hold()
    second = stage.person("1001").call("1002")
    stage.person("1002").ringing().refuse()
    second.until_over()
    stage.sleep(1)
    first.unhold()
    talk_then_hang_up(stage, anna)


def colleague_refuses_to_talk(stage: Stage) -> None:
    anna, first = anna_reaches(stage, "1001")
    second, _ = consults(stage, first, "1001", "1002")
    second.hang_up()
    first.unhold()
    talk_then_hang_up(stage, anna)


def held_caller_gives_up(stage: Stage) -> None:
    anna, first = anna_reaches(stage, "1001")
    second, _ = consults(stage, first, "1001", "1002")
    anna.hang_up()
    stage.sleep(1)
    second.hang_up()


def leaves_while_it_rings(stage: Stage) -> tuple[Line, Line]:
    anna, first = anna_reaches(stage, "1001")
    first.hold()
    second = stage.person("1001").call("1002")
    ringing = stage.person("1002").ringing()
    stage.sleep(1)
    first.join(second)
    return anna, ringing


def blonde(stage: Stage) -> None:
    anna, ringing = leaves_while_it_rings(stage)
    stage.sleep(1)
    ringing.answer()
    talk_then_hang_up(stage, anna)


def blonde_not_answered(stage: Stage) -> None:
    anna, _ = leaves_while_it_rings(stage)
    anna.until_over()


def blonde_given_up(stage: Stage) -> None:
    anna, _ = leaves_while_it_rings(stage)
    stage.sleep(1)
    anna.hang_up()


def blonde_to_queue(stage: Stage) -> None:
    """The transferer leaves while the queue plays music: to Asterisk that call is answered."""
    anna, first = anna_reaches(stage, "1001")
    first.hold()
    second = stage.person("1001").call(QUEUE_NUMBER)
    ringing = stage.person("1002").ringing()
    stage.sleep(1)
    first.join(second)
    stage.sleep(1)
    ringing.answer()
    talk_then_hang_up(stage, anna)


HANDED_ON = annas_call(
    rang=(FIRST, SECOND),
    answered_by=(FIRST, SECOND),
    talk_seconds=6.0,
    hold_seconds=3.0,
    last_speaker=SECOND,
    transfers=(attended(),),
    legs=(
        leg(NETWORK, "caller", talk=4.0, hold=3.0),
        leg(FIRST, talk=2.0, hold=3.0),
        leg(FIRST, "other", talk=2.0),
        leg(SECOND, talk=4.0),
    ),
)
BLONDE = replace(
    HANDED_ON,
    talk_seconds=4.0,
    hold_seconds=1.0,
    transfers=(TransferTruth(kind="blonde", by=FIRST, to="1002"),),
    legs=(
        leg(NETWORK, "caller", talk=4.0, hold=1.0),
        leg(FIRST, talk=2.0, hold=1.0),
        leg(FIRST, "other", "unknown"),
        leg(SECOND, talk=2.0),
    ),
)


def blonde_not_taken(result: str, hangup_by: str) -> Truth:
    return replace(
        BLONDE,
        answered_by=(FIRST,),
        talk_seconds=2.0,
        last_speaker=FIRST,
        hangup_by=hangup_by,
        legs=(
            leg(NETWORK, "caller", talk=2.0, hold=1.0),
            leg(FIRST, talk=2.0, hold=1.0),
            leg(FIRST, "other", "unknown"),
            leg(SECOND, result=result),
        ),
    )


def back_to_the_caller(talk: float, hold: float) -> Truth:
    """The consultation came to nothing and stays a call of its own."""
    return annas_call(
        rang=(FIRST,),
        answered_by=(FIRST,),
        talk_seconds=talk,
        hold_seconds=hold,
        last_speaker=FIRST,
        transfers=(),
        legs=(leg(NETWORK, "caller", talk=talk, hold=hold), leg(FIRST, talk=talk, hold=hold)),
    )


def consultation(talk: float) -> Truth:
    return first_calls_second(
        rang=(SECOND,),
        answered_by=(SECOND,),
        talk_seconds=talk,
        hold_seconds=0.0,
        last_speaker=SECOND,
        transfers=(),
        legs=(leg(FIRST, "caller", talk=talk), leg(SECOND, talk=talk)),
    )


ATTENDED = (
    Scenario(
        name="callee-transfers-the-caller-after-speaking-with-the-colleague",
        people=(ANNA, "1001", "1002"),
        script=to_colleague,
        truth=(HANDED_ON,),
    ),
    Scenario(
        name="caller-from-the-queue-is-transferred-after-a-word-with-the-colleague",
        people=(ANNA, "1001", "1002"),
        script=after_queue,
        plan={"queues": queues(members=("1001",))},
        truth=(replace(HANDED_ON, dialed=SUPPORT, queues=("support",)),),
    ),
    Scenario(
        name="callee-transfers-the-caller-to-a-queue-after-a-word-with-who-answers-there",
        people=(ANNA, "1001", "1002"),
        script=to_queue,
        plan={"queues": queues(members=("1002",))},
        truth=(replace(HANDED_ON, queues=("support",), transfers=(attended(QUEUE_NUMBER),)),),
    ),
    Scenario(
        name="callee-transfers-the-caller-to-an-outside-number-after-a-word",
        people=(ANNA, "1001", OUTSIDE),
        script=to_outside,
        truth=(
            replace(
                HANDED_ON,
                rang=(FIRST, NETWORK),
                answered_by=(FIRST, NETWORK),
                last_speaker=NETWORK,
                transfers=(attended(OUTSIDE),),
                legs=(*HANDED_ON.legs[:3], leg(NETWORK, talk=4.0)),
            ),
        ),
    ),
    Scenario(
        name="calling-desk-transfers-its-colleague-after-a-word-with-another",
        people=("1001", "1002", "1003"),
        script=by_caller,
        truth=(
            first_calls_second(
                rang=(SECOND, THIRD),
                answered_by=(SECOND, THIRD),
                talk_seconds=6.0,
                hold_seconds=3.0,
                hangup_by="callee",
                last_speaker=THIRD,
                transfers=(attended("1003"),),
                legs=(
                    leg(FIRST, "caller", talk=2.0, hold=3.0),
                    leg(SECOND, talk=4.0, hold=3.0),
                    leg(FIRST, "other", talk=2.0),
                    leg(THIRD, talk=4.0),
                ),
            ),
        ),
    ),
    Scenario(
        name="operator-calls-out-and-transfers-the-called-person-after-a-word",
        people=(OUTSIDE, "1001", "1002"),
        script=of_outbound,
        truth=(
            first_calls_out(
                rang=(NETWORK, SECOND),
                answered_by=(NETWORK, SECOND),
                talk_seconds=6.0,
                hold_seconds=3.0,
                hangup_by="callee",
                last_speaker=SECOND,
                transfers=(attended(),),
                legs=(
                    leg(FIRST, "caller", talk=2.0, hold=3.0),
                    leg(NETWORK, talk=4.0, hold=3.0),
                    leg(FIRST, "other", talk=2.0),
                    leg(SECOND, talk=4.0),
                ),
            ),
        ),
    ),
    Scenario(
        name="caller-is-transferred-twice-after-a-word-each-time",
        people=(ANNA, "1001", "1002", "1003"),
        script=twice,
        truth=(
            annas_call(
                rang=(FIRST, SECOND, THIRD),
                answered_by=(FIRST, SECOND, THIRD),
                talk_seconds=10.0,
                hold_seconds=6.0,
                last_speaker=THIRD,
                transfers=(attended(), attended("1003", by=SECOND)),
                legs=(
                    leg(NETWORK, "caller", talk=6.0, hold=6.0),
                    leg(FIRST, talk=2.0, hold=3.0),
                    leg(FIRST, "other", talk=2.0),
                    leg(SECOND, talk=4.0, hold=3.0),
                    leg(SECOND, "other", talk=2.0),
                    leg(THIRD, talk=4.0),
                ),
            ),
        ),
    ),
    Scenario(
        name="consulted-colleague-is-busy-and-the-operator-returns-to-the-caller",
        people=(ANNA, "1001", "1002"),
        script=colleague_is_busy,
        truth=(
            back_to_the_caller(talk=4.0, hold=1.0),
            first_calls_second(
                result="busy",
                rang=(SECOND,),
                wait_seconds=0.0,
                hangup_by="callee",
                transfers=(),
                legs=(leg(FIRST, "caller", "busy"), leg(SECOND, result="busy")),
            ),
        ),
    ),
    Scenario(
        name="consulted-colleague-will-not-take-the-call-and-the-operator-returns-to-the-caller",
        people=(ANNA, "1001", "1002"),
        script=colleague_refuses_to_talk,
        truth=(back_to_the_caller(talk=4.0, hold=3.0), consultation(talk=2.0)),
    ),
    Scenario(
        name="held-caller-gives-up-while-the-operator-consults-a-colleague",
        people=(ANNA, "1001", "1002"),
        script=held_caller_gives_up,
        truth=(back_to_the_caller(talk=2.0, hold=3.0), consultation(talk=3.0)),
    ),
    Scenario(
        name="callee-transfers-the-caller-and-leaves-while-the-colleague-rings",
        people=(ANNA, "1001", "1002"),
        script=blonde,
        truth=(BLONDE,),
    ),
    Scenario(
        name="operator-leaves-while-the-colleague-rings-and-nobody-answers",
        people=(ANNA, "1001", "1002"),
        script=blonde_not_answered,
        plan=IMPATIENT,
        truth=(blonde_not_taken("missed", "pbx"),),
    ),
    Scenario(
        name="operator-leaves-while-the-colleague-rings-and-the-caller-gives-up",
        people=(ANNA, "1001", "1002"),
        script=blonde_given_up,
        truth=(blonde_not_taken("cancelled", "caller"),),
    ),
    Scenario(
        name="operator-leaves-the-caller-in-a-queue-before-anybody-there-answers",
        people=(ANNA, "1001", "1002"),
        script=blonde_to_queue,
        plan={"queues": queues(members=("1002",))},
        truth=(
            replace(
                BLONDE,
                queues=("support",),
                transfers=(TransferTruth(kind="blonde", by=FIRST, to=QUEUE_NUMBER),),
                hold_seconds=None,
            ),
        ),
    ),
)
