"""What services need from the outside world, as Protocols, one module for each area. Adapters
live in `store`, `realtime` and the doors; `bootstrap` (or a test) puts them together.
"""

from __future__ import annotations

from callcenter.ports.agents import Agents
from callcenter.ports.bus import Bus, PbxAction, PbxCommand, Publisher
from callcenter.ports.calls import Calls, Journal, Repairs
from callcenter.ports.clock import Clock
from callcenter.ports.customers import Customers
from callcenter.ports.deals import Deals
from callcenter.ports.duplicates import Duplicates, Merges
from callcenter.ports.erasures import CustomerTraces, Erasures
from callcenter.ports.history import Batches, History
from callcenter.ports.interactions import Interactions, Notes
from callcenter.ports.ledger import InboxChunk, Ledger
from callcenter.ports.line import Line
from callcenter.ports.missed import Missed, MissedCall
from callcenter.ports.operations import Audit, Idempotency, PbxLinks, Routing
from callcenter.ports.outbound import Outbound
from callcenter.ports.outcomes import Outcomes
from callcenter.ports.people import Users
from callcenter.ports.pops import Pops
from callcenter.ports.privacy import Privacy
from callcenter.ports.recordings import PauseCause, RecordingPause, RecordingPauses
from callcenter.ports.rights import Rights
from callcenter.ports.scripts import Scripts
from callcenter.ports.staffing import Staffing
from callcenter.ports.tasks import Tasks
from callcenter.ports.trade import CustomerFigures, Trade
from callcenter.ports.unit_of_work import UnitOfWork
from callcenter.ports.webhooks import Outbox, Webhooks

__all__ = [
    "Agents",
    "Audit",
    "Batches",
    "Bus",
    "Calls",
    "Clock",
    "CustomerFigures",
    "CustomerTraces",
    "Customers",
    "Deals",
    "Duplicates",
    "Erasures",
    "History",
    "Idempotency",
    "InboxChunk",
    "Interactions",
    "Journal",
    "Ledger",
    "Line",
    "Merges",
    "Missed",
    "MissedCall",
    "Notes",
    "Outbound",
    "Outbox",
    "Outcomes",
    "PauseCause",
    "PbxAction",
    "PbxCommand",
    "PbxLinks",
    "Pops",
    "Privacy",
    "Publisher",
    "RecordingPause",
    "RecordingPauses",
    "Repairs",
    "Rights",
    "Routing",
    "Scripts",
    "Staffing",
    "Tasks",
    "Trade",
    "UnitOfWork",
    "Users",
    "Webhooks",
]
