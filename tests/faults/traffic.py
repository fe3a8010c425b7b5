"""Who calls whom: groups of callers who do the same, all of them at once for the whole run.

Every outside number is used once, so that each call can be told from all others.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from ami.lab import phones
from ami.lab.phones import DECLINES, IS_BUSY, NO_ANSWER, Behaviour, Call, DeskPhone, FarEnd, Sipp
from ami.lab.ports import DEVICES_HOST, free_udp_port
from tests.faults.pbx import (
    ANSWERING,
    BUSY,
    CALLING,
    COLLEAGUE,
    DECLINING,
    MENU,
    QUEUE_PHONES,
    SALES,
    SHORT_QUEUE,
    SILENT,
    SUPPORT,
    TRANSFERRING,
    WitnessedPbx,
    direct,
)
from tests.faults.transfers import TransferDesk

_LATE = 4.0
_RINGS = Behaviour(ring=1.0)
PHONES = {
    ANSWERING: _RINGS,
    COLLEAGUE: _RINGS,
    SILENT: NO_ANSWER,
    BUSY: IS_BUSY,
    DECLINING: DECLINES,
    **dict.fromkeys(QUEUE_PHONES, _RINGS),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """`share`: of all calls, in hundredths. `code`: what its numbers have in common."""

    name: str
    share: int
    code: str
    to: str = ""
    """Empty: the operator of CALLING dials outside numbers of this group's own."""
    from_desk: bool = False
    talk: float = 3.0
    patience: float = 60.0
    digit: str = ""

    def outside(self, count: int) -> list[str]:
        return [f"+4850{self.code}{n:05d}" for n in range(count)]

    def has(self, *numbers: str) -> bool:
        """Whether a call between these numbers is one of its."""
        if self.from_desk and self.to:
            return CALLING in numbers and self.to in numbers
        return any(number.startswith(f"+4850{self.code}") for number in numbers)


GROUPS = (
    Group(name="direct, answered", share=15, code="01", to=direct(ANSWERING)),
    Group(name="queue, answered", share=18, code="02", to=SUPPORT, talk=5.0),
    Group(name="menu to queue", share=5, code="03", to=MENU, talk=11.0, digit="2"),
    Group(name="queue, abandoned", share=10, code="04", to=SALES),
    Group(name="queue, nobody", share=6, code="05", to=SHORT_QUEUE, talk=40.0),
    Group(name="direct, abandoned", share=6, code="06", to=direct(SILENT), patience=3.0),
    Group(name="direct, no answer", share=5, code="07", to=direct(SILENT)),
    Group(name="direct, busy", share=7, code="08", to=direct(BUSY)),
    Group(name="direct, rejected", share=6, code="09", to=direct(DECLINING)),
    Group(name="blocked", share=3, code="10", to=SUPPORT, talk=20.0),
    Group(name="outbound, answered", share=6, code="11", from_desk=True),
    Group(name="outbound, given up", share=3, code="12", from_desk=True, patience=0.6),
    Group(name="transferred", share=6, code="13", to=direct(TRANSFERRING), talk=12.0),
    Group(name="internal", share=4, code="", to=COLLEAGUE, from_desk=True),
)


def group_of(*numbers: str) -> str:
    return next((group.name for group in GROUPS if group.has(*numbers)), "?")


class Traffic:
    """`start()` from a thread that outlives it: SIPp dies with whoever started it."""

    def __init__(
        self, pbx: WitnessedPbx, calls: int, rate: float, without: Collection[str] = ()
    ) -> None:
        self._groups = [group for group in GROUPS if group.name not in without]
        self._pbx = pbx
        self._calls = calls
        self._seconds = calls / rate
        self._began = 0.0
        self._running: list[phones.Caller] = []
        self._phones = [DeskPhone(pbx, extension, does) for extension, does in PHONES.items()]
        self._far_end = FarEnd(pbx, _RINGS)
        self._transfers = TransferDesk(pbx)

    def counts(self) -> dict[Group, int]:
        shares = sum(group.share for group in self._groups)
        return {g: max(1, round(self._calls * g.share / shares)) for g in self._groups}

    def blocked_numbers(self) -> list[str]:
        blocked = (g.outside(n) for g, n in self.counts().items() if g.name == "blocked")
        return next(blocked, [])

    def start(self) -> None:
        for phone in self._phones:
            phone.start()
        self._far_end.__enter__()
        self._transfers.start()
        self._began = time.monotonic()
        for group, count in self.counts().items():
            rate = count / self._seconds
            call = self._from_desk if group.from_desk else self._from_outside
            self._running.append(call(group, count, rate))

    def all_began(self) -> bool:
        """Every call has been tried by now, answered by a PBX or not."""
        return time.monotonic() - self._began > self._seconds + _LATE

    def over(self) -> bool:
        return not any(caller.running() for caller in self._running)

    def stop(self) -> None:
        for caller in self._running:
            caller.stop()
        self._transfers.stop()
        self._far_end.__exit__(None, None, None)
        for phone in self._phones:
            phone.stop()

    def _from_outside(self, group: Group, count: int, rate: float) -> phones.Caller:
        calls = [Call(number=number, to=group.to) for number in group.outside(count)]
        return phones.call_in(
            self._pbx,
            calls,
            talk=group.talk,
            patience=group.patience,
            rate=rate,
            digit=group.digit,
        )

    def _from_desk(self, group: Group, count: int, rate: float) -> phones.Caller:
        dialled = [group.to] * count if group.to else group.outside(count)
        rows = [Call(number=CALLING, to=number).row() for number in dialled]
        return _desk_calls(self._pbx, group, rows, rate)


def _desk_calls(pbx: WitnessedPbx, group: Group, rows: Sequence[str], rate: float) -> phones.Caller:
    """Many calls from one desk, by one SIPp (`DeskPhone.call` makes one)."""
    secret = next(o.secret for o in pbx.plan.operators if o.extension == CALLING)
    text = (Path(phones.__file__).with_name("sipp") / "phone_call.xml").read_text("utf-8")
    fields = {"EXTENSION": CALLING, "SECRET": secret}
    fields |= {"TALK": str(round(group.talk * 1000)), "PATIENCE": str(round(group.patience * 1000))}
    for field, value in fields.items():
        text = text.replace(f"@{field}@", value)
    target = f"{DEVICES_HOST}:{pbx.plan.ports.sip}"
    sipp = Sipp(pbx.work_dir, "desk", text, target, f"{DEVICES_HOST}:{free_udp_port()}")
    sipp.start("-r", str(rate), "-l", str(len(rows)), rows=rows)
    return phones.Caller(sipp)
