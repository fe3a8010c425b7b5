"""Who was together with whom, and on hold."""

from __future__ import annotations

from callcenter.calls import signals as s
from callcenter.calls.book import Book
from callcenter.calls.facts import CallFacts, Stay, TransferFact
from callcenter.calls.folding.transfers import note_transfer

_EMPTY_SECONDS = 1.0


def entered(book: Book, signal: s.BridgeEntered, now: float) -> None:
    touched = book.touch(signal, now)
    if touched is None:
        return
    call, channel = touched
    stay = channel.stays.setdefault(signal.bridge, Stay())
    stay.joins = not signal.holding
    node = f"bridge {signal.bridge}"
    if (known := book.groups.find(node)) is not None and _is_over(known, now):
        book.groups.release(node)
    changed = stay.inside.turn(now, on=True)
    channel.joins()
    if changed and stay.joins:
        call = book.join(channel.uniqueid, node)
        book.say(call, book.announce.talking, channel, now)


def _is_over(call: CallFacts, now: float) -> bool:
    """Whoever comes to a bridge that emptied with its call begins another one there."""
    return call.alive <= 0 and now > call.last + _EMPTY_SECONDS


def left(book: Book, signal: s.BridgeLeft, now: float) -> None:
    touched = book.touch(signal, now)
    if touched is not None:
        stay = touched[1].stays.setdefault(signal.bridge, Stay())
        stay.inside.turn(now, on=False)


def held(book: Book, signal: s.Held, now: float) -> None:
    _turn_hold(book, signal, now, on=True)


def unheld(book: Book, signal: s.Unheld, now: float) -> None:
    _turn_hold(book, signal, now, on=False)


def _turn_hold(book: Book, signal: s.ChannelSignal, now: float, *, on: bool) -> None:
    touched = book.touch(signal, now)
    if touched is not None and touched[1].hold.turn(now, on=on):
        book.say(touched[0], book.announce.hold, touched[1], now, held=on)


def music_played(book: Book, signal: s.MusicPlayed, now: float) -> None:
    touched = book.touch(signal, now)
    if touched is not None:
        touched[1].music.turn(now, on=signal.on)


def parked(book: Book, signal: s.Parked, now: float) -> None:
    touched = book.touch(signal, now)
    if touched is not None:
        touched[1].park.turn(now, on=True)


def unparked(book: Book, signal: s.Unparked, now: float) -> None:
    """Whoever fetched it took the call, as with a pickup."""
    touched = book.touch(signal, now)
    if touched is None:
        return
    call, channel = touched
    channel.park.turn(now, on=False)
    if signal.retriever_uniqueid:
        retriever = s.ChannelSignal(
            pbx=signal.pbx,
            at=signal.at,
            uniqueid=signal.retriever_uniqueid,
            channel=signal.retriever_channel,
        )
        if book.touch(retriever, now) is not None:
            call = book.join(channel.uniqueid, signal.retriever_uniqueid)
    if signal.retriever_channel:
        note_transfer(book, call, TransferFact("pickup", signal.retriever_channel, "", now))
