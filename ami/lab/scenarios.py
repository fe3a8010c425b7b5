"""What can happen to a call, played on the lab: each scenario and what is true about it.

The truth is written down here from what the scenario's people do, never taken from what the
product made of it. Times are seconds, good to about one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ami.lab.phones import (
    DECLINES,
    HIDDEN,
    IS_BUSY,
    NO_ANSWER,
    UNAVAILABLE,
    Behaviour,
    Call,
)
from callcenter.pbx.plan import QUEUE_NAMES, Queue

SUPPORT, SALES, MENU = "+48221000001", "+48221000002", "+48221000003"
DIRECT = "+48221000101"
ANNA, PIOTR, STRANGER = "+48600100101", "+48600100102", "+48600999888"
OUTSIDE = "+48501501501"


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """One call, as the people in it would tell it. `rang`, `answered_by`: devices, in order."""

    direction: str = "inbound"
    result: str = "answered"
    number: str
    name: str = ""
    dialed: str
    queues: tuple[str, ...] = ()
    rang: tuple[str, ...] = ()
    answered_by: tuple[str, ...] = ()
    wait_seconds: float
    """From the first queue (without one: from the call's beginning) until a person answered, or
    until the call ended unanswered."""
    talk_seconds: float = 0.0
    hangup_by: str = "caller"
    """caller; callee (a refusal too); pbx."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """Somebody calls from outside. `talk`: from the PBX's answer until the caller hangs up."""

    call: Call
    talk: float = 6.0
    patience: float = 60.0
    digit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FromDesk:
    """An operator calls, from the phone of `extension`."""

    extension: str
    to: str
    talk: float = 3.0
    patience: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    name: str
    calls: tuple[Inbound | FromDesk, ...]
    truth: tuple[Truth, ...]
    phones: Mapping[str, Behaviour] = field(default_factory=dict)
    far_end: Behaviour | None = None
    route: str = ""
    """What the CRM says (CRM_ROUTE)."""
    plan: Mapping[str, Any] = field(default_factory=dict)


def _queues(*, members: tuple[str, ...] = ("1001", "1002", "1003"), **changes: int) -> Any:
    strategy = {"sales": "ringall", "support": "rrmemory"}
    return tuple(
        Queue(name=name, strategy=strategy.get(name, "leastrecent"), members=members, **changes)  # type: ignore[arg-type]
        for name in QUEUE_NAMES
    )


def _from(number: str, to: str, name: str = "") -> Call:
    return Call(number=number, to=to, name=name)


_ANNA = _from(ANNA, SUPPORT, "Anna Wiśniewska")

SCENARIOS = (
    Scenario(
        name="inbound-call-is-answered-through-the-queue",
        phones={"1001": Behaviour(ring=2)},
        calls=(Inbound(call=_ANNA, talk=6),),
        route="queue-support",
        truth=(
            Truth(
                number=ANNA,
                name="Anna Wiśniewska",
                dialed=SUPPORT,
                queues=("support",),
                rang=("PJSIP/1001",),
                answered_by=("PJSIP/1001",),
                wait_seconds=2.0,
                talk_seconds=3.5,
            ),
        ),
    ),
    Scenario(
        name="ring-all-queue-is-answered-by-one-of-three",
        phones={"1001": NO_ANSWER, "1002": Behaviour(ring=2, talk=3), "1003": NO_ANSWER},
        calls=(Inbound(call=_from(PIOTR, SALES, "Пётр Иванов"), talk=60),),
        truth=(
            Truth(
                number=PIOTR,
                name="Пётр Иванов",
                dialed=SALES,
                queues=("sales",),
                rang=("PJSIP/1001", "PJSIP/1002", "PJSIP/1003"),
                answered_by=("PJSIP/1002",),
                wait_seconds=2.0,
                hangup_by="callee",
                talk_seconds=3.0,
            ),
        ),
    ),
    Scenario(
        name="queue-tries-a-second-operator-when-the-first-does-not-answer",
        phones={"1001": NO_ANSWER, "1002": Behaviour(ring=1)},
        calls=(Inbound(call=_ANNA, talk=9),),
        plan={"queues": _queues(members=("1001", "1002"), ring_seconds=3)},
        truth=(
            Truth(
                number=ANNA,
                name="Anna Wiśniewska",
                dialed=SUPPORT,
                queues=("support",),
                rang=("PJSIP/1001", "PJSIP/1002"),
                answered_by=("PJSIP/1002",),
                wait_seconds=5.0,
                talk_seconds=3.5,
            ),
        ),
    ),
    Scenario(
        name="vip-caller-goes-to-the-vip-queue",
        phones={"1001": Behaviour(ring=1, talk=2)},
        calls=(Inbound(call=_ANNA, talk=60),),
        route="queue-vip",
        truth=(
            Truth(
                number=ANNA,
                name="Anna Wiśniewska",
                dialed=SUPPORT,
                queues=("vip",),
                rang=("PJSIP/1001",),
                answered_by=("PJSIP/1001",),
                wait_seconds=1.0,
                hangup_by="callee",
                talk_seconds=2.0,
            ),
        ),
    ),
    Scenario(
        name="blocked-caller-hears-a-message-and-no-phone-rings",
        phones={"1001": Behaviour(ring=1)},
        calls=(Inbound(call=_from(STRANGER, SUPPORT), talk=60),),
        route="blocked",
        truth=(
            Truth(
                result="blocked",
                number=STRANGER,
                dialed=SUPPORT,
                wait_seconds=5.4,
                hangup_by="pbx",
            ),
        ),
    ),
    Scenario(
        name="debtor-caller-goes-to-the-debtors-queue",
        phones={"1003": Behaviour(ring=1)},
        calls=(Inbound(call=_ANNA, talk=5),),
        route="queue-debtors",
        truth=(
            Truth(
                number=ANNA,
                name="Anna Wiśniewska",
                dialed=SUPPORT,
                queues=("debtors",),
                rang=("PJSIP/1003",),
                answered_by=("PJSIP/1003",),
                wait_seconds=1.0,
                talk_seconds=3.5,
            ),
        ),
    ),
    Scenario(
        name="vip-caller-gives-up-in-the-vip-queue",
        phones={"1001": NO_ANSWER},
        calls=(Inbound(call=_ANNA, talk=4),),
        route="queue-vip",
        truth=(
            Truth(
                result="abandoned",
                number=ANNA,
                name="Anna Wiśniewska",
                dialed=SUPPORT,
                queues=("vip",),
                rang=("PJSIP/1001",),
                wait_seconds=4.0,
            ),
        ),
    ),
    Scenario(
        name="blocked-caller-dials-an-operator-and-no-phone-rings",
        phones={"1001": Behaviour(ring=1)},
        calls=(Inbound(call=_from(STRANGER, DIRECT), talk=60),),
        route="blocked",
        truth=(
            Truth(
                result="blocked",
                number=STRANGER,
                dialed=DIRECT,
                wait_seconds=5.4,
                hangup_by="pbx",
            ),
        ),
    ),
    Scenario(
        name="caller-gives-up-in-the-queue",
        phones={"1001": NO_ANSWER},
        calls=(Inbound(call=_ANNA, talk=4),),
        truth=(
            Truth(
                result="abandoned",
                number=ANNA,
                name="Anna Wiśniewska",
                dialed=SUPPORT,
                queues=("support",),
                rang=("PJSIP/1001",),
                wait_seconds=3.5,
            ),
        ),
    ),
    Scenario(
        name="caller-gives-up-in-the-menu-before-any-queue",
        phones={"1001": NO_ANSWER},
        calls=(Inbound(call=_from(ANNA, MENU), talk=2),),
        truth=(
            Truth(
                result="abandoned",
                number=ANNA,
                dialed=MENU,
                wait_seconds=2.0,
            ),
        ),
    ),
    Scenario(
        name="caller-chooses-sales-in-the-menu",
        phones={"1001": Behaviour(ring=1), "1002": NO_ANSWER},
        calls=(Inbound(call=_from(ANNA, MENU), talk=4, digit="1"),),
        truth=(
            Truth(
                number=ANNA,
                dialed=MENU,
                queues=("sales",),
                rang=("PJSIP/1001", "PJSIP/1002"),
                answered_by=("PJSIP/1001",),
                wait_seconds=1.0,
                talk_seconds=3.0,
            ),
        ),
    ),
    Scenario(
        name="caller-waits-in-the-queue-until-its-time-is-over",
        phones={"1001": NO_ANSWER},
        calls=(Inbound(call=_ANNA, talk=60),),
        plan={"queues": _queues(members=("1001",), ring_seconds=3, wait_seconds=5)},
        truth=(
            Truth(
                result="missed",
                number=ANNA,
                name="Anna Wiśniewska",
                dialed=SUPPORT,
                queues=("support",),
                rang=("PJSIP/1001",),
                wait_seconds=7.0,
                hangup_by="pbx",
            ),
        ),
    ),
    Scenario(
        name="direct-number-is-answered",
        phones={"1001": Behaviour(ring=2, talk=3)},
        calls=(Inbound(call=_from(PIOTR, DIRECT), talk=60),),
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
        calls=(Inbound(call=_from(PIOTR, DIRECT)),),
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
        calls=(Inbound(call=_from(PIOTR, DIRECT)),),
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
        calls=(Inbound(call=_from(PIOTR, DIRECT)),),
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
        calls=(Inbound(call=_from(PIOTR, DIRECT)),),
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
        calls=(Inbound(call=_from(PIOTR, DIRECT)),),
        truth=(
            Truth(result="failed", number=PIOTR, dialed=DIRECT, wait_seconds=0.0, hangup_by="pbx"),
        ),
    ),
    Scenario(
        name="caller-cancels-while-the-direct-number-rings",
        phones={"1001": NO_ANSWER},
        calls=(Inbound(call=_from(PIOTR, DIRECT), patience=3),),
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
        name="hidden-caller-is-answered",
        phones={"1001": Behaviour(ring=1)},
        calls=(Inbound(call=_from(HIDDEN, SUPPORT, "Anonymous"), talk=4),),
        truth=(
            Truth(
                number=HIDDEN,
                name="Anonymous",
                dialed=SUPPORT,
                queues=("support",),
                rang=("PJSIP/1001",),
                answered_by=("PJSIP/1001",),
                wait_seconds=1.0,
                talk_seconds=2.5,
            ),
        ),
    ),
    Scenario(
        name="unknown-number-is-answered",
        phones={"1001": Behaviour(ring=1)},
        calls=(Inbound(call=_from(STRANGER, SUPPORT), talk=4),),
        truth=(
            Truth(
                number=STRANGER,
                dialed=SUPPORT,
                queues=("support",),
                rang=("PJSIP/1001",),
                answered_by=("PJSIP/1001",),
                wait_seconds=1.0,
                talk_seconds=2.5,
            ),
        ),
    ),
    Scenario(
        name="two-calls-at-once-are-answered-by-two-operators",
        phones={"1001": Behaviour(ring=2), "1002": Behaviour(ring=2)},
        calls=(
            Inbound(call=_ANNA, talk=7),
            Inbound(call=_from(PIOTR, SUPPORT, "Пётр Иванов"), talk=7),
        ),
        plan={"queues": _queues(members=("1001", "1002"))},
        truth=(
            Truth(
                number=ANNA,
                name="Anna Wiśniewska",
                dialed=SUPPORT,
                queues=("support",),
                rang=("PJSIP/1001",),
                answered_by=("PJSIP/1001",),
                wait_seconds=2.0,
                talk_seconds=4.5,
            ),
            Truth(
                number=PIOTR,
                name="Пётр Иванов",
                dialed=SUPPORT,
                queues=("support",),
                rang=("PJSIP/1002",),
                answered_by=("PJSIP/1002",),
                wait_seconds=2.0,
                talk_seconds=4.5,
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
