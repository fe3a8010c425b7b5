"""Wrap-up, scripts and deals as pages: what operators see and give, what supervisors edit."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from callcenter.outcomes.outcome import OutcomeDraft
from callcenter.scripts.script import Option, Script, Step
from callcenter.services import outcome_trees, scripts
from tests.support.web import EVIL, MARKUP, ONE, Browser, World


def store(world: World, user: str = "supervisor") -> dict[str, Any]:
    return {
        "user_id": world.users[user],
        "unit_of_work": world.runtime.unit_of_work,
        "clock": world.runtime.clock,
    }


@pytest.fixture
def tree(world: World) -> dict[str, int]:
    """A small tree for every queue, and a call of Anna's that has ended."""
    world.ring(ONE)
    world.answer()
    world.hang_up()
    made: dict[str, int] = {}
    for label, under, requires in (
        ("Later", None, ()),
        ("Call back", "Later", ("callback_at",)),
        ("Solved", None, ()),
        ("Complaint", None, ("note", "task")),
    ):
        draft = OutcomeDraft(
            label=label,
            labels={"pl": f"{label} PL"},
            parent_id=made.get(under) if under else None,
            requires=requires,  # type: ignore[arg-type]
        )
        made[label] = outcome_trees.add_outcome(draft, **store(world))
    return made


def tomorrow(world: World) -> str:
    return (world.runtime.clock.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")


def test_the_panel_offers_the_tree_and_what_an_outcome_asks_for(
    operator: Browser, tree: dict[str, int]
) -> None:
    text = operator.text("/outcomes/desk/1")
    for shown in ("Later", "Call back", "Solved", 'data-requires="callback_at"', "data-group"):
        assert shown in text


def test_an_outcome_is_given_and_stands_on_every_page(
    operator: Browser, world: World, tree: dict[str, int]
) -> None:
    sent = {"outcome_id": tree["Call back"], "callback_at": tomorrow(world), "note": "later"}
    assert operator.post("/outcomes/1", sent).status_code == 204
    assert "Call back" in operator.text("/interactions/1")
    assert "Call back" in operator.text(f"/customers/{world.customers['Maria Kowalska']}")
    assert "later" in operator.text("/interactions/1")
    listed = operator.text(f"/interactions?outcome={tree['Later']}")
    assert 'href="/interactions/1"' in listed
    assert 'href="/interactions/1"' not in operator.text(f"/interactions?outcome={tree['Solved']}")


def test_what_lacks_is_told_field_by_field_in_words(
    operator: Browser, tree: dict[str, int]
) -> None:
    answer = operator.post("/outcomes/1", {"outcome_id": tree["Complaint"]})
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json["problems"]] == ["note", "task"]
    assert answer.json["message"] == "Write a note first: this outcome asks for one."


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "outcome_id"),
        ({"outcome_id": "x"}, "outcome_id"),
        ({"outcome_id": "9" * 30}, "outcome_id"),
        ({"outcome_id": "4711"}, "outcome_id"),
        ({"callback_at": "soon"}, "callback_at"),
        ({"callback_at": "2001-01-01T10:00"}, "callback_at"),
        ({"callback_at": "0001-01-01T00:00"}, "callback_at"),
        ({"deal_step_on": "31.12."}, "deal_step_on"),
        ({"task": "x" * 161}, "task"),
    ],
)
def test_what_cannot_be_read_is_refused_and_named(
    operator: Browser, tree: dict[str, int], sent: dict[str, str], field: str
) -> None:
    solved = {"outcome_id": str(tree["Solved"])} if sent and "outcome_id" not in sent else {}
    answer = operator.post("/outcomes/1", solved | sent)
    assert answer.status_code == 422
    assert answer.json["problems"][0]["field"] == field


def test_what_is_typed_comes_back_after_a_reload(operator: Browser, tree: dict[str, int]) -> None:
    sent = {"outcome_id": tree["Complaint"], "task": "ring the depot"}
    assert operator.post("/outcomes/1/draft", sent).status_code == 204
    assert 'value="ring the depot"' in operator.text("/outcomes/desk/1")


def test_a_colleague_who_was_not_in_the_call_gives_nothing(app: Any, tree: dict[str, int]) -> None:
    colleague = Browser(app)
    colleague.log_in("operator2")
    assert colleague.post("/outcomes/1", {"outcome_id": tree["Solved"]}).status_code == 403
    assert colleague.post("/outcomes/1/draft", {"task": "x"}).status_code == 403


def test_a_contact_that_is_not_there_has_no_panel(operator: Browser) -> None:
    assert operator.get("/outcomes/desk/4711").status_code == 404
    assert operator.get("/scripts/desk/4711").get_data() == b""


def test_labels_are_in_the_readers_language(app: Any, world: World, tree: dict[str, int]) -> None:
    assert tree
    world.ring(ONE, to=("1002",), call_id="pbx/7")
    polish = Browser(app)
    polish.log_in("operator2")
    assert "Solved PL" in polish.text("/outcomes/desk/2")


def test_supervisors_edit_the_tree_in_place(supervisor: Browser, tree: dict[str, int]) -> None:
    added = supervisor.post(
        "/outcomes/trees",
        {"queue": "sales", "label": "Sold", "label_ru": "Продано", "kind": "good"},
    )
    assert added.location.endswith("/outcomes?queue=sales")
    assert "Sold" in supervisor.text("/outcomes?queue=sales")
    changed = {"label": "Fixed", "kind": "good", "requires": ["note", "nonsense"]}
    assert supervisor.post(f"/outcomes/trees/{tree['Solved']}", changed).status_code == 302
    supervisor.post(f"/outcomes/trees/{tree['Solved']}/move", {"way": "up"})
    supervisor.post(f"/outcomes/trees/{tree['Complaint']}/active", {"active": "no"})
    text = supervisor.text("/outcomes")
    assert text.index("Fixed") < text.index("Later")
    assert "Not in use" in text


def test_a_refused_outcome_is_shown_again_as_it_was_typed(
    supervisor: Browser, tree: dict[str, int]
) -> None:
    answer = supervisor.post(f"/outcomes/trees/{tree['Solved']}", {"label": " "})
    assert answer.status_code == 422
    assert "Give the outcome a name." in answer.get_data(as_text=True)


# --- scripts --------------------------------------------------------------------------------------


@pytest.fixture
def script(world: World) -> int:
    world.ring(EVIL)
    world.answer()
    steps = (
        Step(id="s1", title="Greet", text="Hello {customer.name} of {call.queue}", next="s2"),
        Step(
            id="s2", title="Ask", kind="choice", options=(Option("Card", "s3"), Option("No", "s4"))
        ),
        Step(id="s3", title="Take the card", kind="card_data", next="s4"),
        Step(id="s4", title="How many", text="{customer.owes}", kind="number"),
    )
    return scripts.create_script(Script(title="Hi", queue="support", steps=steps), **store(world))


def test_a_script_is_gone_through_with_the_customer_filled_in_as_text(
    operator: Browser, script: int
) -> None:
    first = operator.text("/scripts/desk/1")
    assert MARKUP not in first
    assert "&lt;img src=x" in first

    def answer(step: str, given: str) -> str:
        sent = {"step": step, "answer": given}
        return str(operator.post("/scripts/desk/1/answer", sent).get_data(as_text=True))

    assert "Card" in answer("s1", "done")
    assert "data-card-step" in answer("s2", "Card")
    assert 'class="gap"' in answer("s3", "4111 1111 1111 1111")
    assert "Write a number" in answer("s4", "many")
    assert "data-card-step" in operator.post("/scripts/desk/1/back").get_data(as_text=True)
    assert "4111" not in operator.text("/scripts/desk/1")
    assert "The script is done." in answer("s4", "3")


def test_a_supervisor_writes_a_script_with_the_form(supervisor: Browser) -> None:
    form = {
        "title": "Survey",
        "queue": "sales",
        "step-0-id": "s1",
        "step-0-title": "Hello",
        "step-0-text": "Hi {who}",
    }
    more = supervisor.post("/scripts/new", form | {"do": "add"}).get_data(as_text=True)
    assert 'name="step-1-id" value="s2"' in more
    refused = supervisor.post("/scripts/new", form | {"do": "save"})
    assert refused.status_code == 422
    assert "{who} is not a placeholder" in refused.get_data(as_text=True)
    form |= {"step-0-text": "Hi {customer.name}", "active": "yes", "do": "save"}
    assert supervisor.post("/scripts/new", form).status_code == 302
    assert "Survey" in supervisor.text("/scripts")
    exported = supervisor.text("/scripts/1/export")
    imported = supervisor.post("/scripts/new", {"do": "import", "file": exported})
    assert "Hi {customer.name}" in imported.get_data(as_text=True)
    saved = supervisor.post("/scripts/1/edit", form | {"title": "Better", "version": "1"})
    assert saved.status_code == 302
    stale = supervisor.post("/scripts/1/edit", form | {"title": "Worse", "version": "1"})
    assert stale.status_code == 409
    assert "Somebody else changed this meanwhile" in stale.get_data(as_text=True)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"steps": 7}', "[" * 5000, '{"title": "x"}'])
def test_what_is_no_script_is_not_imported_and_nothing_breaks(
    supervisor: Browser, text: str
) -> None:
    answer = supervisor.post("/scripts/new", {"do": "import", "file": text})
    assert answer.status_code in (200, 422)


@pytest.mark.parametrize("do", ["remove:0", "up:9", "down:x", "drop:0:7", "option:0", "what", ":"])
def test_a_button_that_is_not_there_changes_nothing_and_breaks_nothing(
    supervisor: Browser, do: str
) -> None:
    form = {"title": "x", "step-0-id": "s1", "do": do}
    assert supervisor.post("/scripts/new", form).status_code == 200


# --- deals ----------------------------------------------------------------------------------------


def test_a_deal_is_added_moved_on_and_lost_on_the_card(operator: Browser, world: World) -> None:
    customer = world.customers["Maria Kowalska"]
    new = {"title": MARKUP, "amount": "1 200,50", "next_step": "offer", "next_step_on": ""}
    text = operator.post(f"/deals/of/{customer}", new).get_data(as_text=True)
    assert MARKUP not in text
    assert "1,200.50" in text
    stay = operator.post("/deals/1", {"version": "1", "stage": "proposal", "state": "open"})
    assert "Proposal" in stay.get_data(as_text=True)
    lost = operator.post("/deals/1", {"version": "2", "state": "lost", "loss_reason": ""})
    assert lost.status_code == 422
    assert "Say why the deal was lost." in lost.get_data(as_text=True)
    stale = operator.post("/deals/1", {"version": "1", "stage": "new"})
    assert stale.status_code == 409
    over = operator.post("/deals/1", {"version": "2", "state": "lost", "loss_reason": "price"})
    assert "price" in over.get_data(as_text=True)


@pytest.mark.parametrize("amount", ["-1", "much", "1e99", "NaN", "Infinity"])
def test_an_amount_that_is_none_is_refused_at_its_field(
    operator: Browser, world: World, amount: str
) -> None:
    customer = world.customers["Maria Kowalska"]
    answer = operator.post(f"/deals/of/{customer}", {"title": "x", "amount": amount})
    assert answer.status_code == 422
    assert operator.get("/deals/of/4711").status_code == 404
