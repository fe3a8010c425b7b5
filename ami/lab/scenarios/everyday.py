"""The calls of every day: in, out and between desks, answered or not."""

from __future__ import annotations

from ami.lab.phones import HIDDEN, NO_ANSWER, Behaviour
from ami.lab.scenarios.model import (
    ANNA,
    DIRECT,
    FROM_ANNA,
    MENU,
    PIOTR,
    SALES,
    STRANGER,
    SUPPORT,
    Inbound,
    Scenario,
    Truth,
    calls_from,
    queues,
)

EVERYDAY = (
    Scenario(
        name="inbound-call-is-answered-through-the-queue",
        phones={"1001": Behaviour(ring=2)},
        calls=(Inbound(call=FROM_ANNA, talk=6),),
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
        calls=(Inbound(call=calls_from(PIOTR, SALES, "Пётр Иванов"), talk=60),),
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
        calls=(Inbound(call=FROM_ANNA, talk=9),),
        plan={"queues": queues(members=("1001", "1002"), ring_seconds=3)},
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
        calls=(Inbound(call=FROM_ANNA, talk=60),),
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
        calls=(Inbound(call=calls_from(STRANGER, SUPPORT), talk=60),),
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
        calls=(Inbound(call=FROM_ANNA, talk=5),),
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
        calls=(Inbound(call=FROM_ANNA, talk=4),),
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
        calls=(Inbound(call=calls_from(STRANGER, DIRECT), talk=60),),
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
        calls=(Inbound(call=FROM_ANNA, talk=4),),
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
        calls=(Inbound(call=calls_from(ANNA, MENU), talk=2),),
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
        calls=(Inbound(call=calls_from(ANNA, MENU), talk=4, digit="1"),),
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
        calls=(Inbound(call=FROM_ANNA, talk=60),),
        plan={"queues": queues(members=("1001",), ring_seconds=3, wait_seconds=5)},
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
        name="hidden-caller-is-answered",
        phones={"1001": Behaviour(ring=1)},
        calls=(Inbound(call=calls_from(HIDDEN, SUPPORT, "Anonymous"), talk=4),),
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
        calls=(Inbound(call=calls_from(STRANGER, SUPPORT), talk=4),),
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
            Inbound(call=FROM_ANNA, talk=7),
            Inbound(call=calls_from(PIOTR, SUPPORT, "Пётр Иванов"), talk=7),
        ),
        plan={"queues": queues(members=("1001", "1002"))},
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
)
