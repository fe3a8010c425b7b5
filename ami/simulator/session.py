"""One manager connection: bytes in, messages out; log-in, event mask, a limit for slow readers."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
from typing import Final, Protocol, cast

from ami.client.wire import Splitter, parse_headers
from ami.simulator.answers import error, wire
from ami.simulator.desk import Headers, Message

BANNER: Final = b"Asterisk Call Manager/11.0.0\r\n"
MAX_ACTION: Final = 1 << 16
WRITE_SECONDS: Final = 5.0
"""A client that takes nothing for so long is dropped, as Asterisk's `writetimeout` does."""


class Owner(Protocol):
    """The server, as far as a session needs it. Called on the loop's thread."""

    frozen: bool

    def secret_of(self, user: str) -> str | None: ...

    def answer(self, action: Headers) -> list[Message]: ...

    def greeting(self) -> Message: ...

    def opened(self, session: Session) -> None: ...

    def closed(self, session: Session) -> None: ...


class Session(asyncio.Protocol):
    def __init__(self, owner: Owner) -> None:
        self._owner = owner
        self._splitter = Splitter(MAX_ACTION)
        self._transport: asyncio.Transport | None = None
        self._challenge = ""
        self._stalled: asyncio.TimerHandle | None = None
        self.user = ""
        self.wants_events = False

    # -- called by the loop

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._owner.opened(self)
        self.write(BANNER)

    def data_received(self, data: bytes) -> None:
        if self._owner.frozen:
            return
        for raw in self._splitter.feed(data):
            headers = parse_headers(raw.strip())
            self._take(
                {key: one if isinstance(one, str) else one[-1] for key, one in headers.items()}
            )
        if self._splitter.oversized:
            self.drop()

    def pause_writing(self) -> None:
        loop = asyncio.get_running_loop()
        self._stalled = loop.call_later(WRITE_SECONDS, self.drop)

    def resume_writing(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # asyncio's name
        self.resume_writing()
        self._transport = None
        self._owner.closed(self)

    # -- called by the server

    def write(self, data: bytes) -> None:
        if self._transport is not None and not self._owner.frozen:
            self._transport.write(data)

    def drop(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    # -- inside

    def _take(self, action: Headers) -> None:
        name, action_id = action.get("Action", "").lower(), action.get("ActionID", "")
        if name == "challenge":
            self._challenge = str(secrets.randbelow(10**9))
            self._say({"Response": "Success", "Challenge": self._challenge}, action_id)
        elif name == "login":
            self._log_in(action, action_id)
        elif name == "logoff":
            self._say({"Response": "Goodbye", "Message": "Thanks for all the fish."}, action_id)
            self._close()
        elif not self.user:
            self._say(error("Permission denied"), action_id)
        elif name == "events":
            self.wants_events = _wants(action.get("EventMask", "on"))
            self._say(
                {"Response": "Success", "Events": "On" if self.wants_events else "Off"}, action_id
            )
        else:
            self.write(b"".join(wire(message) for message in self._owner.answer(action)))

    def _log_in(self, action: Headers, action_id: str) -> None:
        user = action.get("Username", "")
        secret = self._owner.secret_of(user)
        if secret is None or not self._proves(action, secret):
            self._say(error("Authentication failed"), action_id)
            self._close()
            return
        self.user = user
        self._say({"Response": "Success", "Message": "Authentication accepted"}, action_id)
        self.wants_events = _wants(action.get("Events", "on"))
        if self.wants_events:
            self.write(wire(self._owner.greeting()))

    def _proves(self, action: Headers, secret: str) -> bool:
        if action.get("AuthType", "").lower() != "md5":
            return hmac.compare_digest(action.get("Secret", "").encode(), secret.encode())
        if not self._challenge:
            return False
        key = hashlib.md5(f"{self._challenge}{secret}".encode(), usedforsecurity=False).hexdigest()
        return hmac.compare_digest(action.get("Key", "").encode(), key.encode())

    def _say(self, message: Message, action_id: str) -> None:
        (first, value), *rest = message.items()
        own = {"ActionID": action_id} if action_id else {}
        self.write(wire({first: value, **own, **dict(rest)}))

    def _close(self) -> None:
        if self._transport is not None:
            self._transport.close()


def _wants(mask: str) -> bool:
    return mask.strip().lower() not in ("off", "no", "false", "0", "")
