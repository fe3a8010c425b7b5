"""Operators' states over the API: read by everybody, chosen by oneself and by supervisors."""

from __future__ import annotations

from tests.integration.api.world import World


def test_an_operator_chooses_their_own_state_and_nobody_elses(world: World) -> None:
    mine = f"/agents/{world.users['operator']}"
    lunch = {"state": "paused", "reason": "lunch"}
    answer = world.patch(mine, lunch, role="operator")
    assert answer.status_code == 200, answer.json
    assert (answer.json["state"], answer.json["reason"]) == ("paused", "lunch")
    assert (answer.json["chosen"], answer.json["device"], answer.json["queues"]) == (
        "paused",
        "desk",
        [],
    )
    colleague = world.add_user("operator", "second", endpoint="PJSIP/1099")
    refused = world.patch(f"/agents/{colleague}", lunch, role="operator")
    assert refused.status_code == 403
    assert world.patch(mine, {"state": "ready"}, role="supervisor").json["state"] == "ready"


def test_a_state_that_is_not_for_choosing_or_a_stranger_is_refused(world: World) -> None:
    mine = f"/agents/{world.users['operator']}"
    assert world.patch(mine, {"state": "talking"}).status_code == 422
    assert world.patch("/agents/99999", {"state": "ready"}).status_code == 404


def test_queues_tell_title_and_who_is_ready(world: World) -> None:
    world.patch(f"/agents/{world.users['operator']}", {"state": "ready"})
    queues = {queue["name"]: queue for queue in world.get("/queues").json["items"]}
    assert (queues["sales"]["title"], queues["sales"]["ready"]) == ("Sales", 1)
