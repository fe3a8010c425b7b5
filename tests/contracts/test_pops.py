"""What a pop says beside the call: whom it was the last time, who handed it over, what was missed;
a snapshot says what the events before it said. On both databases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from callcenter.calls.record import CallRecord
from callcenter.queries import desk as desk_queries
from callcenter.queries import missed_pops
from callcenter.realtime.messages import Audience, Message
from callcenter.services import customers
from tests.support.calls_told import in_vain, transferred
from tests.support.store import call, leg
from tests.support.waiting import wait_until
from tests.support.web import ONE, SHARED, World, make_world


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[World]:
    made = make_world(database_url, tmp_path)
    yield made
    made.runtime.close()


@pytest.fixture
def heard(world: World) -> list[Message]:
    messages: list[Message] = []
    world.runtime.bus.subscribe(messages.append, lambda: None)
    return messages


def test_of_several_customers_the_one_chosen_last_time_comes_first_and_unchosen(
    world: World,
) -> None:
    world.ring(SHARED, call_id="pbx/1")
    say(world, "pbx/1", world.customers["Zofia Zając"])
    world.hang_up("pbx/1")
    world.ring(SHARED, call_id="pbx/2")
    (pop,) = pops_of(world, "operator1")
    assert [one["display_name"] for one in pop["customers"]] == ["Zofia Zając", "Piotr Zając"]
    assert (pop["last_chosen"], pop["match"]) == (world.customers["Zofia Zając"], "several")


def test_a_caller_who_is_said_to_be_nobody_known_stays_nobody(world: World) -> None:
    world.ring(ONE)
    say(world, "pbx/1", None)
    world.answer()
    (pop,) = pops_of(world, "operator1")
    assert (pop["match"], pop["customers"]) == ("chosen", [])


def test_a_choice_that_is_taken_back_leaves_it_to_the_number(world: World) -> None:
    for number, call_id, match in ((ONE, "pbx/1", "one"), (SHARED, "pbx/2", "several")):
        world.ring(number, call_id=call_id)
        say(world, call_id, world.customers["Piotr Zając"])
        customers.forget_choice(
            interaction(world, call_id).id,
            user_id=world.users["operator1"],
            publisher=world.runtime.bus,
            unit_of_work=world.runtime.unit_of_work,
            clock=world.runtime.clock,
        )
        world.answer(call_id)
        told = {one["call_id"]: one["match"] for one in pops_of(world, "operator1")}
        assert told[call_id] == match
        assert interaction(world, call_id).match == match


def test_a_pop_tells_what_the_snapshot_tells_after_every_turn(
    world: World, heard: list[Message]
) -> None:
    record = world.ring(ONE)
    assert last_pop(heard, world, "operator1") == pops_of(world, "operator1")[0]
    queued = replace(record, queued_at=world.runtime.clock.now() - timedelta(seconds=30))
    world.tell(queued)
    assert last_pop(heard, world, "operator1") == pops_of(world, "operator1")[0]
    transferred(world, world.answer(), by="1001", to="1002")
    told = last_pop(heard, world, "operator2")
    assert told == pops_of(world, "operator2")[0]
    assert told["handed_by"] == {"user_id": world.users["operator1"], "name": "Anna Nowak"}
    assert pops_of(world, "operator1") == []


def test_a_call_that_rang_in_vain_is_missed_until_seen(world: World) -> None:
    anna, clock = world.users["operator1"], world.runtime.clock
    world.tell(in_vain(world.ring(ONE, call_id="pbx/1"), world))
    world.ring(ONE, call_id="pbx/2", to=["1001", "1002"])
    world.answer("pbx/2", by="1002")  # taken by a colleague: missed by nobody
    assert missed(world, anna) == ["pbx/1"]
    with world.runtime.unit_of_work() as uow:
        uow.agents.begin(anna, clock.now())
        uow.pops.see_missed(anna, clock.now())
        uow.commit()
    assert missed(world, anna) == []


def test_an_operator_is_told_that_it_is_a_call_back_and_since_when_it_is_waited_for(
    world: World, heard: list[Message]
) -> None:
    clock, anna = world.runtime.clock, world.users["operator1"]
    asked_at = clock.now()
    command = "callback-1-1772442000000"
    with world.runtime.unit_of_work() as uow:
        uow.callbacks.add(asked(asked_at, command, anna))
        uow.commit()
    world.tell(offer_of(command, clock.now()))
    (pop,) = pops_of(world, "operator1")
    assert pop["callback"] == {"request_id": 1, "asked_at": asked_at.isoformat()}
    assert [one["display_name"] for one in pop["customers"]] == ["Maria Kowalska"]
    assert last_pop(heard, world, "operator1") == pop
    world.ring(SHARED, call_id="pbx/9", to=["1002"])
    assert pops_of(world, "operator2")[0]["callback"] is None


def asked(at: datetime, command: str, operator: int) -> dict[str, Any]:
    moments = dict.fromkeys(("place_at", "not_before", "next_at", "created_at"), at)
    offer = {"state": "offered", "offered_to": operator, "command_id": command}
    later = at + timedelta(hours=1)
    return {"number": ONE, "queue": "support", **moments, "expires_at": later, **offer}


def offer_of(command: str, at: datetime) -> CallRecord:
    """The operator's phone rings; the customer has not been called yet."""
    channel = f"crm-{command}"
    return call(
        id=f"pbx/{channel}",
        direction="outbound",
        caller_number="1001",
        dialed=ONE,
        queues=(),
        started_at=at,
        legs=(leg(channel, "PJSIP/1001", "caller", ringing_at=at),),
        uniqueids=(channel, f"{channel}-2"),
    )


def say(world: World, call_id: str, customer_id: int | None) -> None:
    customers.link_interaction(
        interaction(world, call_id).id,
        customer_id,
        user_id=world.users["operator1"],
        publisher=world.runtime.bus,
        unit_of_work=world.runtime.unit_of_work,
        clock=world.runtime.clock,
    )


def interaction(world: World, call_id: str) -> Any:
    with world.runtime.unit_of_work() as uow:
        return uow.interactions.identified([call_id])[call_id]


def missed(world: World, user_id: int) -> list[str | None]:
    with world.runtime.reader() as connection:
        found = missed_pops.unseen(connection, user_id, world.runtime.clock.now())
    return [one.call_id for one in found]


def pops_of(world: World, username: str) -> list[dict[str, Any]]:
    with world.runtime.reader() as connection:
        shown = desk_queries.snapshot(connection, world.users[username])
    return [one.payload() for one in shown.pops]


def last_pop(heard: list[Message], world: World, username: str) -> Any:
    """The last thing that this operator's screen was told, once it was told all."""
    user_id = world.users[username]
    marker = Message(
        kind="message", audience=Audience(users=(user_id,)), payload={"type": str(len(heard))}
    )
    world.runtime.bus.publish([marker])
    wait_until(lambda: marker in heard)
    return [m.payload for m in heard if m.kind == "screen_pop" and user_id in m.audience.users][-1]
