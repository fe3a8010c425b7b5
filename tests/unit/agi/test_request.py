"""The head of a session, cut anywhere, and what is not one."""

from __future__ import annotations

import pytest

from agi_scripts.lines import GarbageError
from agi_scripts.request import HeadReader

HEAD = (
    b"agi_network: yes\nagi_network_script: route?pbx=main\n"
    b"agi_request: agi://127.0.0.1:4573/route?pbx=main\nagi_channel: PJSIP/trunk-0000002a\n"
    b"agi_callerid: +48601000001\nagi_calleridname: \xd0\x98\xd0\xb2\xd0\xb0\xd0\xbd: x\n"
    b"agi_callingpres: 0\nagi_dnid: +48221000001\n\n"
)


def read(data: bytes):
    return HeadReader().feed(data)


def test_a_head_is_read_with_colons_in_values():
    request = read(HEAD)
    assert (request.script, request.query) == ("route", {"pbx": "main"})
    assert request.get("agi_calleridname") == "Иван: x"
    assert request.endpoint == "PJSIP/trunk"
    assert not request.caller_hidden


def test_a_head_cut_into_single_bytes_reads_the_same():
    reader = HeadReader()
    results = [reader.feed(bytes([byte])) for byte in HEAD]
    assert results[-1] == read(HEAD)
    assert not any(results[:-1])


def test_the_script_is_found_in_the_address_when_there_is_no_other_name():
    assert read(b"agi_request: agi://h:4573/route?pbx=a\n\n").script == "route"
    assert read(b"agi_request: agi://[bad/route\n\n").script == ""
    assert read(b"agi_network_script: /ping/\r\n\r\n").script == "ping"


@pytest.mark.parametrize(
    ("presentation", "hidden"),
    [
        ("0", False),
        ("3", False),
        ("32", True),
        ("35", True),
        ("67", True),
        ("", False),
        ("x", False),
    ],
)
def test_a_number_that_may_not_be_shown_is_hidden(presentation, hidden):
    assert read(f"agi_callingpres: {presentation}\n\n".encode()).caller_hidden is hidden


def test_bytes_that_are_no_utf_8_cost_nothing():
    assert read(b"agi_calleridname: \xff\xfe\n\n").get("agi_calleridname") == "\ufffd\ufffd"


def test_a_line_break_in_a_name_cannot_replace_what_was_said_before():
    head = b"agi_callerid: 1\nagi_calleridname: x\nagi_callerid: 2\nnonsense\n\n"
    assert read(head).get("agi_callerid") == "1"


def test_a_hangup_behind_the_head_is_kept():
    reader = HeadReader()
    reader.feed(b"agi_network: yes\n\nHANGUP\n")
    assert reader.early == b"HANGUP\n"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "not-agi"),
        (b"\x16\x03\x01\x02\x00\n", "not-agi"),
        (b"\n", "not-agi"),
        (b"agx", "not-agi"),
        (b"x" * 1_000_000, "not-agi"),
        (b"agi_" + b"x" * 9000, "long-line"),
        (b"agi_a: b\nagi_b: " + b"x" * 9000 + b"\nagi_c: d\n\n", "long-line"),
        (b"agi_" + b"x" * 1_000_000, "too-much"),
        (b"agi_a: b\n" * 300, "many-lines"),
        (b"agi_a: " + b"x" * 8000 + b"\n" + (b"agi_b: " + b"x" * 8000 + b"\n") * 9, "too-much"),
    ],
)
def test_garbage_is_named_by_one_of_few_words(data, reason):
    with pytest.raises(GarbageError) as garbage:
        read(data)
    assert garbage.value.reason == reason
