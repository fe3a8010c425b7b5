"""A message is in the call's record, whoever tells of it and however often."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from callcenter.voicemail.message import queue_of
from tests.support.messages_left import FILE, fold, ledger, live, messages_of
from tests.support.store import NOW

TOLD = {
    "live": live,
    "ledger": ledger,
    "live, then the ledger": lambda: [*live(), *ledger()],
    "the ledger, then live": lambda: [*ledger(), *live()],
    "both, each again": lambda: [*live(), *ledger(), *live(), *ledger()],
    "the message alone again": lambda: [*live(), *live()[-2:-1], *ledger()[-4:-3]],
}


@pytest.mark.parametrize("told", TOLD)
def test_whoever_tells_of_a_message_it_is_the_same_once(told: str) -> None:
    record = fold(TOLD[told]())
    assert (record.result, record.direction, record.route) == ("voicemail", "inbound", "voicemail")
    ((file, began, ended),) = messages_of(record)
    assert file == FILE
    assert (began, ended) == (NOW + timedelta(seconds=8), NOW + timedelta(seconds=20))
    assert queue_of(file) == "support"


def test_live_and_ledger_tell_it_with_the_same_words() -> None:
    def told(signals):
        return [(s.name, s.value, s.uniqueid) for s in signals if hasattr(s, "value")]

    assert told(live()) == told(ledger())


def test_in_any_order_it_stays_one_message() -> None:
    dice = random.Random(7)
    for _ in range(40):
        signals = [*live(), *ledger()]
        dice.shuffle(signals)
        assert [file for file, _, _ in messages_of(fold(signals))] == [FILE]


def test_another_files_name_is_another_message() -> None:
    """Who is led to a second queue's box leaves two."""
    signals = live()
    second = replace(signals[4], value=FILE.replace("support", "sales"))
    files = {file for file, _, _ in messages_of(fold([*signals[:5], second, signals[5]]))}
    assert {queue_of(file) for file in files} == {"support", "sales"}


@pytest.mark.parametrize("told", TOLD)
def test_who_leaves_a_message_has_waited_until_its_greeting_began(told: str) -> None:
    assert fold(TOLD[told]()).wait_seconds == 7.0
