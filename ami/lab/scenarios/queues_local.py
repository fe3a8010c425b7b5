"""Queues whose members are Local channels: they stay, step aside, or do not answer."""

from __future__ import annotations

from ami.lab.phones import IS_BUSY, NO_ANSWER, Behaviour
from ami.lab.scenarios.model import FROM_ANNA, Inbound, Scenario, Truth
from ami.lab.scenarios.people import TRUNK, callee, caller
from ami.lab.scenarios.queues import ANNA_CALLS, IN_SUPPORT, ONE, THREE, TWO, with_support


def locals_in_support(*members: str) -> dict[str, str]:
    """`support` gets members that are Local channels; the dialplan behind them dials the phone."""
    lines = "\n".join(f"member => {member}" for member in members)
    return {
        "queues_custom.conf": f"[support](+)\n{lines}\n",
        "extensions_custom.conf": "[lab-agent]\nexten => _100X,1,Dial(PJSIP/${EXTEN},20)\n",
    }


LOCAL_MEMBERS = (
    Scenario(
        name="local-member-that-stays-answers-for-the-queue",
        phones={"1001": Behaviour(ring=2)},
        calls=(Inbound(call=FROM_ANNA, talk=6),),
        plan=with_support(members=()),
        own_files=locals_in_support("Local/1001@lab-agent/n,0,Operator 1,PJSIP/1001"),
        truth=(
            Truth(
                **ANNA_CALLS,
                queues=IN_SUPPORT,
                rang=(ONE,),
                answered_by=(ONE,),
                wait_seconds=2.0,
                talk_seconds=3.5,
                legs=(caller(TRUNK, talk=3.5), callee(ONE, talk=3.5)),
                transfers=(),
            ),
        ),
    ),
    Scenario(
        name="local-member-that-steps-aside-answers-for-the-queue",
        phones={"1001": Behaviour(ring=2)},
        calls=(Inbound(call=FROM_ANNA, talk=6),),
        plan=with_support(members=()),
        own_files=locals_in_support("Local/1001@lab-agent,0,Operator 1,PJSIP/1001"),
        truth=(
            Truth(
                **ANNA_CALLS,
                queues=IN_SUPPORT,
                rang=(ONE,),
                answered_by=(ONE,),
                wait_seconds=2.0,
                talk_seconds=3.5,
                legs=(caller(TRUNK, talk=3.5), callee(ONE, talk=3.5)),
                transfers=(),
            ),
        ),
    ),
    Scenario(
        name="local-member-does-not-answer-and-the-queue-tries-the-next",
        phones={"1001": NO_ANSWER, "1002": Behaviour(ring=1)},
        calls=(Inbound(call=FROM_ANNA, talk=8),),
        plan=with_support(members=(), ring_seconds=3),
        own_files=locals_in_support(
            "Local/1001@lab-agent/n,0,Operator 1,PJSIP/1001",
            "Local/1002@lab-agent/n,0,Operator 2,PJSIP/1002",
        ),
        truth=(
            Truth(
                **ANNA_CALLS,
                queues=IN_SUPPORT,
                rang=(ONE, TWO),
                answered_by=(TWO,),
                wait_seconds=5.0,
                talk_seconds=2.5,
                legs=(
                    caller(TRUNK, talk=2.5),
                    callee(ONE, "missed"),
                    callee(TWO, talk=2.5),
                ),
                transfers=(),
            ),
        ),
    ),
    Scenario(
        name="ring-all-queue-of-local-members-is-answered-by-one-of-three",
        phones={"1001": NO_ANSWER, "1002": Behaviour(ring=2, talk=3), "1003": IS_BUSY},
        calls=(Inbound(call=FROM_ANNA, talk=60),),
        plan=with_support(members=(), strategy="ringall"),
        own_files=locals_in_support(
            "Local/1001@lab-agent/n,0,Operator 1,PJSIP/1001",
            "Local/1002@lab-agent,0,Operator 2,PJSIP/1002",
            "Local/1003@lab-agent/n,0,Operator 3,PJSIP/1003",
        ),
        truth=(
            Truth(
                **ANNA_CALLS,
                queues=IN_SUPPORT,
                rang=(ONE, TWO, THREE),
                answered_by=(TWO,),
                wait_seconds=2.0,
                talk_seconds=3.0,
                hangup_by="callee",
                legs=(
                    caller(TRUNK, talk=3.0),
                    callee(ONE, "elsewhere"),
                    callee(TWO, talk=3.0),
                    callee(THREE, "busy"),
                ),
                transfers=(),
            ),
        ),
    ),
    Scenario(
        name="caller-gives-up-while-a-local-member-rings",
        phones={"1001": NO_ANSWER},
        calls=(Inbound(call=FROM_ANNA, talk=4),),
        plan=with_support(members=()),
        own_files=locals_in_support("Local/1001@lab-agent/n,0,Operator 1,PJSIP/1001"),
        truth=(
            Truth(
                **ANNA_CALLS,
                result="abandoned",
                queues=IN_SUPPORT,
                rang=(ONE,),
                wait_seconds=3.5,
                legs=(caller(TRUNK, "cancelled"), callee(ONE, "cancelled")),
                transfers=(),
            ),
        ),
    ),
)
