"""What services need from the outside world, as Protocols, one module for each area. Adapters
live in `store`, `realtime` and the doors; `bootstrap` (or a test) puts them together.
"""

from __future__ import annotations

from callcenter.ports.bus import Bus, PbxAction, PbxCommand, Publisher
from callcenter.ports.calls import Calls, Journal, Repairs
from callcenter.ports.clock import Clock
from callcenter.ports.customers import Customers, Trade
from callcenter.ports.erasures import CustomerTraces, Erasures
from callcenter.ports.interactions import Interactions, Notes
from callcenter.ports.ledger import InboxChunk, Ledger
from callcenter.ports.operations import Audit, Idempotency, PbxLinks, Routing
from callcenter.ports.outbound import Outbound
from callcenter.ports.people import Agents, Users
from callcenter.ports.unit_of_work import UnitOfWork

__all__ = [
    "Agents",
    "Audit",
    "Bus",
    "Calls",
    "Clock",
    "CustomerTraces",
    "Customers",
    "Erasures",
    "Idempotency",
    "InboxChunk",
    "Interactions",
    "Journal",
    "Ledger",
    "Notes",
    "Outbound",
    "PbxAction",
    "PbxCommand",
    "PbxLinks",
    "Publisher",
    "Repairs",
    "Routing",
    "Trade",
    "UnitOfWork",
    "Users",
]
