"""One transaction over all repositories."""

from __future__ import annotations

from types import TracebackType
from typing import Protocol, Self

from callcenter.ports.agents import Agents
from callcenter.ports.alerts import Alerts
from callcenter.ports.archive import Archive
from callcenter.ports.assessments import Assessments, ScoreCards
from callcenter.ports.boards import Boards
from callcenter.ports.callbacks import Callbacks, Voicemails
from callcenter.ports.calls import Calls, Journal, Repairs
from callcenter.ports.chats import Chats
from callcenter.ports.contacts import (
    Consents,
    Contacts,
    CustomFields,
    Files,
    Organizations,
    Tags,
)
from callcenter.ports.conversations import (
    Conversations,
    Mailboxes,
    Meetings,
    Messages,
    ReplyTemplates,
)
from callcenter.ports.customers import Customers
from callcenter.ports.deals import Deals
from callcenter.ports.duplicates import Duplicates, Merges
from callcenter.ports.erasures import Erasures
from callcenter.ports.history import Batches, History
from callcenter.ports.hours import Hours
from callcenter.ports.imports import Exports, Imported, Imports
from callcenter.ports.interactions import Interactions, Notes
from callcenter.ports.ledger import Ledger
from callcenter.ports.line import Line
from callcenter.ports.menus import Menus, Pins, PromptShelf
from callcenter.ports.missed import Missed
from callcenter.ports.operations import Audit, Idempotency, PbxLinks, Routing
from callcenter.ports.outbound import Outbound
from callcenter.ports.outcomes import Outcomes
from callcenter.ports.pbx_plans import PbxPlans
from callcenter.ports.people import Users
from callcenter.ports.pops import Pops
from callcenter.ports.privacy import Privacy
from callcenter.ports.quality import Quality
from callcenter.ports.recordings import RecordingPauses
from callcenter.ports.report_views import ReportViews
from callcenter.ports.reports import ReportFacts
from callcenter.ports.rights import Rights
from callcenter.ports.routing import RoutingRules
from callcenter.ports.routing_trials import RoutingTrials
from callcenter.ports.scripts import Scripts
from callcenter.ports.segments import BulkTargets, Segments
from callcenter.ports.staffing import Staffing
from callcenter.ports.staffing_goals import StaffingGoals
from callcenter.ports.supervision import Supervision
from callcenter.ports.surveys import Surveys
from callcenter.ports.tasks import Tasks
from callcenter.ports.trade import CustomerFigures, Trade
from callcenter.ports.webhooks import Outbox, Webhooks


class UnitOfWork(Protocol):
    """One transaction. Leaving the block without `commit` rolls back.

    A database that is locked, away or too slow raises `errors.Unavailable`; a broken unique
    constraint raises `errors.Conflict`.
    """

    @property
    def customers(self) -> Customers: ...

    @property
    def contacts(self) -> Contacts: ...

    @property
    def organizations(self) -> Organizations: ...

    @property
    def tags(self) -> Tags: ...

    @property
    def consents(self) -> Consents: ...

    @property
    def files(self) -> Files: ...

    @property
    def fields(self) -> CustomFields: ...

    @property
    def trade(self) -> Trade: ...

    @property
    def privacy(self) -> Privacy: ...

    @property
    def figures(self) -> CustomerFigures: ...

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
    def boards(self) -> Boards: ...

    @property
    def staffing(self) -> Staffing: ...

    @property
    def staffing_goals(self) -> StaffingGoals: ...

    @property
    def report_facts(self) -> ReportFacts: ...

    @property
    def pops(self) -> Pops: ...

    @property
    def routing(self) -> Routing: ...

    @property
    def routing_rules(self) -> RoutingRules: ...

    @property
    def routing_trials(self) -> RoutingTrials: ...

    @property
    def outbound(self) -> Outbound: ...

    @property
    def quality(self) -> Quality: ...

    @property
    def pbx_links(self) -> PbxLinks: ...

    @property
    def pbx_plans(self) -> PbxPlans: ...

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
    def callbacks(self) -> Callbacks: ...

    @property
    def voicemails(self) -> Voicemails: ...

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

    @property
    def hours(self) -> Hours: ...

    @property
    def history(self) -> History: ...

    @property
    def batches(self) -> Batches: ...

    @property
    def duplicates(self) -> Duplicates: ...

    @property
    def merges(self) -> Merges: ...

    @property
    def conversations(self) -> Conversations: ...

    @property
    def messages(self) -> Messages: ...

    @property
    def mailboxes(self) -> Mailboxes: ...

    @property
    def chats(self) -> Chats: ...

    @property
    def meetings(self) -> Meetings: ...

    @property
    def reply_templates(self) -> ReplyTemplates: ...

    @property
    def imports(self) -> Imports: ...

    @property
    def exports(self) -> Exports: ...

    @property
    def imported(self) -> Imported: ...

    @property
    def segments(self) -> Segments: ...

    @property
    def menus(self) -> Menus: ...

    @property
    def prompts(self) -> PromptShelf: ...

    @property
    def pins(self) -> Pins: ...

    @property
    def surveys(self) -> Surveys: ...

    @property
    def report_views(self) -> ReportViews: ...

    @property
    def score_cards(self) -> ScoreCards: ...

    @property
    def assessments(self) -> Assessments: ...

    @property
    def alerts(self) -> Alerts: ...

    @property
    def supervision(self) -> Supervision: ...

    @property
    def archive(self) -> Archive: ...

    @property
    def bulk_targets(self) -> BulkTargets: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def commit(self) -> None: ...

    def rollback(self) -> None: ...
