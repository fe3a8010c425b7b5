"""Ten thousand values that a caller, a phone or a network could send, through the AGI door and the
services behind it into database, manager actions and pages: none says more than it should, none
stops a call.
"""

from __future__ import annotations

import random
import re
from contextlib import suppress

import pytest

from agi_scripts.lines import GarbageError
from agi_scripts.request import HeadReader
from agi_scripts.service import AgiService
from agi_scripts.variables import variables_of
from agi_scripts.wire import UnsafeValueError, Vocabulary, quote
from ami.client.actions import check_headers
from ami.client.outcome import InvalidActionError
from ami.command_values import RefusedError, channel, number_in
from callcenter.ports import PbxCommand
from callcenter.routing.decide import RouteDecision
from callcenter.routing.findings import Finding
from tests.support.agi import Caller
from tests.support.hostile import values
from tests.support.waiting import wait_until

FIELDS = ("callerid", "calleridname", "dnid", "extension", "channel", "uniqueid", "rdnis")
LOOKS_LIKE_A_COMMAND = re.compile(
    rb'EXEC MSet "[A-Za-z0-9_.:+#*|&@/=,-]*"\n|SET VARIABLE "CRM_\w+" "[^"\n]*"\n'
)


def head(field: str, value: str) -> bytes:
    """As Asterisk writes it: bytes of the network, whatever they are."""
    env = {
        "network_script": "route",
        "request": "agi://127.0.0.1/route",
        "channel": "PJSIP/trunk-00000001",
        "uniqueid": "lab-1700000000.1",
        "callerid": "+48601000001",
        "callingpres": "0",
        "dnid": "+48221000001",
        "extension": "s",
    }
    ours = "".join(f"agi_{name}: {text}\n" for name, text in env.items() if name != field)
    theirs = f"agi_{field}: ".encode() + value.encode("utf-8", "surrogatepass") + b"\n"
    return ours.encode() + theirs + b"\n"


def number(value: str) -> str:
    return number_in(PbxCommand(action="originate", arguments={"to": value}))


def test_ten_thousand_heads_name_no_other_script_and_no_second_caller():
    dice = random.Random(1)
    for value in values(10_000):
        field = dice.choice(FIELDS)
        reader = HeadReader()
        try:
            request = reader.feed(head(field, value))
        except GarbageError:
            continue
        if request is None:
            continue
        assert request.script == "route"
        assert field == "callerid" or request.get("agi_callerid") in ("+48601000001", "")
        assert not {name for name in request.env if "\n" in request.env[name]}


def test_ten_thousand_texts_leave_as_one_argument_or_not_at_all():
    for value in values(10_000):
        try:
            said = quote(value)
        except UnsafeValueError:
            continue
        assert said.startswith('"')
        assert said.endswith('"')
        assert not set(said[1:-1]) & set('"\r\n\0')
        assert not re.search(r"(?<!\\)(?:\\\\)*\\$", said[1:-1])


def test_ten_thousand_names_of_rules_and_targets_are_told_as_plain_words():
    words = Vocabulary({})
    for value in values(10_000):
        decision = RouteDecision(
            route="menu", rule=value, target=value, then=value, finding=Finding("always")
        )
        told = words.together(variables_of(decision))
        assert told is not None
        assert LOOKS_LIKE_A_COMMAND.fullmatch(told), value
        assert told.count(b"CRM_ROUTE=") == 1


def answered(agi: AgiService, data: bytes) -> list[bytes]:
    """Every command that this head is answered with."""
    with Caller(agi.port) as one:
        try:
            one.send(data)
            said = []
            while line := one.read():
                said.append(line.encode("utf-8", "surrogateescape"))
                one.send(b"200 result=1\n")
        except ConnectionError:
            return []
    return said


def test_a_thousand_of_them_through_the_door_stop_no_call(agi, kept):
    """Each either gets its route, in commands of ours alone, or is refused with its connection; the
    next caller is served."""
    dice, routed = random.Random(2), 0
    for value in values(1000):
        said = answered(agi, head(dice.choice(FIELDS), value))
        assert all(LOOKS_LIKE_A_COMMAND.fullmatch(line) for line in said), (value, said)
        routed += bool(said)
    assert routed > 600
    assert answered(agi, head("callerid", "+48601000001"))[0].endswith(b'CRM_ROUTE=queue-vip"\n')
    wait_until(lambda: len(kept.records) >= routed)
    for record in kept.records:
        for text in (record.pbx, record.uniqueid, record.number, record.dialed):
            assert text.isprintable()
            assert len(text) <= 80


def test_ten_thousand_values_are_no_channel_no_number_and_no_second_header_of_an_action():
    for value in values(10_000):
        for check in (channel, number):
            with suppress(RefusedError):
                assert re.fullmatch(r"[A-Za-z0-9@;:._+*#/-]+", check(value)), value
        with suppress(InvalidActionError, UnicodeEncodeError):
            check_headers({"Action": "Originate", "CallerID": value})
            assert not set(value) & set("\r\n\0")
            assert len(value.encode()) < 1000


@pytest.mark.parametrize("field", FIELDS)
def test_eight_kilobytes_and_more_end_their_own_connection_alone(agi, field):
    assert answered(agi, head(field, "x" * 9000)) == []
    assert answered(agi, head(field, "x" * 8000)) != []
