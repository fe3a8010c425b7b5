"""What tests of the store share: a clock that stands, a publisher that remembers, small records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from callcenter.accounts.user import UserDraft
from callcenter.calls.record import CallRecord, Leg
from callcenter.customers.customer import CustomerDraft, StoredPhone
from callcenter.interactions.interaction import InteractionRow
from callcenter.ports import PbxCommand
from callcenter.realtime.messages import Message
from callcenter.store.unit_of_work import SqlUnitOfWork

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TODAY = NOW.date()


@dataclass
class StandingClock:
    at: datetime = NOW

    def now(self) -> datetime:
        return self.at

    def pass_by(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass
class Recorder:
    """A publisher that keeps what it was given."""

    messages: list[Message] = field(default_factory=list)
    commands: list[PbxCommand] = field(default_factory=list)

    def publish(self, messages: Sequence[Message]) -> None:
        self.messages += messages

    def command(self, command: PbxCommand) -> None:
        self.commands.append(command)


@dataclass
class Store:
    """One database with its engine, and short ways to fill it."""

    engine: Engine
    clock: StandingClock = field(default_factory=StandingClock)
    publisher: Recorder = field(default_factory=Recorder)

    def unit_of_work(self) -> SqlUnitOfWork:
        return SqlUnitOfWork(self.engine)

    def add_user(self, username: str = "anna", extension: str = "1001") -> int:
        with self.unit_of_work() as uow:
            draft = UserDraft(
                username=username,
                display_name=username.title(),
                endpoint=f"PJSIP/{extension}" if extension else "",
                extension=extension,
            )
            user_id = uow.users.add(draft, "no password", NOW)
            uow.commit()
        return user_id

    def add_customer(self, name: str, *numbers: str, firm: str = "", **fields: object) -> int:
        with self.unit_of_work() as uow:
            organization_id = uow.customers.ensure_organization(firm, NOW) if firm else None
            customer_id = uow.customers.add(
                CustomerDraft(display_name=name, **fields),  # type: ignore[arg-type]
                [StoredPhone(e164=number) for number in numbers],
                organization_id,
                NOW,
            )
            uow.commit()
        return customer_id

    def save(self, *records: CallRecord, **row: object) -> dict[str, int]:
        """The calls and their interactions. Returns call id → interaction id."""
        with self.unit_of_work() as uow:
            uow.calls.save_many(records, uow.users.endpoint_map())
            ids = uow.interactions.upsert_many([interaction(one, **row) for one in records])
            uow.commit()
        return ids


def call(number: str = "17.1", /, **changes: object) -> CallRecord:
    """A live inbound call with its caller and one ringing operator."""
    serial, _, counter = number.partition(".")
    callee = f"{serial}.{int(counter) + 1}"
    values: dict[str, object] = {
        "id": f"pbx/{number}",
        "pbx": "pbx",
        "live": True,
        "direction": "inbound",
        "result": "unknown",
        "started_at": NOW,
        "answered_at": None,
        "ended_at": None,
        "caller_number": "+48221234567",
        "caller_name": "Jan Żółć",
        "dialed": "+48221000001",
        "trunk": "PJSIP/trunk",
        "queues": ("support",),
        "legs": (
            leg(number, "PJSIP/trunk", "caller"),
            leg(callee, "PJSIP/1001", "callee", ringing_at=NOW),
        ),
        "answered_by": (),
        "last_speaker": "",
        "transfers": (),
        "wait_seconds": None,
        "talk_seconds": 0.0,
        "hold_seconds": 0.0,
        "hangup_by": "",
        "hangup_cause": None,
        "route": "queue-support",
        "channels": (),
        "uniqueids": (number, callee),
        "linkedids": (number,),
    }
    return CallRecord(**(values | changes))  # type: ignore[arg-type]


def leg(uniqueid: str, endpoint: str, role: str, **changes: object) -> Leg:
    values: dict[str, object] = {
        "channel": f"{endpoint}-{uniqueid}",
        "uniqueid": uniqueid,
        "endpoint": endpoint,
        "number": endpoint.rpartition("/")[2],
        "name": "",
        "role": role,
        "ringing_at": None,
        "answered_at": None,
        "ended_at": None,
        "result": "unknown",
        "talk_seconds": 0.0,
        "hold_seconds": 0.0,
    }
    return Leg(**(values | changes))  # type: ignore[arg-type]


def interaction(record: CallRecord, **changes: object) -> InteractionRow:
    values: dict[str, object] = {
        "call_id": record.id,
        "direction": record.direction,
        "result": record.result,
        "number": "+48221234567",
        "number_raw": record.caller_number,
        "number_kind": "e164",
        "dialed": record.dialed,
        "queue": record.queues[-1] if record.queues else "",
        "customer_id": None,
        "match": "none",
        "candidate_ids": (),
        "operator_id": None,
        "started_at": record.started_at,
        "answered_at": record.answered_at,
        "ended_at": record.ended_at,
        "wait_seconds": record.wait_seconds,
        "talk_seconds": record.talk_seconds,
        "hold_seconds": record.hold_seconds,
        "explanation": {"route": record.route},
    }
    return InteractionRow(**(values | changes))  # type: ignore[arg-type]
