"""What services need from the outside world, as Protocols. Adapters live in `store`, `realtime`
and the doors; `bootstrap` (or a test) puts them together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from types import TracebackType
from typing import Any, Literal, Protocol, Self

from callcenter.accounts.idempotency import Done, Started
from callcenter.accounts.user import AgentState, AgentStatus, Token, User, UserDraft
from callcenter.calls.journal import JournalPart
from callcenter.calls.ledger import LedgerPosition, LedgerSource, SetAside
from callcenter.calls.record import CallRecord
from callcenter.calls.repair import Repair
from callcenter.customers.customer import CustomerBrief, CustomerDraft, StoredPhone
from callcenter.customers.trade import Invoice, Order
from callcenter.interactions.interaction import InteractionRow, MatchKind
from callcenter.interactions.stored import StoredInteraction
from callcenter.realtime.messages import Message
from callcenter.routing.record import DecisionRecord


class Clock(Protocol):
    def now(self) -> datetime:
        """The current time, aware UTC."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PbxCommand:
    """A wish to the PBX, sent over the bus to whichever process holds the manager link."""

    action: Literal["pause_member", "unpause_member", "hangup", "originate"]
    endpoint: str = ""
    arguments: Mapping[str, str] = field(default_factory=dict)


class Publisher(Protocol):
    """Sends messages after a commit. Never raises for a peer that is away: it counts and logs."""

    def publish(self, messages: Sequence[Message]) -> None: ...

    def command(self, command: PbxCommand) -> None: ...


class Bus(Publisher, Protocol):
    """The way between processes. In-process and Redis implement the same contract tests."""

    def subscribe(
        self,
        on_message: Callable[[Message], None],
        on_gap: Callable[[], None],
    ) -> Callable[[], None]:
        """Call `on_message` for every message, in each publisher's order, from one thread.

        `on_gap` says that messages may have been lost (link cut, numbers skipped): whoever shows
        state must take a new snapshot. Returns the function that ends the subscription.
        """
        ...

    def serve_commands(self, handler: Callable[[PbxCommand], None]) -> Callable[[], None]: ...

    def check(self) -> tuple[bool, str]:
        """(healthy, words for /readyz)."""
        ...

    def close(self) -> None: ...


class Customers(Protocol):
    """Customers, their numbers and organisations."""

    def add(
        self,
        draft: CustomerDraft,
        phones: Sequence[StoredPhone],
        organization_id: int | None,
        at: datetime,
    ) -> int: ...

    def update(
        self, customer_id: int, values: Mapping[str, Any], *, version: int, at: datetime
    ) -> int:
        """Returns the new version. Conflict if `version` is not the stored one any more."""
        ...

    def replace_phones(self, customer_id: int, phones: Sequence[StoredPhone]) -> None: ...

    def add_phone(self, customer_id: int, phone: StoredPhone) -> bool:
        """False if the customer has that number already."""
        ...

    def get(self, customer_id: int) -> CustomerBrief | None: ...

    def briefs(
        self, customer_ids: Sequence[int], today: date | None = None
    ) -> dict[int, CustomerBrief]: ...

    def find_ids_by_number(self, e164: str, today: date | None = None) -> list[CustomerBrief]: ...

    def find_by_numbers(
        self, e164s: Sequence[str], today: date | None = None
    ) -> dict[str, tuple[CustomerBrief, ...]]: ...

    def ensure_organization(self, name: str, at: datetime) -> int: ...


class Trade(Protocol):
    """Orders and invoices of customers."""

    def add(
        self, customer_id: int, orders: Sequence[Order], invoices: Sequence[Invoice]
    ) -> None: ...


class Calls(Protocol):
    """Calls as the tracker knows them. Writing the same record twice changes nothing."""

    def save_many(
        self, records: Sequence[CallRecord], users_by_endpoint: Mapping[str, int]
    ) -> None: ...

    def merge(self, absorbed_id: str, into_id: str) -> None: ...

    def get(self, call_id: str) -> CallRecord | None: ...

    def live_ids(self, pbx: str) -> list[str]: ...

    def live_records(self, pbx: str) -> list[CallRecord]: ...

    def find_by_uniqueid(self, pbx: str, uniqueid: str) -> str | None: ...

    def id_map(
        self, pbx: str, uniqueids: Sequence[str], around: datetime | None = None
    ) -> dict[str, str]:
        """uniqueid → id of the call it belongs to, for those that are known.

        A PBX that was made anew gives its old uniqueids again: with `around`, only a call within a
        day of that moment counts (the nearest, where there are several); without, the newest.
        """
        ...

    def id_map_near(self, pbx: str, moments: Mapping[str, datetime | None]) -> dict[str, str]:
        """The same for many channels, each with the moment of its own call; in one query."""
        ...

    def existing(self, call_ids: Sequence[str]) -> frozenset[str]:
        """Those of the ids that a call has."""
        ...

    def rewrite(self, records: Sequence[CallRecord]) -> None:
        """Replace the texts of calls and legs that are stored; nothing else of them changes."""
        ...

    def settled(self, call_ids: Sequence[str], at: datetime) -> None:
        """The ledger had its say on these calls."""
        ...

    def unsettle(self, call_ids: Sequence[str]) -> None: ...

    def settled_at(self, call_ids: Sequence[str]) -> dict[str, datetime]:
        """Call id → when the ledger settled it, for those that it did."""
        ...

    def close_missing(self, pbx: str, alive: Sequence[str], at: datetime) -> list[str]:
        """End the calls held live that are not in `alive` (call ids). Returns their ids."""
        ...


class Journal(Protocol):
    """The raw events that calls were made from."""

    def add(self, parts: Sequence[JournalPart]) -> None:
        """Idempotent. A part of source "ledger" replaces the one that its call has."""
        ...

    def of_call(self, call_id: str) -> tuple[JournalPart, ...]: ...

    def of_calls(self, call_ids: Sequence[str]) -> dict[str, tuple[JournalPart, ...]]:
        """Call id → its parts, for the calls that have any; of one call in order of writing."""
        ...

    def merge(self, absorbed_id: str, into_id: str) -> None: ...

    def forget(self, call_ids: Sequence[str]) -> None: ...

    def prune(self, before: datetime, limit: int) -> int: ...


class Repairs(Protocol):
    """What the ledger changed in calls; their number stands on the interaction."""

    def record(self, repairs: Sequence[Repair]) -> None:
        """Idempotent: a repair that is told again is the same repair."""
        ...

    def of_call(self, call_id: str) -> tuple[Repair, ...]: ...

    def merge(self, absorbed_id: str, into_id: str) -> None: ...

    def forget(self, call_ids: Sequence[str]) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxChunk:
    """Bytes of a ledger's file as a forwarder sent them: `data` begins at `offset` of the file."""

    id: int
    pbx: str
    file_id: str
    path: str
    offset: int
    data: bytes


class Ledger(Protocol):
    """How far the ledger was read, what of it could not be, and what forwarders have sent."""

    def position(self, pbx: str, source: LedgerSource) -> LedgerPosition | None: ...

    def save_position(self, position: LedgerPosition) -> None: ...

    def set_aside(self, rows: Sequence[SetAside]) -> None:
        """Idempotent by (pbx, source, file, position)."""
        ...

    def prune_set_aside(self, before: datetime, limit: int) -> int: ...

    def receive(  # noqa: PLR0917 (one row of the inbox)
        self, pbx: str, file_id: str, path: str, offset: int, data: bytes, at: datetime
    ) -> int:
        """Returns the offset that is expected next. Bytes beyond a gap are refused, bytes that are
        here already are left out; without `data` this only asks."""
        ...

    def inbox(self, pbx: str, after_id: int, limit: int) -> tuple[InboxChunk, ...]: ...

    def drop_inbox(self, pbx: str, up_to_id: int) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerTraces:
    """Interactions that are the customer's, those of others under one of their numbers, the calls
    of the first, and calls that may name one of the numbers somewhere."""

    own: tuple[int, ...]
    others: tuple[int, ...]
    calls: tuple[str, ...]
    mentions: tuple[str, ...]


class Erasures(Protocol):
    """What must not come back: kept as keyed hashes, of which nobody can tell whose they are."""

    def last(self) -> datetime | None:
        """When something was erased last; None when nothing ever was."""
        ...

    def erased(self, keys: Sequence[str]) -> dict[str, datetime]:
        """Key → the moment up to which it counts, for those that were erased."""
        ...

    def remember(self, keys: Sequence[str], at: datetime) -> None: ...

    def traces(
        self, customer_id: int, e164s: Sequence[str], digits: Sequence[str]
    ) -> CustomerTraces:
        """Where this customer is found; `digits` are the numbers without their countries."""
        ...

    def absorbed(self, call_ids: Sequence[str]) -> list[str]:
        """Calls that are part of these now, and kept a record of their own."""
        ...

    def blank_customer(self, customer_id: int, at: datetime) -> None:
        """Card, numbers, words and notes go; an empty card stays for what must be kept."""
        ...

    def blank_interactions(self, interaction_ids: Sequence[int], *, whole: bool) -> None:
        """Not `whole`: the contact is another customer's, and loses the number alone."""
        ...

    def blank_decisions(self, channels: Sequence[tuple[str, str]], e164s: Sequence[str]) -> int:
        """Routing decisions of these channels (pbx, uniqueid) and numbers."""
        ...

    def blank_set_aside(self, words: Sequence[str]) -> int:
        """Lines that hold any of these words."""
        ...


class Interactions(Protocol):
    """What calls leave behind: one row for each call."""

    def upsert_many(self, rows: Sequence[InteractionRow]) -> dict[str, int]:
        """call_id → interaction id. A match chosen by a person is never overwritten."""
        ...

    def merge(self, absorbed_call_id: str, into_call_id: str) -> None: ...

    def link(self, interaction_id: int, customer_id: int, match: MatchKind) -> None: ...

    def get(self, interaction_id: int) -> StoredInteraction | None: ...

    def identified(self, call_ids: Sequence[str]) -> dict[str, StoredInteraction]: ...


class Notes(Protocol):
    def save(
        self,
        *,
        author_id: int,
        text: str,
        at: datetime,
        interaction_id: int | None = None,
        customer_id: int | None = None,
    ) -> int:
        """One note per author and interaction: saving again replaces the text. Returns its id."""
        ...


class Users(Protocol):
    def add(self, draft: UserDraft, password_hash: str, at: datetime) -> int: ...

    def get(self, user_id: int) -> User | None: ...

    def by_username(self, username: str) -> User | None: ...

    def password_hash(self, username: str) -> tuple[User, str] | None: ...

    def set_password(self, user_id: int, password_hash: str, *, end_sessions: bool) -> None: ...

    def end_sessions(self, user_id: int) -> int:
        """Raises the session epoch: every cookie and socket given out before is void."""
        ...

    def update(self, user_id: int, values: Mapping[str, Any]) -> None: ...

    def endpoint_map(self) -> dict[str, int]: ...

    def add_token(
        self,
        user_id: int,
        *,
        name: str,
        prefix: str,
        token_hash: str,
        scopes: Sequence[str],
        at: datetime,
    ) -> int: ...

    def token_by_hash(self, token_hash: str) -> Token | None: ...

    def get_token(self, token_id: int) -> Token | None: ...

    def revoke_token(self, token_id: int, at: datetime) -> bool: ...

    def touch_token(self, token_id: int, at: datetime) -> None: ...


class Agents(Protocol):
    def set_state(self, user_id: int, state: AgentState, reason: str, at: datetime) -> None: ...

    def get(self, user_id: int) -> AgentStatus | None: ...


class Routing(Protocol):
    def record(self, *decisions: DecisionRecord) -> None: ...

    def prune(self, before: datetime, limit: int) -> int:
        """Delete up to `limit` of the oldest. Returns how many it were."""
        ...


class PbxLinks(Protocol):
    def set(self, pbx: str, state: str, detail: str, at: datetime, version: str = "") -> None: ...

    def note_name(self, pbx: str, system_name: str, at: datetime) -> None:
        """The PBX called itself this; it may have had other names before."""
        ...

    def names(self, pbx: str) -> tuple[str, ...]:
        """Every system name it is known by, the latest first."""
        ...


class Audit(Protocol):
    def record(
        self,
        *,
        user_id: int | None,
        action: str,
        object_type: str,
        object_id: str,
        at: datetime,
        detail: Mapping[str, Any] | None = None,
    ) -> None: ...

    def prune(self, before: datetime, limit: int) -> int: ...


class Idempotency(Protocol):
    """Which requests of programs were done already, by the key that they carry."""

    def start(
        self, user_id: int, key: str, fingerprint: str, at: datetime
    ) -> Started | Done | None: ...

    def finish(self, user_id: int, key: str, status: int, body: str) -> None: ...

    def forget(self, user_id: int, key: str) -> None: ...

    def forget_before(self, moment: datetime) -> None: ...


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
