"""Call-backs that callers asked for: one for each number and queue, offered in turn, never called
twice for one, closed by any conversation; and messages that follow the calls they were left in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from callcenter.callbacks.request import OFFER_LEASE
from callcenter.calls.record import CallRecord, SoundFile
from callcenter.errors import Conflict, Invalid
from callcenter.pbx.kept import PlanNumber
from callcenter.queries import callback_requests as queries
from callcenter.queries import voicemails as voicemail_queries
from callcenter.queries import waiting
from callcenter.queries.callback_requests import CallbackFilters
from callcenter.queries.voicemails import VoicemailFilters
from callcenter.services import callback_requests, callback_turns, voicemails
from tests.support.callback_desks import NUMBER, OTHER, Desks, lifted, make_desks, offered
from tests.support.messages_left import FILE, fold, ledger, live
from tests.support.plans import Plans
from tests.support.store import NOW, Store, call, leg


@pytest.fixture
def desks(store: Store) -> Desks:
    return make_desks(store)


def test_one_number_has_one_request_in_a_queue_and_keeps_the_earlier_place(desks: Desks) -> None:
    first = desks.ask(ago=120)
    again = desks.ask(ago=10)
    assert again.request_id == first.request_id
    assert desks.get(first.request_id).place_at == NOW - timedelta(seconds=120)
    assert desks.ask(queue="support", number=OTHER).request_id != first.request_id


@pytest.mark.parametrize("number", ["", "1001", "+79161234567", "112"])
def test_a_number_that_nobody_may_dial_is_not_taken(desks: Desks, number: str) -> None:
    with pytest.raises(Invalid):
        desks.ask(number)


def test_outside_the_hours_it_is_noted_for_when_we_open_and_not_offered_before(
    desks: Desks,
) -> None:
    opens_at = NOW + timedelta(hours=3)
    desks.opens = lambda _calendar, at: max(at, opens_at)
    assert desks.ask().later
    desks.ready = (desks.anna,)
    assert desks.turn() == []
    assert len(desks.turn(3 * 3600)) == 1


def test_its_turn_comes_before_those_who_came_later_and_after_those_who_came_sooner(
    desks: Desks,
) -> None:
    desks.ask(ago=60)
    desks.ready = (desks.olga, desks.anna)
    desks.oldest = NOW - timedelta(seconds=90)
    assert desks.turn() == []
    desks.oldest = NOW - timedelta(seconds=30)
    (command,) = desks.turn()
    assert (command.action, command.endpoint) == ("originate", "PJSIP/1002")
    assert command.arguments["to"] == NUMBER
    assert (desks.get().state, desks.get().offered_to) == ("offered", desks.olga)


def test_while_it_is_offered_nobody_else_gets_it_and_a_dead_offer_is_made_again(
    desks: Desks,
) -> None:
    desks.ask()
    desks.ready = (desks.anna, desks.olga)
    (first,) = desks.turn()
    assert desks.turn(30) == []
    assert desks.turn(OFFER_LEASE.total_seconds()) == []  # its end is noticed first
    assert desks.get().state == "waiting"
    (second,) = desks.turn(30)
    assert second.id != first.id


def test_an_offer_whose_call_goes_on_is_not_made_again_though_its_lease_is_over(
    desks: Desks,
) -> None:
    desks.ask()
    desks.ready = (desks.anna,)
    (command,) = desks.turn()
    desks.write(offered(command.id))
    assert desks.turn(OFFER_LEASE.total_seconds() + 1) == []
    assert desks.get().state == "offered"


def test_who_declines_is_passed_over_for_the_next(desks: Desks) -> None:
    desks.ask()
    desks.ready = (desks.anna, desks.olga)
    (command,) = desks.turn()
    desks.write(offered(command.id, live=False, result="rejected", ended_at=NOW))
    assert (desks.get().state, desks.get().attempts) == ("waiting", 0)
    (next_one,) = desks.turn(60)
    assert next_one.user_id == desks.olga


def test_who_is_not_reached_is_tried_again_and_then_given_up(desks: Desks) -> None:
    desks.ask()
    desks.ready = (desks.anna,)
    (command,) = desks.turn()
    desks.write(lifted(command.id))
    assert (desks.get().state, desks.get().attempts, desks.get().last_result) == (
        "waiting",
        1,
        "missed",
    )
    assert desks.turn(60) == []
    (command,) = desks.turn(15 * 60)
    desks.write(lifted(command.id, "busy"))
    done = desks.get()
    assert (done.state, done.attempts, done.closed_at is None) == ("failed", 2, False)


@pytest.mark.parametrize("direction", ["inbound", "outbound"])
def test_any_conversation_with_the_number_closes_it(desks: Desks, direction: str) -> None:
    desks.ask()
    at = NOW + timedelta(minutes=1)
    desks.store.clock.at = at
    other = {"dialed": NUMBER, "caller_number": "1001"} if direction == "outbound" else {}
    desks.write(call("20.1", direction=direction, result="answered", answered_at=at, **other))
    assert desks.get().state == "done"
    desks.ready = (desks.anna,)
    assert desks.turn(1) == []


def test_what_nobody_could_do_in_time_expires(desks: Desks) -> None:
    desks.ask()
    assert desks.turn(25 * 3600) == []
    assert desks.get().state == "expired"


def test_two_workers_make_one_call(desks: Desks) -> None:
    desks.ask()
    with desks.store.unit_of_work() as uow:
        seen = uow.callbacks.due(NOW, 10)[0]
        assert uow.callbacks.change(seen, {"state": "offered", "command_id": "callback-1-1"})
        assert not uow.callbacks.change(seen, {"state": "offered", "command_id": "callback-1-2"})
        uow.commit()


def test_one_who_calls_at_once_is_not_offered_it_again(desks: Desks) -> None:
    desks.ask()
    callback_turns.call_now(1, desks.anna, desks.opens, desks.door)
    assert [one.user_id for one in desks.store.publisher.commands] == [desks.anna]
    with pytest.raises(Conflict):
        callback_turns.call_now(1, desks.olga, desks.opens, desks.door)
    desks.ready = (desks.anna, desks.olga)
    assert desks.turn(1) == []


def test_people_take_give_and_close_them(desks: Desks) -> None:
    desks.ask()
    callback_requests.take(1, desks.anna, **desks.act)
    with pytest.raises(Conflict):
        callback_requests.take(1, desks.olga, **desks.act)
    callback_requests.assign(1, desks.olga, user_id=desks.anna, **desks.act)
    desks.ready = (desks.anna,)
    assert desks.turn(1) == []  # it is Olga's alone
    with pytest.raises(Invalid):
        callback_requests.close(1, "cancelled", " ", user_id=desks.anna, **desks.act)
    callback_requests.close(1, "done", "wrote a mail", user_id=desks.anna, **desks.act)
    with desks.store.engine.connect() as connection:
        assert queries.page(connection, CallbackFilters(), None, 10).items == ()
        (closed,) = queries.page(connection, CallbackFilters(closed=True), None, 10).items
    assert (closed.state, closed.note) == ("done", "wrote a mail")


def test_the_contact_it_was_asked_for_in_is_linked(desks: Desks) -> None:
    desks.ask()
    desks.write(call("17.1", live=False, result="missed", menu=("1",), ended_at=NOW))
    assert desks.get().interaction_id is not None


# -- messages --------------------------------------------------------------------------------------


def message_left(file: str = "17.1-message-support.wav") -> CallRecord:
    sound = SoundFile(file=file, started_at=NOW, stopped_at=NOW)
    caller = replace(leg("17.1", "PJSIP/trunk", "caller"), recordings=(sound,))
    return call("17.1", live=False, result="voicemail", ended_at=NOW, legs=(caller,))


def test_a_message_is_work_once_however_often_its_call_is_told(desks: Desks) -> None:
    assert desks.write(message_left()) > 0
    assert desks.write(message_left("/srv/monitor/17.1-message-support.wav")) == 0
    with desks.store.engine.connect() as connection:
        (one,) = voicemail_queries.page(connection, VoicemailFilters(), None, 10).items
    assert (one.number, one.queue, one.file) == (NUMBER, "support", "17.1-message-support.wav")
    assert one.interaction_id is not None
    assert one.due_at == NOW + timedelta(minutes=240)


@pytest.mark.parametrize(
    "order", [("live", "ledger"), ("ledger", "live"), ("live", "both"), ("both", "ledger")]
)
def test_told_live_and_by_the_ledger_it_is_one_message(
    desks: Desks, order: tuple[str, ...]
) -> None:
    told = {"live": live(), "ledger": ledger(), "both": [*ledger(), *live()]}
    for source in (*order, *order):
        desks.write(fold(told[source]))
    with desks.store.engine.connect() as connection:
        (one,) = voicemail_queries.page(connection, VoicemailFilters(), None, 10).items
    assert (one.file, one.queue, one.number) == (FILE, "support", NUMBER)


def test_other_recordings_are_no_messages(desks: Desks) -> None:
    assert desks.write(message_left("17.1.wav")) == 0


@pytest.mark.parametrize(
    ("sound", "aside"),
    [((1.0, [50] * 9), "short"), ((9.0, [1] * 9), "silent"), ((9.0, [1, 40, 40, 40]), "")],
)
def test_what_is_too_short_or_silent_is_set_aside(desks: Desks, sound: Any, aside: str) -> None:
    desks.write(message_left())
    store = {"unit_of_work": desks.store.unit_of_work, "publisher": desks.store.publisher}
    assert voicemails.measure(lambda _: None, **store) == 0
    assert voicemails.measure(lambda _: sound, **store) == 1
    with desks.store.unit_of_work() as uow:
        one = uow.voicemails.get(1)
    assert one is not None
    assert one.set_aside == aside


def test_a_message_is_taken_by_one_and_done_with_what_came_of_it(desks: Desks) -> None:
    desks.write(message_left())
    voicemails.act(1, "take", user_id=desks.anna, **desks.act)
    with pytest.raises(Conflict):
        voicemails.act(1, "take", user_id=desks.olga, **desks.act)
    voicemails.act(1, "done", user_id=desks.anna, result="called back", **desks.act)
    with desks.store.engine.connect() as connection:
        (one,) = voicemail_queries.page(connection, VoicemailFilters(state="done"), None, 9).items
    assert (one.result, one.done is not None) == ("called back", True)


# -- what is asked all the time -------------------------------------------------------------------


def test_lists_and_turns_are_answered_from_indexes(desks: Desks) -> None:
    large = ("callback_requests", "voicemails", "interactions", "calls")
    with desks.store.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("set enable_seqscan = off")
        plans = Plans(connection)
        queries.is_due(connection, NOW)
        queries.is_unmeasured(connection)
        queries.queues_with_requests(connection)
        queries.page(connection, CallbackFilters(), None, 10)
        queries.page(connection, CallbackFilters(closed=True), None, 10)
        voicemail_queries.page(connection, VoicemailFilters(), None, 10)
        voicemail_queries.page(connection, VoicemailFilters(state="done"), None, 10)
        queue = waiting.settings(connection)["support"]
        line = waiting.line(connection, queue, NOW)
        waiting.flow(connection, queue, NOW, line)
        waiting.second_try(connection, NUMBER, "support", NOW)
    assert plans.full_scans(large) == []


def test_who_hung_up_while_waiting_gets_the_time_back_once(desks: Desks) -> None:
    ended = NOW - timedelta(minutes=2)
    desks.store.save(
        call("5.1", live=False, result="abandoned", ended_at=ended, wait_seconds=90.0),
        number=NUMBER,
    )
    with desks.store.engine.connect() as connection:
        assert waiting.second_try(connection, NUMBER, "support", NOW) == 90
        assert waiting.second_try(connection, NUMBER, "sales", NOW) == 0
        assert waiting.second_try(connection, NUMBER, "support", NOW + timedelta(hours=1)) == 0
        assert waiting.second_try(connection, OTHER, "support", NOW) == 0


@pytest.mark.parametrize(
    "number", ["+48701234567", "+449098790000", "+447012345678", "+881612345678", "+48221000003"]
)
def test_nobody_is_called_back_at_the_cost_of_the_company(desks: Desks, number: str) -> None:
    line = PlanNumber(number="+48221000003", kind="did", target="ivr")
    with desks.store.unit_of_work() as uow:
        uow.pbx_plans.keep_numbers("pbx", [line])
        uow.commit()
    with pytest.raises(Invalid):
        desks.ask(number)
    assert desks.ask(NUMBER).request_id
