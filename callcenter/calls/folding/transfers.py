"""Calls that were moved: to whom, by whom."""

from __future__ import annotations

from callcenter.calls import signals as s
from callcenter.calls.book import Book
from callcenter.calls.facts import CallFacts, TransferFact
from callcenter.calls.folding.recalls import note_asked

_SAME_TRANSFER_SECONDS = 1.0


def transferred(book: Book, signal: s.Transferred, now: float) -> None:
    touched = book.touch(signal, now)
    if touched is None:
        return
    call, channel = touched
    for uniqueid, name in (
        (signal.second_uniqueid, signal.second_channel),
        (signal.transferee_uniqueid, signal.transferee_channel),
        (signal.target_uniqueid, signal.target_channel),
    ):
        other = s.ChannelSignal(pbx=signal.pbx, at=signal.at, uniqueid=uniqueid, channel=name)
        if uniqueid and book.touch(other, now) is not None:
            call = book.join(channel.uniqueid, uniqueid)
    to = signal.to or signal.target_channel
    note_asked(book, call, signal)
    second = signal.second_uniqueid or (channel.uniqueid if signal.kind == "pickup" else "")
    note_transfer(book, call, TransferFact(signal.kind, channel.channel, to, now, second))


def note_transfer(book: Book, call: CallFacts, fact: TransferFact) -> None:
    known = any(
        t.kind == fact.kind and t.by == fact.by and abs(t.at - fact.at) < _SAME_TRANSFER_SECONDS
        for t in call.transfers
    )
    if not known:
        call.transfers.append(fact)
        book.say(call, book.announce.transferred, fact, fact.at)
