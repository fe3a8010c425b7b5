"""Who was together with whom, and on hold."""

from __future__ import annotations

from callcenter.calls import signals as s
from callcenter.calls.book import Book
from callcenter.calls.facts import BridgeVisit, ChannelFacts, note_end, note_start

_SAME_VISIT_SECONDS = 1.0


def entered(book: Book, signal: s.BridgeEntered, now: float) -> None:
    touched = book.touch(signal, now)
    if touched is None:
        return
    call, channel = touched
    joins = not signal.holding
    if _visit_entered(channel, signal.bridge, joins, now) and joins:
        node = f"bridge {signal.bridge}"
        call = book.join(channel.uniqueid, node)
        book.say(call, book.announce.talking, channel, now)


def _visit_entered(channel: ChannelFacts, bridge: str, joins: bool, now: float) -> bool:
    for visit in channel.visits:
        if visit.bridge != bridge:
            continue
        if visit.entered is None:
            visit.entered, visit.joins = now, joins
            return True
        if visit.left is None or now <= visit.left:
            visit.entered = min(visit.entered, now)
            return False
    channel.visits.append(BridgeVisit(bridge, entered=now, joins=joins))
    return True


def left(book: Book, signal: s.BridgeLeft, now: float) -> None:
    touched = book.touch(signal, now)
    if touched is None:
        return
    same = [v for v in touched[1].visits if v.bridge == signal.bridge]
    for visit in same:
        if visit.left is None and (visit.entered is None or visit.entered <= now):
            visit.left = now
            return
    if not any(v.left is not None and abs(v.left - now) < _SAME_VISIT_SECONDS for v in same):
        touched[1].visits.append(BridgeVisit(signal.bridge, left=now))


def held(book: Book, signal: s.Held, now: float) -> None:
    touched = book.touch(signal, now)
    if touched is None:
        return
    call, channel = touched
    if note_start(channel.holds, now):
        book.say(call, book.announce.hold, channel, now, held=True)


def unheld(book: Book, signal: s.Unheld, now: float) -> None:
    touched = book.touch(signal, now)
    if touched is None:
        return
    call, channel = touched
    if note_end(channel.holds, now):
        book.say(call, book.announce.hold, channel, now, held=False)


def parked(book: Book, signal: s.Parked, now: float) -> None:
    touched = book.touch(signal, now)
    if touched is not None:
        note_start(touched[1].parked, now)


def unparked(book: Book, signal: s.Unparked, now: float) -> None:
    touched = book.touch(signal, now)
    if touched is not None:
        note_end(touched[1].parked, now)
