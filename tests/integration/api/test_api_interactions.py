"""The log over the API: filters, notes, whose contact it was; calls, queues and agents."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.integration.api.world import NOW, World


def ids(world: World, query: str) -> list[int]:
    answer = world.get(f"/interactions?{query}")
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json["items"]]


@pytest.mark.parametrize("spelling", ["%2B48221234567", "+48221234567", "22 123 45 67"])
def test_the_log_of_one_number_in_any_spelling(any_world: World, spelling: str) -> None:
    _, wanted = any_world.add_call("+48221234567")
    any_world.add_call("+48229999999")
    assert ids(any_world, f"phone={spelling}") == [wanted]


def test_each_filter_keeps_only_what_was_asked_for(any_world: World) -> None:
    customer = any_world.add_customer("Anna", "+48221234567")
    _, answered = any_world.add_call("+48221234567")
    _, missed = any_world.add_call(
        "+48229999999", endpoint="PJSIP/1009", result="missed", queues=("sales",)
    )
    operator = any_world.users["operator"]
    assert ids(any_world, f"customer_id={customer}") == [answered]
    assert ids(any_world, f"operator_id={operator}") == [answered]
    assert ids(any_world, "result=missed") == [missed]
    assert ids(any_world, "queue=sales") == [missed]
    assert ids(any_world, "direction=outbound") == []
    assert ids(any_world, "") == [missed, answered]


def test_since_is_inclusive_and_until_is_not(any_world: World) -> None:
    _, early = any_world.add_call("+48221234567", started=NOW - timedelta(hours=2))
    _, late = any_world.add_call("+48221234567", started=NOW - timedelta(hours=1))
    assert ids(any_world, "since=2026-03-02T08:00:00Z") == [late]
    assert ids(any_world, "until=2026-03-02T08:00:00Z") == [early]
    assert ids(any_world, "since=2026-03-02T09:00:00+01:00") == [late]


def test_the_log_is_paged_without_repeats_while_calls_come_in(any_world: World) -> None:
    before = [any_world.add_call("+48221234567")[1] for _ in range(7)]
    seen: list[int] = []
    cursor = ""
    while True:
        page = any_world.get(f"/interactions?limit=3{cursor}").json
        seen += [one["id"] for one in page["items"]]
        any_world.add_call("+48229999999")
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == before[::-1]


def test_an_interaction_tells_participants_and_reasons(any_world: World) -> None:
    customer = any_world.add_customer("Anna", "+48221234567")
    call_id, interaction = any_world.add_call("+48221234567")
    told = any_world.get(f"/interactions/{interaction}").json
    assert told["call_id"] == call_id
    assert told["customer"]["id"] == customer
    assert told["match"] == "one"
    assert told["operator"]["id"] == any_world.users["operator"]
    assert [leg["role"] for leg in told["legs"]] == ["caller", "callee"]
    assert told["explanation"]["number"]["e164"] == "+48221234567"
    assert (told["wait_seconds"], told["talk_seconds"]) == (8.0, 60.0)


def test_a_note_is_saved_and_saving_again_replaces_it(any_world: World) -> None:
    _, interaction = any_world.add_call("+48221234567")
    path = f"/interactions/{interaction}/notes"
    first = any_world.post(path, {"text": "Asked for an invoice"}, "operator")
    assert first.status_code == 201, first.text
    again = any_world.post(path, {"text": "Asked for two invoices"}, "operator")
    other = any_world.post(path, {"text": "Well done"}, "supervisor")
    assert again.json["id"] == first.json["id"] != other.json["id"]
    notes = any_world.get(f"/interactions/{interaction}").json["notes"]
    assert {note["text"] for note in notes} == {"Asked for two invoices", "Well done"}


def test_a_contact_is_given_to_the_customer_a_person_names(any_world: World) -> None:
    customer = any_world.add_customer("Anna")
    _, interaction = any_world.add_call("+48221234567")
    linked = any_world.patch(f"/interactions/{interaction}", {"customer_id": customer}, "operator")
    assert linked.status_code == 200, linked.text
    assert linked.json["customer"]["id"] == customer
    assert linked.json["match"] == "chosen"


def test_an_operator_may_not_give_away_a_colleagues_contact(world: World) -> None:
    world.add_user("operator", "colleague", "PJSIP/1002")
    customer = world.add_customer("Anna")
    _, interaction = world.add_call("+48221234567", endpoint="PJSIP/1002")
    path, body = f"/interactions/{interaction}", {"customer_id": customer}
    assert world.patch(path, body, "operator").status_code == 403
    assert world.patch(path, body, "supervisor").status_code == 200


def test_a_contact_cannot_be_given_to_nobody(world: World) -> None:
    _, interaction = world.add_call("+48221234567")
    refused = world.patch(f"/interactions/{interaction}", {"customer_id": 999})
    assert refused.status_code in (404, 422)
    assert refused.json["errors"][0]["field"] == "customer_id"


def test_live_calls_are_shown_to_those_they_concern(any_world: World) -> None:
    mine, _ = any_world.add_call("+48221234567", live=True)
    other, _ = any_world.add_call("+48229999999", live=True, endpoint="PJSIP/1002")
    any_world.add_call("+48225555555")
    shown = {
        role: {call["call_id"] for call in any_world.get("/calls/live", role).json["items"]}
        for role in any_world.tokens
    }
    assert shown == {"operator": {mine}, "supervisor": {mine, other}, "admin": {mine, other}}


def test_the_record_of_a_call_has_the_shape_that_replay_prints(any_world: World) -> None:
    call_id, interaction = any_world.add_call("+48221234567")
    call = any_world.get(f"/calls/{call_id}").json
    assert call["id"] == call_id
    assert call["interaction_id"] == interaction
    assert call["caller"] == {"number": "+48221234567", "name": ""}
    assert call["hangup"] == {"by": "", "cause": 16}
    assert [leg["role"] for leg in call["legs"]] == ["caller", "callee"]
    assert any_world.get("/calls/pbx1/1.1").status_code == 404


def test_queues_show_who_waits_and_who_speaks(world: World) -> None:
    world.add_call("+48221234567", live=True)
    queues = {queue["name"]: queue for queue in world.get("/queues").json["items"]}
    assert {"support", "sales", "vip", "debtors"} <= set(queues)
    assert (queues["support"]["waiting"], queues["support"]["talking"]) == (0, 1)


def test_agents_are_those_with_a_phone_and_their_state(world: World) -> None:
    agents = world.get("/agents").json["items"]
    assert [(one["user"]["id"], one["state"]) for one in agents] == [
        (world.users["operator"], "offline")
    ]
    assert world.get("/agents?state=ready").json["items"] == []
