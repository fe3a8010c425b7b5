"""Versions of the rules on both databases: drafts, publishing at one stroke, going back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import select

from callcenter.errors import Conflict, ProductError
from callcenter.queries import routing_choices as choices
from callcenter.queries import routing_versions as queries
from callcenter.routing.actions import ToQueue
from callcenter.routing.checks import Known
from callcenter.routing.rules import FIRST_RULES, Condition, Rule
from callcenter.routing.versions import differences
from callcenter.services.routing_rules import RulesDesk, Unfit
from callcenter.store.tables import audit_log, pbx_plans, routing_versions
from tests.support.plans import Plans
from tests.support.store import Store

KNOWN = Known(lists={"queue": {"vip", "debtors", "support"}})
NEW = Rule(name="new", conditions=(Condition("open_deal"),), action=ToQueue("support"))


@pytest.fixture
def desk(store: Store) -> RulesDesk:
    user = store.add_user()
    return RulesDesk(
        unit_of_work=store.unit_of_work,
        clock=store.clock,
        publisher=store.publisher,
        user_id=user,
    )


def live(store: Store) -> tuple[int, list[str]]:
    with store.engine.connect() as connection:
        rules, number = queries.live_rules(connection)
    return number, [one.name for one in rules]


def test_a_draft_changes_nothing_for_callers_until_it_is_published(
    store: Store, desk: RulesDesk
) -> None:
    before = live(store)
    desk.put_rule(NEW)
    assert live(store) == before
    number = desk.publish(KNOWN, "a new rule")
    assert (number, live(store)[0]) == (2, 2)
    assert live(store)[1] == [*before[1][:-1], "new", "unknown"]
    assert store.publisher.messages[-1].payload == {"type": "routing", "version": 2}
    with store.engine.connect() as connection:
        assert [one.number for one in queries.published(connection, None, 10)] == [2, 1]
        assert [one.number for one in queries.published(connection, 2, 10)] == [1]
        actions = connection.scalars(select(audit_log.c.action).order_by(audit_log.c.id)).all()
    assert actions == ["routing_draft_begun", "routing_published"]


def test_going_back_publishes_the_old_rules_anew(store: Store, desk: RulesDesk) -> None:
    desk.put_rule(NEW)
    desk.publish(KNOWN)
    assert desk.roll_back(1, KNOWN) == 3
    assert live(store) == (3, [one.name for one in FIRST_RULES])


def test_rules_with_errors_are_not_published_and_nothing_changes(
    store: Store, desk: RulesDesk
) -> None:
    desk.put_rule(replace(NEW, action=ToQueue("nowhere")))
    before = live(store)
    with pytest.raises(Unfit) as refused:
        desk.publish(KNOWN)
    assert [one.code for one in refused.value.problems] == ["unknown_value"]
    assert live(store) == before
    with store.engine.connect() as connection:
        assert queries.draft(connection) is not None


def test_a_draft_behind_the_live_rules_is_published_only_once_it_is_taken_over(
    store: Store, desk: RulesDesk
) -> None:
    desk.put_rule(NEW)
    desk.publish(KNOWN)
    desk.switch("vip", active=False)
    desk.roll_back(1, KNOWN)
    with pytest.raises(Conflict):
        desk.publish(KNOWN)
    desk.take_over()
    assert desk.publish(KNOWN) == 4


def test_two_who_change_one_draft_at_once_do_not_overwrite_each_other(
    store: Store, desk: RulesDesk
) -> None:
    desk.put_rule(NEW)
    desk.switch("vip", active=False, stamp=1)
    with pytest.raises(Conflict):
        desk.switch("debtor", active=False, stamp=1)
    with pytest.raises(Conflict):
        desk.publish(KNOWN, stamp=1)


def test_a_rule_moves_among_those_of_its_stage(store: Store, desk: RulesDesk) -> None:
    desk.put_rule(replace(NEW, stage="overflow"))
    desk.move("unknown", -7)
    desk.move("internal", 99)
    with store.engine.connect() as connection:
        draft = queries.draft(connection)
    assert draft is not None
    names = [one.name for one in draft.rules if one.stage == "arrival"]
    assert (names[0], names[-1]) == ("unknown", "internal")
    moved = differences(FIRST_RULES, draft.rules)
    assert {(one.rule.name, one.how) for one in moved} == {
        ("new", "added"),
        ("unknown", "moved"),
        ("internal", "moved"),
    }


def test_a_stored_rule_that_nobody_understands_is_left_out_and_named(
    store: Store, desk: RulesDesk
) -> None:
    desk.put_rule(NEW)
    desk.publish(KNOWN)
    with store.engine.begin() as connection:
        rules = connection.scalar(
            select(routing_versions.c.rules).where(routing_versions.c.state == "live")
        )
        rules[0]["action"] = {"do": "fly"}
        connection.execute(
            routing_versions.update()
            .where(routing_versions.c.state == "live")
            .values(rules=[*rules, "?"])
        )
        found = queries.live(connection)
    assert found is not None
    assert found.unreadable == ("internal", "?")
    assert len(found.rules) == len(FIRST_RULES)


def test_the_live_stamp_is_read_from_an_index_of_its_own(store: Store) -> None:
    with store.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("set enable_seqscan = off")
        plans = Plans(connection)
        assert queries.live_stamp(connection) is None
        assert any("uq_routing_versions_live" in line for line in plans.lines)


def test_what_rules_may_name_is_what_there_is(store: Store) -> None:
    user = store.add_user("anna", "1001")
    with store.engine.begin() as connection:
        assert choices.known(choices.choices(connection, "en")).reachable is None
        connection.execute(
            pbx_plans.insert().values(
                pbx="main",
                plan={"outbound_prefixes": ["+48"]},
                version=1,
                updated_at=store.clock.now(),
            )
        )
        lists = choices.choices(connection, "en")
    known = choices.known(lists)
    assert known.reachable is not None
    assert known.reachable("+48601000001")
    assert not known.reachable("+4930123456")
    assert known.knows("operator", str(user))
    assert known.knows("box", "1001")
    assert known.knows("queue", "support")
    assert not known.knows("menu", "nowhere")
    assert known.knows("dialed", "+48220000000")


def test_of_several_who_publish_at_once_one_does_and_one_version_is_live_all_along(
    store: Store, desk: RulesDesk
) -> None:
    desk.put_rule(NEW)
    seen: set[int] = set()

    def publish(_number: int) -> int | None:
        try:
            return desk.publish(KNOWN)
        except ProductError:
            return None

    def look(_number: int) -> None:
        with store.engine.connect() as connection:
            state = routing_versions.c.state == "live"
            seen.add(len(connection.execute(select(routing_versions.c.id).where(state)).all()))

    with ThreadPoolExecutor(6) as threads:
        looking = [threads.submit(look, number) for number in range(10)]
        published = list(threads.map(publish, range(4)))
        for one in looking:
            one.result()
    assert [one for one in published if one is not None] == [2]
    assert live(store)[0] == 2
    assert seen == {1}
