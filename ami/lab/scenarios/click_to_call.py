"""Click to call: the CRM rings the operator's phone first and then dials, under ids of its own."""

from __future__ import annotations

from collections.abc import Callable

from ami.lab.phones import DECLINES, IS_BUSY, NO_ANSWER, Behaviour
from ami.lab.scenarios.model import OUTSIDE, Scenario, Truth
from ami.lab.scenarios.people import TRUNK, callee, caller
from ami.lab.stage import Stage

_CLICK, _OTHER = "click-7b21c0de-1", "click-7b21c0de-2"
DESK, LINE = "PJSIP/1001", TRUNK


def click(
    channel: str = DESK, to: str = OUTSIDE, seconds: int = 30, **more: str
) -> Callable[[Stage], None]:
    """What the CRM asks of the PBX when an operator clicks on a number."""

    def script(stage: Stage) -> None:
        stage.manager(
            "Originate",
            Channel=channel,
            Context="crm-click",
            Exten=to,
            Priority="1",
            Timeout=str(seconds * 1000),
            Async="true",
            CallerID=f'"{to}" <{to}>',
            ChannelId=_CLICK,
            Variable=[f"CRM_CLICK={to}"],
            **more,
        )
        stage.sleep(1)

    return script


def by_local(stage: Stage) -> None:
    """By a Local channel, which rings every device that the operator has."""
    click("Local/1001@crm-transfer", OtherChannelId=_OTHER)(stage)


CLICK_TO_CALL = (
    Scenario(
        name="click-to-call-is-answered-by-both-sides",
        phones={"1001": Behaviour(ring=1)},
        far_end=Behaviour(ring=2, talk=3),
        script=click(),
        truth=(
            Truth(
                direction="outbound",
                number="1001",
                name="Operator 1",
                dialed=OUTSIDE,
                rang=(LINE,),
                answered_by=(LINE,),
                wait_seconds=3.0,
                talk_seconds=3.0,
                hangup_by="callee",
                legs=(
                    caller(DESK, talk=3.0),
                    callee(LINE, talk=3.0),
                ),
                transfers=(),
                last_speaker=LINE,
            ),
        ),
    ),
    Scenario(
        name="click-to-call-by-a-local-channel-is-answered-by-both-sides",
        phones={"1001": Behaviour(ring=1, talk=6)},
        far_end=Behaviour(ring=2),
        script=by_local,
        truth=(
            Truth(
                direction="outbound",
                number="1001",
                name="Operator 1",
                dialed=OUTSIDE,
                rang=(LINE,),
                answered_by=(LINE,),
                wait_seconds=3.0,
                talk_seconds=4.0,
                legs=(
                    caller(DESK, talk=4.0),
                    callee(LINE, talk=4.0),
                ),
                transfers=(),
            ),
        ),
    ),
    Scenario(
        name="click-to-call-by-a-local-channel-that-stays-is-answered-by-both-sides",
        phones={"1001": Behaviour(ring=1, talk=6)},
        far_end=Behaviour(ring=2),
        script=click("Local/1001@crm-transfer/n", OtherChannelId=_OTHER),
        truth=(
            Truth(
                direction="outbound",
                number="1001",
                name="Operator 1",
                dialed=OUTSIDE,
                rang=(LINE,),
                answered_by=(LINE,),
                wait_seconds=3.0,
                talk_seconds=4.0,
                legs=(
                    caller(DESK, talk=4.0),
                    callee(LINE, talk=4.0),
                ),
                transfers=(),
            ),
        ),
    ),
    Scenario(
        name="click-to-call-to-a-colleague-is-answered",
        phones={"1001": Behaviour(ring=1), "1002": Behaviour(ring=2, talk=3)},
        script=click(to="1002"),
        truth=(
            Truth(
                direction="internal",
                number="1001",
                name="Operator 1",
                dialed="1002",
                rang=("PJSIP/1002",),
                answered_by=("PJSIP/1002",),
                wait_seconds=3.0,
                talk_seconds=3.0,
                hangup_by="callee",
                legs=(
                    caller(DESK, talk=3.0),
                    callee("PJSIP/1002", talk=3.0),
                ),
                transfers=(),
            ),
        ),
    ),
    Scenario(
        name="click-to-call-is-declined-by-the-operator-themselves",
        phones={"1001": DECLINES},
        far_end=NO_ANSWER,
        script=click(),
        truth=(
            Truth(
                direction="outbound",
                result="rejected",
                number="1001",
                name="Operator 1",
                dialed=OUTSIDE,
                wait_seconds=1.0,
                legs=(caller(DESK, "rejected"),),
                transfers=(),
            ),
        ),
    ),
    Scenario(
        name="click-to-call-is-not-answered-by-the-operator-themselves",
        phones={"1001": NO_ANSWER},
        far_end=NO_ANSWER,
        script=click(seconds=4),
        truth=(
            Truth(
                direction="outbound",
                result="missed",
                number="1001",
                name="Operator 1",
                dialed=OUTSIDE,
                wait_seconds=4.0,
                hangup_by="pbx",
                legs=(caller(DESK, "missed"),),
                transfers=(),
            ),
        ),
    ),
    Scenario(
        name="click-to-call-by-a-local-channel-is-not-answered-by-the-operator",
        phones={"1001": NO_ANSWER},
        far_end=NO_ANSWER,
        script=click("Local/1001@crm-transfer", seconds=4, OtherChannelId=_OTHER),
        truth=(
            Truth(
                direction="outbound",
                result="missed",
                number="1001",
                name="Operator 1",
                dialed=OUTSIDE,
                wait_seconds=4.0,
                hangup_by="pbx",
                legs=(caller(DESK, "missed"),),
                transfers=(),
            ),
        ),
    ),
    Scenario(
        name="click-to-call-meets-a-busy-line",
        phones={"1001": Behaviour(ring=1)},
        far_end=IS_BUSY,
        script=click(),
        truth=(
            Truth(
                direction="outbound",
                result="busy",
                number="1001",
                name="Operator 1",
                dialed=OUTSIDE,
                rang=(LINE,),
                wait_seconds=1.0,
                hangup_by="callee",
                legs=(
                    caller(DESK, "busy"),
                    callee(LINE, "busy"),
                ),
                transfers=(),
            ),
        ),
    ),
    Scenario(
        name="click-to-call-is-declined-by-the-far-end",
        phones={"1001": Behaviour(ring=1)},
        far_end=DECLINES,
        script=click(),
        truth=(
            Truth(
                direction="outbound",
                result="rejected",
                number="1001",
                name="Operator 1",
                dialed=OUTSIDE,
                rang=(LINE,),
                wait_seconds=2.0,
                hangup_by="callee",
                legs=(
                    caller(DESK, "rejected"),
                    callee(LINE, "rejected"),
                ),
                transfers=(),
            ),
        ),
    ),
    Scenario(
        name="click-to-call-is-given-up-while-the-far-end-rings",
        phones={"1001": Behaviour(ring=1, talk=4)},
        far_end=NO_ANSWER,
        script=click(),
        truth=(
            Truth(
                direction="outbound",
                result="abandoned",
                number="1001",
                name="Operator 1",
                dialed=OUTSIDE,
                rang=(LINE,),
                wait_seconds=5.0,
                legs=(
                    caller(DESK, "cancelled"),
                    callee(LINE, "cancelled"),
                ),
                transfers=(),
            ),
        ),
    ),
)
