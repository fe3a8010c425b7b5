"""Screens are a function of the database: live calls and desks, as they would be published."""

from __future__ import annotations

from datetime import timedelta

from callcenter.queries import calls as call_queries
from callcenter.queries import desk as desk_queries
from callcenter.queries import pbx as pbx_queries
from callcenter.queries.views import DeskSnapshot
from tests.support.store import NOW, TODAY, Store, call, leg


def snapshot(store: Store, user_id: int) -> DeskSnapshot:
    with store.engine.connect() as connection:
        return desk_queries.snapshot(connection, user_id, TODAY)


def test_a_ringing_call_is_a_pop_on_the_desk_whose_phone_rings(store: Store) -> None:
    anna, piotr = store.add_user(), store.add_user("piotr", "1002")
    customer_id = store.add_customer("Maria", "+48221234567")
    ids = store.save(call(), match="one", customer_id=customer_id)
    (pop,) = snapshot(store, anna).pops
    assert (pop.phase, pop.interaction_id, pop.match) == ("ringing", ids["pbx/17.1"], "one")
    assert [one.display_name for one in pop.customers] == ["Maria"]
    assert snapshot(store, piotr).pops == ()
    assert snapshot(store, piotr).calls == ()


def test_the_browser_phone_of_an_operator_opens_the_same_desk(store: Store) -> None:
    anna = store.add_user()
    twin = leg("17.2", "PJSIP/web1001", "callee", ringing_at=NOW, answered_at=NOW)
    store.save(call(legs=(twin,)))
    (pop,) = snapshot(store, anna).pops
    assert pop.phase == "answered"


def test_two_people_on_one_number_are_both_offered(store: Store) -> None:
    anna = store.add_user()
    people = tuple(store.add_customer(name, "+48221234567") for name in ("Zofia", "Adam"))
    store.save(call(), match="several", candidate_ids=people)
    (pop,) = snapshot(store, anna).pops
    assert [one.display_name for one in pop.customers] == ["Adam", "Zofia"]


def test_a_call_that_left_this_phone_is_no_pop_but_still_a_live_call(store: Store) -> None:
    anna = store.add_user()
    store.add_user("piotr", "1002")
    legs = (
        leg("17.2", "PJSIP/1001", "callee", ringing_at=NOW, ended_at=NOW),
        leg("17.3", "PJSIP/1002", "callee", answered_at=NOW),
    )
    store.save(call(legs=legs))
    desk = snapshot(store, anna)
    assert desk.pops == ()
    assert [one.state for one in desk.calls] == ["talking"]
    assert [party.state for party in desk.calls[0].parties] == ["ended", "talking"]


def test_the_wall_shows_live_calls_and_nothing_that_ended_or_was_merged(store: Store) -> None:
    store.save(call("17.1"), call("18.1"), call("19.1", live=False))
    with store.unit_of_work() as uow:
        uow.interactions.merge("pbx/18.1", "pbx/17.1")
        uow.calls.merge("pbx/18.1", "pbx/17.1")
        uow.commit()
    with store.engine.connect() as connection:
        live = call_queries.live(connection, TODAY)
        merged = call_queries.get(connection, "pbx/18.1")
    assert [one.call_id for one in live] == ["pbx/17.1"]
    assert merged is not None
    assert merged.id == "pbx/17.1"


def test_a_link_keeps_since_when_it_is_as_it_is(store: Store) -> None:
    later = NOW + timedelta(minutes=1)
    with store.unit_of_work() as uow:
        uow.pbx_links.set("pbx", "up", "", NOW, "22.10.1")
        uow.pbx_links.set("pbx", "up", "", later)
        uow.pbx_links.set("other", "refused", "x" * 400, later)
        uow.commit()
    with store.engine.connect() as connection:
        other, pbx = pbx_queries.links(connection)
    assert (pbx.since, pbx.seen_at, pbx.version) == (NOW, later, "22.10.1")
    assert len(other.detail) == 255


def test_what_a_network_says_of_a_hidden_caller_is_neither_a_name_nor_a_number(
    store: Store,
) -> None:
    anna = store.add_user()
    told = {"caller_number": "anonymous", "caller_name": "Anonymous"}
    store.save(call(**told), match="withheld", number="", number_raw="anonymous")
    (pop,) = snapshot(store, anna).pops
    with store.engine.connect() as connection:
        (live,) = call_queries.live(connection, TODAY)
    assert (live.match, live.caller_name, live.number) == ("withheld", "", "")
    assert (pop.match, pop.caller_name, pop.number) == ("withheld", "", "")


def test_a_name_that_comes_with_a_hidden_number_stays_hidden_too(store: Store) -> None:
    store.save(call(caller_number="anonymous", caller_name="Jan"), match="withheld", number="")
    store.save(call("18.1", caller_name="unavailable"))
    with store.engine.connect() as connection:
        hidden, shown = call_queries.live(connection, TODAY)
    assert (hidden.caller_name, hidden.number) == ("", "")
    assert (shown.caller_name, shown.number) == ("", "+48221234567")
