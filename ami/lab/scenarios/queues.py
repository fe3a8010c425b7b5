"""Queues: who is rung, in which order, and where callers go."""

from __future__ import annotations

from typing import Any

from ami.lab.phones import DECLINES, NO_ANSWER, Behaviour
from ami.lab.scenarios.model import (
    ANNA,
    FROM_ANNA,
    PIOTR,
    SALES,
    SUPPORT,
    Inbound,
    Scenario,
    Truth,
    calls_from,
    queues,
)
from ami.lab.scenarios.people import TRUNK, callee, caller, operators
from ami.lab.stage import Stage
from callcenter.pbx.plan import Destination, Key, Queue

ONE, TWO, THREE = "PJSIP/1001", "PJSIP/1002", "PJSIP/1003"
FROM_PIOTR = calls_from(PIOTR, SUPPORT, "Пётр Иванов")
ANNA_CALLS: dict[str, Any] = {"number": ANNA, "name": FROM_ANNA.name, "dialed": SUPPORT}
PIOTR_CALLS: dict[str, Any] = {"number": PIOTR, "name": FROM_PIOTR.name, "dialed": SUPPORT}
IN_SUPPORT = ("support",)


def with_support(**changes: Any) -> dict[str, Any]:
    """The queues of the plan, `support` with something of its own."""
    ours = Queue(name="support", **{"strategy": "rrmemory", "members": ("1001",), **changes})
    return {"queues": tuple(ours if q.name == "support" else q for q in queues())}


def pause_then_call(stage: Stage) -> None:
    stage.manager("QueuePause", Interface=ONE, Paused="true", Reason="lunch")
    stage.sleep(0.3)
    stage.call_in(FROM_ANNA, talk=4)
    stage.wait_over()


def unpaused_while_the_caller_waits(stage: Stage) -> None:
    stage.manager("QueuePause", Interface=ONE, Paused="true", Reason="lunch")
    stage.call_in(FROM_ANNA, talk=7)
    stage.sleep(3)
    stage.manager("QueuePause", Interface=ONE, Paused="false")
    stage.wait_over()


def one_after_the_other(stage: Stage) -> None:
    """The second caller comes in when the first is about to hang up."""
    stage.call_in(FROM_ANNA, talk=3)
    stage.sleep(2)
    stage.call_in(FROM_PIOTR, talk=9)
    stage.wait_over()


def last_operator_takes_a_break(stage: Stage) -> None:
    stage.call_in(FROM_ANNA, talk=60)
    stage.sleep(4)
    stage.manager("QueuePause", Interface=ONE, Paused="true", Reason="lunch")
    stage.wait_over()


QUEUES = (
    Scenario(
        name="queue-rings-an-operator-again-after-nobody-answered",
        phones={"1001": NO_ANSWER},
        calls=(Inbound(call=FROM_ANNA, talk=8),),
        plan=with_support(ring_seconds=2),
        truth=(
            Truth(
                **ANNA_CALLS,
                result="abandoned",
                queues=IN_SUPPORT,
                rang=(ONE,),
                wait_seconds=7.5,
                legs=(
                    caller(TRUNK, "cancelled"),
                    callee(ONE, "missed"),
                    callee(ONE, "missed"),
                    callee(ONE, "cancelled"),
                ),
                transfers=(),
            ),
        ),
    ),
    Scenario(
        name="caller-overflows-from-one-queue-to-the-next-and-is-answered",
        phones={"1001": NO_ANSWER, "1002": Behaviour(ring=1)},
        calls=(Inbound(call=FROM_ANNA, talk=8),),
        plan={
            "queues": (
                Queue(
                    name="support",
                    strategy="rrmemory",
                    members=("1001",),
                    ring_seconds=3,
                    wait_seconds=3,
                    overflow=Destination(kind="queue", target="sales"),
                ),
                Queue(name="sales", strategy="ringall", members=("1002",)),
                *queues()[2:],
            )
        },
        truth=(
            Truth(
                **ANNA_CALLS,
                queues=("support", "sales"),
                rang=(ONE, TWO),
                answered_by=(TWO,),
                wait_seconds=4.0,
                talk_seconds=3.5,
                legs=(
                    caller(TRUNK, talk=3.5),
                    callee(ONE, "missed"),
                    callee(TWO, talk=3.5),
                ),
                transfers=(),
            ),
        ),
    ),
    Scenario(
        name="caller-leaves-the-queue-by-a-key-and-is-answered-elsewhere",
        phones={"1001": NO_ANSWER, "1002": Behaviour(ring=1)},
        calls=(Inbound(call=FROM_ANNA, talk=4, digit="2"),),
        plan=with_support(keys=(Key(digit="2", to=Destination(kind="operator", target="1002")),)),
        truth=(
            Truth(
                **ANNA_CALLS,
                queues=IN_SUPPORT,
                rang=(ONE, TWO),
                answered_by=(TWO,),
                wait_seconds=2.0,
                talk_seconds=3.0,
                legs=(
                    caller(TRUNK, talk=3.0),
                    callee(ONE, "cancelled"),
                    callee(TWO, talk=3.0),
                ),
                transfers=(),
            ),
        ),
    ),
    Scenario(
        name="operator-declines-and-the-queue-tries-the-next",
        phones={"1001": DECLINES, "1002": Behaviour(ring=1)},
        calls=(Inbound(call=FROM_ANNA, talk=7),),
        plan=with_support(members=("1001", "1002")),
        truth=(
            Truth(
                **ANNA_CALLS,
                queues=IN_SUPPORT,
                rang=(ONE, TWO),
                answered_by=(TWO,),
                wait_seconds=2.0,
                talk_seconds=4.5,
                legs=(
                    caller(TRUNK, talk=4.5),
                    callee(ONE, "rejected"),
                    callee(TWO, talk=4.5),
                ),
                transfers=(),
            ),
        ),
    ),
    Scenario(
        name="operator-is-left-alone-for-a-moment-between-two-calls",
        phones={"1001": Behaviour(ring=1)},
        script=one_after_the_other,
        plan=with_support(wrapup_seconds=3),
        truth=(
            Truth(
                **ANNA_CALLS,
                queues=IN_SUPPORT,
                rang=(ONE,),
                answered_by=(ONE,),
                wait_seconds=1.0,
                talk_seconds=1.5,
                legs=(caller(TRUNK, talk=1.5), callee(ONE, talk=1.5)),
                transfers=(),
            ),
            Truth(
                **PIOTR_CALLS,
                queues=IN_SUPPORT,
                rang=(ONE,),
                answered_by=(ONE,),
                wait_seconds=4.0,  # or 5.0: the queue counts wrap-up in whole seconds of its clock
                talk_seconds=4.5,
                legs=(caller(TRUNK, talk=4.5), callee(ONE, talk=4.5)),
                transfers=(),
            ),
        ),
    ),
    Scenario(
        name="caller-waits-while-every-operator-is-paused-and-no-phone-rings",
        phones={"1001": Behaviour(ring=1)},
        script=pause_then_call,
        plan=with_support(),
        truth=(
            Truth(
                **ANNA_CALLS,
                result="abandoned",
                queues=IN_SUPPORT,
                wait_seconds=3.5,
                legs=(caller(TRUNK, "cancelled"),),
                transfers=(),
            ),
        ),
    ),
    Scenario(
        name="caller-waits-until-an-operator-comes-back-from-a-break",
        phones={"1001": Behaviour(ring=1)},
        script=unpaused_while_the_caller_waits,
        plan=with_support(),
        truth=(
            Truth(
                **ANNA_CALLS,
                queues=IN_SUPPORT,
                rang=(ONE,),
                answered_by=(ONE,),
                wait_seconds=4.0,
                talk_seconds=2.5,
                legs=(caller(TRUNK, talk=2.5), callee(ONE, talk=2.5)),
                transfers=(),
            ),
        ),
    ),
    Scenario(
        name="queue-without-anybody-takes-no-caller",
        calls=(Inbound(call=FROM_ANNA, talk=60),),
        plan=with_support(join_empty=False),
        truth=(
            Truth(
                **ANNA_CALLS,
                result="missed",
                queues=IN_SUPPORT,
                wait_seconds=0.0,
                hangup_by="pbx",
                legs=(caller(TRUNK, "missed"),),
                transfers=(),
            ),
        ),
    ),
    Scenario(
        name="caller-is-put-out-of-the-queue-when-the-last-operator-takes-a-break",
        phones={"1001": NO_ANSWER},
        script=last_operator_takes_a_break,
        plan=with_support(leave_when_empty=True, ring_seconds=3),
        truth=(
            Truth(
                **ANNA_CALLS,
                result="missed",
                queues=IN_SUPPORT,
                rang=(ONE,),
                wait_seconds=4.0,
                hangup_by="pbx",
                legs=(caller(TRUNK, "missed"), callee(ONE, "missed")),
                transfers=(),
            ),
        ),
    ),
    Scenario(
        name="two-callers-wait-for-one-operator-and-are-answered-in-turn",
        phones={"1001": Behaviour(ring=1, talk=2)},
        calls=(Inbound(call=FROM_ANNA, talk=60), Inbound(call=FROM_PIOTR, talk=60)),
        plan=with_support(),
        truth=(
            Truth(
                **ANNA_CALLS,
                queues=IN_SUPPORT,
                rang=(ONE,),
                answered_by=(ONE,),
                wait_seconds=1.0,
                talk_seconds=2.0,
                hangup_by="callee",
                legs=(caller(TRUNK, talk=2.0), callee(ONE, talk=2.0)),
                transfers=(),
            ),
            Truth(
                **PIOTR_CALLS,
                queues=IN_SUPPORT,
                rang=(ONE,),
                answered_by=(ONE,),
                wait_seconds=4.0,
                talk_seconds=2.0,
                hangup_by="callee",
                legs=(caller(TRUNK, talk=2.0), callee(ONE, talk=2.0)),
                transfers=(),
            ),
        ),
    ),
    Scenario(
        name="caller-gives-up-in-the-queue-before-any-phone-rings",
        calls=(Inbound(call=calls_from(ANNA, SALES), talk=3),),
        truth=(
            Truth(
                number=ANNA,
                dialed=SALES,
                result="abandoned",
                queues=("sales",),
                wait_seconds=2.5,
                legs=(caller(TRUNK, "cancelled"),),
                transfers=(),
            ),
        ),
    ),
    Scenario(
        name="caller-whose-time-in-the-queue-is-over-leaves-a-message",
        phones={"1001": NO_ANSWER},
        calls=(Inbound(call=FROM_ANNA, talk=10),),
        plan={
            **with_support(
                ring_seconds=3,
                wait_seconds=3,
                overflow=Destination(kind="voicemail", target="1001"),
            ),
            "operators": operators({"1001": {"mailbox": True}}),
        },
        truth=(
            Truth(
                **ANNA_CALLS,
                result="voicemail",
                queues=IN_SUPPORT,
                rang=(ONE,),
                wait_seconds=3.0,
                legs=(caller(TRUNK, "unknown"), callee(ONE, "missed")),
                transfers=(),
            ),
        ),
    ),
)
