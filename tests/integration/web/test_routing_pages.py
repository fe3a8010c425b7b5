"""Routing rules as pages: read as sentences, changed in a draft, published, taken back."""

from __future__ import annotations

from typing import Any

import pytest

from callcenter.queries import routing_versions as queries
from tests.support.web import MARKUP, Browser, World

DEBTORS = {
    "title": "Old debts",
    "stage": "arrival",
    "rows": "2",
    "c0-kind": "overdue_days",
    "c0-was": "overdue_days",
    "c0-amount": "30",
    "c1-kind": "weekday",
    "c1-was": "weekday",
    "c1-join": "and",
    "c1-values": ["6", "7"],
    "c1-of": "Europe/Warsaw",
    "c1-not": "not",
    "do": "queue",
    "queue": "debtors",
    "priority": "5",
}


def live(world: World) -> list[str]:
    with world.runtime.reader() as connection:
        return [one.name for one in queries.live_rules(connection)[0]]


def draft(world: World) -> Any:
    with world.runtime.reader() as connection:
        return queries.draft(connection)


def test_the_first_rules_stand_there_as_sentences_in_their_order(
    world: World, supervisor: Browser
) -> None:
    page = supervisor.text("/routing")
    assert "Version 1 is live" in page
    assert "the customer is a VIP" in page
    assert "do not connect" in page
    places = [page.index(f">{name}</code>") for name in live(world)]
    assert places == sorted(places)
    assert "Nothing was published yet" in supervisor.text("/routing/versions")


def test_a_rule_is_added_published_and_taken_back(world: World, supervisor: Browser) -> None:
    before = live(world)
    assert supervisor.post("/routing/rules", DEBTORS).status_code == 302
    page = supervisor.text("/routing")
    assert "the customer has owed for at least 30 days" in page
    assert "it is not Saturday or Sunday" in page
    assert "ebtors, priority +5" in page
    assert live(world) == before
    stamp = draft(world).stamp
    supervisor.post("/routing/publish", {"note": "old debts", "stamp": str(stamp)})
    assert live(world) == [*before[:-1], "old-debts", before[-1]]
    versions = supervisor.text("/routing/versions")
    assert "old debts" in versions
    assert "Version 2" in versions
    assert "Publish these rules again" in supervisor.text("/routing/versions/1")
    supervisor.post("/routing/versions/1/roll-back")
    assert live(world) == before


def test_rules_are_moved_switched_off_and_removed(world: World, supervisor: Browser) -> None:
    supervisor.post("/routing/rules/vip/move", {"way": "up"})
    supervisor.post("/routing/rules/debtor/active", {"active": "no"})
    supervisor.post("/routing/rules/several/remove")
    rules = draft(world).rules
    assert [one.name for one in rules[:4]] == ["internal", "withheld", "vip", "blocked"]
    assert [one.name for one in rules if not one.active] == ["debtor"]
    assert "several" not in [one.name for one in rules]
    supervisor.post("/routing/rules/unknown/move", {"place": "2"})
    assert draft(world).rules[1].name == "unknown"
    page = supervisor.text("/routing")
    assert "Switched off" in page
    assert "Removed" in page
    supervisor.post("/routing/discard")
    assert draft(world) is None


def test_a_change_on_a_draft_that_somebody_else_changed_is_refused(
    world: World, supervisor: Browser
) -> None:
    supervisor.post("/routing/rules/vip/move", {"way": "up"})
    old = str(draft(world).stamp)
    supervisor.post("/routing/rules/vip/move", {"way": "up", "stamp": old})
    answer = supervisor.post("/routing/rules/vip/move", {"way": "up", "stamp": old})
    assert answer.status_code == 409
    assert "Somebody else changed the draft" in answer.text


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"queue": "nowhere"}, "There is no queue “nowhere”."),
        ({"c0-amount": ""}, "Write a number above zero."),
        ({"c1-kind": "withheld", "c1-was": "withheld", "c1-not": ""}, "No call can meet this"),
        ({"do": "outside", "number": "22 1234567"}, "Write the number with its country"),
        ({"do": "preferred", "r0-who": ""}, "Say whom to ring first."),
        ({"do": "menu"}, "Choose where the call goes: voice menu."),
    ],
)
def test_what_is_wrong_is_told_as_one_edits_and_keeps_it_from_being_published(
    world: World, supervisor: Browser, changes: dict[str, Any], told: str
) -> None:
    editor = supervisor.post("/routing/check", DEBTORS | changes)
    assert told in editor.text
    before = live(world)
    supervisor.post("/routing/rules", DEBTORS | changes)
    assert told in supervisor.text("/routing")
    answer = supervisor.post("/routing/publish")
    assert answer.status_code == 422
    assert live(world) == before


def test_rows_are_added_joined_and_removed(supervisor: Browser) -> None:
    more = supervisor.post("/routing/check", DEBTORS | {"edit": "add"}).text
    assert 'name="c2-kind"' in more
    fewer = supervisor.post("/routing/check", DEBTORS | {"edit": "remove-1"}).text
    assert 'name="c1-kind"' not in fewer
    all_since = supervisor.post("/routing/check", DEBTORS | {"edit": "add remove-0 add"}).text
    assert 'name="c2-kind"' in all_since
    assert 'name="c3-kind"' not in all_since
    either = supervisor.post("/routing/check", DEBTORS | {"c1-join": "or"}).text
    assert "30 days or it is not Saturday" in either
    other = supervisor.post("/routing/check", DEBTORS | {"c1-kind": "status"}).text
    assert "Choose at least one." in other


def test_a_shadowed_rule_is_warned_of_beside_it(supervisor: Browser) -> None:
    supervisor.post("/routing/rules", DEBTORS)
    supervisor.post("/routing/rules", DEBTORS | {"title": "The same"})
    assert "Never used: every such call meets “Old debts” above it." in supervisor.text("/routing")


def test_what_people_type_is_shown_as_text(supervisor: Browser) -> None:
    supervisor.post("/routing/rules", DEBTORS | {"title": MARKUP, "name": "markup"})
    assert MARKUP not in supervisor.text("/routing")


def test_operators_have_no_business_here(operator: Browser) -> None:
    assert operator.get("/routing").status_code == 403


def test_a_title_that_is_used_already_gets_a_short_name_of_its_own(
    world: World, supervisor: Browser
) -> None:
    for _ in range(2):
        assert supervisor.post("/routing/rules", DEBTORS).status_code == 302
    supervisor.post("/routing/rules", DEBTORS | {"title": "Долги"})
    names = [one.name for one in draft(world).rules]
    assert {"old-debts", "old-debts-2", "dolgi"} <= set(names)


def test_a_rule_without_a_title_is_called_by_what_it_asks_and_does(
    world: World, supervisor: Browser
) -> None:
    bare = {"stage": "arrival", "rows": "0", "do": "queue", "queue": "support"}
    assert supervisor.post("/routing/rules", bare).status_code == 302
    assert supervisor.post("/routing/rules", DEBTORS | {"title": "債務"}).status_code == 302
    names = {one.name for one in draft(world).rules}
    assert "queue-support" in names
    assert any(name.startswith("overdue-days-") for name in names)
