"""The product's manager and AGI doors on a database of the test's own, as `callcenter run` has
them.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import text

from agi_scripts.service import AgiService
from ami.client.link import Timing
from ami.lab.ports import free_tcp_port
from ami.service import AmiService
from callcenter import bootstrap
from callcenter.customers.customer import CustomerDraft, PhoneDraft
from callcenter.runtime import Runtime
from callcenter.services.customers import create_customer
from callcenter.settings import BindAddress, Settings
from callcenter.settings_forms import parse_ami_urls
from tests.support.waiting import wait_until

FAST = Timing(ping_every=0.2, pong_within=1.0, retry_first=0.02, retry_cap=0.1)

_COLUMNS = (
    "direction",
    "result",
    "number",
    "number_kind",
    "dialed",
    "queue",
    "match",
    "wait_seconds",
    "talk_seconds",
)


class Product:
    """Start `agi` first, so that a PBX knows its address; then `listen` to that PBX."""

    def __init__(self, database_url: str, folder: Path) -> None:
        self.agi = ("127.0.0.1", free_tcp_port())
        self._database_url, self._folder = database_url, folder
        self._stack = ExitStack()
        self.web_bind = BindAddress("127.0.0.1", 8000)
        self.runtime: Runtime

    def listen(self, ami_url: str, **settings_of: Any) -> None:
        """Returns when the link is up and in step."""
        settings = Settings(
            database_url=self._database_url,
            ami=parse_ami_urls("AMI_URL", ami_url),
            agi_bind=BindAddress(*self.agi),
            web_bind=self.web_bind,
            data_dir=self._folder,
            secret_key="x" * 40,
            **settings_of,
        )
        self.runtime = bootstrap.build(settings)
        self._stack.callback(self.runtime.close)
        for service in (AgiService(self.runtime), AmiService(self.runtime, FAST)):
            service.start()
            self._stack.callback(service.stop, 10)
        wait_until(
            lambda: self.rows("select 1 from pbx_links where state = 'up' and version <> ''")
        )

    def rows(self, query: str, **values: Any) -> list[tuple[Any, ...]]:
        with self.runtime.reader() as connection:
            return [tuple(row) for row in connection.execute(text(query), values)]

    def add_customer(self, number: str, **facts: Any) -> None:
        """Somebody with this number; `facts` are fields of CustomerDraft."""
        phones = (PhoneDraft(number=number),)
        draft = CustomerDraft(**{"display_name": f"Person {number}", "phones": phones, **facts})
        create_customer(
            draft,
            user_id=None,
            unit_of_work=self.runtime.unit_of_work,
            clock=self.runtime.clock,
            plan=self.runtime.settings.number_plan,
        )

    def interactions(self) -> list[dict[str, Any]]:
        """Oldest first, without ids and times of day."""
        columns = ", ".join(_COLUMNS)
        rows = self.rows(f"select {columns} from interactions order by started_at, number")
        return [dict(zip(_COLUMNS, row, strict=False)) for row in rows]

    def legs(self) -> list[tuple[Any, ...]]:
        """Of all calls, by device."""
        rows = self.rows("select endpoint, number, role, result, talk_seconds from call_legs")
        return sorted(rows)

    def decisions(self) -> list[tuple[Any, ...]]:
        """What the CRM said about whom."""
        return sorted(
            self.rows("select number, dialed, route, rule, failed_open from routing_decisions")
        )

    def wait_settled(self, calls: int) -> None:
        """Until so many calls are known and all of them over."""
        wanted = [(calls, 0)]
        query = "select count(*), coalesce(sum(live), 0) from calls"
        wait_until(lambda: self.rows(query) == wanted, words=f"calls, live: {self.rows(query)}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()
