"""Peers that are no manager, or a bad one: bounded, told in one line, never the end."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from itertools import groupby

import pytest

from callcenter.settings import PbxAddress
from tests.support.fake_ami import BANNER, FakeAmi
from tests.support.watched_link import QUIET, against, hangup, running

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def _closes_at_once(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def _speaks_http(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    await writer.drain()


async def _never_ends_its_first_line(
    _reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    while True:
        writer.write(b"x" * 65_536)
        await writer.drain()


async def _says_nothing(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    await reader.read()


async def _never_answers_the_login(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    writer.write(BANNER)
    await reader.read()


@pytest.mark.parametrize(
    ("serve", "state", "words"),
    [
        (_closes_at_once, "refused", "closed the connection"),
        (_speaks_http, "refused", "no Asterisk manager"),
        (_never_ends_its_first_line, "refused", "no Asterisk manager"),
        (_says_nothing, "refused", "says nothing"),
        (_never_answers_the_login, "down", "does not answer the log-in"),
    ],
    ids=lambda value: value.__name__.strip("_") if callable(value) else "",
)
def test_a_peer_that_is_no_manager_is_named_in_one_line_and_tried_again(
    serve, state: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    pbx = FakeAmi(serve=serve)

    async def check() -> None:
        async with running(pbx.address, replace(QUIET, login=0.05)) as watched:
            await watched.until(lambda: pbx.connections >= 3)
            assert watched.states[-1] == state
            assert words in watched.statuses[-1].detail

    against(pbx, check)
    assert capsys.readouterr().out.count(words) == 1


def test_a_port_where_nothing_listens_is_told_once_however_long_it_lasts(
    capsys: pytest.CaptureFixture[str],
) -> None:
    pbx = FakeAmi()

    async def check() -> None:
        address = pbx.address
        await pbx.close()
        async with running(address) as watched:
            await watched.until(lambda: watched.link.attempts >= 6)
            assert watched.states == ["connecting", "down"]
            assert f"nothing listens on 127.0.0.1:{address.port}" in watched.statuses[-1].detail

    against(pbx, check)
    assert capsys.readouterr().out.count("nothing listens") == 1


def test_a_name_that_does_not_resolve_is_told() -> None:
    async def check() -> None:
        address = PbxAddress("pbx1", "no.such.host.invalid", 5038, "u", "s")
        async with running(address) as watched:
            await watched.until(lambda: watched.states[-1:] == ["down"])

    asyncio.run(check())


def test_garbage_between_events_costs_no_event() -> None:
    pbx = FakeAmi()

    async def check() -> None:
        async with running(pbx.address) as watched:
            await watched.up()
            garbage = b"half a line\r\n\r\n\xff\xfe\x00: \xd0\r\n\r\n\r\n\r\n\r\nEvent:\r\n\r\n"
            pbx.send(hangup("1") + garbage + hangup("2") + b"Event: \r\n\r\n" + hangup("3"))
            events = await watched.events(3)
            assert events == [hangup(n)[:-4] for n in "123"]
            assert watched.link.totals.faults == 0

    against(pbx, check)


def test_a_slow_peer_that_sends_byte_by_byte_is_understood_and_kept() -> None:
    pbx = FakeAmi()

    async def check() -> None:
        async with running(pbx.address) as watched:
            await watched.up()
            for byte in hangup("slow"):
                pbx.send(bytes([byte]))
                await asyncio.sleep(0.001)
            assert await watched.events(1) == [hangup("slow")[:-4]]
            assert pbx.connections == 1

    against(pbx, check)


def test_a_pbx_that_comes_back_is_found_again() -> None:
    pbx = FakeAmi()

    async def check() -> None:
        port = pbx.address.port
        async with running(pbx.address) as watched:
            await watched.up()
            await pbx.close()
            await watched.until(lambda: watched.states[-1:] == ["down"])
            await pbx.listen(port)
            await watched.up()
            # It may be told "down" twice: the link ended, and nothing listens yet.
            changes = [state for state, _ in groupby(watched.states)]
            assert changes == ["connecting", "up", "down", "up"]

    against(pbx, check)
