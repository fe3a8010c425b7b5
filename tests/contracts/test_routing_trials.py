"""How a draft would have routed calls: worked off in lots, by one worker, from indexes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text, update

from callcenter.customers.phone import PhoneNumber
from callcenter.errors import NotFound
from callcenter.ports.routing_trials import Moved
from callcenter.queries import decisions
from callcenter.queries import routing_trials as queries
from callcenter.routing.actions import Announce, Block, ToMenu, ToQueue, Voicemail
from callcenter.routing.decide import decide_route
from callcenter.routing.facts import CallFacts
from callcenter.routing.record import DecisionRecord, explain
from callcenter.routing.rules import Condition, RoutingTable, Rule
from callcenter.services import routing_trial
from callcenter.services.routing_rules import RulesDesk
from callcenter.services.routing_trial import place_of
from callcenter.store.repositories.routing_trials import RoutingTrialRepository
from callcenter.store.tables import routing_trials
from tests.support.plans import Plans
from tests.support.store import NOW, Store

NUMBER = "+48221234567"


@pytest.fixture
def draft(store: Store) -> Store:
    """A draft that sends whoever calls the second number to sales, with more priority."""
    desk = RulesDesk(
        unit_of_work=store.unit_of_work, clock=store.clock, publisher=store.publisher,
        user_id=store.add_user(),
    )  # fmt: skip
    to_sales = Rule(
        name="second", conditions=(Condition("dialed", ("+48222",)),), action=ToQueue("sales")
    )
    first = desk.put_rule(to_sales)
    desk.move(first, -99)
    return store


def record(store: Store, count: int, dialed: str = "+48222", days: float = 1) -> None:
    facts = CallFacts(
        caller=PhoneNumber("e164", "", e164=NUMBER), dialed=dialed, at=NOW - timedelta(days=days)
    )
    made = decide_route(facts, RoutingTable())
    row = DecisionRecord(
        pbx="pbx", uniqueid="", number=NUMBER, dialed=dialed, route=made.route, rule=made.rule,
        facts=explain(made, facts), decided_at=facts.at, stage="arrival",
    )  # fmt: skip
    with store.unit_of_work() as uow:
        uow.routing.record(*[replace(row, uniqueid=f"{dialed}.{days}.{n}") for n in range(count)])
        uow.commit()


def work(store: Store) -> int:
    return routing_trial.turn(unit_of_work=store.unit_of_work, clock=store.clock)


def begin(store: Store) -> int:
    return routing_trial.begin(unit_of_work=store.unit_of_work, clock=store.clock, user_id=None)


def test_a_trial_is_worked_off_in_lots_and_counts_what_moved(draft: Store) -> None:
    record(draft, 10, days=9)
    record(draft, 620)
    record(draft, 30, dialed="+48111")
    trial_id = begin(draft)
    record(draft, 5)  # after it was asked
    assert work(draft) == 500
    with draft.engine.connect() as connection:
        half = queries.get(connection, trial_id)
        assert queries.has_work(connection)
    assert half is not None
    assert (half.state, half.total, half.looked, half.moved) == ("waiting", 650, 500, 500)
    assert [work(draft), work(draft)] == [150, 0]
    with draft.engine.connect() as connection:
        done = queries.get(connection, trial_id)
        assert done is not None
        assert (done.state, done.looked, done.moved) == ("done", 650, 620)
        (group,) = queries.groups(connection, trial_id)
        assert (group.was, group.would, group.calls) == ("", "queue-sales", 620)
        first = queries.calls(connection, trial_id, ("", "queue-sales"), after=0, limit=600)
        rest = queries.calls(
            connection, trial_id, ("", "queue-sales"), after=first[-1].decision_id, limit=600
        )
        assert (len(first), len(rest)) == (600, 20)
        assert (first[0].rule_was, first[0].rule_would) == ("unknown", "second")
        assert queries.is_of(connection, trial_id, first[0].decision_id)
        assert not queries.is_of(connection, trial_id, 1)
        assert not queries.has_work(connection)


def test_a_later_draft_does_not_change_what_was_asked(draft: Store) -> None:
    record(draft, 3)
    trial_id = begin(draft)
    with draft.unit_of_work() as uow:
        assert uow.routing_rules.discard_draft()
        uow.commit()
    work(draft)
    with draft.engine.connect() as connection:
        assert queries.groups(connection, trial_id)[0].calls == 3
    with pytest.raises(NotFound):
        begin(draft)


def test_who_works_on_a_trial_has_it_alone_until_the_lease_runs_out(draft: Store) -> None:
    record(draft, 1)
    begin(draft)
    with draft.unit_of_work() as uow:
        assert uow.routing_trials.take(NOW, NOW + timedelta(minutes=2)) is not None
        uow.commit()
    assert work(draft) == 0
    draft.clock.pass_by(121)
    assert work(draft) == 1


def test_only_the_newest_trials_are_kept(draft: Store) -> None:
    record(draft, 1)
    ids = [begin(draft) for _ in range(3)]
    while work(draft):
        pass
    with draft.unit_of_work() as uow:
        uow.routing_trials.forget(2)
        uow.commit()
    with draft.engine.connect() as connection:
        assert [one.id for one in queries.recent(connection)] == ids[:0:-1]
        assert queries.groups(connection, ids[0]) == []


def test_what_trials_and_traces_ask_comes_from_indexes(draft: Store) -> None:
    record(draft, 3000, days=30)
    record(draft, 50)
    before, trial_id = begin(draft), begin(draft)
    many = [Moved(decision_id=n, was="", would=f"{n % 9}", rule_was="", rule_would="")
            for n in range(3000)]  # fmt: skip
    with draft.unit_of_work() as uow:
        uow.routing_trials.keep(before, 1, many, looked=1, unreadable=0, leased_until=NOW)
        uow.routing_trials.end(before, "done", NOW)
        uow.commit()
    work(draft)
    with draft.engine.begin() as connection:
        connection.execute(update(routing_trials).values(state="waiting"))
    with draft.engine.connect() as connection:
        connection.execute(text("ANALYZE"))
        plans = Plans(connection)
        RoutingTrialRepository(connection).decisions(0, 9, 5)
        decisions.since(connection, NOW - timedelta(days=7))
        queries.has_work(connection)
        queries.calls(connection, trial_id, ("", "queue-sales"), after=0, limit=50)
        decisions.of_call(connection, "pbx/1")
        assert plans.full_scans(("routing_decisions", "routing_trial_calls")) == []


@pytest.mark.parametrize(
    ("action", "place"),
    [
        (ToQueue("sales"), "queue-sales"),
        (ToMenu("main"), "menu:main"),
        (Block(), "blocked"),
        (Announce("closed"), "announcement:closed"),
        (Announce("closed", Voicemail("support")), "announcement:closed>voicemail:support"),
    ],
)
def test_a_place_is_a_route_with_its_target(action: object, place: str) -> None:
    rule = Rule(name="x", action=action)  # type: ignore[arg-type]
    facts = CallFacts(caller=PhoneNumber("withheld", ""), dialed="")
    assert place_of(decide_route(facts, RoutingTable(rules=(rule,)))) == place
