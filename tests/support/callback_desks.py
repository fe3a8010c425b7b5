"""Two operators, a queue whose callers may be called back, and calls that were offers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from callcenter.callbacks.request import CallbackRequest
from callcenter.calls.record import CallRecord
from callcenter.customers.phone import NumberPlan
from callcenter.outbound.rights import OutboundRight
from callcenter.services import callback_requests, callback_turns, missed_calls, voicemails
from callcenter.services.call_rows import write_calls
from callcenter.services.callback_requests import Noted, Wish
from callcenter.services.callback_turns import Desk, Door
from tests.support.store import NOW, Store, call, leg

NUMBER, OTHER = "+48221234567", "+48501234567"


@dataclass
class Desks:
    """A store with two operators, and who of them is ready."""

    store: Store
    anna: int
    olga: int
    ready: tuple[int, ...] = ()
    oldest: Any = None
    opens: Any = field(default_factory=lambda: lambda _calendar, at: at)

    @property
    def door(self) -> Door:
        return Door(
            unit_of_work=self.store.unit_of_work,
            publisher=self.store.publisher,
            clock=self.store.clock,
        )

    @property
    def act(self) -> dict[str, Any]:
        return {
            "unit_of_work": self.store.unit_of_work,
            "publisher": self.store.publisher,
            "clock": self.store.clock,
        }

    def ask(self, number: str = NUMBER, *, ago: float = 60, queue: str = "support") -> Noted:
        place = self.store.clock.now() - timedelta(seconds=ago)
        wish = Wish(number=number, queue=queue, place_at=place, pbx="pbx", call_id="pbx/17.1")
        return callback_requests.request(wish, self.opens, **self.act)

    def turn(self, seconds: float = 0, *, hears: bool = True) -> list[Any]:
        """The commands that were given."""
        self.store.clock.pass_by(seconds)
        before = len(self.store.publisher.commands)
        callback_turns.turn(
            lambda _: Desk(ready=self.ready, oldest=self.oldest),
            self.opens,
            self.door,
            hears=hears,
        )
        return self.store.publisher.commands[before:]

    def get(self, request_id: int = 1) -> CallbackRequest:
        with self.store.unit_of_work() as uow:
            found = uow.callbacks.get(request_id)
        assert found is not None
        return found

    def write(self, *records: CallRecord) -> int:
        with self.store.unit_of_work() as uow:
            known: Mapping[str, CallRecord] = {record.id: record for record in records}
            written = write_calls(
                uow, known, {}, lambda _: NumberPlan(region="PL"), self.store.clock
            )
            news = missed_calls.follow_calls(uow, written, self.store.clock)
            news += callback_turns.follow_calls(uow, written, self.store.clock)
            news += voicemails.follow_calls(uow, written, self.store.clock)
            uow.commit()
        return len(news)


def make_desks(store: Store) -> Desks:
    made = Desks(store, store.add_user("anna", "1001"), store.add_user("olga", "1002"))
    with store.unit_of_work() as uow:
        uow.staffing.save_queue("support", {"callback_attempts": 2})
        uow.outbound.save(OutboundRight(role="operator", prefixes=("+48",)))
        uow.commit()
    return made


def offered(command_id: str, **changes: Any) -> CallRecord:
    """The call of an offer: the operator's phone first, then the customer."""
    first = f"crm-{command_id}"
    values: dict[str, Any] = {
        "id": f"pbx/{first}",
        "direction": "outbound",
        "caller_number": "1001",
        "dialed": NUMBER,
        "queues": (),
        "legs": (leg(first, "PJSIP/1001", "caller"),),
        "uniqueids": (first, f"{first}-2"),
    }
    return call(**(values | changes))


def lifted(command_id: str, result: str = "missed", **changes: Any) -> CallRecord:
    first = f"crm-{command_id}"
    legs = (leg(first, "PJSIP/1001", "caller", answered_at=NOW),)
    told: dict[str, Any] = {"live": False, "result": result, "ended_at": NOW, "legs": legs}
    return offered(command_id, **(told | changes))
