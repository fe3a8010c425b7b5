"""The manager protocol where the other end says nothing at all."""

from __future__ import annotations

import asyncio
import socket

from ami.client.protocol import GuardedProtocol
from ami.client.wanted import Wanted


def test_who_gave_up_waiting_for_the_banner_still_learns_that_the_link_is_gone() -> None:
    async def play() -> None:
        silent, ours = socket.socketpair()
        transport, protocol = await asyncio.get_running_loop().create_connection(
            lambda: GuardedProtocol(Wanted(()), lambda _raw: None), sock=ours
        )
        protocol.greeting.cancel()
        transport.close()
        await asyncio.wait_for(protocol.lost, 10)
        silent.close()

    asyncio.run(play())
