"""The life of a channel: made, named, rung, answered, ended."""

from __future__ import annotations

from typing import Any

from callcenter.calls import signals as s
from callcenter.calls.book import Book
from callcenter.calls.facts import ChannelFacts, SoundFact, SpyFact, TransferFact, earliest
from callcenter.calls.folding.queues import waits
from callcenter.calls.folding.recalls import note_originated
from callcenter.calls.folding.transfers import note_transfer

_TELLINGS_KEPT = 32


def seen(book: Book, signal: s.ChannelSeen, now: float) -> None:
    touched = book.touch(signal, now)
    if touched is None:
        return
    call, channel = touched
    if signal.created:
        channel.created = earliest(channel.created, now)
    _identify(channel, signal, now)
    channel.tell("exten", signal.exten, now)
    channel.tell("context", signal.context, now)
    _phase(channel, signal.phase, now)
    book.say(call, book.announce.started, now)


def _identify(channel: ChannelFacts, signal: Any, now: float) -> None:
    channel.tell("number", signal.number, now)
    if signal.number and len(channel.tellings) < _TELLINGS_KEPT:
        channel.tellings.add((now, signal.number, signal.name))
    channel.tell("name", signal.name, now)


def _phase(channel: ChannelFacts, phase: s.ChannelPhase, now: float) -> None:
    if phase == "ringing":
        channel.ringing = earliest(channel.ringing, now)
    elif phase == "up":
        channel.up = earliest(channel.up, now)


def phase_changed(book: Book, signal: s.ChannelPhaseChanged, now: float) -> None:
    touched = book.touch(signal, now)
    if touched is None:
        return
    call, channel = touched
    _identify(channel, signal, now)
    _phase(channel, signal.phase, now)
    if signal.phase == "ringing":
        book.say(call, book.announce.ringing, channel, now)


def identified(book: Book, signal: s.CallerIdentified, now: float) -> None:
    touched = book.touch(signal, now)
    if touched is not None:
        _identify(touched[1], signal, now)


def renamed(book: Book, signal: s.ChannelRenamed, now: float) -> None:
    touched = book.touch(signal, now)
    # A masquerade's steps (`…<MASQ>`, `…<ZOMBIE>`) are nobody's name.
    if touched is not None and signal.new_name and "<" not in signal.new_name:
        touched[1].named(signal.new_name)


def app_entered(book: Book, signal: s.AppEntered, now: float) -> None:
    touched = book.touch(signal, now)
    if touched is None:
        return
    _identify(touched[1], signal, now)
    app = signal.app.lower()
    if app == "voicemail":
        touched[1].voicemail = True
        touched[1].led_to_message(now)
    elif app == "pickupchan":
        touched[1].led_to = signal.exten
    elif app == "dial":
        touched[1].tell("dial_data", signal.data, now)
    touched[1].tell("exten", signal.exten, now)


def variable_set(book: Book, signal: s.VariableSet, now: float) -> None:
    touched = book.touch(signal, now)
    if touched is None or not signal.value:
        return
    if signal.name == "CRM_ROUTE":
        touched[0].route = signal.value
    elif signal.name == "CRM_QUEUE":
        touched[0].sent_to_queue = signal.value
    elif signal.name == "CRM_PREFERRED":  # rung for this queue before the queue itself
        waits(book, *touched, signal.value, now)
    elif signal.name == "CRM_CLICK":
        touched[1].led_to = signal.value
    elif signal.name == "CRM_MENU":
        touched[0].pressed.add((now, signal.value))
    elif signal.name == "CRM_MESSAGE":  # a file of its own, kept until the channel ends
        touched[1].voicemail = True
        touched[1].led_to_message(now)
        touched[1].sounds.setdefault(signal.value, SoundFact(signal.value, now))
    elif signal.name == "CRM_OUTCOME" and signal.value == "voicemail":
        touched[1].led_to_message(now)
    elif signal.name == "CRM_FORWARD":  # extension/number: the dialplan sends the call on
        by, _, to = signal.value.partition("/")
        note_transfer(book, touched[0], TransferFact("forward", by, to, now))


def side_told(book: Book, signal: s.SideTold, now: float) -> None:
    touched = book.touch(signal, now)
    if touched is not None:
        touched[1].told_side = signal.side


def local_paired(book: Book, signal: s.LocalPaired, now: float) -> None:
    touched = book.touch(signal, now)
    if touched is None:
        return
    other = s.ChannelSignal(
        pbx=signal.pbx,
        at=signal.at,
        uniqueid=signal.other_uniqueid,
        channel=signal.other_channel,
        linkedid=signal.other_linkedid,
    )
    if signal.other_uniqueid and book.touch(other, now) is not None:
        book.pair(signal.uniqueid, signal.other_uniqueid)


def hangup_requested(book: Book, signal: s.HangupRequested, now: float) -> None:
    touched = book.touch(signal, now)
    if touched is not None:
        touched[1].hangup_requested = earliest(touched[1].hangup_requested, now)


def hung_up(book: Book, signal: s.HungUp, now: float) -> None:
    touched = book.touch(signal, now)
    if touched is None:
        return
    call, channel = touched
    if channel.hung_up is None:
        call.alive -= 1
    channel.hung_up = earliest(channel.hung_up if channel.end_told else None, now)
    channel.end_told = True
    channel.cause = channel.cause if channel.cause is not None else signal.cause
    if signal.originated:
        channel.originated = True
        note_originated(book, channel)
    if signal.number:
        channel.tellings.add((now, signal.number, ""))
    channel.hangup_source = channel.hangup_source or signal.ended_by
    channel.own_dial_status = channel.own_dial_status or signal.dial_status
    book.say(call, book.announce.leg_over, channel, now)
    listens_no_more(book, channel.uniqueid, now)
    book.finish_if_over(call, now)


def spied(book: Book, signal: s.SpyStarted, now: float) -> None:
    touched = book.touch(signal, now)
    if touched is not None:
        touched[1].spies()
        _note_spy(book, signal, now, ends=False)


def spied_no_more(book: Book, signal: s.SpyStopped, now: float) -> None:
    touched = book.touch(signal, now)
    if touched is not None:
        touched[1].spies()
        _note_spy(book, signal, now, ends=True)


def _note_spy(book: Book, signal: s.SpyStarted | s.SpyStopped, now: float, *, ends: bool) -> None:
    """On the call that is listened to; never joined, since a spy may go from call to call."""
    call = book.groups.find(signal.spied_uniqueid)
    if call is None:
        return
    spy = call.spies.setdefault(signal.uniqueid, SpyFact(signal.channel, signal.uniqueid))
    if ends:
        book.spying.pop(signal.uniqueid, None)
        spy.until = now if spy.until is None else max(spy.until, now)
    else:
        book.spying[signal.uniqueid] = signal.spied_uniqueid
        spy.since = earliest(spy.since, now)
    book.say(call, book.announce.spied, spy, now)


def listens_no_more(book: Book, uniqueid: str, now: float) -> None:
    """The channel of who listened is gone. Asterisk tells the end of the listening itself late, or
    not at all, where there was no sound in the call."""
    call = book.groups.find(book.spying.pop(uniqueid, ""))
    spy = call.spies.get(uniqueid) if call is not None else None
    if call is not None and spy is not None and spy.until is None:
        spy.until = now
        book.say(call, book.announce.spied, spy, now)
