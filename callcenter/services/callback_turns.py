"""Use case: a call-back whose turn has come offers itself to a ready operator; what comes of it.

What goes on is a row: `offered` to whom, under which command, until when. The row is written before
the PBX is told, and the PBX itself refuses a second channel of one command's id; a process that
dies in between leaves a lease that runs out. So nobody is called twice for one request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from callcenter.accounts.user import User, endpoints_of
from callcenter.callbacks.request import (
    CHANNEL,
    COMMAND,
    OFFER_LEASE,
    CallbackRequest,
    Next,
    after_attempt,
    after_decline,
    comes_before,
    command_in,
)
from callcenter.calls.record import CallRecord
from callcenter.errors import Conflict, Invalid, NotFound
from callcenter.ports import Clock, PbxCommand, Publisher, UnitOfWork
from callcenter.realtime.messages import Message
from callcenter.realtime.payloads import Identified
from callcenter.services.call_rows import WrittenCalls
from callcenter.services.callback_requests import Opening, callback_news, rule_of
from callcenter.services.missed_calls import bring_back
from callcenter.services.phone_home import home_of, refuse_away

_AT_ONCE: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One queue now. `ready`: whom it could ring, the longest ready first; `oldest`: since when the
    first of those waits who wait on the line."""

    ready: tuple[int, ...] = ()
    oldest: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    unit_of_work: Callable[[], UnitOfWork]
    publisher: Publisher
    clock: Clock
    pbxs: tuple[str, ...] = ()
    """Those that take calls from here."""


def turn(
    desk_of: Callable[[str], Desk], opening: Opening, door: Door, *, hears: bool = True
) -> int:
    """Look after every request whose time has come. How many changed.

    Without `hears` nobody tells us of calls: an offer of which we have not heard may be a call that
    goes on or a conversation that was, so it is not made again before we know.
    """
    work = _Turn(desk_of, opening, door, hears)
    with door.unit_of_work() as uow:
        for request in uow.callbacks.due(work.now, _AT_ONCE):
            work.look_at(uow, request)
        news = bring_back(uow, work.given_up, door.clock)
        news += callback_news(uow) if work.changed else []
        uow.commit()
    for command in work.commands:
        door.publisher.command(command)
    door.publisher.publish(news)
    return work.changed


def call_now(request_id: int, user_id: int, opening: Opening, door: Door) -> None:
    """One who has it in hand calls at once: their own phone rings, whoever's turn it is. Raises
    ProductError."""
    now = door.clock.now()
    with door.unit_of_work() as uow:
        request, user = uow.callbacks.get(request_id), uow.users.get(user_id)
        if request is None:
            raise NotFound("callback", f"there is no call-back {request_id}")
        if user is None or not user.endpoint:
            raise Invalid("number", "you have no phone: an administrator gives you one")
        if request.state != "waiting" or request.assigned_to not in (None, user_id):
            raise Conflict("state", "somebody else is calling back already")
        queue = uow.staffing.queues().get(request.queue)
        opens = opening(queue.callback_calendar if queue is not None else "", now)
        if opens is None or opens > now:
            raise Conflict("state", "this is outside the hours in which callers may be called")
        home = home_of(uow, user, door.pbxs)
        refuse_away(uow, home, door.pbxs)
        command = _command(uow, request, user, home, now)
        values = {"assigned_to": user_id, **_offered(command, user, now)}
        if not uow.callbacks.change(request, values):
            raise Conflict("state", "this call-back has just changed: look again")
        news = callback_news(uow)
        uow.commit()
    door.publisher.command(command)
    door.publisher.publish(news)


class _Turn:
    def __init__(
        self, desk_of: Callable[[str], Desk], opening: Opening, door: Door, hears: bool
    ) -> None:
        self.now, self.changed = door.clock.now(), 0
        self._pbxs = door.pbxs
        self.given_up: list[CallbackRequest] = []
        self.commands: list[PbxCommand] = []
        self._desk_of, self._opening, self._hears = desk_of, opening, hears
        self._rung: set[int] = set()

    def look_at(self, uow: UnitOfWork, request: CallbackRequest) -> None:
        if request.state != "waiting":
            self._settle_lease(uow, request)
        elif request.expires_at <= self.now:
            self._change(uow, request, {"state": "expired", "closed_at": self.now})
        elif request.next_at <= self.now:
            self._offer(uow, request)

    def _settle_lease(self, uow: UnitOfWork, request: CallbackRequest) -> None:
        """An offer of which nobody has heard again. While its call goes on it is left alone."""
        if request.leased_until is not None and request.leased_until > self.now:
            return
        record = uow.callbacks.call_of(CHANNEL + request.command_id)
        if record is None and not self._hears:
            if request.expires_at <= self.now:
                self._change(uow, request, {"state": "expired", "closed_at": self.now})
                return
            self._change(uow, request, _leased(self.now))
        elif record is None:
            self._change(uow, request, _values(after_decline(request, self.now, "no_answer")))
        elif record.live:
            self._change(uow, request, _leased(self.now))
        else:
            self._change(uow, request, _ended(uow, request, record, self.now))

    def _offer(self, uow: UnitOfWork, request: CallbackRequest) -> None:
        queue = uow.staffing.queues().get(request.queue)
        calendar = queue.callback_calendar if queue is not None else ""
        opens = self._opening(calendar, self.now)
        if opens is None or opens > self.now:
            self._change(uow, request, {"next_at": opens or request.expires_at})
            return
        desk = self._desk_of(request.queue)
        operator = self._operator(uow, request, desk)
        if operator is None:
            return
        home = home_of(uow, operator, self._pbxs)
        command = _command(uow, request, operator, home, self.now)
        if self._change(uow, request, _offered(command, operator, self.now)):
            self.commands.append(command)
            self._rung.add(operator.id)

    def _operator(self, uow: UnitOfWork, request: CallbackRequest, desk: Desk) -> User | None:
        """Whose it is alone; else the longest ready who has not declined it, when its place has
        come before those who wait on the line. Once all have declined it starts again."""
        ready = [one for one in desk.ready if one not in self._rung]
        if request.assigned_to is not None:
            return uow.users.get(request.assigned_to) if request.assigned_to in ready else None
        if not comes_before(request, desk.oldest):
            return None
        fresh = [one for one in ready if one not in request.declined] or ready
        return uow.users.get(fresh[0]) if fresh else None

    def _change(self, uow: UnitOfWork, request: CallbackRequest, values: Mapping[str, Any]) -> bool:
        done = uow.callbacks.change(request, values)
        self.changed += done
        if done and "closed_at" in values:
            self.given_up.append(request)
        return done


def _command(
    uow: UnitOfWork, request: CallbackRequest, operator: User, pbx: str, now: datetime
) -> PbxCommand:
    right = uow.outbound.right_of(operator.role)
    desk, *browser = endpoints_of(operator.endpoint)
    in_browser = browser and uow.outbound.device(operator.id) == "browser"
    return PbxCommand(
        action="originate",
        endpoint=browser[0] if in_browser else desk,
        arguments={"to": request.number, "caller_id": right.caller_id if right else ""},
        id=f"{COMMAND}{request.id}-{int(now.timestamp() * 1000)}",
        pbx=pbx,
        user_id=operator.id,
        issued_at=now,
    )


def _offered(command: PbxCommand, operator: User, now: datetime) -> dict[str, Any]:
    return {
        "state": "offered",
        "offered_to": operator.id,
        "command_id": command.id,
        **_leased(now),
    }


def _leased(now: datetime) -> dict[str, Any]:
    return {"leased_until": now + OFFER_LEASE, "next_at": now + OFFER_LEASE}


def _values(after: Next, **more: Any) -> dict[str, Any]:
    return {
        "state": after.state,
        "attempts": after.attempts,
        "next_at": after.next_at,
        "last_result": after.last_result,
        "offered_to": None,
        "leased_until": None,
        **more,
    }


# -- what calls say of them ------------------------------------------------------------------------


def follow_calls(uow: UnitOfWork, written: WrittenCalls, clock: Clock) -> list[Message]:
    """Inside the writer's transaction: offers that were answered or not, requests that any
    conversation makes needless, and which contact each was asked for in."""
    told = [(record, written.identified[id_]) for id_, record in written.records.items()]
    changed = _link(uow, told)
    given_up: list[CallbackRequest] = []
    changed += _settle_offers(uow, [record for record, _ in told], clock.now(), given_up)
    changed += _close_reached(uow, told, clock.now())
    news = bring_back(uow, given_up, clock)
    return news + (callback_news(uow) if changed else [])


def _settle_offers(
    uow: UnitOfWork,
    records: Iterable[CallRecord],
    now: datetime,
    given_up: list[CallbackRequest],
) -> int:
    by_command = {one: record for record in records if (one := command_in(record))}
    if not by_command:
        return 0
    changed = 0
    for request in uow.callbacks.of_command(by_command.keys()):
        record = by_command[request.command_id]
        if record.result == "answered":
            continue  # a conversation, closed with all others
        if not record.live:
            after = _ended(uow, request, record, now)
            done = uow.callbacks.change(request, after)
            changed += done
            if done and "closed_at" in after:
                given_up.append(request)
        elif request.state == "offered" and _operator_lifted(record, request):
            changed += uow.callbacks.change(request, {"state": "calling", **_leased(now)})
    return changed


def _close_reached(
    uow: UnitOfWork, told: Iterable[tuple[CallRecord, Identified]], now: datetime
) -> int:
    spoken = [(record, who) for record, who in told if _spoke(record, who)]
    if not spoken:
        return 0
    numbers = {who.number_e164 for _, who in spoken}
    customers = {who.only.id for _, who in spoken if who.only is not None}
    changed = 0
    for request in uow.callbacks.open_for(numbers, customers):
        met = next((one for one in spoken if _answers(request, *one)), None)
        if met is not None:
            values = {
                "state": "done",
                "closed_at": now,
                "closed_interaction_id": met[1].interaction_id,
                "closed_by": request.offered_to if command_in(met[0]) else None,
                "last_result": "reached" if met[0].direction == "outbound" else "got_through",
            }
            changed += uow.callbacks.change(request, values)
    return changed


def _spoke(record: CallRecord, who: Identified) -> bool:
    outside = record.direction in ("inbound", "outbound") and who.number_e164
    return bool(outside) and record.result == "answered"


def _answers(request: CallbackRequest, record: CallRecord, who: Identified) -> bool:
    theirs = request.number == who.number_e164 or (
        request.customer_id is not None
        and who.only is not None
        and request.customer_id == who.only.id
    )
    at = record.answered_at
    return theirs and at is not None and at > request.created_at


def _link(uow: UnitOfWork, told: Iterable[tuple[CallRecord, Identified]]) -> int:
    """Callers who may have asked for one: by a key, or where the route led."""
    asked = {
        f"{record.pbx}/{uniqueid}": who
        for record, who in told
        if who.interaction_id is not None and (record.menu or record.route == "callback")
        for uniqueid in record.uniqueids
    }
    if not asked:
        return 0
    found = uow.callbacks.of_calls(asked.keys())
    for request in found:
        who = asked[request.call_id]
        values: dict[str, Any] = {"interaction_id": who.interaction_id}
        if request.customer_id is None and who.only and who.number_e164 == request.number:
            values["customer_id"] = who.only.id
        uow.callbacks.change(request, values)
    return len(found)


def _ended(
    uow: UnitOfWork, request: CallbackRequest, record: CallRecord, now: datetime
) -> dict[str, Any]:
    """The offer's own call is over and nobody spoke."""
    if not _operator_lifted(record, request):
        declined = sorted({*request.declined, *filter(None, [request.offered_to])})
        told = ",".join(map(str, declined[-20:]))
        return _values(after_decline(request, now), declined_by=told)
    after = after_attempt(
        request, rule_of(uow.staffing.queues().get(request.queue)), record.result, now
    )
    over = {"closed_at": now} if after.state == "failed" else {}
    return _values(after, declined_by="", **over)


def _operator_lifted(record: CallRecord, request: CallbackRequest) -> bool:
    channel = CHANNEL + request.command_id
    return any(leg.uniqueid == channel and leg.answered_at is not None for leg in record.legs)
