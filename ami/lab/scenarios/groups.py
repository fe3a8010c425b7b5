"""Groups by plain Dial: all at once, one after the other, and several phones of one person."""

from __future__ import annotations

from ami.lab.phones import IS_BUSY, NO_ANSWER, Behaviour, DeskPhone
from ami.lab.scenarios.model import DIRECT, PIOTR, Inbound, Scenario, Truth, calls_from
from ami.lab.scenarios.people import TRUNK, callee, caller, operators
from ami.lab.stage import Stage
from callcenter.pbx.plan import Did, Group

ONE, TWO, THREE = "PJSIP/1001", "PJSIP/1002", "PJSIP/1003"
GROUP = "+48221000201"
TO_GROUP = calls_from(PIOTR, GROUP)
_DIDS = (
    Did(number=GROUP, kind="group", target="610"),
    Did(number=DIRECT, kind="operator", target="1001"),
)


def group(strategy: str = "ringall", ring_seconds: int = 20) -> dict[str, object]:
    everybody = Group(
        number="610",
        members=("1001", "1002", "1003"),
        strategy=strategy,  # type: ignore[arg-type]
        ring_seconds=ring_seconds,
    )
    return {"groups": (everybody,), "dids": _DIDS}


def two_phones(stage: Stage) -> None:
    """A second phone signs in under 1001, and is the one that answers."""
    with DeskPhone(stage.pbx, "1001", Behaviour(ring=2)):
        stage.call_in(calls_from(PIOTR, DIRECT), talk=3)
        stage.wait_over()


_TWICE = """
[lab-twice]
exten => 1001,1,Dial(PJSIP/1001&Local/1001@lab-later,20)
[lab-later]
exten => 1001,1,Wait(1)
 same => n,Dial(PJSIP/1001,20)
[from-trunk](+)
exten => +48221000299,1,Goto(lab-twice,1001,1)
"""

GROUPS = (
    Scenario(
        name="ring-all-group-is-answered-by-one-of-three",
        phones={"1001": NO_ANSWER, "1002": Behaviour(ring=2), "1003": NO_ANSWER},
        calls=(Inbound(call=TO_GROUP, talk=3),),
        plan=group(),
        truth=(
            Truth(
                number=PIOTR,
                dialed=GROUP,
                rang=(ONE, TWO, THREE),
                answered_by=(TWO,),
                wait_seconds=2.0,
                talk_seconds=3.0,
                legs=(
                    caller(TRUNK, talk=3.0),
                    callee(ONE, "elsewhere"),
                    callee(TWO, talk=3.0),
                    callee(THREE, "elsewhere"),
                ),
                transfers=(),
                last_speaker=TWO,
            ),
        ),
    ),
    Scenario(
        name="ring-all-group-is-answered-by-nobody",
        phones={"1001": NO_ANSWER, "1002": NO_ANSWER, "1003": NO_ANSWER},
        calls=(Inbound(call=TO_GROUP),),
        plan=group(ring_seconds=4),
        truth=(
            Truth(
                result="missed",
                number=PIOTR,
                dialed=GROUP,
                rang=(ONE, TWO, THREE),
                wait_seconds=4.0,
                hangup_by="pbx",
                legs=(
                    caller(TRUNK, "missed"),
                    callee(ONE, "missed"),
                    callee(TWO, "missed"),
                    callee(THREE, "missed"),
                ),
                transfers=(),
            ),
        ),
    ),
    Scenario(
        name="ring-all-group-is-given-up-by-the-caller",
        phones={"1001": NO_ANSWER, "1002": NO_ANSWER},
        calls=(Inbound(call=TO_GROUP, patience=3),),
        plan=group(),
        truth=(
            Truth(
                result="abandoned",
                number=PIOTR,
                dialed=GROUP,
                rang=(ONE, TWO),
                wait_seconds=3.0,
                legs=(
                    caller(TRUNK, "cancelled"),
                    callee(ONE, "cancelled"),
                    callee(TWO, "cancelled"),
                ),
                transfers=(),
            ),
        ),
    ),
    Scenario(
        name="ring-all-group-rings-on-while-one-is-busy-and-one-is-not-signed-in",
        phones={"1001": IS_BUSY, "1002": Behaviour(ring=2)},
        calls=(Inbound(call=TO_GROUP, talk=3),),
        plan=group(),
        truth=(
            Truth(
                number=PIOTR,
                dialed=GROUP,
                rang=(ONE, TWO),
                answered_by=(TWO,),
                wait_seconds=2.0,
                talk_seconds=3.0,
                legs=(
                    caller(TRUNK, talk=3.0),
                    callee(ONE, "busy"),
                    callee(TWO, talk=3.0),
                ),
                transfers=(),
            ),
        ),
    ),
    Scenario(
        name="linear-group-is-answered-by-the-second",
        phones={"1001": NO_ANSWER, "1002": Behaviour(ring=1), "1003": NO_ANSWER},
        calls=(Inbound(call=TO_GROUP, talk=3),),
        plan=group("linear", ring_seconds=3),
        truth=(
            Truth(
                number=PIOTR,
                dialed=GROUP,
                rang=(ONE, TWO),
                answered_by=(TWO,),
                wait_seconds=4.0,
                talk_seconds=3.0,
                legs=(
                    caller(TRUNK, talk=3.0),
                    callee(ONE, "missed"),
                    callee(TWO, talk=3.0),
                ),
                transfers=(),
            ),
        ),
    ),
    Scenario(
        name="linear-group-is-answered-by-nobody",
        phones={"1001": NO_ANSWER, "1002": IS_BUSY, "1003": NO_ANSWER},
        calls=(Inbound(call=TO_GROUP),),
        plan=group("linear", ring_seconds=2),
        truth=(
            Truth(
                result="missed",
                number=PIOTR,
                dialed=GROUP,
                rang=(ONE, TWO, THREE),
                wait_seconds=4.0,
                hangup_by="pbx",
                legs=(
                    caller(TRUNK, "missed"),
                    callee(ONE, "missed"),
                    callee(TWO, "busy"),
                    callee(THREE, "missed"),
                ),
                transfers=(),
            ),
        ),
    ),
    Scenario(
        name="one-person-stands-twice-in-a-group",
        phones={"1001": Behaviour(ring=3)},
        calls=(Inbound(call=calls_from(PIOTR, "+48221000299"), talk=3),),
        own_files={"extensions_custom.conf": _TWICE},
        truth=(
            Truth(
                number=PIOTR,
                dialed="+48221000299",
                rang=(ONE,),
                answered_by=(ONE,),
                wait_seconds=3.0,
                talk_seconds=3.0,
                legs=(
                    caller(TRUNK, talk=3.0),
                    callee(ONE, talk=3.0),
                    callee(ONE, "elsewhere"),
                ),
                transfers=(),
            ),
        ),
    ),
    Scenario(
        name="second-phone-of-one-extension-answers",
        phones={"1001": NO_ANSWER},
        script=two_phones,
        plan={"operators": operators({"1001": {"desk_phones": 2}})},
        truth=(
            Truth(
                number=PIOTR,
                dialed=DIRECT,
                rang=(ONE,),
                answered_by=(ONE,),
                wait_seconds=2.0,
                talk_seconds=3.0,
                legs=(
                    caller(TRUNK, talk=3.0),
                    callee(ONE, "elsewhere"),
                    callee(ONE, talk=3.0),
                ),
                transfers=(),
            ),
        ),
    ),
)
