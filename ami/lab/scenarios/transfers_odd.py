"""Transfers that go wrong or round about: refused, to nowhere, back again, one upon another."""

from __future__ import annotations

from dataclasses import replace

from ami.lab.scenarios.acts import (
    FIRST,
    NETWORK,
    SECOND,
    THIRD,
    anna_reaches,
    annas_call,
    consults,
    key_in,
    leg,
    take,
    talk_then_hang_up,
)
from ami.lab.scenarios.model import ANNA, OUTSIDE, SUPPORT, Scenario, TransferTruth, Truth, queues
from ami.lab.scenarios.transfers import HANDED_ON, blind
from ami.lab.scenarios.transfers_attended import attended
from ami.lab.scenarios.transfers_by_key import DIALLING, KEY, KEYING, asks
from ami.lab.softphones import Line
from ami.lab.stage import Stage

KEYING_A_NUMBER = 8.7
"""Thirteen keys, and five seconds in which Asterisk waits for a fourteenth."""


def outsider_tries(stage: Stage) -> None:
    anna, _ = anna_reaches(stage, "1001")
    anna.transfer("1002")
    talk_then_hang_up(stage, anna)


def to_nowhere(stage: Stage) -> None:
    anna, first = anna_reaches(stage, "1001")
    first.transfer("9999")
    talk_then_hang_up(stage, anna)


def from_hold(stage: Stage) -> None:
    """As most phones do it: hold, ask for the number, transfer."""
    anna, first = anna_reaches(stage, "1001")
    first.hold()
    stage.sleep(1.5)
    first.transfer("1002")
    take(stage, "1002")
    talk_then_hang_up(stage, anna)


def given_up_while_asked_by_key(stage: Stage) -> None:
    anna, first = anna_reaches(stage, "1001")
    asks(stage, first, "1002")
    anna.hang_up()
    stage.sleep(1)
    first.hang_up()


def outside_by_key(stage: Stage) -> None:
    anna, first = anna_reaches(stage, "1001")
    key_in(stage, first, "##", "00" + OUTSIDE[1:])
    stage.sleep(3)  # the keys, then Asterisk waits whether more come
    take(stage, OUTSIDE)
    talk_then_hang_up(stage, anna)


def between_two_calls(stage: Stage) -> None:
    """Goes back to the caller with a question, and again to the colleague."""
    anna, first = anna_reaches(stage, "1001")
    second, _ = consults(stage, first, "1001", "1002")
    second.hold()
    first.unhold()
    stage.sleep(1.5)
    first.hold()
    second.unhold()
    stage.sleep(1)
    first.join(second)
    talk_then_hang_up(stage, anna)


def both_hold(stage: Stage) -> None:
    anna, first = anna_reaches(stage, "1001")
    first.hold()
    stage.sleep(1)
    anna.hold()
    stage.sleep(1)
    first.unhold()
    stage.sleep(1)
    anna.unhold()
    talk_then_hang_up(stage, anna)


def attended_then_blind(stage: Stage) -> None:
    anna, first = anna_reaches(stage, "1001", SUPPORT)
    consultation, second = consults(stage, first, "1001", "1002")
    first.join(consultation)
    stage.sleep(2)
    second.transfer("1003")
    take(stage, "1003")
    talk_then_hang_up(stage, anna)


def picked_up_in_transfer(stage: Stage) -> None:
    anna, first = anna_reaches(stage, "1001")
    first.transfer("1002")
    stage.person("1002").ringing()
    stage.sleep(1)
    stage.person("1003").call("*81002").until_talking()
    talk_then_hang_up(stage, anna)


def called_back(stage: Stage) -> tuple[Line, Line]:
    """By key, and left while it rings: nobody answers, so Asterisk calls who began it."""
    anna, first = anna_reaches(stage, "1001")
    key_in(stage, first, KEY, "1002")
    stage.person("1002").ringing()
    stage.sleep(1)
    first.hang_up()
    again = stage.person("1001").ringing(40)
    stage.sleep(1)
    return anna, again


def rung_back(stage: Stage) -> None:
    anna, again = called_back(stage)
    again.answer()
    talk_then_hang_up(stage, anna)


def rung_back_too_late(stage: Stage) -> None:
    anna, _ = called_back(stage)
    anna.hang_up()


def cut_off(stage: Stage) -> None:
    anna, _ = anna_reaches(stage, "1001")
    stage.manager("Hangup", Channel="/^PJSIP/trunk-.*$/", Cause="16")
    anna.until_over()


def _kept(talk: float = 4.0, hold: float = 0.0) -> Truth:
    return annas_call(
        rang=(FIRST,),
        answered_by=(FIRST,),
        talk_seconds=talk,
        hold_seconds=hold,
        last_speaker=FIRST,
        transfers=(),
        legs=(leg(NETWORK, "caller", talk=talk, hold=hold), leg(FIRST, talk=talk, hold=hold)),
    )


ODD = (
    Scenario(
        name="outside-caller-tries-to-transfer-the-operator-and-may-not",
        people=(ANNA, "1001", "1002"),
        script=outsider_tries,
        truth=(_kept(),),
    ),
    Scenario(
        name="operator-transfers-to-a-number-that-does-not-exist-and-keeps-the-caller",
        people=(ANNA, "1001"),
        script=to_nowhere,
        truth=(_kept(),),
    ),
    Scenario(
        name="operator-holds-the-caller-before-a-blind-transfer",
        people=(ANNA, "1001", "1002"),
        script=from_hold,
        truth=(
            replace(
                HANDED_ON,
                hold_seconds=1.5,
                legs=(
                    leg(NETWORK, "caller", talk=4.0, hold=1.5),
                    leg(FIRST, talk=2.0, hold=1.5),
                    leg(SECOND, talk=2.0),
                ),
            ),
        ),
    ),
    Scenario(
        name="held-caller-gives-up-while-the-operator-asks-a-colleague-by-key",
        people=(ANNA, "1001", "1002"),
        script=given_up_while_asked_by_key,
        truth=(
            annas_call(
                rang=(FIRST, SECOND),
                answered_by=(FIRST, SECOND),
                talk_seconds=5.0 + KEYING,
                hold_seconds=DIALLING + 3.0,
                last_speaker=SECOND,
                transfers=(),
            ),
        ),
    ),
    Scenario(
        name="operator-transfers-to-an-outside-number-by-key",
        people=(ANNA, "1001", OUTSIDE),
        script=outside_by_key,
        plan={"transfer_outside": True},
        truth=(
            annas_call(
                rang=(FIRST, NETWORK),
                answered_by=(FIRST, NETWORK),
                talk_seconds=4.0 + KEYING,
                hold_seconds=KEYING_A_NUMBER,
                last_speaker=NETWORK,
                transfers=(blind("00" + OUTSIDE[1:]),),
                legs=(
                    leg(NETWORK, "caller", talk=4.0 + KEYING, hold=KEYING_A_NUMBER),
                    leg(FIRST, talk=2.0 + KEYING, hold=KEYING_A_NUMBER),
                    leg(NETWORK, talk=2.0),
                ),
            ),
        ),
    ),
    Scenario(
        name="operator-goes-between-caller-and-colleague-before-the-transfer",
        people=(ANNA, "1001", "1002"),
        script=between_two_calls,
        truth=(
            annas_call(
                rang=(FIRST, SECOND),
                answered_by=(FIRST, SECOND),
                talk_seconds=8.5,
                hold_seconds=4.0,
                last_speaker=SECOND,
                transfers=(attended(),),
                legs=(
                    leg(NETWORK, "caller", talk=5.5, hold=4.0),
                    leg(FIRST, talk=3.5, hold=4.0),
                    leg(FIRST, "other", talk=3.0, hold=1.5),
                    leg(SECOND, talk=5.0, hold=1.5),
                ),
            ),
        ),
    ),
    Scenario(
        name="caller-and-operator-hold-each-other",
        people=(ANNA, "1001"),
        script=both_hold,
        truth=(_kept(talk=4.0, hold=3.0),),
    ),
    Scenario(
        name="caller-from-the-queue-is-transferred-after-a-word-and-then-blindly",
        people=(ANNA, "1001", "1002", "1003"),
        script=attended_then_blind,
        plan={"queues": queues(members=("1001",))},
        truth=(
            annas_call(
                dialed=SUPPORT,
                queues=("support",),
                rang=(FIRST, SECOND, THIRD),
                answered_by=(FIRST, SECOND, THIRD),
                talk_seconds=8.0,
                hold_seconds=3.0,
                last_speaker=THIRD,
                transfers=(attended(), blind("1003", by=SECOND)),
                legs=(
                    leg(NETWORK, "caller", talk=6.0, hold=3.0),
                    leg(FIRST, talk=2.0, hold=3.0),
                    leg(FIRST, "other", talk=2.0),
                    leg(SECOND, talk=4.0),
                    leg(THIRD, talk=2.0),
                ),
            ),
        ),
    ),
    Scenario(
        name="colleague-takes-a-transferred-call-that-rings-at-another-desk",
        people=(ANNA, "1001", "1002", "1003"),
        script=picked_up_in_transfer,
        truth=(
            replace(
                HANDED_ON,
                answered_by=(FIRST, THIRD),
                last_speaker=THIRD,
                transfers=(
                    blind("1002"),
                    TransferTruth(kind="pickup", by=THIRD, to="*81002"),
                ),
                legs=(
                    *HANDED_ON.legs[:2],
                    leg(SECOND, result="elsewhere"),
                    leg(THIRD, talk=2.0),
                ),
            ),
        ),
    ),
    Scenario(
        name="operator-left-by-key-nobody-answers-and-asterisk-calls-the-operator-back",
        people=(ANNA, "1001", "1002"),
        script=rung_back,
        truth=(
            annas_call(
                rang=(FIRST, SECOND),
                answered_by=(FIRST, FIRST),
                talk_seconds=4.0 + KEYING,
                hold_seconds=DIALLING + 1.0,
                last_speaker=FIRST,
            ),
        ),
    ),
    Scenario(
        name="caller-gives-up-while-asterisk-calls-the-operator-back",
        people=(ANNA, "1001", "1002"),
        script=rung_back_too_late,
        truth=(
            annas_call(
                rang=(FIRST, SECOND),
                answered_by=(FIRST,),
                talk_seconds=2.0 + KEYING,
                hold_seconds=DIALLING + 1.0,
                last_speaker=FIRST,
            ),
        ),
    ),
    Scenario(
        name="another-program-hangs-up-a-live-call",
        people=(ANNA, "1001"),
        script=cut_off,
        truth=(replace(_kept(talk=2.0), hangup_by="pbx"),),
    ),
)
