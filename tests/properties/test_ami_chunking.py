"""Any chunking of a byte stream gives the same events."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ami.client.protocol import GuardedProtocol
from ami.client.wanted import Wanted
from ami.client.wire import Splitter, _parse_carefully, parse_headers

_SMALL = 200

_pieces = st.one_of(
    st.sampled_from(
        [
            b"Event: Hangup\r\nCallerIDName: \xd0\x98\xd0\xb2\xd0\xb0\xd0\xbd\r\n\r\n",
            b"Event: Newchannel\r\nChanVariable: A=1\r\nChanVariable: B=2\r\n\r\n",
            b"Response: Success\r\nMessage: x\r\n\r\n",
            b"\r\n",
            b"\r\n\r\n\r\n",
            b"\r",
            b"half a line",
            b"\xff\xfe\r\n\r\n",
            b"Event: Long\r\nData: " + b"y" * 300 + b"\r\n\r\n",
        ]
    ),
    st.binary(max_size=40),
)
streams = st.lists(_pieces, max_size=30).map(b"".join)
cuts = st.lists(st.integers(min_value=1, max_value=60), min_size=1, max_size=8)


def _chunks(data: bytes, sizes: list[int]) -> list[bytes]:
    chunks, position, turn = [], 0, 0
    while position < len(data):
        size = sizes[turn % len(sizes)]
        chunks.append(data[position : position + size])
        position, turn = position + size, turn + 1
    return chunks


def _split(data: bytes, sizes: list[int]) -> tuple[list[bytes], int]:
    splitter = Splitter(limit=_SMALL)
    messages = [m for chunk in _chunks(data, sizes) for m in splitter.feed(chunk)]
    return messages, splitter.oversized


@given(streams, cuts)
def test_any_chunking_gives_the_same_messages_and_the_same_count_of_dropped_ones(
    data: bytes, sizes: list[int]
) -> None:
    end = b"\r\n\r\n"  # what is oversized is known for certain only when it ends
    assert _split(data + end, sizes) == _split(data + end, [1 << 30])


@given(st.binary(max_size=300))
def test_parsing_never_raises(raw: bytes) -> None:
    parse_headers(raw)


_lines = st.lists(
    st.one_of(
        st.tuples(
            st.sampled_from(["Event", "Uniqueid", "Channel", "X"]),
            st.text(alphabet="ab: ", max_size=8),
        ).map(": ".join),
        st.text(alphabet="ab: ", max_size=8),
    ),
    min_size=1,
    max_size=8,
)


@given(_lines)
def test_the_quick_way_of_parsing_agrees_with_the_careful_one(lines: list[str]) -> None:
    parse_headers(b"Event: 1\r\nUniqueid: 2\r\nChannel: 3\r\nX: 4\r\na: 5\r\nb: 6\r\nab: 7")
    assert parse_headers("\r\n".join(lines).encode()) == _parse_carefully(lines)


def test_a_name_that_is_a_colon_and_a_blank_begins_no_header() -> None:
    parse_headers(b": nothing")
    assert parse_headers(b"Event: : \r\n") == {"Event": ": "}


class _Transport:
    def abort(self) -> None: ...

    def is_closing(self) -> bool:
        return True


def _events(data: bytes, sizes: list[int]) -> list[bytes]:
    async def read() -> list[bytes]:
        seen: list[bytes] = []
        protocol = GuardedProtocol(Wanted(["Hangup", "Newchannel", "Long"]), seen.append)
        protocol.connection_made(_Transport())
        for chunk in _chunks(b"Asterisk Call Manager/11.0.0\r\n" + data, sizes):
            protocol.data_received(chunk)
        return seen

    return asyncio.run(read())


@settings(max_examples=40)
@given(streams, st.sampled_from([1, 7, 1448]))
def test_reads_of_1_7_and_1448_bytes_give_the_same_events(data: bytes, size: int) -> None:
    assert _events(data, [size]) == _events(data, [1 << 30])


@pytest.mark.parametrize("size", [1, 7, 1448])
def test_a_name_in_cyrillic_survives_any_read_size(size: int) -> None:
    """P8."""
    data = "Event: Hangup\r\nCallerIDName: Иванов Żółć\r\n\r\n".encode()
    (event,) = _events(data, [size])
    assert parse_headers(event)["CallerIDName"] == "Иванов Żółć"
