"""Calls to one desk and from one: direct numbers, the outside, colleagues."""

from __future__ import annotations

from ami.lab.phones import DECLINES, IS_BUSY, NO_ANSWER, UNAVAILABLE, Behaviour
from ami.lab.scenarios.model import (
    DIRECT,
    OUTSIDE,
    PIOTR,
    FromDesk,
    Inbound,
    Scenario,
    Truth,
    calls_from,
)

DESKS = (
    Scenario(
        name="direct-number-is-answered",
        phones={"1001": Behaviour(ring=2, talk=3)},
        calls=(Inbound(call=calls_from(PIOTR, DIRECT), talk=60),),
        truth=(
            Truth(
                number=PIOTR,
                dialed=DIRECT,
                rang=("PJSIP/1001",),
                answered_by=("PJSIP/1001",),
                wait_seconds=2.0,
                hangup_by="callee",
                talk_seconds=3.0,
            ),
        ),
    ),
    Scenario(
        name="direct-number-is-busy",
        phones={"1001": IS_BUSY},
        calls=(Inbound(call=calls_from(PIOTR, DIRECT)),),
        truth=(
            Truth(
                result="busy",
                number=PIOTR,
                dialed=DIRECT,
                rang=("PJSIP/1001",),
                wait_seconds=0.0,
                hangup_by="callee",
            ),
        ),
    ),
    Scenario(
        name="direct-number-declines-the-call",
        phones={"1001": DECLINES},
        calls=(Inbound(call=calls_from(PIOTR, DIRECT)),),
        truth=(
            Truth(
                result="rejected",
                number=PIOTR,
                dialed=DIRECT,
                rang=("PJSIP/1001",),
                wait_seconds=1.0,
                hangup_by="callee",
            ),
        ),
    ),
    Scenario(
        name="direct-number-does-not-answer",
        phones={"1001": NO_ANSWER},
        calls=(Inbound(call=calls_from(PIOTR, DIRECT)),),
        truth=(
            Truth(
                result="missed",
                number=PIOTR,
                dialed=DIRECT,
                rang=("PJSIP/1001",),
                wait_seconds=25.0,
                hangup_by="pbx",
            ),
        ),
    ),
    Scenario(
        name="direct-number-refuses-as-unavailable",
        phones={"1001": UNAVAILABLE},
        calls=(Inbound(call=calls_from(PIOTR, DIRECT)),),
        truth=(
            Truth(
                result="failed",
                number=PIOTR,
                dialed=DIRECT,
                rang=("PJSIP/1001",),
                wait_seconds=0.0,
                hangup_by="callee",
            ),
        ),
    ),
    Scenario(
        name="direct-number-has-no-phone-signed-in",
        calls=(Inbound(call=calls_from(PIOTR, DIRECT)),),
        truth=(
            Truth(result="failed", number=PIOTR, dialed=DIRECT, wait_seconds=0.0, hangup_by="pbx"),
        ),
    ),
    Scenario(
        name="caller-cancels-while-the-direct-number-rings",
        phones={"1001": NO_ANSWER},
        calls=(Inbound(call=calls_from(PIOTR, DIRECT), patience=3),),
        truth=(
            Truth(
                result="abandoned",
                number=PIOTR,
                dialed=DIRECT,
                rang=("PJSIP/1001",),
                wait_seconds=3.0,
            ),
        ),
    ),
    Scenario(
        name="outbound-call-is-answered",
        phones={"1001": NO_ANSWER},
        far_end=Behaviour(ring=2),
        calls=(FromDesk(extension="1001", to=OUTSIDE, talk=3),),
        truth=(
            Truth(
                direction="outbound",
                number="1001",
                name="Operator 1",
                dialed=OUTSIDE,
                rang=("PJSIP/trunk",),
                answered_by=("PJSIP/trunk",),
                wait_seconds=2.0,
                talk_seconds=3.0,
            ),
        ),
    ),
    Scenario(
        name="outbound-call-is-not-answered",
        phones={"1001": NO_ANSWER},
        far_end=NO_ANSWER,
        calls=(FromDesk(extension="1001", to=OUTSIDE, patience=4),),
        truth=(
            Truth(
                direction="outbound",
                result="abandoned",
                number="1001",
                name="Operator 1",
                dialed=OUTSIDE,
                rang=("PJSIP/trunk",),
                wait_seconds=4.0,
            ),
        ),
    ),
    Scenario(
        name="outbound-call-meets-a-busy-line",
        phones={"1001": NO_ANSWER},
        far_end=IS_BUSY,
        calls=(FromDesk(extension="1001", to=OUTSIDE),),
        truth=(
            Truth(
                direction="outbound",
                result="busy",
                number="1001",
                name="Operator 1",
                dialed=OUTSIDE,
                rang=("PJSIP/trunk",),
                wait_seconds=0.0,
                hangup_by="callee",
            ),
        ),
    ),
    Scenario(
        name="internal-call-is-answered",
        phones={"1001": NO_ANSWER, "1002": Behaviour(ring=2)},
        calls=(FromDesk(extension="1001", to="1002", talk=3),),
        truth=(
            Truth(
                direction="internal",
                number="1001",
                name="Operator 1",
                dialed="1002",
                rang=("PJSIP/1002",),
                answered_by=("PJSIP/1002",),
                wait_seconds=2.0,
                talk_seconds=3.0,
            ),
        ),
    ),
    Scenario(
        name="internal-call-is-not-answered",
        phones={"1001": NO_ANSWER, "1002": NO_ANSWER},
        calls=(FromDesk(extension="1001", to="1002"),),
        truth=(
            Truth(
                direction="internal",
                result="missed",
                number="1001",
                name="Operator 1",
                dialed="1002",
                rang=("PJSIP/1002",),
                wait_seconds=25.0,
                hangup_by="pbx",
            ),
        ),
    ),
)
