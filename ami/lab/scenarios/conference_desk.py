"""Several calls at one desk: call waiting, the same caller twice, two callers put through."""

from __future__ import annotations

from ami.lab.scenarios.acts import FIRST, NETWORK, anna_reaches, annas_call, leg, take
from ami.lab.scenarios.model import ANNA, DIRECT, NAMES, PIOTR, Scenario, Truth
from ami.lab.scenarios.transfers import IMPATIENT
from ami.lab.stage import Stage


def calls_twice(stage: Stage) -> None:
    """From two phones with one number; the second call rings on behind the first."""
    earlier = stage.person(ANNA).call(DIRECT)
    first = stage.person("1001").ringing()
    stage.sleep(1)
    later = stage.person(ANNA).call(DIRECT)
    stage.person("1001").ringing()
    stage.sleep(1)
    first.answer()
    stage.sleep(2)
    later.hang_up()
    stage.sleep(1)
    earlier.hang_up()


def second_caller_is_not_taken(stage: Stage) -> None:
    anna, _ = anna_reaches(stage, "1001")
    piotr = stage.person(PIOTR).call(DIRECT)
    piotr.until_over()
    anna.hang_up()


def takes_both_in_turn(stage: Stage) -> None:
    """Holds the first caller to hear the second one's question."""
    anna, first = anna_reaches(stage, "1001")
    piotr = stage.person(PIOTR).call(DIRECT)
    waiting = stage.person("1001").ringing()
    stage.sleep(1)
    first.hold()
    waiting.answer()
    stage.sleep(2)
    waiting.hang_up()
    piotr.until_over()
    first.unhold()
    stage.sleep(2)
    anna.hang_up()


def puts_two_callers_through(stage: Stage) -> None:
    anna, first = anna_reaches(stage, "1001")
    first.hold()
    stage.person(PIOTR).call(DIRECT)
    second = take(stage, "1001")
    stage.sleep(2)
    first.join(second)
    stage.sleep(2)
    anna.hang_up()


def with_first(talk: float, hold: float = 0.0) -> Truth:
    return annas_call(
        rang=(FIRST,),
        answered_by=(FIRST,),
        talk_seconds=talk,
        hold_seconds=hold,
        last_speaker=FIRST,
        transfers=(),
        legs=(leg(NETWORK, "caller", talk=talk, hold=hold), leg(FIRST, talk=talk, hold=hold)),
    )


DESK = (
    Scenario(
        name="one-caller-calls-twice-at-once-and-only-one-call-is-answered",
        people=(ANNA, "1001"),
        script=calls_twice,
        truth=(
            annas_call(
                rang=(FIRST,),
                answered_by=(FIRST,),
                wait_seconds=2.0,
                talk_seconds=3.0,
                hold_seconds=0.0,
                last_speaker=FIRST,
                transfers=(),
                legs=(leg(NETWORK, "caller", talk=3.0), leg(FIRST, talk=3.0)),
            ),
            annas_call(
                result="abandoned",
                rang=(FIRST,),
                wait_seconds=3.0,
                transfers=(),
                legs=(leg(NETWORK, "caller", "cancelled"), leg(FIRST, result="cancelled")),
            ),
        ),
    ),
    Scenario(
        name="second-caller-rings-while-the-operator-talks-and-is-not-taken",
        people=(ANNA, PIOTR, "1001"),
        script=second_caller_is_not_taken,
        plan=IMPATIENT,
        truth=(
            with_first(talk=5.0),
            Truth(
                result="missed",
                number=PIOTR,
                name=NAMES[PIOTR],
                dialed=DIRECT,
                rang=(FIRST,),
                wait_seconds=3.0,
                hangup_by="pbx",
                transfers=(),
            ),
        ),
    ),
    Scenario(
        name="operator-holds-one-caller-to-answer-another",
        people=(ANNA, PIOTR, "1001"),
        script=takes_both_in_turn,
        truth=(
            with_first(talk=5.0, hold=2.0),
            Truth(
                number=PIOTR,
                name=NAMES[PIOTR],
                dialed=DIRECT,
                rang=(FIRST,),
                answered_by=(FIRST,),
                wait_seconds=1.0,
                talk_seconds=2.0,
                hold_seconds=0.0,
                hangup_by="callee",
                last_speaker=FIRST,
                transfers=(),
                legs=(leg(NETWORK, "caller", talk=2.0), leg(FIRST, talk=2.0)),
            ),
        ),
    ),
    Scenario(
        name="operator-puts-two-callers-through-to-each-other",
        people=(ANNA, PIOTR, "1001"),
        script=puts_two_callers_through,
        truth=(
            annas_call(
                rang=(FIRST,),
                answered_by=(FIRST, FIRST),
                talk_seconds=6.0,
                hold_seconds=3.0,
            ),
        ),
    ),
)
