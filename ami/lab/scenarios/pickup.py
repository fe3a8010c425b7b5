"""A colleague takes a call that rings elsewhere."""

from __future__ import annotations

from collections.abc import Callable

from ami.lab.phones import NO_ANSWER
from ami.lab.scenarios.model import (
    ANNA,
    DIRECT,
    FROM_ANNA,
    PIOTR,
    SUPPORT,
    Scenario,
    TransferTruth,
    Truth,
    calls_from,
)
from ami.lab.scenarios.people import TRUNK, callee, caller
from ami.lab.scenarios.queues import with_support
from ami.lab.stage import Stage

ONE, TWO = "PJSIP/1001", "PJSIP/1002"
FROM_PIOTR = calls_from(PIOTR, DIRECT)


def taken_by(code: str) -> Callable[[Stage], None]:
    """1001 rings for two seconds, then 1002 dials `code` and speaks for three."""

    def script(stage: Stage) -> None:
        stage.call_in(FROM_PIOTR, talk=60)
        stage.sleep(2)
        stage.call_out("1002", code, talk=3)
        stage.wait_over()

    return script


def taken_out_of_the_queue(stage: Stage) -> None:
    stage.call_in(FROM_ANNA, talk=60)
    stage.sleep(3)
    stage.call_out("1002", "*81001", talk=3)
    stage.wait_over()


def pickup(code: str) -> tuple[TransferTruth, ...]:
    return (TransferTruth(kind="pickup", by=TWO, to=code),)


def from_piotr(code: str, talk: float) -> Truth:
    """The code is dialled after two seconds; Asterisk connects half a second after it answers."""
    return Truth(
        number=PIOTR,
        dialed=DIRECT,
        rang=(ONE,),
        answered_by=(TWO,),
        wait_seconds=2.4,
        talk_seconds=talk,
        hangup_by="callee",
        legs=(caller(TRUNK, talk=talk), callee(ONE, "elsewhere"), callee(TWO, talk=talk)),
        transfers=pickup(code),
    )


PICKUP = (
    Scenario(
        name="colleague-picks-up-any-call-that-rings",
        phones={"1001": NO_ANSWER, "1002": NO_ANSWER},
        script=taken_by("*8"),
        truth=(from_piotr("*8", 3.0),),
    ),
    Scenario(
        name="colleague-picks-up-the-call-of-one-extension",
        phones={"1001": NO_ANSWER, "1002": NO_ANSWER},
        script=taken_by("*81001"),
        truth=(from_piotr("*81001", 2.5),),
    ),
    Scenario(
        name="colleague-picks-up-a-call-of-the-queue",
        phones={"1001": NO_ANSWER, "1002": NO_ANSWER},
        script=taken_out_of_the_queue,
        plan=with_support(),
        truth=(
            Truth(
                number=ANNA,
                name=FROM_ANNA.name,
                dialed=SUPPORT,
                queues=("support",),
                rang=(ONE,),
                answered_by=(TWO,),
                wait_seconds=2.9,
                talk_seconds=2.5,
                hangup_by="callee",
                legs=(
                    caller(TRUNK, talk=2.5),
                    callee(ONE, "elsewhere"),
                    callee(TWO, talk=2.5),
                ),
                transfers=pickup("*81001"),
            ),
        ),
    ),
)
