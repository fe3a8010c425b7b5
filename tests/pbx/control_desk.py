"""For call control: an operator at the web door, the manager door behind it, a real Asterisk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

from sqlalchemy import text

from ami.client.link import Timing
from ami.lab import LabPbx
from ami.lab.phones import Call, Caller, call_in
from ami.service import AmiService
from callcenter.accounts.user import endpoints_of
from callcenter.calls.record import CallRecord
from callcenter.settings_forms import parse_ami_urls
from tests.support.waiting import wait_until
from tests.support.web import Browser, World, make_world
from web.app import create_app

TIMING = Timing(retry_first=0.05, retry_cap=0.2, refused_first=0.2, refused_cap=0.5)
ANNA = "+48600100101"
T = TypeVar("T")


class ControlDesk:
    """Operator 1001 in front of the product."""

    def __init__(self, world: World, pbx: LabPbx, service: AmiService) -> None:
        self.world, self.pbx, self.service = world, pbx, service
        self.told: list[dict[str, Any]] = []
        world.runtime.bus.subscribe(self._hear, lambda: None)
        self._app = create_app(world.runtime, testing=True)
        self.browsers: dict[str, Browser] = {}
        self.callers: list[Caller] = []

    def _hear(self, message: Any) -> None:
        if message.payload.get("type") == "command":
            self.told.append(dict(message.payload))

    def browser(self, username: str = "operator1") -> Browser:
        if username not in self.browsers:
            self.browsers[username] = Browser(self._app)
            assert self.browsers[username].log_in(username).status_code == 302
        return self.browsers[username]

    def come_back(self) -> None:
        """The manager door ends, and another that knows nothing begins."""
        self.service.stop(10)
        self.service = AmiService(self.world.runtime, TIMING)
        self.service.start()
        self.until_linked()

    def until_linked(self) -> None:
        service = self.service
        wait_until(lambda: service.commands.hands and service.commands.hands[0].up)
        wait_until(lambda: all(link.version for link in service.links))

    # -- calls

    def live(self, endpoint: str = "PJSIP/1001") -> list[CallRecord]:
        with self.world.runtime.unit_of_work() as uow:
            return uow.outbound.live_calls(endpoints_of(endpoint))

    def link(self) -> str:
        """How the link to the PBX stands, as everybody is told."""
        with self.world.runtime.unit_of_work() as uow:
            (state,) = uow.pbx_links.states().values()
        return state

    def everything(self) -> list[CallRecord]:
        """Every call under way."""
        with self.world.runtime.unit_of_work() as uow:
            return uow.calls.live_records("lab")

    def talking(self, endpoint: str = "PJSIP/1001") -> CallRecord:
        """The call on which this device speaks."""

        def found() -> CallRecord | None:
            for record in self.live(endpoint):
                if record.answered_at is not None and any(
                    leg.endpoint == endpoint and leg.answered_at and not leg.ended_at
                    for leg in record.legs
                ):
                    return record
            return None

        return _awaited(found, f"{endpoint} does not talk")

    def state(self, username: str = "operator1") -> str:
        """What the server says that this operator does."""
        user_id = self.world.users[username]
        with self.world.runtime.reader() as connection:
            query = text("select state from agents where user_id = :id")
            return str(connection.execute(query, {"id": user_id}).scalar())

    def anna_calls(self, to: str = "+48221000101", talk: float = 60) -> Caller:
        self.callers.append(call_in(self.pbx, [Call(number=ANNA, to=to)], talk=talk))
        return self.callers[-1]

    # -- commands

    def dial(self, number: str, command_id: str = "", username: str = "operator1") -> Any:
        form = {"number": number, "id": command_id or new_id()}
        return self.browser(username).post("/calls/dial", form)

    def do(self, call: CallRecord, action: str, username: str = "operator1", **form: str) -> Any:
        form = {"id": new_id(), **form}
        return self.browser(username).post(f"/calls/{call.id}/{action}", form)

    def outcome(self, answer: Any, nth: int = 0, timeout: float = 15.0) -> dict[str, Any]:
        """What the PBX said to the command that was answered so."""
        assert answer.status_code == 202, answer.text
        command_id = answer.json["id"]

        def found() -> dict[str, Any] | None:
            mine = [one for one in self.told if one["id"] == command_id]
            return mine[nth] if len(mine) > nth else None

        return _awaited(found, f"no word of {command_id}", timeout)

    def done(self, answer: Any) -> dict[str, Any]:
        outcome = self.outcome(answer)
        assert outcome["ok"], outcome
        return outcome


def _awaited(find: Callable[[], T | None], words: str, timeout: float = 15.0) -> T:
    found: list[T] = []

    def look() -> bool:
        one = find()
        if one is not None:
            found.append(one)
        return bool(found)

    wait_until(look, timeout=timeout, words=words)
    return found[0]


def new_id() -> str:
    return uuid4().hex


@contextmanager
def control_desk(
    pbx: LabPbx, database_url: str, folder: Path, **settings: Any
) -> Iterator[ControlDesk]:
    ears, hands = (
        tuple(replace(one, name="lab") for one in parse_ami_urls("AMI_URL", url))
        for url in (pbx.ami_url, pbx.ami_originate_url)
    )
    world = make_world(database_url, folder, ami=ears, ami_originate=hands, **settings)
    service = AmiService(world.runtime, TIMING)
    service.start()
    desk = ControlDesk(world, pbx, service)
    try:
        desk.until_linked()
        yield desk
    finally:
        for caller in desk.callers:
            caller.stop()
        desk.service.stop(10)
        world.runtime.close()
