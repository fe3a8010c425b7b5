"""Scripts gone through answer by answer; deals, changed by one person at a time."""

from __future__ import annotations

from typing import Any

import pytest

from callcenter.errors import Conflict, Forbidden, Invalid, NotFound
from callcenter.queries import deals as deal_queries
from callcenter.queries.deals import DealFilters
from callcenter.sales.deal import DealDraft
from callcenter.scripts.script import Option, Script, Step
from callcenter.services import deals, scripts
from tests.support.store import TODAY, Store, call

SCRIPT = Script(
    title="Survey",
    queue="support",
    steps=(
        Step(id="greet", title="Greet", next="ask"),
        Step(
            id="ask", title="Ask", kind="choice", options=(Option("Yes", "many"), Option("No", ""))
        ),
        Step(id="many", title="How many", kind="number"),
    ),
)


class Desk:
    def __init__(self, store: Store) -> None:
        self.store = store
        self.anna = store.add_user("anna", "1001")
        self.ben = store.add_user("ben", "1002")
        (self.contact,) = store.save(call(), operator_id=self.anna).values()
        self.script = scripts.create_script(SCRIPT, **self.by(self.anna))

    def by(self, user_id: int) -> dict[str, Any]:
        return {
            "user_id": user_id,
            "unit_of_work": self.store.unit_of_work,
            "clock": self.store.clock,
        }

    def answer(self, step: str, given: str = "", user_id: int | None = None) -> str:
        """The step after it."""
        scripts.answer_step(self.contact, step, given, **self.by(user_id or self.anna))
        with self.store.unit_of_work() as uow:
            run = uow.scripts.run(self.contact)
        assert run is not None
        return run.step


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


def test_answers_are_kept_as_given_and_lead_on(desk: Desk) -> None:
    assert [desk.answer("greet"), desk.answer("ask", "Yes"), desk.answer("many", "3")] == [
        "ask",
        "many",
        "",
    ]
    with desk.store.unit_of_work() as uow:
        run = uow.scripts.run(desk.contact)
    assert run is not None
    assert run.answers == {"greet": "done", "ask": "Yes", "many": "3"}


def test_one_goes_back_and_answers_anew(desk: Desk) -> None:
    desk.answer("greet")
    desk.answer("ask", "Yes")
    scripts.go_back(desk.contact, **desk.by(desk.anna))
    with desk.store.unit_of_work() as uow:
        run = uow.scripts.run(desk.contact)
    assert run is not None
    assert (run.step, run.answers["ask"]) == ("ask", "Yes")
    assert desk.answer("ask", "No") == ""


def test_an_answer_that_is_none_is_refused_in_words(desk: Desk) -> None:
    desk.answer("greet")
    with pytest.raises(Invalid, match="choose one"):
        desk.answer("ask", "Perhaps")
    with pytest.raises(Conflict, match="changed meanwhile"):
        desk.answer("gone")


def test_whoever_took_no_part_answers_nothing(desk: Desk) -> None:
    with pytest.raises(Forbidden):
        desk.answer("greet", user_id=desk.ben)


def test_a_queue_without_a_script_has_none(store: Store) -> None:
    anna = store.add_user("anna", "1001")
    (contact,) = store.save(call(), operator_id=anna).values()
    with pytest.raises(NotFound):
        scripts.answer_step(
            contact,
            "greet",
            "",
            user_id=anna,
            unit_of_work=store.unit_of_work,
            clock=store.clock,
        )


def test_a_script_with_mistakes_is_not_written(desk: Desk) -> None:
    broken = Script(title="x", steps=(Step(id="a", title="A", next="nowhere"),))
    with pytest.raises(scripts.Unsound) as refused:
        scripts.create_script(broken, **desk.by(desk.anna))
    assert [one.field for one in refused.value.problems] == ["next"]


def test_two_supervisors_do_not_overwrite_each_others_script(desk: Desk) -> None:
    changed = Script(title="Better", queue="support", steps=SCRIPT.steps)
    write = {"active": True, **desk.by(desk.anna)}
    assert scripts.update_script(desk.script, changed, version=1, **write) == 2
    with pytest.raises(Conflict):
        scripts.update_script(desk.script, changed, version=1, **write)


def test_a_deal_is_kept_changed_and_ended(store: Store) -> None:
    anna, customer = store.add_user(), store.add_customer("Jan")
    by = {"user_id": anna, "unit_of_work": store.unit_of_work, "clock": store.clock}
    draft = DealDraft(
        customer_id=customer, title=" Truck ", amount_minor=5, owner_id=anna, next_step="offer"
    )
    deal_id = deals.create_deal(draft, **by)
    assert deals.update_deal(deal_id, {"stage": "proposal"}, version=1, **by) == 2
    with pytest.raises(Conflict):
        deals.update_deal(deal_id, {"stage": "new"}, version=1, **by)
    with pytest.raises(Invalid) as refused:
        deals.update_deal(deal_id, {"state": "lost"}, version=2, **by)
    assert refused.value.field == "loss_reason"
    lost = {"state": "lost", "loss_reason": "too dear"}
    assert deals.update_deal(deal_id, lost, version=2, **by) == 3
    with store.engine.connect() as connection:
        found = deal_queries.get(connection, deal_id, TODAY)
    assert found is not None
    assert (found.title, found.stage, found.state, found.next_step) == (
        "Truck",
        "proposal",
        "lost",
        "",
    )


def test_deals_are_listed_in_pages_that_show_each_once(store: Store) -> None:
    anna, customer = store.add_user(), store.add_customer("Jan")
    by = {"user_id": anna, "unit_of_work": store.unit_of_work, "clock": store.clock}
    for number in range(5):
        deals.create_deal(DealDraft(customer_id=customer, title=f"Deal {number}"), **by)
        store.clock.pass_by(1)
    seen: list[str] = []
    cursor = None
    for _ in range(4):
        with store.engine.connect() as connection:
            page = deal_queries.page(
                connection, DealFilters(customer_id=customer, state="open"), cursor, 2, TODAY
            )
        seen += [one.title for one in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == [f"Deal {number}" for number in range(4, -1, -1)]


@pytest.mark.parametrize("values", [{"customer_id": 4711}, {"owner_id": 4711}])
def test_a_deal_names_only_whom_there_is(store: Store, values: dict[str, int]) -> None:
    anna, customer = store.add_user(), store.add_customer("Jan")
    draft = DealDraft(**({"customer_id": customer, "title": "Truck"} | values))  # type: ignore[arg-type]
    with pytest.raises(Invalid):
        deals.create_deal(draft, user_id=anna, unit_of_work=store.unit_of_work, clock=store.clock)
