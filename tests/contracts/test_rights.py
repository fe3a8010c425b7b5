"""Roles, teams and reach as stored: whose records one sees, on both databases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from callcenter.accounts.user import UserDraft
from callcenter.errors import Conflict, Forbidden, Invalid, NotFound
from callcenter.queries import deals as deal_queries
from callcenter.queries import interactions as interaction_queries
from callcenter.queries import missed as missed_queries
from callcenter.queries import rights as rights_queries
from callcenter.queries import users as user_queries
from callcenter.queries import visibility
from callcenter.queries.deals import DealFilters
from callcenter.queries.interactions import InteractionFilters
from callcenter.queries.missed import MissedFilters
from callcenter.rights.objects import Scope
from callcenter.rights.policy import BUILTIN
from callcenter.rights.teams import Team
from callcenter.rights.viewer import Viewer
from callcenter.services import accounts, reveal, rights, roles
from callcenter.store.tables import audit_log, interactions
from callcenter.store.tables import users as user_table
from tests.support.plans import Plans
from tests.support.store import NOW, TODAY, Store, call

LONG = "a long enough password"


def test_rights_of_many_are_those_of_each(store: Store) -> None:
    people = {name: store.add_user(name, "") for name in ("anna", "jan", "ewa", "ola")}
    own = make_role(store, "own")
    give(store, people["jan"], own)
    give(store, people["ewa"], "gone")
    team = Team(id=0, name="Sales", lead_id=people["ola"], member_ids=(people["anna"],))
    with store.unit_of_work() as uow:
        uow.rights.save_team(team)
        uow.commit()
    with store.engine.connect() as connection:
        users = user_queries.all(connection)
        together = rights_queries.viewers(connection, users)
        for one in users:
            alone = rights_queries.viewer(connection, one.id, one.role, one.role_code)
            assert together[one.id] == alone


def deps(store: Store) -> dict[str, Any]:
    return {"unit_of_work": store.unit_of_work, "clock": store.clock}


def make_role(
    store: Store, scope: Scope, fields: Mapping[tuple[str, str], str] | None = None
) -> str:
    code = roles.copy_role("operator", f"{scope} role", user_id=None, **deps(store))
    base = BUILTIN["operator"]
    scopes = {
        key: scope if key[0] in ("customer", "interaction", "deal", "task") else one
        for key, one in base.scopes.items()
    }
    scopes = {key: "all" if key[1] == "create" else one for key, one in scopes.items()}
    if scope == "none":
        scopes = dict.fromkeys(scopes, "none")
    all_fields = {**base.fields, **(fields or {})}
    roles.save_role(code, f"{scope} role", scopes, all_fields, user_id=None, **deps(store))  # type: ignore[arg-type]
    return code


def give(store: Store, user_id: int, code: str) -> None:
    with store.engine.begin() as connection:
        connection.execute(
            update(user_table).where(user_table.c.id == user_id).values(role_code=code)
        )


def seen_by(store: Store, user_id: int) -> Viewer:
    with store.unit_of_work() as uow:
        return rights.viewer_of(uow, user_id)


def customers_of(store: Store, viewer: Viewer, *ids: int) -> set[int]:
    with store.engine.connect() as connection:
        return set(visibility.seen_customers(connection, viewer, ids))


@pytest.fixture
def people(store: Store) -> dict[str, int]:
    return {
        "anna": store.add_user("anna", "1001"),
        "jan": store.add_user("jan", "1002"),
        "ola": store.add_user("ola", "1003"),
    }


def test_own_customers_are_mine_nobodys_and_those_i_spoke_with(
    store: Store, people: dict[str, int]
) -> None:
    give(store, people["anna"], make_role(store, "own"))
    mine = store.add_customer("Mine", "+48221110001", owner_id=people["anna"])
    nobodys = store.add_customer("Nobody's", "+48221110002")
    foreign = store.add_customer("Jan's", "+48221110003", owner_id=people["jan"])
    spoken = store.add_customer("Spoken with", "+48221110004", owner_id=people["jan"])
    _contact(store, spoken, people["anna"])
    viewer = seen_by(store, people["anna"])
    assert customers_of(store, viewer, mine, nobodys, foreign, spoken) == {mine, nobodys, spoken}


def _contact(store: Store, customer_id: int, operator_id: int | None) -> int:
    with store.engine.begin() as connection:
        row = connection.execute(
            insert(interactions)
            .values(
                channel="call",
                direction="inbound",
                result="answered",
                number="+48221110004",
                number_raw="+48221110004",
                number_kind="e164",
                dialed="",
                queue="",
                customer_id=customer_id,
                match="one",
                operator_id=operator_id,
                started_at=NOW,
                talk_seconds=1.0,
                hold_seconds=0.0,
                explanation={},
                created_at=NOW,
                updated_at=NOW,
            )
            .returning(interactions.c.id)
        )
        return int(row.scalar_one())


def test_a_teams_customers_are_those_of_its_members_and_of_its_lead(
    store: Store, people: dict[str, int]
) -> None:
    give(store, people["anna"], make_role(store, "team"))
    team = Team(id=0, name="North", lead_id=people["jan"], member_ids=(people["anna"],))
    theirs = store.add_customer("Jan's", "+48221110001", owner_id=people["jan"])
    others = store.add_customer("Ola's", "+48221110002", owner_id=people["ola"])
    assert customers_of(store, seen_by(store, people["anna"]), theirs, others) == set()
    team_id = roles.save_team(team, user_id=people["ola"], **deps(store))
    assert customers_of(store, seen_by(store, people["anna"]), theirs, others) == {theirs}
    roles.delete_team(team_id, user_id=people["ola"], **deps(store))
    assert customers_of(store, seen_by(store, people["anna"]), theirs, others) == set()


def test_a_role_without_rights_sees_nobody(store: Store, people: dict[str, int]) -> None:
    give(store, people["anna"], make_role(store, "none"))
    nobodys = store.add_customer("Nobody's", "+48221110002")
    assert customers_of(store, seen_by(store, people["anna"]), nobodys) == set()


def test_lists_leave_out_what_is_out_of_reach(store: Store, people: dict[str, int]) -> None:
    give(store, people["anna"], make_role(store, "own"))
    foreign = store.add_customer("Jan's", "+48221110003", owner_id=people["jan"])
    out_of_reach = _contact(store, foreign, people["jan"])
    mine = _contact(store, store.add_customer("Mine", "+48221110004"), people["anna"])
    viewer = seen_by(store, people["anna"])
    with store.engine.connect() as connection:
        page = interaction_queries.page(
            connection, InteractionFilters(), None, 20, TODAY, viewer=viewer
        )
        assert [one.id for one in page.items] == [mine]
        assert not visibility.reaches(connection, viewer, "interaction", "read", out_of_reach)


def test_a_record_out_of_sight_is_missing_and_one_in_sight_refused(
    store: Store, people: dict[str, int]
) -> None:
    code = make_role(store, "own")
    give(store, people["anna"], code)
    foreign = store.add_customer("Jan's", "+48221110003", owner_id=people["jan"])
    own = store.add_customer("Mine", "+48221110001", owner_id=people["anna"])
    with store.unit_of_work() as uow:
        role = uow.rights.role(code)
        assert role is not None
        uow.rights.save_role(replace(role, scopes={**role.scopes, ("customer", "delete"): "none"}))
        uow.commit()
    with store.unit_of_work() as uow:
        with pytest.raises(NotFound):
            rights.require_record(uow, people["anna"], "customer", "change", foreign)
        with pytest.raises(Forbidden):
            rights.require_record(uow, people["anna"], "customer", "delete", own)
        rights.require_record(uow, people["anna"], "customer", "change", own)


def test_a_changed_role_holds_at_once(store: Store, people: dict[str, int]) -> None:
    code = make_role(store, "own")
    give(store, people["anna"], code)
    assert seen_by(store, people["anna"]).scope("customer", "read") == "own"
    roles.save_role(code, "now nothing", {}, {}, user_id=None, **deps(store))
    viewer = seen_by(store, people["anna"])
    assert (viewer.scope("customer", "read"), viewer.field("customer", "phones")) == (
        "none",
        "hidden",
    )


def test_built_in_roles_and_roles_in_use_stay(store: Store, people: dict[str, int]) -> None:
    with pytest.raises(Conflict):
        roles.save_role("operator", "Mine", {}, {}, user_id=None, **deps(store))
    code = make_role(store, "own")
    give(store, people["anna"], code)
    with pytest.raises(Conflict):
        roles.delete_role(code, user_id=people["jan"], **deps(store))
    give(store, people["anna"], "")
    roles.delete_role(code, user_id=people["jan"], **deps(store))
    with store.unit_of_work() as uow:
        assert uow.rights.role(code) is None


def test_a_role_names_only_rights_that_there_are(store: Store) -> None:
    code = make_role(store, "own")
    for scopes, fields in (
        ({("customer", "read"): "some"}, {}),
        ({("customer", "create"): "own"}, {}),
        ({}, {("customer", "shoe_size"): "read"}),
        ({}, {("customer", "remarks"): "masked"}),
    ):
        with pytest.raises(Invalid):
            roles.save_role(code, "odd", scopes, fields, user_id=None, **deps(store))


def test_somebody_always_stays_an_administrator(store: Store) -> None:
    admin, boss = (
        accounts.create_user(
            UserDraft(username=name, display_name=name, role="admin"), LONG, **deps(store)
        )
        for name in ("admin", "boss")
    )
    own = roles.copy_role("admin", "Helper", user_id=admin, **deps(store))
    accounts.update_user(admin, {"role": own}, user_id=boss, **deps(store))
    for changes in ({"role": "operator"}, {"active": False}):
        with pytest.raises(Invalid):
            accounts.update_user(boss, changes, user_id=admin, **deps(store))
    accounts.update_user(admin, {"role": "admin"}, user_id=boss, **deps(store))
    accounts.update_user(boss, {"role": "operator"}, user_id=admin, **deps(store))


def test_a_masked_value_is_shown_to_whom_it_may_and_each_look_is_kept(
    store: Store, people: dict[str, int]
) -> None:
    give(store, people["anna"], make_role(store, "own", {("customer", "phones"): "masked"}))
    own = store.add_customer("Mine", "+48221110001", owner_id=people["anna"])
    foreign = store.add_customer("Jan's", "+48221110003", owner_id=people["jan"])
    assert reveal.reveal(f"customer/{own}/0", people["anna"], **deps(store)) == "+48221110001"
    for reference in (f"customer/{foreign}/0", "customer/999999/0", "nonsense"):
        with pytest.raises(NotFound):
            reveal.reveal(reference, people["anna"], **deps(store))
    with store.engine.connect() as connection:
        rows = connection.execute(select(audit_log).where(audit_log.c.action == "revealed")).all()
    assert [(row.user_id, row.object_type, row.object_id) for row in rows] == [
        (people["anna"], "customer", str(own))
    ]
    for _ in range(reveal.MOST_A_MINUTE - 1):
        reveal.reveal(f"customer/{own}/0", people["anna"], **deps(store))
    with pytest.raises(Conflict):
        reveal.reveal(f"customer/{own}/0", people["anna"], **deps(store))
    store.clock.pass_by(61)
    reveal.reveal(f"customer/{own}/0", people["anna"], **deps(store))


def test_a_hidden_value_is_not_there_and_one_that_may_not_be_revealed_can_be_dialled(
    store: Store, people: dict[str, int]
) -> None:
    code = make_role(store, "own", {("customer", "phones"): "masked"})
    give(store, people["anna"], code)
    own = store.add_customer("Mine", "+48221110001", owner_id=people["anna"])
    with store.unit_of_work() as uow:
        role = uow.rights.role(code)
        assert role is not None
        uow.rights.save_role(replace(role, scopes={**role.scopes, ("customer", "reveal"): "none"}))
        uow.commit()
    with pytest.raises(Forbidden):
        reveal.reveal(f"customer/{own}/0", people["anna"], **deps(store))
    with store.unit_of_work() as uow:
        assert reveal.dialled(uow, people["anna"], f"customer/{own}/0") == "+48221110001"
        assert reveal.dialled(uow, people["anna"], "+48 22 111 00 01") == "+48 22 111 00 01"
        hidden = {**role.fields, ("customer", "phones"): "hidden"}
        uow.rights.save_role(replace(role, fields=hidden))  # type: ignore[arg-type]
        uow.commit()
    with store.unit_of_work() as uow, pytest.raises(NotFound):
        reveal.dialled(uow, people["anna"], f"customer/{own}/0")


def test_reach_is_found_by_indexes(store: Store, people: dict[str, int]) -> None:
    """Whose a record is, is looked up for each: nothing large is read through."""
    give(store, people["anna"], make_role(store, "own"))
    many = [store.add_customer(f"Customer {n}", f"+4822111{n:04}") for n in range(40)]
    viewer = seen_by(store, people["anna"])
    with store.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("set enable_seqscan = off")
        plans = Plans(connection)
        visibility.seen_customers(connection, viewer, many[:5])
        visibility.reaches(connection, viewer, "interaction", "read", 1)
        deal_queries.page(connection, DealFilters(customer_id=1), None, 20, TODAY, viewer=viewer)
        missed = MissedFilters(viewer=viewer)
        missed_queries.page(connection, missed, None, 20, TODAY)
        assert plans.full_scans(("customers", "interactions", "call_legs", "calls")) == []


def test_a_caller_at_ones_own_phone_is_ones_own_while_it_lasts(
    store: Store, people: dict[str, int]
) -> None:
    give(store, people["anna"], make_role(store, "own"))
    foreign = store.add_customer("Jan's", "+48221110003", owner_id=people["jan"])
    store.save(call(), customer_id=foreign, match="one")
    assert customers_of(store, seen_by(store, people["anna"]), foreign) == {foreign}
