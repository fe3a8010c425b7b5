"""panoramisk's Manager for one connection: log-in as a value, actions with a deadline.

Mends P3 (log-in outcome), P6 (no waiting for FullyBooted), P7 (timed-out actions removed), P14
and P15. It never reconnects by itself: `link.AmiLink` makes a new one for each attempt.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from panoramisk.manager import Manager
from panoramisk.message import Message

from ami.client.actions import GuardedAction
from ami.client.outcome import (
    ActionFailedError,
    ActionTimeoutError,
    LoginOutcome,
    NotConnectedError,
)
from ami.client.protocol import GuardedProtocol, NotAmiError, Totals
from ami.client.wanted import Wanted
from callcenter.settings import PbxAddress

Attempt = tuple[LoginOutcome, str]


class GuardedManager(Manager):  # type: ignore[misc]  # panoramisk has no types
    """`open`, `ask`, `close`; the rest of panoramisk's Manager is not used."""

    def __init__(
        self,
        address: PbxAddress,
        wanted: Wanted,
        on_event: Callable[[bytes], None],
        totals: Totals | None = None,
    ) -> None:
        super().__init__(
            host=address.host,
            port=address.port,
            loop=asyncio.get_running_loop(),
            protocol_factory=lambda: GuardedProtocol(wanted, on_event, totals),
        )
        self._address = address
        self.protocol: GuardedProtocol | None = None

    async def open(self, timeout: float) -> Attempt:
        """Connect and log in. Every ending is a value: (outcome, words for the operator)."""
        where = f"{self._address.host}:{self._address.port}"
        try:
            async with asyncio.timeout(timeout):
                protocol = await self.connect()
                await protocol.greeting
                return await self._log_in(timeout)
        except (TimeoutError, ActionTimeoutError):
            return self._failed_late(where, timeout)
        except ConnectionRefusedError:
            return LoginOutcome.UNREACHABLE, f"nothing listens on {where}"
        except NotAmiError as error:
            return LoginOutcome.NOT_AMI, f"{where} is no Asterisk manager; it says {error}"
        except (ConnectionError, NotConnectedError):
            return LoginOutcome.REFUSED, f"{where} closed the connection (permit/deny, authlimit?)"
        except OSError as error:
            return LoginOutcome.UNREACHABLE, f"{where}: {error.strerror or error}"

    async def connect(self) -> GuardedProtocol:
        protocol: GuardedProtocol
        _, protocol = await self.loop.create_connection(
            self.config["protocol_factory"], self.config["host"], self.config["port"]
        )
        self.protocol = protocol
        return protocol

    async def _log_in(self, timeout: float) -> Attempt:
        user = self._address.user
        headers = {"Username": user, "Secret": self._address.secret, "Events": "on"}
        try:
            await self.ask("Login", headers, timeout)
        except ActionFailedError as error:
            self.close()
            if "authentication failed" in error.message.lower():
                words = f"user {user!r}: wrong name or secret, or this address is not permitted"
                return LoginOutcome.WRONG_PASSWORD, words
            return LoginOutcome.REFUSED, f"user {user!r}: {error.message}"
        self.authenticated = True
        return LoginOutcome.ACCEPTED, ""

    def _failed_late(self, where: str, timeout: float) -> Attempt:
        protocol = self.protocol
        self.close()
        if protocol is None:
            return LoginOutcome.UNREACHABLE, f"{where} does not answer in {timeout:g} s"
        if protocol.version is None:
            return LoginOutcome.NOT_AMI, f"{where} accepts, but says nothing in {timeout:g} s"
        return LoginOutcome.UNREACHABLE, f"{where} does not answer the log-in in {timeout:g} s"

    async def ask(
        self,
        name: str,
        headers: dict[str, Any] | None = None,
        timeout: float = 10.0,
        as_list: bool | None = None,
    ) -> list[Message]:
        """Send an action once; its messages, the first of them the response.

        Raises NotConnectedError, ActionTimeoutError, ActionFailedError, InvalidActionError.
        """
        protocol = self.protocol
        action = GuardedAction({"Action": name, **(headers or {})}, as_list=as_list)
        if protocol is None:
            raise NotConnectedError("the manager link is not open; nothing was sent")
        future = protocol.send(action)
        try:
            async with asyncio.timeout(timeout):
                messages = await future
        except TimeoutError:
            raise ActionTimeoutError(f"{name}: no answer in {timeout:g} s") from None
        finally:
            protocol.forget(action)
        if messages[0].response == "Error":
            raise ActionFailedError(name, messages[0].message)
        return messages

    async def send_awaiting_actions(self, *_: Any) -> None:
        """Nothing waits here to be sent again: see P5."""

    def close(self) -> None:
        if self.protocol is not None:
            self.protocol.close()
