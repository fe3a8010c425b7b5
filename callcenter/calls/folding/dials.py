"""Who rang whom, and how that ended."""

from __future__ import annotations

from callcenter.calls import signals as s
from callcenter.calls.book import Book
from callcenter.calls.facts import CallFacts, ChannelFacts, TransferFact, earliest
from callcenter.calls.folding.recalls import note_originated
from callcenter.calls.folding.transfers import note_transfer
from callcenter.calls.topology import is_local


def dial_begun(book: Book, signal: s.DialBegun, now: float) -> None:
    touched = _dialled(book, signal, now)
    if touched is None:
        return
    call, channel = touched
    attempt = channel.attempt(signal.caller_uniqueid)
    attempt.begun = earliest(attempt.begun, now)
    attempt.by_local = is_local(signal.caller_channel)
    if not signal.caller_uniqueid:
        note_originated(book, channel)
    attempt.dial_string = attempt.dial_string or signal.dial_string
    book.say(call, book.announce.started, now)
    if channel.ringing is not None:
        book.say(call, book.announce.ringing, channel, now)


def dial_ended(book: Book, signal: s.DialEnded, now: float) -> None:
    touched = _dialled(book, signal, now)
    if touched is None:
        return
    call, channel = touched
    attempt = channel.attempt(signal.caller_uniqueid)
    # A queue ends an unanswered dial twice, NOANSWER then CANCEL: the first one tells why.
    if attempt.status is None or signal.status == "answer" or now < (attempt.ended or now):
        attempt.status = signal.status if attempt.status != "answer" else "answer"
    attempt.ended = earliest(attempt.ended, now)
    if signal.forwarded_to:
        note_transfer(
            book, call, TransferFact("forward", channel.channel, signal.forwarded_to, now)
        )
    if attempt.status != "answer":
        book.say(call, book.announce.ring_over, channel, now, str(attempt.status))


def _dialled(
    book: Book, signal: s.DialBegun | s.DialEnded, now: float
) -> tuple[CallFacts, ChannelFacts] | None:
    touched = book.touch(signal, now)
    if touched is None:
        return None
    if signal.caller_uniqueid and signal.caller_uniqueid not in book.gone:
        caller = s.ChannelSignal(
            pbx=signal.pbx,
            at=signal.at,
            uniqueid=signal.caller_uniqueid,
            channel=signal.caller_channel,
            linkedid=signal.caller_linkedid,
        )
        book.touch(caller, now)
        touched = (book.join(signal.uniqueid, signal.caller_uniqueid), touched[1])
    return touched
