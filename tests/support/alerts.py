"""A store with a worker that watches its thresholds, and hands for what people do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, insert, select, update

from callcenter.alert_work import Watch
from callcenter.alerts.checks import Known
from callcenter.alerts.threshold import Alert, Threshold
from callcenter.channels.mail import OutboundMail, SendFailed
from callcenter.queries import alerts as queries
from callcenter.queries.alerts import AlertFilters
from callcenter.realtime.in_process import InProcessBus
from callcenter.runtime import Runtime
from callcenter.services.alert_news import AlertRoom
from callcenter.services.thresholds import ThresholdDesk
from callcenter.settings import Settings
from callcenter.store import tables
from tests.support.store import Store, call

KNOWN = Known(queues=frozenset({"support", "sales"}))
WAITING = Threshold(
    metric="waiting", comparison="at_least", scope="queues", queues=("support",), amber=1, red=2
)
HOOK = "https://example.com/hook"


@dataclass
class Centre:
    """A store with a watching worker, and hands for what people do."""

    store: Store
    sent: list[OutboundMail] = field(default_factory=list)
    refuses: list[SendFailed] = field(default_factory=list)

    @property
    def room(self) -> AlertRoom:
        store = self.store
        return AlertRoom(
            unit_of_work=store.unit_of_work,
            publisher=store.publisher,
            clock=store.clock,
            mail_from="desk@example.com",
        )

    @property
    def desk(self) -> ThresholdDesk:
        return ThresholdDesk(room=self.room, known=lambda _: KNOWN)

    def watch(self, name: str = "one") -> Watch:
        runtime = Runtime(
            settings=Settings(),
            clock=self.store.clock,
            bus=InProcessBus(),
            unit_of_work=self.store.unit_of_work,
            reader=self.store.engine.connect,
        )
        watch = Watch(runtime, name)
        watch._room = self.room
        return watch

    def waits(self, *numbers: str) -> None:
        """Who waits from now on."""
        with self.store.unit_of_work() as uow:
            uow.connection.execute(update(tables.calls).values(live=False))
            uow.commit()
        self.store.save(*(call(f"{one}.1", started_at=self.store.clock.at) for one in numbers))

    def look(self, watch: Watch, *, after: float = 2.0) -> list[str]:
        self.store.clock.pass_by(after)
        watch.turn()
        return self.open()

    def open(self) -> list[str]:
        return [f"{one.subject} {one.level}" for one in self.alerts()]

    def alerts(self) -> tuple[Alert, ...]:
        with self.store.engine.connect() as connection:
            return queries.open(connection)

    def past(self, **asked: Any) -> list[Alert]:
        with self.store.engine.connect() as connection:
            return list(queries.history(connection, AlertFilters(**asked), None, 50).items)

    def events(self) -> list[str]:
        with self.store.engine.connect() as connection:
            row = tables.webhook_deliveries.c
            return list(connection.scalars(select(row.event).order_by(row.id)))

    def told(self) -> list[tuple[str, str]]:
        """What screens heard, and forgets it."""
        heard = [one.payload["alert"] for one in self.store.publisher.messages]
        self.store.publisher.messages.clear()
        return [(one["level"], "closed" if one["closed_at"] else "open") for one in heard]

    def send(self, mail: OutboundMail) -> None:
        if self.refuses:
            raise self.refuses.pop()
        self.sent.append(mail)


def found(store: Store) -> Centre:
    """Of two queues, support and sales."""
    with store.engine.begin() as connection:
        connection.execute(delete(tables.queue_settings))
        queues = [{"name": "support", "title": "Support"}, {"name": "sales", "title": "Sales"}]
        connection.execute(insert(tables.queue_settings), queues)
    return Centre(store)


def supervisor(store: Store, name: str = "sue", role: str = "supervisor") -> int:
    user_id = store.add_user(name, "")
    with store.engine.begin() as connection:
        mine = update(tables.users).where(tables.users.c.id == user_id)
        connection.execute(mine.values(role=role, role_code=role))
    return user_id
