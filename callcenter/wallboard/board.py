"""A centre as it is now, folded from the messages that screens hear.

`call` and `agent` messages carry whole state, so a board is a function of the last message of each
call and each operator: told again, in their order, they change nothing. A board made from the
database folds the payloads that the database gives, and is the same board.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from callcenter.agents.machine import as_of
from callcenter.agents.status import AgentStatus, Chosen, State, WrapUp


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerFace:
    """Whom a call is from, as far as one customer is known."""

    customer_id: int | None = None
    name: str = ""
    vip_level: int = 0
    debtor: bool = False
    blocked: bool = False
    new: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardCall:
    """A live call. `since`: when the caller came into the queue (without one: when they called).
    `withheld`: the caller hides their number. `people`: operators who speak in it, or whom it
    rings."""

    call_id: str
    interaction_id: int | None
    pbx: str
    queue: str
    direction: str
    state: str
    since: datetime | None
    number: str
    caller: CallerFace
    withheld: bool = False
    people: tuple[int, ...] = ()

    @property
    def waits(self) -> bool:
        return bool(self.queue) and self.state != "talking" and self.direction != "outbound"


@dataclass(slots=True)
class Board:
    """Changed in place by `fold`; whoever reads it from another thread locks."""

    calls: dict[str, BoardCall]
    operators: dict[int, AgentStatus]

    @classmethod
    def empty(cls) -> Board:
        return cls(calls={}, operators={})

    @classmethod
    def of(cls, calls: Iterable[Mapping[str, Any]], agents: Iterable[Mapping[str, Any]]) -> Board:
        """From payloads of `call` (the call itself) and `agent`, as the database gives them."""
        board = cls.empty()
        for call in calls:
            board._fold_call(call)
        for agent in agents:
            board._fold_agent(agent)
        return board

    def fold(self, kind: str, payload: Mapping[str, Any]) -> str | None:
        """Take a message in; which part it was of (`call:<id>`, `agent:<id>`), None for others."""
        if kind == "call" and isinstance(payload.get("call"), Mapping):
            return f"call:{self._fold_call(payload['call'])}"
        if kind == "agent" and payload.get("user_id") is not None:
            return f"agent:{self._fold_agent(payload)}"
        return None

    def copy(self) -> Board:
        return Board(calls=dict(self.calls), operators=dict(self.operators))

    def parts(self, now: datetime) -> dict[str, object]:
        """Everything on it by the names that `fold` gives, as it is at `now`."""
        calls = {f"call:{one.call_id}": one for one in self.calls.values()}
        states = {f"agent:{one.user_id}": as_of(one, now) for one in self.operators.values()}
        return {**calls, **states}

    def take(self, part: str, other: Board) -> None:
        """This one part as another board has it."""
        kind, _colon, name = part.partition(":")
        if kind == "call":
            _copy(self.calls, other.calls, name)
        else:
            _copy(self.operators, other.operators, int(name))

    def _fold_call(self, call: Mapping[str, Any]) -> str:
        call_id = str(call["call_id"])
        if call.get("live"):
            self.calls[call_id] = _call(call_id, call)
        else:
            self.calls.pop(call_id, None)
        return call_id

    def _fold_agent(self, agent: Mapping[str, Any]) -> int:
        status = _status(agent)
        self.operators[status.user_id] = status
        return status.user_id


def moment(text: object) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) and text else None


def _call(call_id: str, call: Mapping[str, Any]) -> BoardCall:
    parties = call.get("parties") or ()
    people = (one["user_id"] for one in parties if one.get("state") != "ended")
    withheld = call.get("match") == "withheld"
    return BoardCall(
        call_id=call_id,
        interaction_id=call.get("interaction_id"),
        pbx=str(call.get("pbx") or ""),
        queue=str(call.get("queue") or ""),
        direction=str(call.get("direction") or ""),
        state=str(call.get("state") or ""),
        since=moment(call.get("queued_at")) or moment(call.get("started_at")),
        number="" if withheld else str(call.get("number_e164") or call.get("number") or ""),
        withheld=withheld,
        caller=_caller(call),
        people=tuple(sorted({one for one in people if one is not None})),
    )


def _caller(call: Mapping[str, Any]) -> CallerFace:
    known: Sequence[Mapping[str, Any]] = call.get("customers") or ()
    if len(known) != 1 or call.get("match") not in ("one", "chosen"):
        return CallerFace()
    customer = known[0]
    name = str(customer.get("display_name") or "")
    # Whoever called first is called by the number: that is told where numbers are, and once.
    is_number = name == call.get("number_e164")
    return CallerFace(
        customer_id=customer.get("id"),
        name="" if is_number else name,
        vip_level=int(customer.get("vip_level") or 0),
        debtor=bool(customer.get("overdue_minor")),
        blocked=bool(customer.get("blocked")),
        new=not customer.get("confirmed", True),
    )


def _status(agent: Mapping[str, Any]) -> AgentStatus:
    since = moment(agent.get("since"))
    if since is None:
        raise ValueError("an operator's state without its beginning")
    wrap_up = agent.get("wrap_up")
    return AgentStatus(
        user_id=int(agent["user_id"]),
        state=cast("State", agent["state"]),
        reason=str(agent.get("reason") or ""),
        since=since,
        chosen=cast("Chosen", agent.get("chosen") or "offline"),
        chosen_reason=str(agent.get("chosen_reason") or ""),
        wrap_up=_wrap_up(wrap_up) if wrap_up else None,
    )


def _wrap_up(told: Mapping[str, Any]) -> WrapUp:
    """Only how long it lasts: what else is to be done is no part of a board."""
    return WrapUp(call_id=str(told.get("call_id") or ""), until=moment(told.get("until")))


def _copy(mine: dict[Any, Any], theirs: Mapping[Any, Any], key: Any) -> None:
    if key in theirs:
        mine[key] = theirs[key]
    else:
        mine.pop(key, None)
