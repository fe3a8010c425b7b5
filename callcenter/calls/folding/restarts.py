"""What is known of channels when the PBX was out of sight: started anew, or asked what it has."""

from __future__ import annotations

from collections.abc import Callable

from callcenter.calls import signals as s
from callcenter.calls.book import Book
from callcenter.calls.facts import CallFacts, ChannelFacts


def pbx_started(book: Book, signal: s.PbxStarted, now: float) -> None:
    """Whoever was there before the boot ended with the PBX, when it was last known to live."""
    booted = signal.booted_at.timestamp() if signal.booted_at is not None else now
    died = min(book.alive_until, booted) if book.alive_until else booted
    _close(book, died, lambda channel: channel.start < booted and not channel.end_told)


def pbx_alive(_book: Book, _signal: s.PbxAlive, _now: float) -> None:
    """Its time is all it tells."""


def resynced(book: Book, signal: s.ResyncEnded, now: float) -> None:
    _close(book, now, lambda c: c.hung_up is None and c.uniqueid not in signal.alive)


def thread_ended(_book: Book, _signal: s.ThreadEnded, _now: float) -> None:
    """Only a hint: the linkedid may have been overwritten while its channels live on."""


def _close(book: Book, now: float, is_gone: Callable[[ChannelFacts], bool]) -> None:
    """End the channels that are not there any more; when exactly they went, nobody saw."""
    for call in book.groups.calls():
        gone = [channel for channel in call.channels.values() if is_gone(channel)]
        for channel in gone:
            _end(book, call, channel, max(now, channel.last))
        if gone:
            book.odd("ended_unseen", gone[0].uniqueid, f"{len(gone)} channels", None)
            book.finish_if_over(call, now)


def _end(book: Book, call: CallFacts, channel: ChannelFacts, at: float) -> None:
    if channel.hung_up is None:
        call.alive -= 1
        channel.hung_up = at
    channel.hung_up = min(channel.hung_up, at)
    book.say(call, book.announce.leg_over, channel, at)
