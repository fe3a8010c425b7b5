"""Calls that meet a reload, a restart or a power cut, and calls that do not end."""

from __future__ import annotations

from typing import Any

from ami.lab.phones import Behaviour
from ami.lab.scenarios.model import ANNA, FROM_ANNA, PIOTR, SUPPORT, Scenario, Truth, calls_from
from ami.lab.scenarios.people import TRUNK, callee, caller
from ami.lab.scenarios.queues import with_support
from ami.lab.stage import Stage

ONE = "PJSIP/1001"
FROM_PIOTR = calls_from(PIOTR, SUPPORT, "Пётр Иванов")


def reloaded_in_mid_call(stage: Stage) -> None:
    stage.call_in(FROM_ANNA, talk=6)
    stage.sleep(3)
    stage.console("core reload")
    stage.wait_over()


def power_cut(stage: Stage) -> None:
    """Anna speaks with 1001, Piotr has just begun to wait; then there is no Asterisk."""
    stage.call_in(FROM_ANNA, talk=7)
    stage.sleep(3.5)
    stage.call_in(FROM_PIOTR, talk=4)
    stage.sleep(1.1)
    stage.pbx.kill()
    stage.pbx.start()
    call_again(stage)


def restarted_politely(stage: Stage) -> None:
    stage.call_in(FROM_ANNA, talk=7)
    stage.sleep(3.5)
    stage.call_in(FROM_PIOTR, talk=4)
    stage.sleep(1.1)
    stage.pbx.restart()
    call_again(stage)


def call_again(stage: Stage) -> None:
    """Anna's second call, as soon as the ones that were cut are given up."""
    stage.sleep(4)
    stage.call_in(FROM_ANNA, talk=4)
    stage.wait_over()


def falls_silent(stage: Stage) -> None:
    """The caller's line dies without a word: nobody ends the call."""
    anna = stage.call_in(FROM_ANNA, talk=60)
    stage.sleep(2.5)
    anna.stop()
    stage.sleep(2)
    stage.leave()


def anna(talk: float, **changes: Any) -> Truth:
    told: dict[str, Any] = {
        "number": ANNA,
        "name": FROM_ANNA.name,
        "dialed": SUPPORT,
        "queues": ("support",),
        "rang": (ONE,),
        "answered_by": (ONE,),
        "wait_seconds": 1.0,
        "talk_seconds": talk,
        "legs": (caller(TRUNK, talk=talk), callee(ONE, talk=talk)),
        "transfers": (),
    }
    return Truth(**{**told, **changes})


CUT = (
    anna(2.8, hangup_by="pbx"),
    anna(2.5),
    Truth(
        result="missed",
        number=PIOTR,
        name=FROM_PIOTR.name,
        dialed=SUPPORT,
        queues=("support",),
        wait_seconds=0.3,
        hangup_by="pbx",
        legs=(caller(TRUNK, "missed"),),
        transfers=(),
    ),
)

RESTARTS = (
    Scenario(
        name="asterisk-is-reloaded-in-mid-call",
        phones={"1001": Behaviour(ring=1)},
        script=reloaded_in_mid_call,
        plan=with_support(),
        truth=(anna(4.5),),
    ),
    Scenario(
        name="asterisk-dies-in-mid-call-and-is-started-anew",
        phones={"1001": Behaviour(ring=1)},
        script=power_cut,
        plan=with_support(),
        truth=CUT,
    ),
    Scenario(
        name="asterisk-is-restarted-in-mid-call",
        phones={"1001": Behaviour(ring=1)},
        script=restarted_politely,
        plan=with_support(),
        truth=CUT,
    ),
    Scenario(
        name="caller-falls-silent-and-the-call-never-ends",
        phones={"1001": Behaviour(ring=1)},
        script=falls_silent,
        plan=with_support(),
        truth=(anna(0.0, live=True, hangup_by="pbx"),),
    ),
)
