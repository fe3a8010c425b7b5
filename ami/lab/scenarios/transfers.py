"""Calls that change hands from a phone that knows how: REFER, and REFER with Replaces."""

from __future__ import annotations

from ami.lab.scenarios.acts import (
    FIRST,
    NETWORK,
    SECOND,
    anna_reaches,
    consults,
    leg,
    take,
    talk_then_hang_up,
)
from ami.lab.scenarios.model import (
    ANNA,
    DIRECT,
    NAMES,
    Scenario,
    TransferTruth,
    Truth,
)
from ami.lab.stage import Stage

BY_FIRST_TO_SECOND = {"by": FIRST, "to": "1002"}


def attended(stage: Stage) -> None:
    anna, first = anna_reaches(stage, "1001")
    second, _ = consults(stage, first, "1001", "1002")
    first.join(second)
    talk_then_hang_up(stage, anna)


def blonde(stage: Stage) -> None:
    anna, first = anna_reaches(stage, "1001")
    first.hold()
    second = stage.person("1001").call("1002")
    ringing = stage.person("1002").ringing()
    stage.sleep(1)
    first.join(second)
    stage.sleep(1)
    ringing.answer()
    talk_then_hang_up(stage, anna)


def blind(stage: Stage) -> None:
    anna, first = anna_reaches(stage, "1001")
    first.transfer("1002")
    take(stage, "1002")
    talk_then_hang_up(stage, anna)


TRANSFERS = (
    Scenario(
        name="callee-transfers-the-caller-blindly-and-the-colleague-answers",
        people=(ANNA, "1001", "1002"),
        script=blind,
        truth=(
            Truth(
                number=ANNA,
                name=NAMES[ANNA],
                dialed=DIRECT,
                rang=(FIRST, SECOND),
                answered_by=(FIRST, SECOND),
                wait_seconds=1.0,
                talk_seconds=4.0,
                hold_seconds=0.0,
                last_speaker=SECOND,
                transfers=(TransferTruth(kind="blind", **BY_FIRST_TO_SECOND),),
                legs=(
                    leg(NETWORK, "caller", talk=4.0),
                    leg(FIRST, talk=2.0),
                    leg(SECOND, talk=2.0),
                ),
            ),
        ),
    ),
    Scenario(
        name="callee-transfers-the-caller-after-speaking-with-the-colleague",
        people=(ANNA, "1001", "1002"),
        script=attended,
        truth=(
            Truth(
                number=ANNA,
                name=NAMES[ANNA],
                dialed=DIRECT,
                rang=(FIRST, SECOND),
                answered_by=(FIRST, SECOND),
                wait_seconds=1.0,
                talk_seconds=6.0,
                hold_seconds=3.0,
                last_speaker=SECOND,
                transfers=(TransferTruth(kind="attended", **BY_FIRST_TO_SECOND),),
                legs=(
                    leg(NETWORK, "caller", talk=4.0, hold=3.0),
                    leg(FIRST, talk=2.0, hold=3.0),
                    leg(FIRST, "other", talk=2.0),
                    leg(SECOND, talk=4.0),
                ),
            ),
        ),
    ),
    Scenario(
        name="callee-transfers-the-caller-and-leaves-while-the-colleague-rings",
        people=(ANNA, "1001", "1002"),
        script=blonde,
        truth=(
            Truth(
                number=ANNA,
                name=NAMES[ANNA],
                dialed=DIRECT,
                rang=(FIRST, SECOND),
                answered_by=(FIRST, SECOND),
                wait_seconds=1.0,
                talk_seconds=4.0,
                hold_seconds=1.0,
                last_speaker=SECOND,
                transfers=(TransferTruth(kind="blonde", **BY_FIRST_TO_SECOND),),
                legs=(
                    leg(NETWORK, "caller", talk=4.0, hold=1.0),
                    leg(FIRST, talk=2.0, hold=1.0),
                    leg(FIRST, "other", "unknown"),
                    leg(SECOND, talk=2.0),
                ),
            ),
        ),
    ),
)
