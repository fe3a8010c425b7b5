"""One transaction over all repositories. Nothing is written until `commit` is called.

What goes wrong in the database leaves here in the product's words: `Unavailable` when waiting or
trying again is right, `Conflict` when a constraint refused the write.
"""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Final, Self

import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from callcenter.errors import Conflict, Invalid, Unavailable
from callcenter.store.engine import BEGAN, WRITES, Began
from callcenter.store.repositories.accounts import UserRepository
from callcenter.store.repositories.agents import AgentRepository
from callcenter.store.repositories.alerts import AlertRepository
from callcenter.store.repositories.archive import ArchiveRepository
from callcenter.store.repositories.assessments import AssessmentRepository
from callcenter.store.repositories.boards import BoardRepository
from callcenter.store.repositories.call_journal import JournalRepository, RepairRepository
from callcenter.store.repositories.callbacks import CallbackRepository, VoicemailRepository
from callcenter.store.repositories.calls import CallRepository
from callcenter.store.repositories.chats import ChatRepository
from callcenter.store.repositories.contacts import ContactRepository
from callcenter.store.repositories.conversations import ConversationRepository
from callcenter.store.repositories.custom_fields import CustomFieldRepository
from callcenter.store.repositories.customers import CustomerRepository
from callcenter.store.repositories.deals import DealRepository
from callcenter.store.repositories.duplicates import DuplicateRepository
from callcenter.store.repositories.erasures import ErasureRepository
from callcenter.store.repositories.figures import FigureRepository
from callcenter.store.repositories.files import ConsentRepository, FileRepository, TagRepository
from callcenter.store.repositories.history import BatchRepository, HistoryRepository
from callcenter.store.repositories.hours import HoursRepository
from callcenter.store.repositories.idempotency import IdempotencyRepository
from callcenter.store.repositories.imported import ImportedRepository
from callcenter.store.repositories.imports import ExportRepository, ImportRepository
from callcenter.store.repositories.interactions import InteractionRepository
from callcenter.store.repositories.journals import (
    AuditRepository,
    NoteRepository,
    PbxLinkRepository,
    RoutingRepository,
)
from callcenter.store.repositories.ledger import LedgerRepository
from callcenter.store.repositories.line import LineRepository
from callcenter.store.repositories.mailboxes import MailboxRepository, ReplyTemplateRepository
from callcenter.store.repositories.meetings import MeetingRepository
from callcenter.store.repositories.menus import MenuRepository, PromptRepository
from callcenter.store.repositories.merging import MergeRepository
from callcenter.store.repositories.messages import MessageRepository
from callcenter.store.repositories.missed import MissedRepository
from callcenter.store.repositories.organizations import OrganizationRepository
from callcenter.store.repositories.outbound import OutboundRepository
from callcenter.store.repositories.outcomes import OutcomeRepository
from callcenter.store.repositories.pbx_plans import PbxPlanRepository
from callcenter.store.repositories.pins import PinRepository
from callcenter.store.repositories.pops import PopRepository
from callcenter.store.repositories.privacy import PrivacyRepository
from callcenter.store.repositories.quality import QualityRepository
from callcenter.store.repositories.recordings import RecordingPauseRepository
from callcenter.store.repositories.report_facts import ReportFactRepository
from callcenter.store.repositories.report_views import ReportViewRepository
from callcenter.store.repositories.rights import RightsRepository
from callcenter.store.repositories.routing import RoutingRulesRepository
from callcenter.store.repositories.routing_trials import RoutingTrialRepository
from callcenter.store.repositories.score_cards import ScoreCardRepository
from callcenter.store.repositories.scripts import ScriptRepository
from callcenter.store.repositories.segments import BulkTargetRepository, SegmentRepository
from callcenter.store.repositories.staffing import StaffingRepository
from callcenter.store.repositories.staffing_goals import StaffingGoalRepository
from callcenter.store.repositories.supervision import SupervisionRepository
from callcenter.store.repositories.surveys import SurveyRepository
from callcenter.store.repositories.tasks import TaskRepository
from callcenter.store.repositories.trade import TradeRepository
from callcenter.store.repositories.webhooks import OutboxRepository, WebhookRepository

log = structlog.get_logger(__name__)
_LONG: Final = 1.0


class SqlUnitOfWork:
    """Made anew for every transaction: `with SqlUnitOfWork(engine) as uow: …; uow.commit()`.

    `secret_key` is what the hashes of erased things are keyed with. One that lasts over a second
    stands in the log with the use case it is of: on SQLite everybody who writes waits for it.
    """

    def __init__(self, engine: Engine, secret_key: str = "") -> None:
        self._engine = engine
        self._secret_key = secret_key
        self._connection: Connection | None = None

    def __enter__(self) -> Self:
        self._transaction = Began()
        try:
            connection = self._engine.connect().execution_options(
                **WRITES, **{BEGAN: self._transaction}
            )
        except (DBAPIError, PoolTimeout) as error:
            raise in_words(error) from error
        try:
            connection.begin()
        except DBAPIError as error:
            connection.close()
            raise in_words(error) from error
        self._connection = connection
        self._use_case = sys._getframe(1).f_code.co_qualname
        self._open_repositories(connection)
        return self

    def _open_repositories(self, connection: Connection) -> None:  # noqa: PLR0915 (one each)
        self.customers = CustomerRepository(connection)
        self.contacts = ContactRepository(connection)
        self.organizations = OrganizationRepository(connection)
        self.tags = TagRepository(connection)
        self.consents = ConsentRepository(connection)
        self.files = FileRepository(connection)
        self.fields = CustomFieldRepository(connection)
        self.trade = TradeRepository(connection)
        self.figures = FigureRepository(connection)
        self.privacy = PrivacyRepository(connection)
        self.calls = CallRepository(connection)
        self.journal = JournalRepository(connection)
        self.repairs = RepairRepository(connection)
        self.ledger = LedgerRepository(connection)
        self.erasures = ErasureRepository(connection, self._secret_key)
        self.interactions = InteractionRepository(connection)
        self.notes = NoteRepository(connection)
        self.users = UserRepository(connection)
        self.rights = RightsRepository(connection)
        self.agents = AgentRepository(connection)
        self.boards = BoardRepository(connection)
        self.staffing = StaffingRepository(connection)
        self.staffing_goals = StaffingGoalRepository(connection)
        self.report_facts = ReportFactRepository(connection)
        self.pops = PopRepository(connection)
        self.routing = RoutingRepository(connection)
        self.routing_rules = RoutingRulesRepository(connection)
        self.routing_trials = RoutingTrialRepository(connection)
        self.quality = QualityRepository(connection)
        self.pbx_links = PbxLinkRepository(connection)
        self.pbx_plans = PbxPlanRepository(connection)
        self.recording_pauses = RecordingPauseRepository(connection)
        self.audit = AuditRepository(connection)
        self.idempotency = IdempotencyRepository(connection)
        self.tasks = TaskRepository(connection)
        self.missed = MissedRepository(connection)
        self.callbacks = CallbackRepository(connection)
        self.voicemails = VoicemailRepository(connection)
        self.line = LineRepository(connection)
        self.outbound = OutboundRepository(connection)
        self.outcomes = OutcomeRepository(connection)
        self.scripts = ScriptRepository(connection)
        self.deals = DealRepository(connection)
        self.segments = SegmentRepository(connection)
        self.bulk_targets = BulkTargetRepository(connection)
        self.conversations = ConversationRepository(connection)
        self.messages = MessageRepository(connection)
        self.chats = ChatRepository(connection)
        self.mailboxes = MailboxRepository(connection)
        self.meetings = MeetingRepository(connection)
        self.reply_templates = ReplyTemplateRepository(connection)
        self.outbox = OutboxRepository(connection)
        self.imports = ImportRepository(connection)
        self.exports = ExportRepository(connection)
        self.imported = ImportedRepository(connection)
        self.webhooks = WebhookRepository(connection)
        self.hours = HoursRepository(connection)
        self.history = HistoryRepository(connection)
        self.batches = BatchRepository(connection)
        self.duplicates = DuplicateRepository(connection)
        self.merges = MergeRepository(connection)
        self.menus = MenuRepository(connection)
        self.prompts = PromptRepository(connection)
        self.pins = PinRepository(connection)
        self.supervision = SupervisionRepository(connection)
        self.surveys = SurveyRepository(connection)
        self.report_views = ReportViewRepository(connection)
        self.archive = ArchiveRepository(connection)
        self.score_cards = ScoreCardRepository(connection)
        self.assessments = AssessmentRepository(connection)
        self.alerts = AlertRepository(connection)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()  # rolls back whatever was not committed
            self._note_length()
        if isinstance(error, (DBAPIError, PoolTimeout)):
            told = in_words(error)
            if told is not error:
                raise told from error

    @property
    def connection(self) -> Connection:
        """The transaction's own connection."""
        if self._connection is None:
            raise RuntimeError("the unit of work is not open")
        return self._connection

    def commit(self) -> None:
        """Make everything so far last. The block may go on: what follows is a new transaction."""
        self._end(commit=True)

    def rollback(self) -> None:
        self._end(commit=False)

    def _end(self, *, commit: bool) -> None:
        connection = self.connection
        try:
            if connection.in_transaction():
                connection.commit() if commit else connection.rollback()
                self._note_length()
        except DBAPIError as error:
            raise in_words(error) from error

    def _note_length(self) -> None:
        """What is read between two transactions keeps nobody waiting."""
        began, self._transaction.at = self._transaction.at, None
        seconds = time.monotonic() - began if began is not None else 0.0
        if seconds > _LONG:
            log.warning("store.long_transaction", of=self._use_case, seconds=round(seconds, 2))


def in_words(error: Exception) -> Exception:
    """The product's error for a database's. A mistake of ours (bad SQL, bad value) stays itself."""
    if isinstance(error, IntegrityError):
        return Conflict(
            "",
            "this contradicts what is stored already: it was written twice, or names something "
            "that does not exist",
        )
    if isinstance(error, PoolTimeout):
        return Unavailable("", "all database connections are in use; try again in a moment")
    if isinstance(error, OperationalError) and _is_too_large(error):
        return Invalid("", "a value is too large to be stored")
    if isinstance(error, (OperationalError, InterfaceError)):
        lines = str(error.orig).strip().splitlines() or ["no reason given"]
        return Unavailable("", f"the database did not answer in time: {lines[0]}")
    return error


def _is_too_large(error: OperationalError) -> bool:
    """PostgreSQL's class 54, as for a text that no index can hold: trying again is no use."""
    return str(getattr(error.orig, "sqlstate", None) or "").startswith("54")
