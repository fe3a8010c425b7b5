"""What is known of channels when the PBX was out of sight: started anew, or asked what it has."""

from __future__ import annotations

from collections.abc import Callable

from callcenter.calls import signals as s
from callcenter.calls.book import Book
from callcenter.calls.facts import CallFacts, ChannelFacts
from callcenter.calls.folding.channels import listens_no_more

_LAST_MOMENTS = 2.0


def pbx_started(book: Book, signal: s.PbxStarted, now: float) -> None:
    """Whoever was there before the boot ended with the PBX, when it was last known to live."""
    booted = now - signal.uptime_seconds
    died = min(book.alive_until, booted) if book.alive_until else booted
    _close(book, died, lambda channel: channel.start < booted and not channel.end_told)


def pbx_stopped(book: Book, _signal: s.PbxStopped, now: float) -> None:
    """Calls that it cut off in its last moments were not given up by their callers."""
    for call in book.groups.calls():
        ends = [c.hung_up for c in call.channels.values() if c.hung_up is not None]
        if ends and now - max(ends) < _LAST_MOMENTS:
            call.cut_off = True
            book.finish_if_over(call, now)


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
    listens_no_more(book, channel.uniqueid, at)
