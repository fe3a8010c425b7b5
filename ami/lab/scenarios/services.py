"""What the PBX itself does for callers and colleagues: mailboxes, menus, announcements, listening
in, and recordings of the sound."""

from __future__ import annotations

from typing import Any

from ami.lab.phones import NO_ANSWER, Behaviour
from ami.lab.scenarios.model import (
    ANNA,
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
)
from ami.lab.scenarios.people import TRUNK, callee, caller, operators, spy
from ami.lab.stage import Stage
from callcenter.pbx.plan import Did

ONE, TWO, THREE = "PJSIP/1001", "PJSIP/1002", "PJSIP/1003"
FROM_PIOTR = calls_from(PIOTR, DIRECT)
MAILBOX, NOTICE = "+48221000401", "+48221000402"
BOX = operators({"1001": {"mailbox": True, "ring_seconds": 3}})
SUPERVISED = {"operators": operators({"1003": {"supervisor": True}})}

_LAB_MENU = """
[from-trunk](+)
exten => +48221000403,1,Answer()
 same => n,Background(vm-goodbye)
 same => n,WaitExten(1)
exten => t,1,Playback(vm-goodbye)
 same => n,Hangup()
"""
_RECORDED = """
[from-trunk](+)
exten => +48221000404,1,MixMonitor(whole-${UNIQUEID}.wav)
 same => n,Dial(PJSIP/1001,25,U(lab-record))
 same => n,Hangup()
[lab-record]
exten => s,1,MixMonitor(talk-${UNIQUEID}.wav,b)
 same => n,Return()
exten => stop,1,StopMixMonitor()
 same => n,Return()
"""
_STOPPED = """
[from-trunk](+)
exten => +48221000405,1,Answer()
 same => n,MixMonitor(${UNIQUEID}-menu.wav)
 same => n,Wait(1)
 same => n,StopMixMonitor()
 same => n,MixMonitor(${UNIQUEID}-talk.wav,b)
 same => n,Dial(PJSIP/1001,25)
"""


def channel_of(stage: Stage, endpoint: str) -> str:
    """The name of the one channel of `endpoint` that exists now."""
    listed = stage.manager("CoreShowChannels")
    return next(c["Channel"] for c in listed if c.get("Channel", "").startswith(f"{endpoint}-"))


def listened_to_by_phone(code: str, anna: dict[str, Any]) -> Any:
    """1001 is serving Anna when 1003, the supervisor, dials `code`."""

    def script(stage: Stage) -> None:
        stage.call_in(FROM_ANNA, **anna)
        stage.sleep(3)
        stage.call_out("1003", f"{code}1001", talk=2)
        stage.wait_over()

    return script


def listened_to_from_the_crm(stage: Stage) -> None:
    """The CRM rings the supervisor's phone and lets it listen."""
    stage.call_in(FROM_ANNA, talk=7)
    stage.sleep(3)
    stage.manager(
        "Originate",
        Channel=THREE,
        Context="crm-spy",
        Exten="*511001",
        Priority="1",
        Async="true",
        CallerID='"Listen to 1001" <1001>',
        ChannelId="listen-5ac2-1",
    )
    stage.wait_over()


def listened_to_by_application(stage: Stage) -> None:
    """As many panels do: an Originate straight into ChanSpy, of one channel's name."""
    stage.call_in(FROM_ANNA, talk=7)
    stage.sleep(3)
    stage.manager(
        "Originate",
        Channel=THREE,
        Application="ChanSpy",
        Data=f"{channel_of(stage, ONE)},qw",
        Async="true",
    )
    stage.wait_over()


def recorded_from_the_crm(stage: Stage) -> None:
    """The CRM starts a recording of the operator's leg, mutes it for a second, and stops it."""
    stage.call_in(FROM_PIOTR, talk=6)
    stage.sleep(2)
    channel = channel_of(stage, ONE)
    stage.manager("MixMonitor", Channel=channel, File="from-the-crm.wav", Options="b")
    stage.sleep(1)
    for state in ("1", "0"):
        stage.manager("MixMonitorMute", Channel=channel, Direction="both", State=state)
        stage.sleep(1)
    stage.manager("StopMixMonitor", Channel=channel)
    stage.wait_over()


def anna_served(talk: float, **changes: Any) -> Truth:
    """Anna's call through the queue, answered by 1001 after a second."""
    legs = (caller(TRUNK, talk=talk), callee(ONE, talk=talk))
    told: dict[str, Any] = {
        "number": ANNA,
        "name": FROM_ANNA.name,
        "dialed": SUPPORT,
        "queues": ("support",),
        "rang": (ONE,),
        "answered_by": (ONE,),
        "wait_seconds": 1.0,
        "talk_seconds": talk,
        "legs": legs,
        "transfers": (),
        "last_speaker": "",
    }
    return Truth(**{**told, **changes})


def piotr_served(dialed: str, talk: float, wait: float = 1.0) -> Truth:
    return Truth(
        number=PIOTR,
        dialed=dialed,
        rang=(ONE,),
        answered_by=(ONE,),
        wait_seconds=wait,
        talk_seconds=talk,
        legs=(caller(TRUNK, talk=talk), callee(ONE, talk=talk)),
        transfers=(),
    )


LISTENED = (caller(TRUNK, talk=5.5), callee(ONE, talk=5.5), spy(THREE))

SERVICES = (
    Scenario(
        name="caller-reaches-a-mailbox-at-once",
        calls=(Inbound(call=calls_from(PIOTR, MAILBOX), talk=5),),
        plan={
            "operators": BOX,
            "dids": (Did(number=MAILBOX, kind="voicemail", target="1001"),),
        },
        truth=(
            Truth(
                result="voicemail",
                number=PIOTR,
                dialed=MAILBOX,
                wait_seconds=0.0,
                legs=(caller(TRUNK, "unknown"),),
                transfers=(),
            ),
        ),
    ),
    Scenario(
        name="unanswered-caller-reaches-the-mailbox",
        phones={"1001": NO_ANSWER},
        calls=(Inbound(call=FROM_PIOTR, talk=5),),
        plan={"operators": BOX},
        truth=(
            Truth(
                result="voicemail",
                number=PIOTR,
                dialed=DIRECT,
                rang=(ONE,),
                wait_seconds=3.0,
                legs=(caller(TRUNK, "unknown"), callee(ONE, "missed")),
                transfers=(),
            ),
        ),
    ),
    Scenario(
        name="colleague-leaves-a-message-without-ringing",
        phones={"1001": NO_ANSWER, "1002": NO_ANSWER},
        calls=(FromDesk(extension="1002", to="*981001", talk=5),),
        plan={"operators": BOX},
        truth=(
            Truth(
                direction="internal",
                result="voicemail",
                number="1002",
                name="Operator 2",
                dialed="*981001",
                wait_seconds=0.0,
                legs=(caller(TWO, "unknown"),),
                transfers=(),
            ),
        ),
    ),
    Scenario(
        name="operator-listens-to-their-own-mailbox-which-is-no-message",
        phones={"1001": NO_ANSWER},
        calls=(FromDesk(extension="1001", to="*97", talk=4),),
        plan={"operators": BOX},
        truth=(
            Truth(
                direction="internal",
                result="unknown",
                number="1001",
                name="Operator 1",
                dialed="*97",
                wait_seconds=4.0,
                legs=(caller(ONE, "unknown"),),
                transfers=(),
            ),
        ),
    ),
    Scenario(
        name="caller-hears-the-menu-to-its-end-and-is-hung-up",
        calls=(Inbound(call=calls_from(PIOTR, "+48221000403"), talk=60),),
        own_files={"extensions_custom.conf": _LAB_MENU},
        truth=(
            Truth(
                result="unknown",
                number=PIOTR,
                dialed="+48221000403",
                wait_seconds=3.3,
                hangup_by="pbx",
                legs=(caller(TRUNK, "unknown"),),
                transfers=(),
            ),
        ),
    ),
    Scenario(
        name="caller-hears-an-announcement-to-its-end",
        calls=(Inbound(call=calls_from(PIOTR, NOTICE), talk=60),),
        plan={"dids": (Did(number=NOTICE, kind="announcement", target="vm-goodbye"),)},
        truth=(
            Truth(
                result="unknown",
                number=PIOTR,
                dialed=NOTICE,
                wait_seconds=1.4,
                hangup_by="pbx",
                legs=(caller(TRUNK, "unknown"),),
                transfers=(),
            ),
        ),
    ),
    Scenario(
        name="caller-hangs-up-during-an-announcement",
        calls=(Inbound(call=calls_from(PIOTR, NOTICE), talk=2),),
        plan={"dids": (Did(number=NOTICE, kind="announcement", target="ss-noservice"),)},
        truth=(
            Truth(
                result="abandoned",
                number=PIOTR,
                dialed=NOTICE,
                wait_seconds=2.0,
                legs=(caller(TRUNK, "cancelled"),),
                transfers=(),
            ),
        ),
    ),
    Scenario(
        name="supervisor-listens-to-a-call-by-phone",
        phones={"1001": Behaviour(ring=1), "1003": NO_ANSWER},
        script=listened_to_by_phone("*51", {"talk": 7}),
        plan=SUPERVISED,
        truth=(anna_served(5.5, legs=LISTENED),),
    ),
    Scenario(
        name="supervisor-whispers-to-the-operator",
        phones={"1001": Behaviour(ring=1), "1003": NO_ANSWER},
        script=listened_to_by_phone("*52", {"talk": 7}),
        plan=SUPERVISED,
        truth=(anna_served(5.5, legs=LISTENED),),
    ),
    Scenario(
        name="supervisor-joins-in-and-the-caller-hangs-up-first",
        phones={"1001": Behaviour(ring=1), "1003": NO_ANSWER},
        script=listened_to_by_phone("*53", {"talk": 4}),
        plan=SUPERVISED,
        truth=(
            anna_served(2.5, legs=(caller(TRUNK, talk=2.5), callee(ONE, talk=2.5), spy(THREE))),
        ),
    ),
    Scenario(
        name="supervisor-listens-from-the-crm",
        phones={"1001": Behaviour(ring=1), "1003": Behaviour(ring=0.5, talk=2)},
        script=listened_to_from_the_crm,
        plan=SUPERVISED,
        truth=(anna_served(5.5, legs=LISTENED),),
    ),
    Scenario(
        name="panel-originates-a-phone-into-chanspy",
        phones={"1001": Behaviour(ring=1), "1003": Behaviour(ring=0.5, talk=2)},
        script=listened_to_by_application,
        truth=(anna_served(5.5, legs=LISTENED),),
    ),
    Scenario(
        name="operator-who-is-no-supervisor-cannot-listen",
        phones={"1001": Behaviour(ring=1), "1003": NO_ANSWER},
        script=listened_to_by_phone("*51", {"talk": 6}),
        truth=(anna_served(4.5),),
    ),
    Scenario(
        name="call-is-recorded-as-the-plan-says",
        phones={"1001": Behaviour(ring=1)},
        calls=(Inbound(call=FROM_PIOTR, talk=3),),
        plan={"record": True},
        truth=(piotr_served(DIRECT, 3.0),),
    ),
    Scenario(
        name="call-is-recorded-twice-at-once-by-the-dialplan",
        phones={"1001": Behaviour(ring=1)},
        calls=(Inbound(call=calls_from(PIOTR, "+48221000404"), talk=3),),
        own_files={"extensions_custom.conf": _RECORDED},
        truth=(piotr_served("+48221000404", 3.0),),
    ),
    Scenario(
        name="recording-is-stopped-and-begun-again-by-the-dialplan",
        phones={"1001": Behaviour(ring=1)},
        calls=(Inbound(call=calls_from(PIOTR, "+48221000405"), talk=5),),
        own_files={"extensions_custom.conf": _STOPPED},
        truth=(piotr_served("+48221000405", 2.5, wait=2.5),),
    ),
    Scenario(
        name="recording-is-begun-muted-and-stopped-from-the-crm",
        phones={"1001": Behaviour(ring=1)},
        script=recorded_from_the_crm,
        truth=(piotr_served(DIRECT, 6.0),),
    ),
    Scenario(
        name="outbound-call-is-recorded-and-not-answered",
        phones={"1001": NO_ANSWER},
        far_end=NO_ANSWER,
        calls=(FromDesk(extension="1001", to=OUTSIDE, patience=3),),
        plan={"record": True},
        truth=(
            Truth(
                direction="outbound",
                result="abandoned",
                number="1001",
                name="Operator 1",
                dialed=OUTSIDE,
                rang=(TRUNK,),
                wait_seconds=3.0,
                legs=(caller(ONE, "cancelled"), callee(TRUNK, "cancelled")),
                transfers=(),
            ),
        ),
    ),
)
