"""The lab's soft phones do to a real Asterisk what a person's phone does."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from importlib.util import find_spec

import pytest

from ami.lab.pbx import LabPbx
from ami.lab.softphones import Line, SoftPhone, desk_of
from tests.support.require import lacking

pytestmark = pytest.mark.pbx

Phones = dict[str, SoftPhone]


@pytest.fixture
def phones(lab_pbx: LabPbx) -> Iterator[Phones]:
    if find_spec("pjsua2") is None:
        lacking("pbx", "soft phones need PJSIP", "pip install pjsua2-python")
    with ExitStack() as stack:
        desks = ("1001", "1002", "1003")
        yield {who: stack.enter_context(SoftPhone(desk_of(lab_pbx, who))) for who in desks}
        lab_pbx.wait_idle()


def connected(phones: Phones, caller: str, callee: str) -> tuple[Line, Line]:
    mine = phones[caller].call(callee)
    theirs = phones[callee].ringing().answer()
    return mine.until_talking(), theirs


def bridged(pbx: LabPbx) -> set[frozenset[str]]:
    """Who stands in one bridge with whom."""
    bridges: dict[str, set[str]] = {}
    for row in pbx.console("core show channels concise").splitlines():
        channel, bridge = row.split("!")[0], row.split("!")[12]
        if bridge:
            bridges.setdefault(bridge, set()).add(channel.partition("-")[0])
    return {frozenset(who) for who in bridges.values()}


def only_these_talk(pbx: LabPbx, *desks: str) -> bool:
    """Waits for it: a phone knows of its call a moment before the bridge does."""
    wanted = {frozenset(f"PJSIP/{desk}" for desk in desks)}
    deadline = time.monotonic() + 5
    while bridged(pbx) != wanted and time.monotonic() < deadline:
        time.sleep(0.05)
    return bridged(pbx) == wanted


def test_two_desks_talk_and_hang_up(lab_pbx: LabPbx, phones: Phones) -> None:
    first, second = connected(phones, "1001", "1002")
    assert only_these_talk(lab_pbx, "1001", "1002")
    first.hang_up()
    assert second.until_over().over


def test_a_desk_that_refuses_is_busy(phones: Phones) -> None:
    line = phones["1001"].call("1002")
    phones["1002"].ringing().refuse(486)
    assert line.until_over().code == 486


def test_a_blind_transfer_leaves_the_other_two(lab_pbx: LabPbx, phones: Phones) -> None:
    first, second = connected(phones, "1001", "1002")
    assert only_these_talk(lab_pbx, "1001", "1002")  # before, Asterisk refuses to transfer
    first.transfer("1003")
    third = phones["1003"].ringing().answer()
    assert first.until_over().transfer_code == 200
    assert only_these_talk(lab_pbx, "1002", "1003")
    third.hang_up()
    second.until_over()


def test_an_attended_transfer_joins_two_calls(lab_pbx: LabPbx, phones: Phones) -> None:
    first, second = connected(phones, "1001", "1002")
    first.hold()
    consultation, third = connected(phones, "1001", "1003")
    first.join(consultation)
    first.until_over()
    consultation.until_over()
    assert only_these_talk(lab_pbx, "1002", "1003")
    third.hang_up()
    second.until_over()


def test_keys_reach_asterisk(lab_pbx: LabPbx, phones: Phones) -> None:
    first, second = connected(phones, "1001", "1002")
    assert only_these_talk(lab_pbx, "1001", "1002")  # before, nobody listens for keys
    first.press("##1003")
    third = phones["1003"].ringing().answer()
    first.until_over()
    assert only_these_talk(lab_pbx, "1002", "1003")
    third.hang_up()
    second.until_over()
