"""What a scenario is: who calls, how the phones behave, and what is true about it afterwards.

The truth is written down from what the scenario's people do, never taken from what the product
made of it. Times are seconds, good to about half a one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ami.lab.phones import Behaviour, Call
from ami.lab.stage import Stage
from callcenter.pbx.plan import QUEUE_NAMES, Queue

SUPPORT, SALES, MENU = "+48221000001", "+48221000002", "+48221000003"
DIRECT = "+48221000101"
ANNA, PIOTR, STRANGER = "+48600100101", "+48600100102", "+48600999888"
OUTSIDE = "+48501501501"
NAMES = {ANNA: "Anna Wiśniewska", PIOTR: "Пётр Иванов"}
"""What the network says of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LegTruth:
    """One channel of a real device (Local channels are nobody). Once per channel."""

    endpoint: str
    role: str
    """caller, callee, spy or other."""
    result: str
    """answered; missed (rang out), cancelled (the caller gave up), elsewhere (another phone took
    the call); busy, rejected, failed; unknown."""
    talk_seconds: float = 0.0
    hold_seconds: float = 0.0
    """Of the conversation on this leg, whichever side holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferTruth:
    kind: str
    """blind, attended, blonde (the transferer left while it rang), forward or pickup."""
    by: str
    to: str
    """What was dialled."""


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
    """Who ended it for the caller: caller; callee (a refusal too); pbx."""
    live: bool = False
    """Still going on when the recording ends."""
    legs: tuple[LegTruth, ...] = ()
    transfers: tuple[TransferTruth, ...] | None = None
    last_speaker: str = ""
    hold_seconds: float | None = None
    menu: tuple[str, ...] | None = None
    """Empty or None, these from `legs` on: nobody says, so nobody checks."""


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
    truth: tuple[Truth, ...]
    calls: tuple[Inbound | FromDesk, ...] = ()
    script: Callable[[Stage], None] | None = None
    """What people do, where it is more than calling. Played before `calls`."""
    phones: Mapping[str, Behaviour] = field(default_factory=dict)
    people: tuple[str, ...] = ()
    """Whose phone the script uses: extensions and outside numbers (of these OUTSIDE is called)."""
    far_end: Behaviour | None = None
    route: str = ""
    """What the CRM says (CRM_ROUTE)."""
    plan: Mapping[str, Any] = field(default_factory=dict)
    own_files: Mapping[str, str] = field(default_factory=dict)
    """What this PBX has beside the product's configuration (extensions_custom.conf …)."""


def queues(*, members: tuple[str, ...] = ("1001", "1002", "1003"), **changes: Any) -> Any:
    strategy = {"sales": "ringall", "support": "rrmemory"}
    return tuple(
        Queue(name=name, strategy=strategy.get(name, "leastrecent"), members=members, **changes)  # type: ignore[arg-type]
        for name in QUEUE_NAMES
    )


def calls_from(number: str, to: str, name: str = "") -> Call:
    return Call(number=number, to=to, name=name)


FROM_ANNA = calls_from(ANNA, SUPPORT, "Anna Wiśniewska")
