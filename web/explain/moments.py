"""A call as sentences, in the order in which things happened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from callcenter.calls.record import CallRecord, Leg
from callcenter.calls.story import Story
from callcenter.queries.views import InteractionView
from web.explain.people import People
from web.explain.routes import Trace
from web.explain.words import TRANSFERS, cause_words
from web.presentation import LEG_RESULTS, duration, look, phone

_TOO_SHORT = 0.5
"""Seconds of a hold that a transfer makes in passing, and nobody notices."""


@dataclass(frozen=True, slots=True)
class Moment:
    at: datetime | None
    icon: str
    text: str


def moments(
    interaction: InteractionView,
    record: CallRecord,
    story: Story | None,
    people: People,
    traces: Sequence[Trace] = (),
) -> list[Moment]:
    """What was told without a time comes last, where the end of a call belongs."""
    found = [
        *_beginning(interaction, record, people),
        *_decisions(traces),
        *(_waits(story) if story is not None else ()),
        *_rings(record, people),
        *_answers(record, people),
        *(_holds(story, people) if story is not None else ()),
        *_moves(record, people),
        *_end(record, people),
    ]
    timed = sorted((one for one in found if one.at is not None), key=_when)
    return timed + [one for one in found if one.at is None]


def _when(one: Moment) -> float:
    return one.at.timestamp() if one.at is not None else 0.0


def _beginning(
    interaction: InteractionView, record: CallRecord, people: People
) -> Iterable[Moment]:
    caller = next((leg for leg in record.legs if leg.role == "caller"), None)
    name = people.leg(caller) if caller is not None else _("Unknown caller")
    icon = {"inbound": "phone-incoming", "outbound": "phone-outgoing"}.get(record.direction)
    dialed = phone(record.dialed) if record.dialed else ""
    text = (
        _("%(name)s called %(number)s.", name=name, number=dialed)
        if dialed
        else _("%(name)s called.", name=name)
    )
    yield Moment(interaction.started_at, icon or "phone", text)


def _decisions(traces: Sequence[Trace]) -> Iterable[Moment]:
    for trace in traces:
        text = _(
            "The CRM decided: %(place)s, because of the rule “%(rule)s”.",
            place=trace.place,
            rule=trace.rule.title,
        )
        yield Moment(trace.decided_at, "route", text)


def _waits(story: Story) -> Iterable[Moment]:
    for lane in story.lanes:
        for bar in lane.bars:
            if bar.doing == "queue":
                text = _(
                    "Waited %(time)s in the queue %(queue)s.",
                    time=duration(bar.seconds),
                    queue=bar.what,
                )
                yield Moment(bar.start, "clock", text)


def _rings(record: CallRecord, people: People) -> Iterable[Moment]:
    """A phone that a queue rang again and again is one sentence."""
    tries: dict[tuple[str, str], list[Leg]] = {}
    for leg in record.legs:
        if leg.role == "callee" and leg.result != "answered":
            tries.setdefault((leg.endpoint or leg.number, leg.result), []).append(leg)
    for (_device, result), legs in tries.items():
        seconds = sum(leg.ring_seconds or _rang_for(leg) for leg in legs)
        text = ngettext(
            "%(name)s was rung %(num)d time, for %(time)s: %(result)s.",
            "%(name)s was rung %(num)d times, %(time)s in all: %(result)s.",
            len(legs),
            name=people.leg(legs[0]),
            time=duration(seconds),
            result=str(look(LEG_RESULTS, result).word).lower(),
        )
        yield Moment(legs[0].ringing_at or legs[0].ended_at, "bell-ringing", text)


def _rang_for(leg: Leg) -> float:
    if leg.ringing_at is None or leg.ended_at is None:
        return 0.0
    return (leg.ended_at - leg.ringing_at).total_seconds()


def _answers(record: CallRecord, people: People) -> Iterable[Moment]:
    for leg in record.legs:
        if leg.role not in ("callee", "transferee") or leg.result != "answered":
            continue
        ring = leg.ring_seconds
        if not ring and leg.ringing_at is not None and leg.answered_at is not None:
            ring = (leg.answered_at - leg.ringing_at).total_seconds()
        text = _(
            "%(name)s answered after %(ring)s and talked for %(talk)s.",
            name=people.leg(leg),
            ring=duration(ring),
            talk=duration(leg.talk_seconds),
        )
        yield Moment(leg.answered_at, "phone-check", text)


def _holds(story: Story, people: People) -> Iterable[Moment]:
    """Told once, of the side that waited: the caller's lane where it has the hold."""
    lanes = sorted(story.lanes, key=lambda lane: lane.leg.role != "caller")
    told: list[datetime] = []
    for lane in lanes:
        for bar in lane.bars:
            short = bar.seconds < _TOO_SHORT
            if bar.doing not in ("hold", "parked") or short or _is_near(bar.start, told):
                continue
            told.append(bar.start)
            name, time = people.leg(lane.leg), duration(bar.seconds)
            if bar.doing == "hold":
                text = _("%(name)s was on hold for %(time)s.", name=name, time=time)
            else:
                text = _("%(name)s was parked for %(time)s.", name=name, time=time)
            yield Moment(bar.start, "player-pause", text)


def _is_near(moment: datetime, others: Sequence[datetime]) -> bool:
    return any(abs((moment - other).total_seconds()) < 1 for other in others)


def _moves(record: CallRecord, people: People) -> Iterable[Moment]:
    for transfer in record.transfers:
        how = TRANSFERS.get(transfer.kind, transfer.kind)
        way = f"{people.channel(transfer.by)} → {people.place(transfer.to)}"
        yield Moment(transfer.at, "arrow-right", f"{how}: {way}.")


def _end(record: CallRecord, people: People) -> Iterable[Moment]:
    if record.live:
        return
    cause = cause_words(record.hangup_cause)
    if not record.end_seen:
        text = _("The end was concluded, not seen: the PBX or our link to it was down.")
    elif record.hangup_by:
        name = people.channel(record.hangup_by)
        text = _("%(name)s hung up: %(cause)s.", name=name, cause=cause)
    else:
        text = _("The PBX ended the call: %(cause)s.", cause=cause)
    yield Moment(record.ended_at, "phone-off", text)
