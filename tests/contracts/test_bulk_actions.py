"""What is done to many customers at once: shown before, told, undone, and on both databases."""

from __future__ import annotations

from typing import Any

import pytest

from callcenter.accounts.user import UserDraft
from callcenter.errors import Forbidden, Invalid
from callcenter.queries import segments
from callcenter.rights.viewer import built_in
from callcenter.segments.bulk import BulkAction
from callcenter.services import batches, bulk
from callcenter.store import tables
from tests.support.different_people import held, one, people, save
from tests.support.store import NOW, Store

__all__ = ["people"]


@pytest.fixture
def leader(store: Store) -> int:
    with store.unit_of_work() as uow:
        draft = UserDraft(username="lea", display_name="Lea", role="supervisor")
        user_id = uow.users.add(draft, "no password", NOW)
        uow.commit()
    return user_id


def run(store: Store, leader: int, action: BulkAction, ids: list[int]) -> int:
    common: dict[str, Any] = {"unit_of_work": store.unit_of_work, "clock": store.clock}
    batch_id = bulk.begin(action, ids, "Test", user_id=leader, **common)
    bulk.run(batch_id, publisher=store.publisher, **common)
    return batch_id


def undo(store: Store, leader: int, batch_id: int) -> None:
    kept = batches.undo(
        batch_id,
        user_id=leader,
        unit_of_work=store.unit_of_work,
        publisher=store.publisher,
        clock=store.clock,
    )
    assert kept == ()


def test_what_is_done_to_many_is_shown_before_told_and_undone(
    store: Store, people: dict[str, int], leader: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "PART", 2)
    ids = list(people.values())
    for action, told in (
        (BulkAction(kind="owner", value=leader), one("owner", "in", [leader])),
        (BulkAction(kind="status", value="active"), one("status", "in", ["active"])),
        (BulkAction(kind="field", key="score", value="7"), one("custom:score", "at_most", 7)),
        (BulkAction(kind="add_tag", value="Spring"), one("tag", "filled")),
        (BulkAction(kind="tasks", task={"title": "Call"}), one("open_task", "yes")),
    ):
        before = held(store, told)
        rows = bulk.preview(action, ids, user_id=leader, unit_of_work=store.unit_of_work)
        assert len(rows) == len(ids)
        batch_id = run(store, leader, action, ids)
        assert held(store, told) == "ABCDEF", action
        undo(store, leader, batch_id)
        assert held(store, told) == before, action


def test_who_is_left_out_is_said(store: Store, people: dict[str, int], leader: int) -> None:
    with store.engine.begin() as connection:
        connection.execute(
            tables.customers.update()
            .where(tables.customers.c.id == people["Bolek"])
            .values(legal_hold="court", owner_id=leader)
        )
    owner = BulkAction(kind="owner", value=leader)
    rows = bulk.preview(
        owner, list(people.values()), user_id=leader, unit_of_work=store.unit_of_work
    )
    assert {row.name: row.why for row in rows if row.why} == {"Bolek": "same"}
    batch_id = run(store, leader, BulkAction(kind="delete"), list(people.values()))
    assert held(store, {"all": []}) == "B"
    left = bulk.left_out(batch_id, unit_of_work=store.unit_of_work)
    assert left == [(people["Bolek"], "legal_hold")]
    undo(store, leader, batch_id)
    assert held(store, {"all": []}) == "ABCDEF"


def test_a_bulk_action_goes_on_after_a_kill(
    store: Store, people: dict[str, int], leader: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "PART", 2)
    common: dict[str, Any] = {"unit_of_work": store.unit_of_work, "clock": store.clock}
    action = BulkAction(kind="status", value="lost")
    batch_id = bulk.begin(action, list(people.values()), "x", user_id=leader, **common)
    assert bulk.turn(publisher=store.publisher, **common) == 2
    assert len(held(store, one("status", "in", ["lost"]))) == 2
    while bulk.turn(publisher=store.publisher, **common):
        pass
    assert held(store, one("status", "in", ["lost"])) == "ABCDEF"
    told = [message.payload for message in store.publisher.messages if message.kind == "message"]
    assert (told[-1]["id"], told[-1]["done"], told[-1]["state"]) == (batch_id, 6, "done")
    with store.engine.connect() as connection:
        assert not segments.has_bulk_work(connection)


def test_members_go_into_a_frozen_segment_and_out_again(
    store: Store, people: dict[str, int], leader: int
) -> None:
    frozen = save(store, leader, {"all": []}, frozen=True)
    action = BulkAction(kind="add_to_segment", value=frozen)
    batch_id = run(store, leader, action, [people["Anna"], people["Filip"]])
    told = one("in_segment", "in", [frozen])
    assert held(store, told, built_in(leader, "supervisor")) == "AF"
    undo(store, leader, batch_id)
    assert held(store, told, built_in(leader, "supervisor")) == ""


def test_an_operator_may_not_do_to_many_what_they_may_not_to_one(
    store: Store, people: dict[str, int]
) -> None:
    anna = store.add_user()
    for action, error in (
        (BulkAction(kind="owner", value=anna), Forbidden),
        (BulkAction(kind="delete"), Forbidden),
        (BulkAction(kind="status", value="nonsense"), Invalid),
    ):
        with pytest.raises(error):
            bulk.preview(action, [1], user_id=anna, unit_of_work=store.unit_of_work)
