"""One transaction over all repositories."""

from __future__ import annotations

from types import TracebackType
from typing import Protocol, Self

from callcenter.ports.calls import Calls, Journal, Repairs
from callcenter.ports.customers import Customers, Trade
from callcenter.ports.erasures import Erasures
from callcenter.ports.interactions import Interactions, Notes
from callcenter.ports.ledger import Ledger
from callcenter.ports.operations import Audit, Idempotency, PbxLinks, Routing
from callcenter.ports.outbound import Outbound
from callcenter.ports.people import Agents, Users


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
    def agents(self) -> Agents: ...

    @property
    def routing(self) -> Routing: ...

    @property
    def outbound(self) -> Outbound: ...

    @property
    def pbx_links(self) -> PbxLinks: ...

    @property
    def audit(self) -> Audit: ...

    @property
    def idempotency(self) -> Idempotency: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def commit(self) -> None: ...

    def rollback(self) -> None: ...
