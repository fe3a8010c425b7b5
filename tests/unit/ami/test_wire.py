"""Bytes to messages and headers."""

from __future__ import annotations

from ami.client import wire
from ami.client.wire import Splitter, parse_headers


def test_a_message_is_given_only_when_it_is_whole() -> None:
    splitter = Splitter()
    assert splitter.feed(b"Event: A\r\nB: 1\r\n\r") == []
    assert splitter.feed(b"\nEvent: C\r\n\r\nEvent") == [b"Event: A\r\nB: 1", b"Event: C"]
    assert splitter.feed(b": D\r\n\r\n") == [b"Event: D"]


def test_a_message_over_the_limit_is_dropped_once_and_the_next_one_kept() -> None:
    """P9."""
    splitter = Splitter(limit=100)
    assert splitter.feed(b"x" * 5_000) == []
    assert splitter.feed(b"x" * 5_000) == []
    assert splitter.feed(b"\r\n\r\nEvent: A\r\n\r\n") == [b"Event: A"]
    assert splitter.oversized == 1


def test_a_message_over_the_limit_in_one_chunk_is_dropped_too() -> None:
    """P9."""
    splitter = Splitter(limit=100)
    assert splitter.feed(b"Event: A\r\n\r\n" + b"x" * 101 + b"\r\n\r\nEvent: B\r\n\r\n") == [
        b"Event: A",
        b"Event: B",
    ]
    assert splitter.oversized == 1


def test_what_is_held_of_an_endless_message_stays_small() -> None:
    """P9."""
    splitter = Splitter(limit=1_000)
    for _ in range(1_000):
        splitter.feed(b"x" * 1_000)
    assert len(splitter._tail) <= 1_004


def test_a_repeated_header_becomes_a_list_in_order() -> None:
    """P18."""
    raw = b"Event: Newchannel\r\nChanVariable: A=1\r\nChanVariable: B=2\r\nChanVariable: C=3"
    assert parse_headers(raw) == {
        "Event": "Newchannel",
        "ChanVariable": ["A=1", "B=2", "C=3"],
    }


def test_headers_without_a_value_or_a_blank_are_kept_and_half_lines_left_out() -> None:
    raw = b"Event: X\r\nEmpty: \r\nBare:\r\nTight:1\r\nhalf a line\r\nData: a: b: c"
    assert parse_headers(raw) == {
        "Event": "X",
        "Empty": "",
        "Bare": "",
        "Tight": "1",
        "Data": "a: b: c",
    }


def test_invalid_utf8_is_replaced_and_costs_no_other_letter() -> None:
    """P8."""
    raw = b"Event: X\r\nCallerIDName: \xd0\x98\xff\xd0\x92"
    assert parse_headers(raw)["CallerIDName"] == "И\ufffdВ"


def test_a_value_that_looks_like_a_header_stays_a_value() -> None:
    known = b"Event: Newchannel\r\nCallerIDName: x\r\nUniqueid: 1.1"
    forged = b"Event: Newchannel\r\nCallerIDName: x: Uniqueid: 6.6\r\nUniqueid: 1.1"
    parse_headers(known)
    for raw in (forged, known, b"half a line\r\n" + forged, forged + b"\r\nhalf a line"):
        headers = parse_headers(raw)
        assert headers["Uniqueid"] == "1.1"
        assert headers["CallerIDName"] in ("x", "x: Uniqueid: 6.6")


def test_names_of_headers_are_learnt_in_bounds() -> None:
    for n in range(5_000):
        parse_headers(b"Event: X\r\nName%d: 1" % n)
    assert len(wire._NAMES) <= 2_001
