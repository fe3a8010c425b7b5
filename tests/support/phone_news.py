"""What a window is told, held back: the CRM and the PBX tell it of a call by a way each."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, WebSocketRoute

OF_THE_CRM = ("**/socket.io/**", "42")
"""The address, and how each event begins; Socket.IO's own heartbeat passes."""
RINGING = ("**/ws", "INVITE ")
"""The PBX rings the phone in the page."""


class HeldNews:
    """Stands between a server and the windows of one browser.

    What passes does so while the test waits for something on a page, not for the PBX alone.
    """

    def __init__(self, kind: tuple[str, str] = OF_THE_CRM) -> None:
        self._address, self._begins = kind
        self._holds = False
        self._after = ""
        self._held: list[tuple[WebSocketRoute, str | bytes]] = []

    def stand_between(self, context: BrowserContext) -> None:
        context.route_web_socket(self._address, self._link)

    def hold(self, *, after: str = "") -> None:
        """From now, or from behind the next one that has these words."""
        self._holds, self._after = not after, after

    def release(self) -> None:
        """In the order in which it was told."""
        self._holds, self._after = False, ""
        held, self._held = self._held, []
        for link, said in held:
            link.send(said)

    def _link(self, link: WebSocketRoute) -> None:
        server = link.connect_to_server()

        def told(said: str | bytes) -> None:
            if self._holds and str(said).startswith(self._begins):
                self._held.append((link, said))
                return
            link.send(said)
            if self._after and self._after in str(said):
                self.hold()

        server.on_message(told)
