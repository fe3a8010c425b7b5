"""One transaction over all repositories."""

from __future__ import annotations

from types import TracebackType
from typing import Protocol, Self

from callcenter.ports.agents import Agents
from callcenter.ports.calls import Calls, Journal, Repairs
from callcenter.ports.customers import Customers, Trade
from callcenter.ports.deals import Deals
from callcenter.ports.erasures import Erasures
from callcenter.ports.interactions import Interactions, Notes
from callcenter.ports.ledger import Ledger
from callcenter.ports.line import Line
from callcenter.ports.missed import Missed
from callcenter.ports.operations import Audit, Idempotency, PbxLinks, Routing
from callcenter.ports.outbound import Outbound
from callcenter.ports.outcomes import Outcomes
from callcenter.ports.people import Users
from callcenter.ports.pops import Pops
from callcenter.ports.quality import Quality
from callcenter.ports.recordings import RecordingPauses
from callcenter.ports.rights import Rights
from callcenter.ports.scripts import Scripts
from callcenter.ports.staffing import Staffing
from callcenter.ports.tasks import Tasks
from callcenter.ports.webhooks import Outbox, Webhooks


class UnitOfWork(Protocol):
    """One transaction. Leaving the block without `commit` rolls back.

    A database that is locked, away or too slow raises `errors.Unavailable`; a broken unique
    constraint raises `errors.Conflict`.
    """

    @property
    def customers(self) -> Customers: ...

    @property
    def trade(self) -> Trade: ...

    @property
    def calls(self) -> Calls: ...

    @property
    def journal(self) -> Journal: ...

    @property
    def repairs(self) -> Repairs: ...

    @property
    def ledger(self) -> Ledger: ...

    @property
    def erasures(self) -> Erasures: ...

    @property
    def interactions(self) -> Interactions: ...

    @property
    def notes(self) -> Notes: ...

    @property
    def users(self) -> Users: ...

    @property
    def rights(self) -> Rights: ...

    @property
    def agents(self) -> Agents: ...

    @property
    def staffing(self) -> Staffing: ...

    @property
    def pops(self) -> Pops: ...

    @property
    def routing(self) -> Routing: ...

    @property
    def outbound(self) -> Outbound: ...

    @property
    def quality(self) -> Quality: ...

    @property
    def pbx_links(self) -> PbxLinks: ...

    @property
    def recording_pauses(self) -> RecordingPauses: ...

    @property
    def audit(self) -> Audit: ...

    @property
    def idempotency(self) -> Idempotency: ...

    @property
    def tasks(self) -> Tasks: ...

    @property
    def missed(self) -> Missed: ...

    @property
    def line(self) -> Line: ...

    @property
    def outcomes(self) -> Outcomes: ...

    @property
    def scripts(self) -> Scripts: ...

    @property
    def deals(self) -> Deals: ...

    @property
    def outbox(self) -> Outbox: ...

    @property
    def webhooks(self) -> Webhooks: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def commit(self) -> None: ...

    def rollback(self) -> None: ...
