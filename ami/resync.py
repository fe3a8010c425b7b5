"""The snapshot taken at every log-in, and wherever events are missing.

The caller stops folding live events meanwhile (they wait in the link's queue), folds the snapshot,
and goes on: so the snapshot's signals stand before every event that came after the request.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from ami import translate_snapshot as tr
from ami.client.outcome import ActionFailedError
from ami.headers import Event
from callcenter.calls.signals import ResyncEnded, Signal
from callcenter.ports import Clock


class Asker(Protocol):
    async def ask(
        self,
        name: str,
        headers: dict[str, Any] | None = None,
        timeout: float = 10.0,
        as_list: bool | None = None,
    ) -> list[Any]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What exists on the PBX now. `remarks`: what it would not tell us, in words."""

    signals: tuple[Signal, ...]
    alive: frozenset[str]
    at: datetime
    version: str
    system_name: str
    """How the PBX calls itself: its Uniqueids begin so."""
    remarks: tuple[str, ...]


async def take_snapshot(link: Asker, pbx: str, clock: Clock) -> Snapshot:
    """Raises ActionFailedError when the PBX refuses CoreShowChannels; AmiError when it breaks off.

    Every other refusal is a remark: the record is poorer without, not wrong.
    """
    remarks: list[str] = []
    settings = await _ask_or_remark(link, "CoreSettings", remarks)
    bridges = await _ask_or_remark(link, "BridgeList", remarks)
    channels = _events(await link.ask("CoreShowChannels", timeout=30.0))
    now = clock.now()
    entries = await _ask_or_remark(link, "QueueStatus", remarks)
    parked = await _ask_or_remark(link, "ParkedCalls", remarks)

    technologies = tr.bridge_technologies(bridges)
    signals = [one for c in channels for one in tr.translate_channel(c, pbx, now, technologies)]
    alive = frozenset(s.uniqueid for s in signals if hasattr(s, "uniqueid"))
    signals += tr.translate_spies(channels, pbx, now)
    # Who joined a queue after the channels were listed is told by the live events that follow.
    waiting = [one for e in entries for one in tr.translate_queue_entry(e, pbx, now)]
    signals += [one for one in waiting if getattr(one, "uniqueid", "") in alive]
    alive |= tr.parked_uniqueids(parked)
    signals.append(ResyncEnded(pbx=pbx, at=now, source="resync", alive=alive))
    return Snapshot(
        signals=tuple(signals),
        alive=alive,
        at=now,
        version=tr.asterisk_version(settings[0]) if settings else "",
        system_name=tr.system_name(settings[0]) if settings else "",
        remarks=tuple(remarks),
    )


async def _ask_or_remark(link: Asker, action: str, remarks: list[str]) -> list[Event]:
    try:
        return _events(await link.ask(action, timeout=30.0))
    except ActionFailedError as error:
        if "no parked" not in error.message.lower():
            remarks.append(str(error))
        return []


def _events(messages: list[Any]) -> list[Event]:
    return [dict(message.items()) for message in messages]
