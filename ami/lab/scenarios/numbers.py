"""Numbers as networks write them and dialplans change them."""

from __future__ import annotations

from ami.lab.phones import NO_ANSWER, Behaviour
from ami.lab.scenarios.model import (
    DIRECT,
    MENU,
    OUTSIDE,
    PIOTR,
    SUPPORT,
    FromDesk,
    Inbound,
    Scenario,
    Truth,
    calls_from,
)
from ami.lab.scenarios.people import TRUNK, callee, caller

ONE = "PJSIP/1001"

_REWRITTEN = """
[from-trunk](+)
exten => +48221000501,1,Set(CALLERID(num)=+48${CALLERID(num):1})
 same => n,Dial(PJSIP/1001,25)
 same => n,Hangup()
"""


def answered(number: str, dialed: str, *, queued: bool = True) -> Truth:
    """A call of which the caller hangs up four seconds after the PBX answered."""
    talk = 2.5 if queued else 3.0
    return Truth(
        number=number,
        dialed=dialed,
        queues=("support",) if queued else (),
        rang=(ONE,),
        answered_by=(ONE,),
        wait_seconds=1.0,
        talk_seconds=talk,
        legs=(caller(TRUNK, talk=talk), callee(ONE, talk=talk)),
        transfers=(),
    )


NUMBERS = (
    Scenario(
        name="network-writes-numbers-without-a-plus",
        phones={"1001": Behaviour(ring=1)},
        calls=(Inbound(call=calls_from(PIOTR[1:], SUPPORT[1:]), talk=4),),
        truth=(answered(PIOTR[1:], SUPPORT[1:]),),
    ),
    Scenario(
        name="caller-with-a-short-number-is-answered",
        phones={"1001": Behaviour(ring=1)},
        calls=(Inbound(call=calls_from("19115", SUPPORT), talk=4),),
        truth=(answered("19115", SUPPORT),),
    ),
    Scenario(
        name="stranger-whose-number-is-like-an-extension-is-a-stranger",
        phones={"1001": Behaviour(ring=1)},
        calls=(Inbound(call=calls_from("1002", SUPPORT), talk=4),),
        truth=(answered("1002", SUPPORT),),
    ),
    Scenario(
        name="dialplan-rewrites-the-callers-number-before-the-phone-rings",
        phones={"1001": Behaviour(ring=1)},
        calls=(Inbound(call=calls_from("0600100102", "+48221000501"), talk=3),),
        own_files={"extensions_custom.conf": _REWRITTEN},
        truth=(answered(PIOTR, "+48221000501", queued=False),),
    ),
    Scenario(
        name="dialled-number-stays-known-behind-the-menu",
        phones={"1001": Behaviour(ring=1)},
        calls=(Inbound(call=calls_from(PIOTR, MENU), talk=4, digit="2"),),
        truth=(
            Truth(
                number=PIOTR,
                dialed=MENU,
                queues=("support",),
                rang=(ONE,),
                answered_by=(ONE,),
                wait_seconds=1.0,
                talk_seconds=3.0,
                legs=(caller(TRUNK, talk=3.0), callee(ONE, talk=3.0)),
                transfers=(),
            ),
        ),
    ),
    Scenario(
        name="same-two-numbers-speak-twice-at-once",
        phones={"1001": Behaviour(ring=1), "1002": Behaviour(ring=1)},
        calls=(
            Inbound(call=calls_from(PIOTR, SUPPORT), talk=4),
            Inbound(call=calls_from(PIOTR, SUPPORT), talk=4),
        ),
        truth=(
            answered(PIOTR, SUPPORT),
            Truth(
                number=PIOTR,
                dialed=SUPPORT,
                queues=("support",),
                rang=("PJSIP/1002",),
                answered_by=("PJSIP/1002",),
                wait_seconds=1.0,
                talk_seconds=2.5,
                legs=(caller(TRUNK, talk=2.5), callee("PJSIP/1002", talk=2.5)),
                transfers=(),
            ),
        ),
    ),
    Scenario(
        name="two-people-call-each-other-at-the-same-moment",
        phones={"1001": NO_ANSWER},
        far_end=Behaviour(ring=2),
        calls=(
            FromDesk(extension="1001", to=OUTSIDE, talk=3),
            Inbound(call=calls_from(OUTSIDE, DIRECT), patience=3),
        ),
        truth=(
            Truth(
                direction="outbound",
                number="1001",
                name="Operator 1",
                dialed=OUTSIDE,
                rang=(TRUNK,),
                answered_by=(TRUNK,),
                wait_seconds=2.0,
                talk_seconds=3.0,
                legs=(caller(ONE, talk=3.0), callee(TRUNK, talk=3.0)),
                transfers=(),
            ),
            Truth(
                result="abandoned",
                number=OUTSIDE,
                dialed=DIRECT,
                rang=(ONE,),
                wait_seconds=3.0,
                legs=(caller(TRUNK, "cancelled"), callee(ONE, "cancelled")),
                transfers=(),
            ),
        ),
    ),
    Scenario(
        name="operator-listens-to-their-own-echo",
        phones={"1001": NO_ANSWER},
        calls=(FromDesk(extension="1001", to="600", talk=3),),
        truth=(
            Truth(
                direction="internal",
                result="unknown",
                number="1001",
                name="Operator 1",
                dialed="600",
                wait_seconds=3.0,
                legs=(caller(ONE, "unknown"),),
                transfers=(),
            ),
        ),
    ),
)
