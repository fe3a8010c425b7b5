"""The routing rules over the API: read, written as a draft, published."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.api.world import World


def test_the_live_rules_are_read_before_anything_was_changed(world: World) -> None:
    told = world.get("/routing").json
    assert (told["version"], told["state"]) == (1, "live")
    assert [one["name"] for one in told["rules"]][:3] == ["internal", "withheld", "blocked"]
    assert world.get("/routing/draft").status_code == 404


def test_a_draft_is_put_and_published(any_world: World) -> None:
    rules = any_world.get("/routing").json["rules"]
    new = {
        "name": "rush",
        "title": "Rush hour",
        "conditions": [{"kind": "queue_waiting", "of": "support", "amount": 5}],
        "action": {"do": "callback", "queue": "support"},
    }
    draft = any_world.ask("PUT", "/routing/draft", json={"rules": [new, *rules]})
    assert draft.status_code == 200, draft.text
    assert [one for one in draft.json["problems"] if one["severity"] == "error"] == []
    assert any_world.get("/routing").json["version"] == 1
    done = any_world.post("/routing/draft/publish", {"note": "rush", "stamp": draft.json["stamp"]})
    assert done.status_code == 200, done.text
    assert (done.json["version"], done.json["rules"][0]["title"]) == (2, "Rush hour")
    assert [one["number"] for one in any_world.get("/routing/versions").json["items"]] == [2, 1]
    assert any_world.get("/routing/versions/1").json["state"] == "past"


def test_errors_are_told_and_keep_a_draft_from_being_published(world: World) -> None:
    bad = {"name": "x", "action": {"do": "queue", "queue": "nowhere"}}
    draft = world.ask("PUT", "/routing/draft", json={"rules": [bad]}).json
    assert [one["code"] for one in draft["problems"]] == ["unknown_value"]
    refused = world.post("/routing/draft/publish", {})
    assert refused.status_code == 422
    assert world.ask("DELETE", "/routing/draft").status_code == 200
    assert world.get("/routing").json["version"] == 1


def test_what_is_no_rule_is_refused_by_its_place(world: World) -> None:
    bad = {"name": "x", "action": {"do": "fly"}}
    answer = world.ask("PUT", "/routing/draft", json={"rules": [bad]})
    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == "rules.0"


def _said(times: int) -> dict[str, Any]:
    action: dict[str, Any] = {"do": "block"}
    for _ in range(times):
        action = {"do": "announce", "prompt": "welcome", "then": action}
    return action


@pytest.mark.parametrize(
    "change",
    [
        {"action": _said(900)},
        {"conditions": [{"kind": "vip_level", "amount": 10**3000}]},
        {"action": {"do": "queue", "queue": "support", "max_wait": 10**3000}},
        {
            "action": {
                "do": "preferred",
                "queue": "support",
                "rings": [{"who": "last", "seconds": 10**99}],
            }
        },
    ],
    ids=("deep", "amount", "wait", "ring"),
)
def test_what_no_page_could_show_is_no_rule(world: World, change: dict[str, Any]) -> None:
    rule = {"name": "x", "action": {"do": "block"}} | change
    assert world.ask("PUT", "/routing/draft", json={"rules": [rule]}).status_code == 422


def test_a_thousand_rules_are_put_at_once(world: World) -> None:
    rules = [
        {"name": f"rule-{number}", "title": "A rule of the usual length", "action": {"do": "block"}}
        for number in range(1000)
    ]
    draft = world.ask("PUT", "/routing/draft", json={"rules": rules})
    assert draft.status_code == 200, draft.text[:300]
    assert len(world.get("/routing/draft").json["rules"]) == 1000
