"""Queues that were waited in, and the members they rang."""

from __future__ import annotations

from callcenter.calls import signals as s
from callcenter.calls.book import Book
from callcenter.calls.facts import CallFacts, ChannelFacts, QueueVisit, earliest


def joined(book: Book, signal: s.QueueJoined, now: float) -> None:
    touched = book.touch(signal, now)
    if touched is None:
        return
    waits(book, *touched, signal.queue, now)


def waits(book: Book, call: CallFacts, channel: ChannelFacts, queue: str, now: float) -> None:
    """One wait, however often it is told: live, by the ledger, or by a preferred operator's rings
    before the queue itself."""
    for visit in call.queues:
        same = visit.queue == queue and visit.caller == channel.uniqueid
        if same and (visit.joined is None or visit.left is None or now <= visit.left):
            visit.joined = earliest(visit.joined, now)
            return
    call.queues.append(QueueVisit(queue, channel.uniqueid, joined=now))
    book.say(call, book.announce.started, now)
    book.say(call, book.announce.queued, queue, now)


def left(book: Book, signal: s.QueueLeft, now: float) -> None:
    touched = book.touch(signal, now)
    if touched is None:
        return
    call, channel = touched
    same = [v for v in call.queues if v.queue == signal.queue and v.caller == channel.uniqueid]
    begun = [v for v in same if v.joined is None or v.joined <= now]  # not one that came after it
    visit = next((v for v in begun if v.left is None), begun[-1] if begun else None)
    if visit is None:
        visit = QueueVisit(signal.queue, channel.uniqueid)
        call.queues.append(visit)
    # QueueCallerAbandon comes before QueueCallerLeave: both tell of the same end.
    visit.left = earliest(visit.left, now)
    visit.abandoned = visit.abandoned or signal.abandoned


def member(book: Book, signal: s.MemberRung | s.MemberConnected, now: float) -> None:
    touched = book.touch(signal, now)
    if touched is not None and signal.member_uniqueid:
        member = s.ChannelSignal(
            pbx=signal.pbx,
            at=signal.at,
            uniqueid=signal.member_uniqueid,
            channel=signal.member_channel,
        )
        known = book.touch(member, now)
        if known is not None:
            book.join(signal.uniqueid, signal.member_uniqueid)
            known[1].wrap_up = book.wrap_up.get((signal.queue, signal.member), 0.0)


def member_rules(book: Book, signal: s.MemberRules, _now: float) -> None:
    book.wrap_up[signal.queue, signal.member] = signal.wrap_up_seconds
