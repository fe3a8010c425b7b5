"""Calls that go on to another phone: sent by the phone itself (SIP 302) or by the dialplan."""

from __future__ import annotations

from ami.lab.phones import IS_BUSY, NO_ANSWER, Behaviour
from ami.lab.scenarios.model import (
    DIRECT,
    FROM_ANNA,
    OUTSIDE,
    PIOTR,
    SUPPORT,
    FromDesk,
    Inbound,
    Scenario,
    Truth,
    calls_from,
    queues,
)
from ami.lab.scenarios.people import TRUNK, callee, caller, forwarded, operators

ONE, TWO, THREE = "PJSIP/1001", "PJSIP/1002", "PJSIP/1003"
BY_PHONE = {"phones_forward": True}
FROM_PIOTR = calls_from(PIOTR, DIRECT)


def moved_to(number: str) -> Behaviour:
    """A phone whose owner told it to send every call on."""
    return Behaviour(ring=0.001, status=f"302 Moved Temporarily\nContact: <sip:{number}@127.0.0.1>")


FORWARDING = (
    Scenario(
        name="phone-forwards-its-call-to-a-colleague-who-answers",
        phones={"1001": moved_to("1002"), "1002": Behaviour(ring=2)},
        calls=(Inbound(call=FROM_PIOTR, talk=3),),
        plan=BY_PHONE,
        truth=(
            Truth(
                number=PIOTR,
                dialed=DIRECT,
                rang=(ONE, TWO),
                answered_by=(TWO,),
                wait_seconds=2.0,
                talk_seconds=3.0,
                legs=(
                    caller(TRUNK, talk=3.0),
                    callee(ONE, "elsewhere"),
                    callee(TWO, talk=3.0),
                ),
                transfers=(forwarded(ONE, "1002"),),
            ),
        ),
    ),
    Scenario(
        name="phone-forwards-its-call-to-a-colleague-who-does-not-answer",
        phones={"1001": moved_to("1002"), "1002": NO_ANSWER},
        calls=(Inbound(call=FROM_PIOTR),),
        plan={**BY_PHONE, "operators": operators({"1002": {"ring_seconds": 4}})},
        truth=(
            Truth(
                result="missed",
                number=PIOTR,
                dialed=DIRECT,
                rang=(ONE, TWO),
                wait_seconds=4.0,
                hangup_by="pbx",
                legs=(
                    caller(TRUNK, "missed"),
                    callee(ONE, "elsewhere"),
                    callee(TWO, "missed"),
                ),
                transfers=(forwarded(ONE, "1002"),),
            ),
        ),
    ),
    Scenario(
        name="phone-forwards-its-call-to-the-outside-where-it-is-answered",
        phones={"1001": moved_to(OUTSIDE)},
        far_end=Behaviour(ring=2),
        calls=(Inbound(call=FROM_PIOTR, talk=3),),
        plan={**BY_PHONE, "forward_outside": True},
        truth=(
            Truth(
                number=PIOTR,
                dialed=DIRECT,
                rang=(ONE, TRUNK),
                answered_by=(TRUNK,),
                wait_seconds=2.0,
                talk_seconds=3.0,
                legs=(
                    caller(TRUNK, talk=3.0),
                    callee(ONE, "elsewhere"),
                    callee(TRUNK, talk=3.0),
                ),
                transfers=(forwarded(ONE, OUTSIDE),),
            ),
        ),
    ),
    Scenario(
        name="phone-may-not-forward-its-call-to-the-outside-when-the-plan-forbids-it",
        phones={"1001": moved_to(OUTSIDE)},
        far_end=Behaviour(ring=2),
        calls=(Inbound(call=FROM_PIOTR, talk=3),),
        plan=BY_PHONE,
        truth=(
            Truth(
                result="failed",
                number=PIOTR,
                dialed=DIRECT,
                rang=(ONE,),
                wait_seconds=0.0,
                hangup_by="pbx",
                legs=(caller(TRUNK, "failed"), callee(ONE, "elsewhere")),
                transfers=(),
            ),
        ),
    ),
    Scenario(
        name="phone-that-would-forward-its-call-is-not-obeyed",
        phones={"1001": moved_to("1002"), "1002": Behaviour(ring=1)},
        calls=(Inbound(call=FROM_PIOTR, talk=3),),
        truth=(
            Truth(
                result="failed",
                number=PIOTR,
                dialed=DIRECT,
                rang=(ONE,),
                wait_seconds=0.0,
                hangup_by="pbx",
                legs=(caller(TRUNK, "failed"), callee(ONE, "elsewhere")),
                transfers=(),
            ),
        ),
    ),
    Scenario(
        name="phones-forward-a-call-twice-before-it-is-answered",
        phones={"1001": moved_to("1002"), "1002": moved_to("1003"), "1003": Behaviour(ring=1)},
        calls=(Inbound(call=FROM_PIOTR, talk=3),),
        plan=BY_PHONE,
        truth=(
            Truth(
                number=PIOTR,
                dialed=DIRECT,
                rang=(ONE, TWO, THREE),
                answered_by=(THREE,),
                wait_seconds=1.0,
                talk_seconds=3.0,
                legs=(
                    caller(TRUNK, talk=3.0),
                    callee(ONE, "elsewhere"),
                    callee(TWO, "elsewhere"),
                    callee(THREE, talk=3.0),
                ),
                transfers=(forwarded(ONE, "1002"), forwarded(TWO, "1003")),
            ),
        ),
    ),
    Scenario(
        name="phone-in-a-queue-forwards-its-call-to-a-colleague-who-answers",
        phones={"1001": moved_to("1002"), "1002": Behaviour(ring=1)},
        calls=(Inbound(call=FROM_ANNA, talk=5),),
        plan={**BY_PHONE, "queues": queues(members=("1001",))},
        truth=(
            Truth(
                number=FROM_ANNA.number,
                name=FROM_ANNA.name,
                dialed=SUPPORT,
                queues=("support",),
                rang=(ONE, TWO),
                answered_by=(TWO,),
                wait_seconds=1.0,
                talk_seconds=3.5,
                legs=(
                    caller(TRUNK, talk=3.5),
                    callee(ONE, "elsewhere"),
                    callee(TWO, talk=3.5),
                ),
                transfers=(forwarded(ONE, "1002"),),
            ),
        ),
    ),
    Scenario(
        name="colleagues-call-is-forwarded-by-the-phone-and-answered",
        phones={"1001": NO_ANSWER, "1002": moved_to("1003"), "1003": Behaviour(ring=1)},
        calls=(FromDesk(extension="1001", to="1002", talk=3),),
        plan=BY_PHONE,
        truth=(
            Truth(
                direction="internal",
                number="1001",
                name="Operator 1",
                dialed="1002",
                rang=(TWO, THREE),
                answered_by=(THREE,),
                wait_seconds=1.0,
                talk_seconds=3.0,
                legs=(
                    caller(ONE, talk=3.0),
                    callee(TWO, "elsewhere"),
                    callee(THREE, talk=3.0),
                ),
                transfers=(forwarded(TWO, "1003"),),
            ),
        ),
    ),
    Scenario(
        name="busy-phone-sends-the-caller-to-a-colleague-who-answers",
        phones={"1001": IS_BUSY, "1002": Behaviour(ring=2)},
        calls=(Inbound(call=FROM_PIOTR, talk=3),),
        plan={"operators": operators({"1001": {"forward_busy": "1002"}})},
        truth=(
            Truth(
                number=PIOTR,
                dialed=DIRECT,
                rang=(ONE, TWO),
                answered_by=(TWO,),
                wait_seconds=2.0,
                talk_seconds=3.0,
                legs=(
                    caller(TRUNK, talk=3.0),
                    callee(ONE, "busy"),
                    callee(TWO, talk=3.0),
                ),
                transfers=(forwarded(ONE, "1002"),),
            ),
        ),
    ),
    Scenario(
        name="busy-phone-sends-the-caller-to-a-colleague-who-is-busy-too",
        phones={"1001": IS_BUSY, "1002": IS_BUSY},
        calls=(Inbound(call=FROM_PIOTR),),
        plan={"operators": operators({"1001": {"forward_busy": "1002"}})},
        truth=(
            Truth(
                result="busy",
                number=PIOTR,
                dialed=DIRECT,
                rang=(ONE, TWO),
                wait_seconds=0.0,
                hangup_by="pbx",
                legs=(caller(TRUNK, "busy"), callee(ONE, "busy"), callee(TWO, "busy")),
                transfers=(forwarded(ONE, "1002"),),
            ),
        ),
    ),
    Scenario(
        name="unanswered-phone-sends-the-caller-to-a-colleague-who-answers",
        phones={"1001": NO_ANSWER, "1002": Behaviour(ring=1)},
        calls=(Inbound(call=FROM_PIOTR, talk=3),),
        plan={"operators": operators({"1001": {"forward_no_answer": "1002", "ring_seconds": 3}})},
        truth=(
            Truth(
                number=PIOTR,
                dialed=DIRECT,
                rang=(ONE, TWO),
                answered_by=(TWO,),
                wait_seconds=4.0,
                talk_seconds=3.0,
                legs=(
                    caller(TRUNK, talk=3.0),
                    callee(ONE, "missed"),
                    callee(TWO, talk=3.0),
                ),
                transfers=(forwarded(ONE, "1002"),),
            ),
        ),
    ),
    Scenario(
        name="unanswered-phone-sends-the-caller-outside-and-the-caller-gives-up",
        phones={"1001": NO_ANSWER},
        far_end=NO_ANSWER,
        calls=(Inbound(call=FROM_PIOTR, patience=4),),  # from the last ring on
        plan={"operators": operators({"1001": {"forward_no_answer": OUTSIDE, "ring_seconds": 3}})},
        truth=(
            Truth(
                result="abandoned",
                number=PIOTR,
                dialed=DIRECT,
                rang=(ONE, TRUNK),
                wait_seconds=7.0,
                legs=(
                    caller(TRUNK, "cancelled"),
                    callee(ONE, "missed"),
                    callee(TRUNK, "cancelled"),
                ),
                transfers=(forwarded(ONE, OUTSIDE),),
            ),
        ),
    ),
    Scenario(
        name="every-call-of-an-operator-is-forwarded-outside-and-answered",
        phones={"1001": NO_ANSWER},
        far_end=Behaviour(ring=2, talk=3),
        calls=(Inbound(call=FROM_PIOTR, talk=60),),
        plan={"operators": operators({"1001": {"forward_always": OUTSIDE}})},
        truth=(
            Truth(
                number=PIOTR,
                dialed=DIRECT,
                rang=(TRUNK,),
                answered_by=(TRUNK,),
                wait_seconds=2.0,
                talk_seconds=3.0,
                hangup_by="callee",
                legs=(caller(TRUNK, talk=3.0), callee(TRUNK, talk=3.0)),
                transfers=(forwarded("1001", OUTSIDE),),
            ),
        ),
    ),
    Scenario(
        name="call-is-forwarded-from-a-busy-to-an-unanswered-phone-and-answered-by-the-third",
        phones={"1001": IS_BUSY, "1002": NO_ANSWER, "1003": Behaviour(ring=1)},
        calls=(Inbound(call=FROM_PIOTR, talk=3),),
        plan={
            "operators": operators(
                {
                    "1001": {"forward_busy": "1002"},
                    "1002": {"forward_no_answer": "1003", "ring_seconds": 3},
                }
            )
        },
        truth=(
            Truth(
                number=PIOTR,
                dialed=DIRECT,
                rang=(ONE, TWO, THREE),
                answered_by=(THREE,),
                wait_seconds=4.0,
                talk_seconds=3.0,
                legs=(
                    caller(TRUNK, talk=3.0),
                    callee(ONE, "busy"),
                    callee(TWO, "missed"),
                    callee(THREE, talk=3.0),
                ),
                transfers=(forwarded(ONE, "1002"), forwarded(TWO, "1003")),
            ),
        ),
    ),
)
